"""What a calibration costs, as multiples of a plain loop on the same core in the same run.

`python -m tests.bench.measuring [ratings …]` runs it alone; a million ratings take a minute or two.
Set OMP_NUM_THREADS and OPENBLAS_NUM_THREADS to 1, as `make bench` does: processor time is counted over all threads.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from coachkit.domain.measurement.calibrate import calibrate
from coachkit.domain.measurement.estimate import fit
from coachkit.domain.measurement.simulate import World, simulate, with_skills
from coachkit.domain.measurement.table import CORE, FULL
from coachkit.domain.measurement.update import update_learner

ROUNDS = 5
SIZES = (10_000, 100_000)
LEARNERS_PER_COACH, MOST_COACHES = 26, 120
SMALL = 20_000
"""Up to here the rounds are repeated; above, one round has to do."""
LOOP = 2_000_000


def plain_loop() -> None:
    """The unit: two million turns of nothing but counting."""
    total = 0
    for number in range(LOOP):
        total += number & 7


def seconds(work: Callable[[], object]) -> float:
    """Processor seconds of one call."""
    began = time.process_time()
    work()
    return time.process_time() - began


def of_size(ratings: int) -> dict[str, float | int]:
    """Core and full model on a simulated programme of about this many ratings."""
    learners = round(ratings / 48)
    world = World(n_learners=learners, n_coaches=min(MOST_COACHES, max(3, learners // LEARNERS_PER_COACH)))
    population = simulate(1, world)
    skilled = with_skills(population, (0, 0, 1, 1, 2, 2)).table
    works: dict[str, Callable[[], object]] = {
        "loop": plain_loop,
        "core": lambda: fit(population.table, CORE),
        "full": lambda: fit(skilled, FULL),
    }
    rounds = ROUNDS if ratings <= SMALL else 1
    spent = {name: statistics.median(seconds(work) for _ in range(rounds)) for name, work in works.items()}
    return {
        "ratings": int(population.table.level.size),
        "learners": learners,
        "core_seconds": round(spent["core"], 3),
        "core_to_loop": round(spent["core"] / spent["loop"], 2),
        "full_to_core": round(spent["full"] / spent["core"], 2),
        "peak_megabytes_so_far": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def one_learner() -> dict[str, float]:
    """Bringing one learner up to date on a frozen calibration."""
    ratings = simulate(1, World(n_learners=200)).ratings()
    last = max(rating.on for rating in ratings)
    known = calibrate(ratings, as_of=last + timedelta(days=1))
    learner = known.learners[0].learner
    spent = statistics.median(seconds(lambda: update_learner(known, learner, (), as_of=date.max)) for _ in range(20))
    unit = statistics.median(seconds(plain_loop) for _ in range(ROUNDS))
    return {"milliseconds": round(spent * 1000, 1), "to_loop": round(spent / unit, 3)}


def measure(sizes: Sequence[int] = SIZES) -> dict[str, object]:
    """All of it."""
    return {"unit": f"{LOOP} turns of a plain loop", "fits": [of_size(n) for n in sizes], "update": one_learner()}


if __name__ == "__main__":
    print(json.dumps(measure([int(n) for n in sys.argv[1:]] or SIZES), indent=2))
