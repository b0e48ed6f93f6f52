"""Combining human ratings by published rules: the many-facet model.

Usable as a library: it needs numpy and scipy only and knows no clock, disk or network.
"""

from coachkit.domain.measurement.calibrate import calibrate
from coachkit.domain.measurement.calibration import Calibration
from coachkit.domain.measurement.estimate import fit, prob_at_least
from coachkit.domain.measurement.likelihood import ability_for_score, category_probs, expected_score
from coachkit.domain.measurement.ratings import Rating
from coachkit.domain.measurement.update import update_learner

__all__ = [
    "Calibration",
    "Rating",
    "ability_for_score",
    "calibrate",
    "category_probs",
    "expected_score",
    "fit",
    "prob_at_least",
    "update_learner",
]
