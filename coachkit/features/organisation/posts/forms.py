"""Forms about posts."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, FloatField, IntegerField
from wtforms.validators import InputRequired, NumberRange, Optional

from coachkit.domain.decision import economics
from coachkit.domain.decision.economics import Span
from coachkit.domain.organisation import charter as charters
from coachkit.domain.organisation.load import RELATED
from coachkit.features.organisation.posts.models import Charter, Post
from coachkit.features.organisation.posts.queries import SEGMENTS
from coachkit.web.forms import BaseForm, choice, day, text, words


def _number(label: str, low: int, high: int, hint: str = "") -> IntegerField:
    between = f"A whole number from {low} to {high}."
    rules = [InputRequired(between), NumberRange(low, high, between)]
    return IntegerField(label, rules, description=hint)


class PostForm(BaseForm):
    name = text(
        "The post",
        needed="Give the post a name.",
        hint="Such as “Liaison for courts and prosecution”; no person’s name.",
    )
    segment = choice("What kind of segment is it?", [("", "Choose"), *SEGMENTS.items()])
    units = words("Units that it serves", needed="Name the units.", hint="One on each line.", longest=2000)
    related = choice("Do the units belong together?", [("", "Choose"), *((r.value, w) for r, w in RELATED.items())])
    holders = _number("People who share the post", 1, 20, "Nearly always one; two for a pair.")
    field_share = _number("Per cent of the week that is kept free for being with people", 0, 100)


def post_form(post: Post | None) -> PostForm:
    """The form, with the post as it is."""
    return PostForm(obj=post) if post else PostForm(data={"holders": 1, "field_share": 20})


def charter_form(row: Charter | None) -> BaseForm:
    """All parts of a charter, filled with the newest version."""
    models = [(model.id, f"{model.name}: {model.text}") for model in charters.MODELS]
    fields: dict[str, Any] = {
        "model": choice("How is the role set up?", [("", "Choose"), *models], needed="Choose what comes nearest.")
    }
    for part in charters.PARTS:
        fields[part.id] = words(part.title, needed=part.needed, hint=part.hint, longest=2000)
    fields["agreed_by"] = words(
        "Agreed by", longest=600, hint="The CIO and the heads of unit who stand by it, each with the date."
    )
    fields["review_on"] = day("Read again on", hint="A year ahead at most is a good habit.")
    data = dict(row.content, agreed_by=row.agreed_by, review_on=row.review_on) if row else None
    form: BaseForm = type("CharterForm", (BaseForm,), fields)(data=data)
    return form


def charter_content(form: BaseForm) -> dict[str, str]:
    """What was typed."""
    return {name: form[name].data or "" for name in ("model", *(part.id for part in charters.PARTS))}


def sheet_form(currency: str, spans: dict[str, Span] | None) -> BaseForm:
    """A field for each figure, with the ends of its range where it is uncertain."""
    fields: dict[str, Any] = {"currency": text("Currency", needed="Say which currency it is.", longest=8)}
    data: dict[str, Any] = {"currency": currency}
    for figure in economics.FIGURES:
        span = spans.get(figure.id) if spans else None
        fields[figure.id] = FloatField(figure.name, [Optional()])
        data[figure.id] = span.value if span else figure.offered
        if figure.uncertain:
            fields[f"{figure.id}-low"] = FloatField("From", [Optional()])
            fields[f"{figure.id}-high"] = FloatField("to", [Optional()])
            data[f"{figure.id}-low"] = span.low if span else figure.low
            data[f"{figure.id}-high"] = span.high if span else figure.high
    form: BaseForm = type("SheetForm", (BaseForm,), fields)(data=data)
    return form


def sheet_given(form: BaseForm) -> dict[str, tuple[float | None, float | None, float | None]]:
    """What was typed: figure → value, low, high."""

    def end(figure: economics.Figure, which: str) -> float | None:
        value: float | None = form[f"{figure.id}-{which}"].data if figure.uncertain else None
        return value

    return {f.id: (form[f.id].data, end(f, "low"), end(f, "high")) for f in economics.FIGURES}


def notes_form(headings: tuple[tuple[str, str], ...], found: dict[str, tuple[str, bool]], tick: str) -> BaseForm:
    """Room for what was found under each heading, and a box to tick."""
    fields: dict[str, Any] = {}
    data: dict[str, Any] = {}
    for heading, label in headings:
        fields[heading] = words(label, longest=2000)
        fields[f"done-{heading}"] = BooleanField(tick)
        data[heading], data[f"done-{heading}"] = found.get(heading, ("", False))
    form: BaseForm = type("NotesForm", (BaseForm,), fields)(data=data)
    return form
