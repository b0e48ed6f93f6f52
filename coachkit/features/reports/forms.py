"""What a person adds to her own report."""

from __future__ import annotations

from wtforms import BooleanField

from coachkit.web.forms import BaseForm, words


class IssueForm(BaseForm):
    comment = words(
        "Your own words, printed in the report",
        longest=2000,
        hint="What should a reader know that coaches could not see?",
    )
    field_log = BooleanField("Put my field log into it, with the witnesses' initials")
