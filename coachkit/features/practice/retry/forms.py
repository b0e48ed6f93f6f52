"""A re-try as a form."""

from __future__ import annotations

from coachkit.web.forms import BaseForm, words


class RetryForm(BaseForm):
    said = words(
        "What you said this time",
        needed="Write down what you said this time.",
        longest=4000,
        hint="Only the two minutes, as close to the words as you can.",
    )
    evidence = words(
        "Your evidence line",
        needed="Quote the words, or name the act, that were different.",
        longest=500,
        hint="The words or the act that were different from the first time.",
    )
