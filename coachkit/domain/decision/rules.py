"""What may be recorded about a person within a purpose, and what is refused, each with its own sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from coachkit.domain.assessment.scale import LEVELS
from coachkit.domain.decision import forecast as forecasts
from coachkit.domain.decision.forecast import Forecast
from coachkit.domain.decision.months import months_later
from coachkit.domain.decision.readiness import Result
from coachkit.domain.decision.safeguards import NOBODY, THIN, Duty, offer_problem

DEVELOPMENT, ROLE_DECISION = "development", "role-decision"
KINDS = {DEVELOPMENT: "development", ROLE_DECISION: "role decision"}
TWELVE_WEEKS = timedelta(weeks=12)
LONGEST_PURPOSE_MONTHS = 6


@dataclass(frozen=True, slots=True)
class Outcome:
    """Something that may be decided."""

    id: str
    name: str
    text: str


OUTCOMES = (
    Outcome("confirm", "Confirm", "The person keeps the post as it is described."),
    Outcome(
        "develop",
        "Develop",
        "The person keeps the post, or shares it with a partner, with a goal, time and support named below.",
    ),
    Outcome("move", "Move by choice", "The person changes to other work of the same pay and standing, and wants to."),
    Outcome("replace", "Replace", "Somebody else takes the post. Practice can never be the reason."),
    Outcome("defer", "Defer", "Nothing is decided. You name what is missing, and a date."),
)
CONDITIONS_FIRST = (
    "Conditions first: while readiness is conditional, people can be developed, paired or left as they are."
)
SHOWN_FOR_MONTHS = 12
"""Ratings older than this are shown to nobody but the person and the coaches."""
CAREFUL = frozenset({"develop", "defer"})
"""What remains while the organisation's readiness is conditional, and in a development purpose."""
DATED = frozenset({"develop", "defer"})
MOST_COACH_HOURS, MOST_PROTECTED_HOURS = 500, 20
ACT = {"replace": "Replacing somebody", "move": "Moving somebody who does not want to"}
NEEDS = "needs at least one dated reason from work outside coachkit. Practice alone is refused."


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody is about to record."""

    outcome: str
    reasons: str
    alternatives: str
    dissent: str = ""
    work_reason: str = ""
    """What happened at work, outside coachkit."""
    work_reason_on: date | None = None
    against_wish: bool = False
    review_on: date | None = None
    work_reason_who: str = ""
    """Who can confirm it."""
    plan: str = ""
    """What the person develops, and with whom."""
    coach_hours: int | None = None
    """In all, until the day of looking again."""
    protected_hours: int | None = None
    """A week."""
    offered: str = ""
    """Which development was offered before."""
    offered_on: date | None = None
    forecast: Forecast = forecasts.NONE

    @property
    def guarded(self) -> bool:
        """Replacing somebody, or moving somebody who does not want to: it needs every safeguard."""
        return self.outcome == "replace" or (self.outcome == "move" and self.against_wish)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the rules look at besides the proposal itself."""

    kind: str
    readiness: Result
    in_programme_since: date | None
    today: date
    evidence_missing: tuple[str, ...] = ()
    signer_named: bool = False
    reader_named: bool = False


def twelfth_week(since: date) -> date:
    """The first day on which something may be decided about somebody."""
    return since + TWELVE_WEEKS


def too_early(since: date | None, today: date) -> bool:
    """Whether the person's twelve weeks are not over, or have not begun."""
    return since is None or today < twelfth_week(since)


def closed_because(outcome: str, kind: str, readiness: Result) -> str:
    """Why this outcome cannot be chosen now; empty where it can."""
    if readiness is Result.NOT_YET:
        return "The organisation is not ready, so nothing is decided about persons."
    if outcome in CAREFUL:
        return ""
    if kind != ROLE_DECISION:
        return "This purpose is about development. People were not asked for a decision about their post."
    if readiness is Result.CONDITIONAL:
        return CONDITIONS_FIRST
    return ""


