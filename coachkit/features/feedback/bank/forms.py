"""A phrase as a form."""

from __future__ import annotations

from coachkit.features.feedback.bank.service import LONGEST
from coachkit.web.forms import BaseForm, choice, words

NO_PERSON = (
    "What you see or hear, and a question. No names and nothing that one person said: it serves other attempts too. "
    "Where their words belong, leave the gap “…”."
)


class PhraseForm(BaseForm):
    criterion = choice("Criterion", [], needed="Choose the criterion that it is about.")
    text = words("The phrase", needed="Write the phrase first.", longest=LONGEST, hint=NO_PERSON)


class WordsForm(BaseForm):
    text = words("The phrase", needed="Write the phrase first.", longest=LONGEST)
