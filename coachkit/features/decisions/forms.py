"""Forms about the basis, purposes, releases and decisions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.fields.core import Label
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from coachkit.domain.assessment.scale import LEVELS
from coachkit.domain.decision.forecast import Forecast
from coachkit.domain.decision.rules import KINDS, OUTCOMES, Proposal
from coachkit.domain.decision.safeguards import INDEPENDENT, Duty
from coachkit.features.decisions.duties import FIELDS, Named
from coachkit.web.forms import BaseForm, choice, day, text, words
from coachkit.web.forms import name as name_field

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


def number(label: str, *, hint: str = "") -> IntegerField:
    """A whole number, or nothing."""
    return IntegerField(label, [Optional()], description=hint)


class DutyForm(BaseForm):
    """Naming somebody: the fields exist once for each duty, by prefix."""

    def named(self, prefix: str) -> Named:
        """Whom the fields of this prefix name."""
        chosen = str(self[prefix].data or "")
        return Named(
            person_id=int(chosen) if chosen.isdigit() else None,
            name=self[f"{prefix}_name"].data or "",
            email=self[f"{prefix}_email"].data or "",
            why=self[f"{prefix}_why"].data or "",
            reports_to_nobody_here=bool(self[f"{prefix}_free"].data),
        )


STATED_HINT = "coachkit cannot check it: it stands on the record as your statement, with your name and the day."


def duty_fields(prefix: str, label: str, people: Iterable[tuple[int, str]], hint: str) -> dict[str, Any]:
    """The fields for one duty."""
    choices = [("", "Nobody with an account"), *((str(pid), name) for pid, name in people)]
    return {
        prefix: SelectField(
            label,
            [Optional()],
            choices=[SelectChoice(value, name) for value, name in choices],
            description=hint,
        ),
        f"{prefix}_name": name_field("Or from outside: name"),
        f"{prefix}_email": text("E-mail address", longest=254),
        f"{prefix}_why": text("Why this person is independent", longest=300),
        f"{prefix}_free": BooleanField("I state that this person does not report to me", description=STATED_HINT),
    }


SIGNER_HINT = (
    "Needed for Replace, and for a move that the person does not want. Has neither coached nor rated the person."
)
READER_HINT = "Who reads an appeal: neither rated, decided nor signed. Can be named later, except for the acts above."
HR_HINT = "Who adds what Human Resources and the employees’ representatives say."
DUTY_LABELS = {
    "signer": ("Second signer", SIGNER_HINT),
    "reader": ("Reader of an appeal", READER_HINT),
    "hr": ("Human Resources", HR_HINT),
}


def decision_form(people: Iterable[tuple[int, str]], **kwargs: Any) -> DecisionForm:  # noqa: ANN401
    """The form with the people who could have a duty on the record."""
    people = list(people)
    fields: dict[str, Any] = {}
    for prefix, (label, hint) in DUTY_LABELS.items():
        fields |= duty_fields(prefix, label, people, hint)
    form: DecisionForm = type("FullDecisionForm", (DecisionForm,), fields)(**kwargs)
    return form


def naming_form(prefix: str, people: Iterable[tuple[int, str]]) -> DutyForm:
    """A form to name somebody for one duty on a record that is there."""
    label, hint = DUTY_LABELS[prefix]
    form: DutyForm = type("NamingForm", (DutyForm,), duty_fields(prefix, label, people, hint))()
    return form


class WordsForm(BaseForm):
    """Something added beside a record. The service says what is missing."""

    words = words("Your words", longest=4000)
    verdict = StringField("Verdict", [Optional(), Length(max=10)])
    unwanted = BooleanField("This is not my choice")
    stated = BooleanField(INDEPENDENT, description="Needed to sign. It stands on the record as your own statement.")


def words_form(name: str, label: str) -> WordsForm:
    """One of several such forms on a page: its field has an id and a label of its own."""
    form = WordsForm()
    form.words.id = f"{name}-words"
    form.words.label = Label(form.words.id, label)
    return form


def blank(form: BaseForm) -> BaseForm:
    """The form without what was sent: another one on the page was."""
    form.process(None)
    return form


class LookBackForm(BaseForm):
    came_true = choice(
        "Did it come true?", [("", "Choose"), ("yes", "Yes"), ("no", "No")], needed="Say whether it came true."
    )
    what_happened = words("What happened", needed="Say what happened, in sentences that others can check.")
    sound = choice(
        "Would you decide in the same way again, knowing what you knew then?",
        [("", "Choose"), ("yes", "Yes, the way was sound"), ("no", "No, I would go about it differently")],
        needed="Say whether you would decide in the same way again.",
        hint="Apart from how it came out: a sound decision can end badly, and a careless one well.",
    )
    why = words("Why?", needed="Say why: what did you know, whom did you hear, what was left out?")


class DecisionForm(DutyForm):
    outcome = choice("What do you decide?", OUTCOME_CHOICES, needed="Choose what you decide.")
    against_wish = BooleanField("This is against the person’s wish")
    reasons = words(
        "Your reasons",
        needed="Give your reasons, in sentences that the person can check.",
        hint="What you rely on, in sentences that the person can check.",
    )
    work_reason_on = day("Date")
    work_reason = words("What happened at work", longest=2000)
    work_reason_who = text("Who can confirm it")
    plan = words(
        "The plan",
        hint="What the person develops, with whom, and how both will notice. A partner for a quarter belongs here.",
    )
    coach_hours = number("Hours of coaching until you look again")
    protected_hours = number("Hours a week kept free for it")
    offered = words("Which development was offered before", longest=2000)
    offered_on = day("Since when")
    forecast = text(
        "What do you expect to be seen?",
        longest=300,
        hint="To be answered yes or no, such as “meets level 3 on trust” or “leads a planning round alone”.",
    )
    chance = number("How likely is it, in percent?")
    forecast_on = day("By which day?", hint="On that day coachkit asks you what came of it.")
    alternatives = words(
        "Alternatives you weighed",
        needed="Say which alternatives you weighed, doing nothing included.",
        hint="Including doing nothing, and what each would mean for the person.",
    )
    dissent = words("Who sees it differently, and why", longest=2000)
    review_on = day("Look again on", hint="Needed for Develop and Defer.")

    def duties(self) -> dict[Duty, Named]:
        """Who was named for what."""
        return {duty: self.named(prefix) for duty, prefix in FIELDS.items()}

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
            work_reason_who=self.work_reason_who.data or "",
            plan=self.plan.data or "",
            coach_hours=self.coach_hours.data,
            protected_hours=self.protected_hours.data,
            offered=self.offered.data or "",
            offered_on=self.offered_on.data,
            forecast=Forecast(self.forecast.data or "", self.chance.data, self.forecast_on.data),
        )
