"""The base of every form. Flask-WTF's tokens are checked for the whole application, so forms carry none themselves."""

from __future__ import annotations

import unicodedata
from typing import Any

from flask import Response, make_response, render_template, request
from wtforms import DateField, Form, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.fields.core import Field
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from coachkit.platform.errors import InvalidError
from coachkit.web.errors import roll_back

BIDI = frozenset(chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))


def normal(value: str | None) -> str | None:
    """One spelling for each text: composed characters, plain line ends, no space around it."""
    return unicodedata.normalize("NFC", value.replace("\r\n", "\n").strip()) if value else value


UNSTORABLE = "There is a character in this text that cannot be stored. Please delete it."


def is_storable(value: str) -> bool:
    """Whether every database, page and PDF can keep this text."""
    return not any(
        (char < " " and char not in "\n\t") or "\ud800" <= char <= "\udfff" or char in "\ufffe\uffff" for char in value
    )


def storable(_form: Form, field: Field) -> None:
    """Refuse characters that cannot be kept."""
    if not is_storable(field.data or ""):
        raise ValidationError(UNSTORABLE)


def no_direction_tricks(_form: Form, field: Field) -> None:
    """A name may not turn the writing direction of what follows it."""
    if BIDI & set(field.data or ""):
        raise ValidationError("A name cannot contain invisible direction marks.")


class BaseForm(Form):  # type: ignore[misc]  # WTForms has no types
    """A form filled from the current request."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(request.form if request.method == "POST" else None, **kwargs)

    def sent_well(self) -> bool:
        """It was sent, and every field is in order."""
        return request.method == "POST" and bool(self.validate())

    def expect(self) -> None:
        """Raise `InvalidError` unless every field is in order; the fields carry their own sentences."""
        if not self.sent_well():
            raise InvalidError({})

    def take(self, error: InvalidError) -> None:
        """Put a service's complaints to the fields that they are about."""
        for name, sentence in error.fields.items():
            field = self._fields.get(name)
            if field is not None:
                field.errors = [*field.errors, sentence]
            else:
                self.form_errors.append(sentence)


def text(label: str, *, needed: str = "", longest: int = 120, hint: str = "", **kwargs: Any) -> StringField:  # noqa: ANN401
    """A line of text. `needed` is the sentence shown when it is missing; empty means it may be."""
    return StringField(label, _rules(needed, longest), filters=[normal], description=hint, **kwargs)


def name(label: str, *, needed: str = "", longest: int = 120, hint: str = "") -> StringField:
    """A person's name."""
    return StringField(label, [*_rules(needed, longest), no_direction_tricks], filters=[normal], description=hint)


def words(label: str, *, needed: str = "", longest: int = 4000, hint: str = "") -> TextAreaField:
    """Several lines of plain text."""
    return TextAreaField(label, _rules(needed, longest), filters=[normal], description=hint)


def day(label: str, *, needed: str = "", hint: str = "") -> DateField:
    """A date."""
    rules: list[Any] = [InputRequired(needed)] if needed else [Optional()]
    return DateField(label, rules, description=hint)


def choice(
    label: str, options: list[tuple[str, str]], *, needed: str = "Please choose one.", hint: str = ""
) -> SelectField:
    """One of several, by value and label."""
    choices = [SelectChoice(value, label) for value, label in options]
    return SelectField(label, [InputRequired(needed)], choices=choices, description=hint)


def _rules(needed: str, longest: int) -> list[Any]:
    too_long = f"At most {longest} characters, please. Nothing was cut: shorten it and send it again."
    first: Any = DataRequired(needed) if needed else Optional()
    return [first, Length(max=longest, message=too_long), storable]


def refused(template: str, **context: Any) -> Response:  # noqa: ANN401
    """The same page again with what was typed and what is wrong; nothing is stored."""
    roll_back()
    return make_response(render_template(template, **context), 422)
