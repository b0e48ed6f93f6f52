"""The invitation and the two sentences as forms."""

from __future__ import annotations

from datetime import date

from wtforms import StringField
from wtforms.validators import Length, Optional, Regexp

from coachkit.features.accounts.forms import EMAIL
from coachkit.web.forms import BaseForm, day, name, normal, storable, text


def address(label: str, hint: str = "") -> StringField:
    """Somebody else's e-mail address, which may be missing."""
    rules = [
        Optional(),
        Length(max=254, message="At most 254 characters, please."),
        Regexp(EMAIL, message="This does not look like an e-mail address."),
        storable,
    ]
    return StringField(label, rules, filters=[normal], description=hint, render_kw={"inputmode": "email"})


class InviteForm(BaseForm):
    name = name("Name", hint="As you call each other.")
    email = address("E-mail address", hint="A link goes there. No account is needed.")
    on_1 = day("First day")
    at_1 = text("Time and place", longest=80, hint="Such as “14:30, by telephone”.")
    on_2 = day("Second day")
    at_2 = text("Time and place", longest=80)
    on_3 = day("Third day")
    at_3 = text("Time and place", longest=80)

    @property
    def times(self) -> list[tuple[date, str]]:
        """The times that were filled in."""
        rows = ((self.on_1, self.at_1), (self.on_2, self.at_2), (self.on_3, self.at_3))
        return [(on.data, at.data or "") for on, at in rows if on.data]


class WordsForm(BaseForm):
    felt = text("I felt …", longest=300, hint="“I felt rushed when you named a date.”")
    noticed = text("I noticed …", longest=300, hint="“I noticed that you waited when I said nothing.”")
