"""The decision benchmark: simulated populations, every method, side by side. All figures it prints are SIMULATED."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import click
import numpy as np

from coachkit.benchmark_worlds import (
    DUAL_PLANS,
    FIRST_SEED,
    PLANS,
    PLANTED_SEED,
    PLANTED_SHARE,
    PLANTED_WORLD,
    STATEMENT_PLANS,
    Plan,
    map_seeds,
    run_statement_plan,
)
from coachkit.domain.measurement.likelihood import expected_score
from coachkit.domain.measurement.scoring import Score, calibration_table, score, trained_logistic
from coachkit.domain.measurement.simulate import World
from coachkit.domain.measurement.table import Floats
from coachkit.domain.measurement.trials import (
    MOMENTS,
    NORMAL_90,
    Trial,
    dual_rule,
    run_planted,
    run_trial,
)

LABEL = "SIMULATED: populations from the same model family as the estimator; an upper bound, not field evidence."

RAW = {
    "raw mean": ("raw mean",),
    "mean of last 3": ("mean of last 3",),
    "last attempt": ("last attempt",),
    "self-rating": ("self-rating",),
    "trend line": ("trend line",),
    "all raw features": ("raw mean", "last attempt", "mean of last 3", "slope"),
    "all raw features and self-rating": ("raw mean", "last attempt", "mean of last 3", "slope", "self, last 3"),
}
MODELS = (
    "no severity",
    "no growth",
    "caps as numbers",
    "logarithmic",
    "levelling",
    "mixed",
    "full",
    "coachkit",
    "oracle",
)


@click.command("decisions")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option("--populations", type=click.IntRange(min=1), default=40, show_default=True, help="Per large world.")
@click.option("--jobs", type=click.IntRange(min=1), default=None, help="Processes; all cores if not given.")
def decisions(as_json: bool, populations: int, jobs: int | None) -> None:
    """Who reaches the role line? Compare methods on simulated populations with known truth."""
    found = run(populations, jobs or os.cpu_count() or 1)
    click.echo(json.dumps(found, indent=1, sort_keys=True) if as_json else as_text(found))


@dataclass(frozen=True)
class Programme:
    """What a run consists of."""

    worlds: tuple[Plan, ...] = PLANS
    dual: tuple[Plan, ...] = DUAL_PLANS
    statements: tuple[Plan, ...] = STATEMENT_PLANS
    planted: World = PLANTED_WORLD


def run(populations: int, jobs: int, programme: Programme | None = None) -> dict[str, object]:
    """Every world, the rule of two shapes, the product's own statements, and the planted peculiarities."""
    chosen = programme or Programme()
    # One thread per process: the processes already use every core, and single-threaded sums repeat exactly.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = "1"
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        worlds = {plan.name: _run_world(pool, plan, populations) for plan in chosen.worlds}
        dual = {plan.name: _run_dual(pool, plan, populations) for plan in chosen.dual}
        statements = {plan.name: run_statement_plan(pool, plan, populations) for plan in chosen.statements}
        planted = run_planted_plan(pool, chosen.planted, populations)
    return {
        "label": LABEL,
        "populations_asked": populations,
        "worlds": worlds,
        "both_shapes_must_agree": dual,
        "as_the_product_speaks": statements,
        "planted": planted,
    }


