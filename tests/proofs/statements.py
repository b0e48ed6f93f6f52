"""What the product says of simulated people, how often it is wrong, and whether what was planted is found."""

from __future__ import annotations

import json
import os
import re
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from coachkit.benchmark_decisions import run_planted_plan
from coachkit.benchmark_worlds import PLANTED_WORLD, STATEMENT_PLANS, run_statement_plan
from coachkit.features.calibration import simulated
from tests.proofs import paper

HOW = """\
Each world is simulated by the rules of docs/measurement.md; its ratings pass, as rows, through the calibration of the
last day, another one four weeks older, the gates, the least counts and the words. A statement is wrong if the true fair
average of that skill lies on the other side of the line on the day on which it is made. An interval is held against the
truth of the last attempt, the drawn band against the truth of each of its days and of its last, the bands ahead against
the truth of that day. Lines 2, 3 and 4 are all that can be asked for. Shares in square brackets are 95 % intervals over
populations. Beside each error stands that of both shapes alone: the same people without any least count."""
POPULATIONS = 40
ARTICLE = Path(__file__).parents[2] / "docs" / "measurement.md"
STATED, LEAST_COVER, MOST_COVER = 0.9, 0.88, 0.95
LEAST_FOUND = 0.85
"""Planted peculiarities lie within their 90 % intervals in about 90 % of runs; 100 runs cannot tell it closer."""
Found = dict[str, Any]


def run() -> Found:
    """Every world and every planted peculiarity, over all cores."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = "1"
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        worlds = {plan.name: run_statement_plan(pool, plan, POPULATIONS) for plan in STATEMENT_PLANS}
        return {"worlds": worlds, "planted": run_planted_plan(pool, PLANTED_WORLD, POPULATIONS)}


def keep(found: Found, seconds: float) -> None:
    """Where the pages read the figures, the article's lines, and the page of the proof."""
    simulated.FIGURES.write_text(json.dumps(_rounded(found), indent=1) + "\n", encoding="utf-8")
    simulated.figures.cache_clear()
    text = ARTICLE.read_text(encoding="utf-8")
    ARTICLE.write_text(with_summary(text), encoding="utf-8")
    paper.write(
        "statements",
        "What is said of people, and how often it is wrong",
        "SIMULATED. Everything that the product would say of simulated people, through its gates and least counts, "
        "held against the truth; and peculiarities planted in coaches and criteria.",
        body(),
        seconds=seconds,
        repeat="Seeds are fixed: the same versions on the same machine give the same figures.",
    )


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    return round(value, 4) if isinstance(value, float) else value


def body() -> str:
    """The tables of the kept run."""
    planted = simulated.figures()["planted"]
    found = [(key, f"{share:.0%}") for key, share in planted.items() if key != "populations_tested"]
    return "\n\n".join(
        [
            HOW,
            "## Statements about a skill and its line",
            paper.table(simulated.HEAD, simulated.statement_rows()),
            "## Intervals and bands",
            paper.table(simulated.BANDS_HEAD, simulated.band_rows()),
            "## Planted peculiarities",
            paper.table((f"{planted['populations_tested']} populations of 60 learners, 8 coaches", "share"), found),
        ]
    )


def with_summary(text: str) -> str:
    """The article with its lines from the kept run replaced."""
    made = "\n".join(f"- {line}" for line in simulated.summary_lines())
    marks = r"(<!-- statements: written by the run -->\n).*?(\n<!-- statements: end -->)"
    found, number = re.subn(marks, lambda match: match[1] + made + match[2], text, flags=re.DOTALL)
    if number != 1:
        raise ValueError("The article has no place for the statements.")
    return found


def faults(found: Found) -> list[str]:
    """What does not hold; empty when all does."""
    wrong = [
        f"{name}: {kind} holds in {world[kind]['share']:.3f}"
        for name, world in found["worlds"].items()
        if name.startswith("team")
        for kind in ("interval", "interval together")
        if not LEAST_COVER <= world[kind]["share"] <= MOST_COVER
    ]
    planted = found["planted"]
    wrong += [f"{key}: {planted[key]:.2f}" for key in planted if "interval" in key and planted[key] < LEAST_FOUND]
    return wrong
