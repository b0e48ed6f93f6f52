"""The one thing that a person adds to a report."""

from __future__ import annotations

from coachkit.web.forms import BaseForm, words


class IssueForm(BaseForm):
    comment = words(
        "Your own words, printed in the report",
        longest=2000,
        hint="What should a reader know that coaches could not see?",
    )
