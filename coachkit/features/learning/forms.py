"""The one text that a learner writes while reading."""

from __future__ import annotations

from coachkit.web.forms import BaseForm, words


class NoteForm(BaseForm):
    text = words("Your note", longest=10_000)
