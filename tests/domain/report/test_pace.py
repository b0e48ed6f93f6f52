"""What is still to come is said in whole minutes, and only when there is something to go by."""

import pytest

from coachkit.domain.report.pace import minutes_left


@pytest.mark.parametrize(
    ("done", "total", "seconds", "left"),
    [(2, 500, 4, None), (3, 500, 3, 8), (499, 500, 500, 1), (500, 500, 500, None), (100, 200, 600, 10)],
)
def test_minutes_left(done, total, seconds, left):
    assert minutes_left(done, total, seconds) == left
