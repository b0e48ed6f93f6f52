"""The simulated worlds of the decision benchmark, and how their populations are shared out over processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from typing import TypeVar

import click

from coachkit.domain.measurement.simulate import World
from coachkit.domain.measurement.statement_trials import run_statements, summary
from coachkit.domain.measurement.trials import Methods

FIRST_SEED = 10_000
PLANTED_SEED = 50_000
PLANTED_SHARE = 2.5
T = TypeVar("T")
_ALL = Methods()


@dataclass(frozen=True)
class Plan:
    """One world of the benchmark: how it is made, and how many populations per 40 asked for."""

    name: str
    title: str
    world: World
    share: float = 1.0
    methods: Methods = _ALL

    def count(self, populations: int) -> int:
        return max(1, round(self.share * populations))


_TEAM = World(n_learners=20, n_coaches=3)
_HALF_A_YEAR = replace(_TEAM, window=6.0, attempts=(8, 20))
"""The same people followed twice as long, with twice as many attempts."""
_PAIR_ONLY = Methods(ablations=False, full=False)
_SORTED = World(n_learners=60, n_coaches=4, assignment="sorted")
_CAPPED = World(capped_scenarios=3, cap=3)
PLANS = (
    Plan("A", "linked coaches, linear growth", World()),
    Plan("F", "a team of 20 with 3 coaches", _TEAM, 5.0),
    Plan("B", "each coach rates only own learners", World(assignment="own_only"), 0.75),
    Plan("D", "growth saturates", World(growth="saturating"), 0.75),
    Plan("E", "growth stops at month 3", World(growth="plateau"), 0.75),
    Plan("G", "half of the scenarios show level 3 at most", _CAPPED, 0.75),
    Plan("S", "unlinked coaches, learners sorted by ability", _SORTED, 0.75, _PAIR_ONLY),
)
DUAL_PLANS = tuple(
    Plan(f"dual-{growth}", f"both shapes must agree; truth {growth}", replace(_TEAM, growth=growth), 6.0, _PAIR_ONLY)
    for growth in ("linear", "saturating", "plateau")
)
STATEMENT_PLANS = (
    Plan("team, 3 months, linear", "team of 20, 3 months, linear growth", _TEAM, 3.0),
    Plan(
        "team, 3 months, saturating", "team of 20, 3 months, growth saturates", replace(_TEAM, growth="saturating"), 3.0
    ),
    Plan("team, 3 months, stops", "team of 20, 3 months, growth stops that day", replace(_TEAM, growth="plateau"), 3.0),
    Plan("team, 6 months, linear", "team of 20, 6 months, linear growth", _HALF_A_YEAR, 3.0),
    Plan(
        "team, 6 months, saturating",
        "team of 20, 6 months, growth saturates",
        replace(_HALF_A_YEAR, growth="saturating"),
        3.0,
    ),
    Plan(
        "team, 6 months, stops",
        "team of 20, 6 months, growth stopped at month 3",
        replace(_HALF_A_YEAR, growth="plateau"),
        3.0,
    ),
    Plan(
        "team, 6 months, skills",
        "team of 20, 6 months, skills differ by .5 logit",
        replace(_HALF_A_YEAR, sd_skill=0.5),
        3.0,
    ),
    Plan("A", "A. 200 learners, 8 coaches, 3 months", World(), 0.2),
    Plan("B", "B. as A, each coach rates only own learners", World(assignment="own_only"), 0.1),
    Plan("D", "D. as A, growth saturates", World(growth="saturating"), 0.1),
    Plan("E", "E. as A, growth stops that day", World(growth="plateau"), 0.1),
    Plan("G", "G. as A, half of the scenarios show level 3 at most", _CAPPED, 0.1),
    Plan("S", "S. 60 learners sorted by ability, coaches unlinked", _SORTED, 0.5),
)
PLANTED_WORLD = World(n_learners=60)


def map_seeds(
    pool: ProcessPoolExecutor, name: str, work: Callable[..., T], seeds: Iterable[int], *more: object
) -> list[T]:
    """Results in the order of the seeds, with progress on stderr."""
    jobs = {pool.submit(work, seed, *more): seed for seed in seeds}
    results: dict[int, T] = {}
    for done, job in enumerate(as_completed(jobs), start=1):
        results[jobs[job]] = job.result()
        click.echo(f"\r{name}: {done} of {len(jobs)} populations", nl=done == len(jobs), err=True)
    return [results[seed] for seed in sorted(results)]


def run_statement_plan(pool: ProcessPoolExecutor, plan: Plan, populations: int) -> dict[str, object]:
    """What the product would say in one world, and how often it would be wrong."""
    n = plan.count(populations)
    runs = map_seeds(pool, plan.name, run_statements, range(FIRST_SEED, FIRST_SEED + n), plan.world)
    return {"title": plan.title, "populations_tested": n, **summary(runs)}
