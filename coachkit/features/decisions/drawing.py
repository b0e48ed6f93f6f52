"""Drawing this room's pages with the words that are always printed."""

from __future__ import annotations

from typing import Any

from flask import render_template

from coachkit.domain.decision import evidence
from coachkit.domain.decision.warning import NOT_RELEASED, WARNING
from coachkit.features.calibration import reading

WORDS = {
    "warning": WARNING,
    "not_released": NOT_RELEASED,
    "rule": evidence.RULE,
    "readings": reading.FOR_DECISIONS,
}


def draw(template: str, **context: Any) -> str:  # noqa: ANN401
    """A page with the words that are always printed."""
    return render_template(f"decisions/{template}.html", **WORDS, **context)
