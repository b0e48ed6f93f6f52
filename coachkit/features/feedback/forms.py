"""The note, the answer and the plan as forms."""

from __future__ import annotations

from collections.abc import Mapping

from coachkit.features.feedback.comments.service import Draft
from coachkit.features.feedback.service import CHANGE, KEEP, PARTS, Note, PartText
from coachkit.platform.errors import InvalidError
from coachkit.web.forms import UNSTORABLE, BaseForm, choice, day, is_storable, name, normal, words

HINTS = {
    "situation": "When and where: “minute four, right after he named the tool”.",
    "behaviour": "The words or the act that you saw.",
    "effect": "What it did to the other side, or to the result.",
    "question": "What were you after?",
    "next_try": "One thing to say or do instead.",
}


def read_note(sent: Mapping[str, str]) -> Note:
    """The note that a form sent."""
    return {
        kind: PartText(**{part: normal(sent.get(f"{kind}-{part}", "")) or "" for part in PARTS})
        for kind in (KEEP, CHANGE)
    }


def storable_note(note: Note) -> None:
    """Refuse parts with characters that cannot be kept."""
    found = {
        f"{kind}-{name}": UNSTORABLE
        for kind, part in note.items()
        for name in PARTS
        if not is_storable(getattr(part, name))
    }
    if found:
        raise InvalidError(found)


def storable_comment(draft: Draft) -> None:
    """Refuse a comment with characters that cannot be kept."""
    found = {f"comment-{name}": UNSTORABLE for name in ("text", "excerpt") if not is_storable(getattr(draft, name))}
    if found:
        raise InvalidError(found)


class AnswerForm(BaseForm):
    text = words("Your answer", needed="Write a sentence first.", longest=3000)


class DissentForm(BaseForm):
    dissent = words("What you see differently", longest=1000, hint="It stands beside the sheet, under your name.")

    def expect_dissent(self, *, wanted: bool) -> None:
        """Raise unless the field is in order; whoever dissents says why."""
        self.expect()
        if wanted and not (self.dissent.data or "").strip():
            raise InvalidError({"dissent": "Say in a sentence what you see differently."})


class ChangeForm(BaseForm):
    level = choice("It is rather", [], needed="Choose a level, or “Not observed”.")
    evidence = words(
        "The new evidence", needed="A rating changes only with evidence that was not there before.", longest=1000
    )
    reason = words("What made you change it?", needed="Say in a sentence what made you change it.", longest=1000)


class PlanForm(BaseForm):
    cue = words("If", needed="Name the situation.", longest=300)
    act = words("then I will", needed="Name one act.", longest=300)
    due_on = day("By", needed="Choose a day within the next ten days or so.")
    witness = name("Who will notice?", hint="Somebody who will be there.")


class OutcomeForm(BaseForm):
    outcome = words(
        "What came of it", needed="Say in a sentence what came of it, also if it was nothing.", longest=1000
    )
