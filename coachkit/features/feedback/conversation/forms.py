"""The conversation's forms."""

from __future__ import annotations

from coachkit.features.feedback.conversation.guide import ABOUT, OUTCOMES, SOURCES
from coachkit.web.forms import BaseForm, choice, day, text, words


class StatementForm(BaseForm):
    statement = words("In your own words", longest=1500, hint="At most 150 words. You may reword it until you agree.")


class NotesForm(BaseForm):
    notes = words("Notes for the talk", longest=4000)


class QuoteForm(BaseForm):
    about = choice("What is it about?", list(ABOUT.items()))
    source = choice("Where was it seen?", list(SOURCES.items()))
    quote = words(
        "What was said or done",
        needed="Write down what was said or done.",
        longest=600,
        hint="Words or an act, not an opinion about the person. No client's name.",
    )


class OutcomeForm(BaseForm):
    outcome = choice("How does it end?", [(value, name) for value, (name, _text) in OUTCOMES.items()])
    find_out = words("Find out more: what?", longest=600)
    find_out_until = day("Until when?")
    next_role = text("Step aside: which role did you talk about?", longest=200)