def _run_world(pool: ProcessPoolExecutor, plan: Plan, populations: int) -> dict[str, object]:
    """The first populations train the baselines on true outcomes (a gift nobody has); the rest are the test."""
    n_test = plan.count(populations)
    n_train = max(1, n_test // 2)
    seeds = range(FIRST_SEED, FIRST_SEED + n_train + n_test)
    trials = map_seeds(pool, plan.name, run_trial, seeds, plan.world, plan.methods)
    train, test = trials[:n_train], trials[n_train:]
    both = [{key: np.concatenate([t[key] for t in part]) for key in part[0]} for part in (train, test)]
    cut = float(expected_score(plan.world.target, plan.world.steps)[0])
    methods: dict[str, dict[str, dict[str, float]]] = {}
    for moment in MOMENTS:
        methods[moment] = {
            **_baselines(both[0], both[1], moment, cut),
            **{name: _model(both[1], name, moment) for name in MODELS if f"{name}:{moment}" in both[1]},
        }
    errors = np.mean([t["errors"] for t in test], axis=0)
    return {
        "title": plan.title,
        "populations_trained_on": n_train,
        "populations_tested": n_test,
        "learners_tested": len(both[1]["outcome:now"]),
        "reaching": {moment: float(both[1][f"outcome:{moment}"].mean()) for moment in MOMENTS},
        "gate_found_unlinked": float(np.mean([t["connected"][0] == 0 for t in test])),
        "methods": methods,
        "deciles_later": calibration_table(both[1]["coachkit:later"], both[1]["outcome:later"]),
        "recovery": dict(zip(_RECOVERY, errors.tolist(), strict=True)),
    }


_RECOVERY = (
    "coach mean square error",
    "coach coverage",
    "scenario mean square error",
    "scenario coverage",
    "criterion mean square error",
    "criterion coverage",
    "step mean square error",
)


def _baselines(train: Trial, test: Trial, moment: str, cut: float) -> dict[str, dict[str, float]]:
    outcome = test[f"outcome:{moment}"]
    found = {}
    for name, columns in RAW.items():
        chance = trained_logistic([train[c] for c in columns], train[f"outcome:{moment}"], [test[c] for c in columns])
        figures = score(chance, outcome).as_dict()
        if len(columns) == 1:
            figures["accuracy_at_natural_cut"] = float(((test[name] >= cut) == (outcome > 0)).mean())
        found[name] = figures
    return found


def _model(test: Trial, name: str, moment: str) -> dict[str, float]:
    chance: Floats = test[f"{name}:{moment}"]
    found: Score = score(chance, test[f"outcome:{moment}"])
    figures = found.as_dict()
    if f"{name}:{moment}:sd" in test:
        error, sd = test[f"{name}:{moment}:error"], test[f"{name}:{moment}:sd"]
        figures["coverage_of_90"] = float(np.mean(np.abs(error) < NORMAL_90 * sd))
        figures["rmse"] = float(np.sqrt(np.mean(error**2)))
        figures["bias"] = float(error.mean())
    return figures


def _run_dual(pool: ProcessPoolExecutor, plan: Plan, populations: int) -> dict[str, object]:
    n = plan.count(populations)
    trials = map_seeds(pool, plan.name, run_trial, range(FIRST_SEED, FIRST_SEED + n), plan.world, plan.methods)
    found: dict[str, object] = {"title": plan.title, "populations_tested": n}
    for moment in MOMENTS:
        counts = [dual_rule(trial, moment) for trial in trials]
        total = {key: sum(c[key] for c in counts) for key in counts[0]}
        found[moment] = {
            "confirmed": total["confirmed"] / total["learners"],
            "confirmed_wrongly": total["confirmed_wrongly"] / max(1, total["confirmed"]),
            "flagged": total["flagged"] / total["learners"],
            "flagged_wrongly": total["flagged_wrongly"] / max(1, total["flagged"]),
        }
    return found


def run_planted_plan(pool: ProcessPoolExecutor, world: World, populations: int) -> dict[str, object]:
    runs_wanted = max(1, round(PLANTED_SHARE * populations))
    seeds = range(PLANTED_SEED, PLANTED_SEED + 3 * runs_wanted, 3)
    runs = map_seeds(pool, "planted", run_planted, seeds, world)
    return {"populations_tested": len(runs), **{key: float(np.mean([r[key] for r in runs])) for key in runs[0]}}


def as_text(found: dict[str, object]) -> str:
    """The figures as tables for reading."""
    lines = [str(found["label"])]
    for name, world in _items(found["worlds"]):
        lines += ["", f"{name}. {world['title']} ({world['populations_tested']} populations, SIMULATED)"]
        if world["gate_found_unlinked"]:
            lines.append(f"gate: not connected in {world['gate_found_unlinked']:.0%} of populations")
        for moment, methods in _items(world["methods"]):
            lines += _table(f"reaching the line {moment}", methods)
    lines += ["", "Acting only where both shapes of growth agree (SIMULATED)"]
    for name, plan in _items(found["both_shapes_must_agree"]):
        for moment in MOMENTS:
            told = ", ".join(f"{key} {value:.1%}" for key, value in plan[moment].items())
            lines.append(f"{name} {moment}: {told}")
    lines += ["", "As the product speaks: its gates and least counts included (SIMULATED)"]
    for _name, plan in _items(found["as_the_product_speaks"]):
        lines += [f"{plan['title']} ({plan['populations_tested']} populations)", *_said(plan)]
    lines += ["", "Planted peculiarities (SIMULATED)"]
    lines += [f"{key}: {value:g}" for key, value in _items(found["planted"])]
    return "\n".join(lines)


def _said(plan: dict[str, dict[str, dict[str, dict[str, dict[str, float]]]]]) -> Iterable[str]:
    for line, told in plan["lines"].items():
        words = [f"{group} {told['said'][group]['share']:.1%}" for group in told["said"]]
        for group, wrong in told["wrong"].items():
            words += [f"{group} wrongly {wrong['share']:.1%} of {wrong['of']}"] if wrong["of"] else []
        yield f"  line {line}: {', '.join(words)}"


def _table(title: str, methods: dict[str, dict[str, float]]) -> Sequence[str]:
    columns = ("accuracy", "auc", "brier", "ece", "accuracy_at_natural_cut", "coverage_of_90", "bias")
    head = f"{title:34}" + "".join(f"{c.replace('accuracy_at_', '').replace('_of_90', '')[:11]:>12}" for c in columns)
    rows = [
        f"{name:34}" + "".join(f"{figures[c]:12.3f}" if c in figures else f"{'-':>12}" for c in columns)
        for name, figures in methods.items()
    ]
    return [head, *rows]


def _items(value: object) -> Iterable[tuple[str, dict]]:  # type: ignore[type-arg]
    return value.items() if isinstance(value, dict) else ()
