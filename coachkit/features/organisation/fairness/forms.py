"""Four counts. There is no field for what the groups are."""

from __future__ import annotations

from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from coachkit.domain.decision.fairness import MOST
from coachkit.web.forms import BaseForm


def _count(label: str) -> IntegerField:
    between = f"A whole number from 0 to {MOST}."
    return IntegerField(label, [InputRequired(between), NumberRange(0, MOST, between)])


class CountsForm(BaseForm):
    first_chosen = _count("First group: chosen")
    first_others = _count("First group: not chosen")
    second_chosen = _count("Second group: chosen")
    second_others = _count("Second group: not chosen")
