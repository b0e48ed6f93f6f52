"""Combining human ratings by published rules: the many-facet model.

Usable as a library: it needs numpy and scipy only and knows no clock, disk or network.
"""

from coachkit.domain.measurement.agreement import agreement, self_coach_gaps
from coachkit.domain.measurement.calibrate import calibrate
from coachkit.domain.measurement.calibration import Calibration
from coachkit.domain.measurement.design import Candidate, next_observation
from coachkit.domain.measurement.estimate import fit, prob_at_least
from coachkit.domain.measurement.likelihood import ability_for_score, category_probs, expected_score
from coachkit.domain.measurement.ratings import Rating
from coachkit.domain.measurement.statements import compare_with_line, compare_with_lines, line_dates, project
from coachkit.domain.measurement.static import fit_static
from coachkit.domain.measurement.update import update_learner

__all__ = [
    "Calibration",
    "Candidate",
    "Rating",
    "ability_for_score",
    "agreement",
    "calibrate",
    "category_probs",
    "compare_with_line",
    "compare_with_lines",
    "expected_score",
    "fit",
    "fit_static",
    "line_dates",
    "next_observation",
    "prob_at_least",
    "project",
    "self_coach_gaps",
    "update_learner",
]