def problems(proposal: Proposal, circumstances: Circumstances) -> dict[str, str]:
    """What keeps this from being recorded: field → sentence. Empty where nothing does."""
    found: dict[str, str] = {}
    found["outcome"] = _outcome_problem(proposal, circumstances)
    if not proposal.reasons.strip():
        found["reasons"] = "Give your reasons, in sentences that the person can check."
    if not proposal.alternatives.strip():
        found["alternatives"] = "Say which alternatives you weighed, doing nothing included."
    found["work_reason"], found["work_reason_on"] = _work_problems(proposal, circumstances.today)
    if proposal.outcome in DATED and proposal.review_on is None:
        found["review_on"] = "Name the day on which you look again."
    elif proposal.review_on is not None and proposal.review_on <= circumstances.today:
        found["review_on"] = "The day on which you look again lies in the future."
    if proposal.outcome == "develop":
        found |= _plan_problems(proposal)
    if proposal.guarded:
        found |= _safeguard_problems(proposal, circumstances, found["outcome"])
    found |= forecasts.problems(proposal.forecast, circumstances.today, needed=proposal.outcome != "defer")
    return {field: sentence for field, sentence in found.items() if sentence}


def _plan_problems(proposal: Proposal) -> dict[str, str]:
    found = {}
    if not proposal.plan.strip():
        found["plan"] = "Say what the person develops, with whom, and how both will notice."
    if not 0 < (proposal.coach_hours or 0) <= MOST_COACH_HOURS:
        found["coach_hours"] = "Give the hours of coaching until you look again, from 1 to 500."
    if not 0 < (proposal.protected_hours or 0) <= MOST_PROTECTED_HOURS:
        found["protected_hours"] = "Give the hours a week that are kept free for it, from 1 to 20."
    return found


def _safeguard_problems(proposal: Proposal, around: Circumstances, closed: str) -> dict[str, str]:
    """Everything that must hold before somebody loses a post."""
    found = {"outcome": closed}
    if not closed and around.evidence_missing:
        found["outcome"] = THIN.format(", ".join(around.evidence_missing))
    found["offered"], found["offered_on"] = offer_problem(proposal.offered, proposal.offered_on, around.today)
    found["signer"] = "" if around.signer_named else NOBODY[Duty.SECOND_SIGNER]
    found["reader"] = "" if around.reader_named else NOBODY[Duty.APPEAL_READER]
    return found


def _outcome_problem(proposal: Proposal, circumstances: Circumstances) -> str:
    if proposal.outcome not in {outcome.id for outcome in OUTCOMES}:
        return "Choose what you decide."
    if circumstances.in_programme_since is None:
        return "This person is not in the programme, so nothing can be decided here."
    if too_early(circumstances.in_programme_since, circumstances.today):
        return "Nothing is decided about a person before twelve weeks in the programme."
    return closed_because(proposal.outcome, circumstances.kind, circumstances.readiness)


def _work_problems(proposal: Proposal, today: date) -> tuple[str, str]:
    text, day = proposal.work_reason.strip(), proposal.work_reason_on
    if day is not None and day > today:
        return "", "This day is still to come. A reason from work has happened."
    if proposal.guarded and not text:
        return f"{ACT[proposal.outcome]} {NEEDS}", ""
    if text and day is None:
        return "", "Give the day on which this happened."
    if day is not None and not text:
        return "Say what happened on this day.", ""
    return "", ""


def purpose_problems(
    *, kind: str, ends_on: date | None, today: date, basis: bool, lines: dict[str, int], people: int
) -> dict[str, str]:
    """What keeps a purpose from being stated."""
    found = {}
    if kind not in KINDS:
        found["kind"] = "Choose what this is for."
    elif kind == ROLE_DECISION and not basis:
        found["kind"] = (
            "Decisions about posts are closed: an administrator first records notice, legal basis and consultation."
        )
    if ends_on is None or ends_on <= today:
        found["ends_on"] = "Give a last day in the future."
    elif ends_on > months_later(today, LONGEST_PURPOSE_MONTHS):
        found["ends_on"] = "Six months ahead at most. A purpose still needed then can be stated again."
    for skill_id, level in lines.items():
        if level not in LEVELS:
            found[f"line-{skill_id}"] = "Choose a level from 1 to 5."
    if not people:
        found["people"] = "Ask at least one person."
    return found
