"""Contesting, looking again, and asking somebody from outside, as forms."""

from __future__ import annotations

from collections.abc import Mapping

from coachkit.domain.assessment.scale import read_level
from coachkit.features.accounts.forms import email_field
from coachkit.features.feedback.contest.service import Verdict
from coachkit.platform.errors import InvalidError
from coachkit.web.forms import UNSTORABLE, BaseForm, choice, is_storable, name, normal, words


class DifferForm(BaseForm):
    text = words("What do you see differently?", needed="Say in a sentence what you see differently.", longest=2000)
    evidence = words(
        "Your evidence",
        needed="Quote the words or name the act that shows it.",
        longest=2000,
        hint="Your words, an act, a result. Whoever looks again reads this and what was said, and nobody's rating.",
    )


class SentenceForm(DifferForm):
    sentence = words("The sentence, as it stands in your report", needed="Copy the sentence.", longest=1000)
    skill_id = choice("It is about", [], needed="Choose the skill that the sentence is about.")


class OutsiderForm(BaseForm):
    outsider = name("Name", needed="Who is asked?")
    email = email_field()


def verdict_sent(sent: Mapping[str, str]) -> Verdict:
    """What the page of a second look sent."""
    verdict = Verdict(
        read_level(sent.get("level", "")),
        sent.get("outcome", ""),
        normal(sent.get("wording", "")) or "",
        normal(sent.get("reasons", "")) or "",
    )
    found = {field: UNSTORABLE for field in ("wording", "reasons") if not is_storable(getattr(verdict, field))}
    if found:
        raise InvalidError(found)
    return verdict
