from __future__ import annotations

from datetime import date

import pytest

from coachkit.domain.measurement.calibrate import calibrate
from coachkit.domain.measurement.calibration import Calibration
from coachkit.domain.measurement.simulate import Population, World, simulate

AS_OF = date(2026, 4, 3)


@pytest.fixture(scope="session")
def team() -> Population:
    """Twenty learners and three coaches, the size of a real team."""
    return simulate(41, World(n_learners=20, n_coaches=3))


@pytest.fixture(scope="session")
def calibrated(team: Population) -> Calibration:
    return calibrate(team.ratings(), as_of=AS_OF)
