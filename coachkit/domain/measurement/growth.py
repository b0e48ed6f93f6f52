"""Two shapes of growth side by side: nothing about the future is said unless both say it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from coachkit.domain.measurement.table import Floats
from coachkit.domain.measurement.variances import Variances

DAYS_PER_MONTH = 30.4375
_LEVELLING_SPAN, _LEVELLING_MONTHS = 3.0, 1.7


class Shape(StrEnum):
    """How a learner's measure moves with time."""

    LINEAR = "linear"
    LEVELLING = "levelling"
    LOGARITHMIC = "logarithmic"


# The two that every statement is checked against; the logarithmic one serves comparisons only.
SHAPES = (Shape.LINEAR, Shape.LEVELLING)


def growth_axis(shape: Shape, months: ArrayLike) -> Floats:
    """The time axis on which growth of this shape is a straight line; it starts at 0 with slope near 1."""
    t = np.asarray(months, float)
    if shape is Shape.LEVELLING:
        return np.asarray(_LEVELLING_SPAN * -np.expm1(-t / _LEVELLING_MONTHS))
    if shape is Shape.LOGARITHMIC:
        return np.asarray(2.0 * np.log1p(t))
    return t


def growth_months(shape: Shape, axis: float) -> float | None:
    """The months at which the axis reaches a value; None where growth of this shape never gets there."""
    if shape is Shape.LEVELLING:
        share = axis / _LEVELLING_SPAN
        return None if share >= 1.0 else float(-_LEVELLING_MONTHS * np.log1p(-share))
    if shape is Shape.LOGARITHMIC:
        return float(np.expm1(axis / 2.0))
    return axis


START_VARIANCES: Mapping[Shape, Variances] = {
    Shape.LINEAR: Variances(),
    Shape.LEVELLING: Variances(learner=((1.0, 0.0), (0.0, 0.06))),
    Shape.LOGARITHMIC: Variances(learner=((1.0, 0.0), (0.0, 0.06))),
}
