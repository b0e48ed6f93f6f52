"""Forms about the organisation."""

from __future__ import annotations

from typing import Any

from wtforms import IntegerField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from coachkit.domain.decision.questions import QUESTIONS, Question
from coachkit.domain.organisation import inquiry
from coachkit.features.organisation.queries import Step
from coachkit.web.forms import BaseForm, day, text, words

LINK_LABELS = {
    inquiry.HEAD: "Links for heads of unit",
    inquiry.LIAISON: "Links for liaisons",
    inquiry.BUSINESS: "Links for people from the business",
}


def pick(label: str, choices: list[tuple[str, str]], *, needed: str = "", hint: str = "") -> RadioField:
    """One of several, all of them visible."""
    rules: list[Any] = [InputRequired(needed)] if needed else [Optional()]
    options = [SelectChoice(value, words) for value, words in choices]
    return RadioField(label, rules, choices=options, description=hint)


def _levels(question: Question, *, needed: str = "") -> RadioField:
    anchors = [(str(level), f"{level}. {anchor}") for level, anchor in enumerate(question.anchors)]
    return pick(question.title, anchors, needed=needed)


def cio_form(values: dict[str, str] | None = None) -> BaseForm:
    """Twelve answers and what shows them. Incomplete ones are kept as well."""
    fields: dict[str, Any] = {}
    for question in QUESTIONS:
        fields[question.id] = _levels(question)
        fields[f"evidence-{question.id}"] = words("What shows it", longest=600)
    form: BaseForm = type("CioForm", (BaseForm,), fields)(data=values)
    return form


def cio_answers(form: BaseForm) -> dict[str, tuple[int | None, str]]:
    """What was typed: question id → level and what shows it."""
    found: dict[str, tuple[int | None, str]] = {}
    for question in QUESTIONS:
        level = form[question.id].data
        found[question.id] = (int(level) if level else None, form[f"evidence-{question.id}"].data or "")
    return found


def others_form() -> BaseForm:
    """The same twelve questions for those who answer without their names."""
    needed = "This question needs an answer. Choose what comes nearest."
    form: BaseForm = type("OthersForm", (BaseForm,), {q.id: _levels(q, needed=needed) for q in QUESTIONS})()
    return form


def links_form(kind: str) -> BaseForm:
    """How many links for each group."""
    fields = {
        group: IntegerField(
            LINK_LABELS[group], [Optional(), NumberRange(0, inquiry.MOST_LINKS, f"From 0 to {inquiry.MOST_LINKS}.")]
        )
        for group in inquiry.GROUPS_OF[kind]
    }
    form: BaseForm = type("LinksForm", (BaseForm,), fields)()
    return form


def steps_form(steps: tuple[Step, ...]) -> BaseForm:
    """Who takes each first step, and until when."""
    fields: dict[str, Any] = {}
    for step in steps:
        fields[f"owner-{step.id}"] = text("Who does it", hint="A post or a group, such as “Head of the service desk”.")
        fields[f"by-{step.id}"] = day("Until")
    data = {f"owner-{s.id}": s.owner for s in steps} | {f"by-{s.id}": s.by for s in steps}
    form: BaseForm = type("StepsForm", (BaseForm,), fields)(data=data)
    return form
