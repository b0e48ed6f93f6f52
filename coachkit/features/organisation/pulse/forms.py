"""Forms of the pulse."""

from __future__ import annotations

from typing import Any

from coachkit.domain.organisation import pulse
from coachkit.features.organisation.forms import pick
from coachkit.web.forms import BaseForm, choice, words


class BeginForm(BaseForm):
    phase = choice("When is it asked?", [("", "Choose"), *pulse.PHASES.items()])


def answer_form() -> BaseForm:
    """Eight sentences, and room for one thing that IT should hear."""
    needed = "Choose what comes nearest, or that you cannot say."
    levels = [(str(level), name) for level, name in pulse.LEVELS.items()]
    ordered = [*levels[1:], levels[0]]
    fields: dict[str, Any] = {item: pick(text, ordered, needed=needed) for item, text in pulse.ITEMS.items()}
    fields["remark"] = words(
        "One thing that IT should hear",
        longest=600,
        hint="It is shown word for word, between those of others. Write nothing that tells who you are.",
    )
    form: BaseForm = type("PulseForm", (BaseForm,), fields)()
    return form
