"""Forms about the basis, purposes, releases and decisions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from coachkit.domain.assessment.scale import LEVELS
from coachkit.domain.decision.rules import KINDS, OUTCOMES, Proposal
from coachkit.web.forms import BaseForm, choice, day, text, words

LEVEL_CHOICES = [("", "Choose"), *((str(level), f"{level}, {name}") for level, name in LEVELS.items())]
KIND_CHOICES = [("", "Choose"), *((kind, name.capitalize()) for kind, name in KINDS.items())]
OUTCOME_CHOICES = [(outcome.id, outcome.name) for outcome in OUTCOMES]


class ChecksField(SelectMultipleField):  # type: ignore[misc]  # WTForms has no types
    """Check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def checks(label: str, people: Iterable[tuple[int, str]], hint: str = "") -> ChecksField:
    """Check boxes for people."""
    return ChecksField(label, choices=[SelectChoice(str(pid), name) for pid, name in people], description=hint)


class BasisForm(BaseForm):
    notice = words(
        "Notice",
        needed="Say how and when people were told.",
        hint="How and when the people concerned were told that decisions about posts may use what they release.",
    )
    legal_basis = words(
        "Legal basis",
        needed="Name the legal basis.",
        hint="The law, works agreement or contract that allows it. Consent of employees is rarely free.",
    )
    consultation = words(
        "Consultation",
        needed="Say who was consulted.",
        hint="Who was consulted, when and with what result: works council, data protection officer, HR.",
    )


class PurposeForm(BaseForm):
    """A purpose, without the fields that depend on the library and on who is here."""

    kind = choice("What is it for?", KIND_CHOICES, needed="Choose what this is for.")
    title = text("Title", needed="Give it a title that the people asked will understand.", longest=160)
    why = words(
        "Why do you want to look?",
        needed="Say why. The people whom you ask will read it.",
        hint="In sentences that the people whom you ask can check.",
    )
    role_name = text("The role", needed="Name the role.", hint="Such as “Liaison for courts and prosecution”.")
    ends_on = day(
        "Last day", needed="Give a last day.", hint="Six months ahead at most. Then nothing can be seen any more."
    )


def purpose_form(
    skills: Iterable[tuple[str, str]], people: Iterable[tuple[int, str]], others: Iterable[tuple[int, str]]
) -> PurposeForm:
    """The form with a level per skill, people to ask, and other CIOs who may look."""
    fields: dict[str, Any] = {
        f"line-{skill}": choice(name, LEVEL_CHOICES, needed="Choose a level from 1 to 5.") for skill, name in skills
    }
    fields["people"] = checks("Whom do you ask?", people, "Nothing of them can be seen before they release it.")
    fields["viewers"] = checks("Who may look besides you?", others)
    form: PurposeForm = type("FullPurposeForm", (PurposeForm,), fields)()
    return form


class ReleaseForm(BaseForm):
    comment = words(
        "Your own words",
        longest=2000,
        hint="Shown first and in full, before any rating. What should somebody know who reads this?",
    )


class DecisionForm(BaseForm):
    outcome = choice("What do you decide?", OUTCOME_CHOICES, needed="Choose what you decide.")
    against_wish = BooleanField("This is against the person’s wish")
    reasons = words(
        "Your reasons",
        needed="Give your reasons, in sentences that the person can check.",
        hint="What you rely on, in sentences that the person can check.",
    )
    work_reason_on = day("Date")
    work_reason = words("What happened at work", longest=2000)
    alternatives = words(
        "Alternatives you weighed",
        needed="Say which alternatives you weighed, doing nothing included.",
        hint="Including doing nothing, and what each would mean for the person.",
    )
    dissent = words("Who sees it differently, and why", longest=2000)
    review_on = day("Look again on", hint="Needed for Develop and Defer.")

    def proposal(self) -> Proposal:
        """What was typed."""
        return Proposal(
            outcome=self.outcome.data or "",
            reasons=self.reasons.data or "",
            alternatives=self.alternatives.data or "",
            dissent=self.dissent.data or "",
            work_reason=self.work_reason.data or "",
            work_reason_on=self.work_reason_on.data,
            against_wish=bool(self.against_wish.data),
            review_on=self.review_on.data,
        )
