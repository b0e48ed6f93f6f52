"""Naming a sponsor, and what is shared, as forms."""

from __future__ import annotations

from wtforms import BooleanField

from coachkit.features.accounts.forms import email_field
from coachkit.web.forms import BaseForm, name, text, words


class NameForm(BaseForm):
    name = name("Your sponsor's name", needed="Name your sponsor.", hint="Most often your boss.")
    email = email_field()


class ShareForm(BaseForm):
    plans = BooleanField("Show my open plans", description="From official attempts only; never what you practise.")
    hours = text("Hours that you need", longest=200, hint="Such as “two hours a week, and one afternoon in March”.")
    dates = words("Dates", longest=1000, hint="When you practise, or will be away from your desk.")
