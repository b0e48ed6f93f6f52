"""An entry as a form."""

from __future__ import annotations

from coachkit.web.forms import BaseForm, day, text, words


class EntryForm(BaseForm):
    on = day("On which day?", needed="Choose the day.")
    situation = words("The situation", needed="Say what the situation was.", longest=1000, hint="No client's name.")
    act = words("What you tried", needed="Say what you tried.", longest=1000)
    effect = words(
        "What happened",
        needed="Say what happened, also if it was nothing.",
        longest=1000,
        hint="What you saw or heard.",
    )
    witness = text("Who was there?", longest=12, hint="Initials, such as M.K.")
