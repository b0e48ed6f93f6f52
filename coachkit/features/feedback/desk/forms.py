"""Being away, what is sent together, and whom a lead coach hands over."""

from __future__ import annotations

from collections.abc import Iterable

from coachkit.platform.errors import InvalidError
from coachkit.web.forms import BaseForm, day
from coachkit.web.request import HIGHEST_ROW


class AbsenceForm(BaseForm):
    first_day = day("First day away", needed="Choose the first day.")
    last_day = day("Last day away", needed="Choose the last day.")


def pair(sent: str) -> tuple[int, int]:
    """A learner and the coach from whom he is handed over, as the page sends them: «12-3»."""
    left, _, right = sent.partition("-")
    if not all(part.isascii() and part.isdigit() and len(part) < 11 for part in (left, right)):  # noqa: PLR2004
        raise InvalidError({"learner": "Choose a learner."})
    learner_id, coach_id = int(left), int(right)
    if max(learner_id, coach_id) > HIGHEST_ROW:
        raise InvalidError({"learner": "Choose a learner."})
    return learner_id, coach_id


def chosen(sent: Iterable[str]) -> dict[int, int]:
    """The finished reviews that were ticked, each with the version that the list showed: «12-3»."""
    found = {}
    for value in sent:
        attempt_id, _, version = value.partition("-")
        if all(part.isascii() and part.isdigit() and len(part) < 10 for part in (attempt_id, version)):  # noqa: PLR2004
            found[int(attempt_id)] = int(version)
    return found
