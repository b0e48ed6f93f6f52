"""Who may do what: the actions, the actor, and THE table. Nothing else decides.

An action is allowed when every rule of at least one of its lines holds. A rule looks at the actor and at a *case*: a
small frozen object with the facts that the decision needs, made by the room that owns the thing. A rule that raises
is an error, never a silent «no».
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from coachkit.platform.errors import ForbiddenError, LicenceNeededError, NotFoundError


class Role(StrEnum):
    """What a person does in coachkit. One person may hold several."""

    LEARNER = "learner"
    COACH = "coach"
    LEAD_COACH = "lead_coach"
    CIO = "cio"
    ADMIN = "admin"
    AUDITOR = "auditor"


PRIVILEGED = frozenset({Role.CIO, Role.ADMIN, Role.AUDITOR})


class Action(StrEnum):
    """`subject:verb`; each with the sentence that an administrator reads."""

    USE_ACCOUNT = "account:use"
    """See and change one's own account, sessions and data."""
    READ_LIBRARY = "library:read"
    """Read modules, criteria and glossary."""
    LEARN = "learning:do"
    """Keep progress and answer quizzes, for oneself."""
    PRACTISE = "practice:do"
    """Start role-plays of one's own."""
    READ_ATTEMPT = "attempt:read"
    """See an attempt: its learner always; a coach of the learner who may rate it, or once both have locked it; and the
    second coach."""
    WRITE_ATTEMPT = "attempt:write"
    """Write evidence, self-rating, answer and plan of one's own attempt."""
    READ_PARTNER_BRIEF = "scenario:read-partner-brief"
    """Read what only the partner knows."""
    COACH = "coaching:do"
    """Have a queue and learners."""
    RATE_ATTEMPT = "attempt:rate"
    """Rate a submitted attempt of one's own learner and release feedback; an official one with a valid licence."""
    OBSERVE = "attempt:observe"
    """Note down what one sees while an attempt is played: a coach of the learner whom he asked to watch."""
    RATE_SECOND = "attempt:rate-second"
    """Rate, blind and as the second coach, an official attempt for which one was asked."""
    READ_LEARNER = "learner:read"
    """See a learner's record: the learner, and his coaches."""
    REVIEW_CONTEST = "contest:review"
    """Look again, blind, at what a learner contests: the one coach who was asked, while it is open."""
    OWN_RECORD = "own:decide"
    """Decide about what is one's own: adjustments, field log, sponsor, and what is shared or deleted."""
    HOLD_CONVERSATION = "conversation:hold"
    """Read and write an interest-and-care conversation: its learner, and the one coach whom he asked."""
    KEEP_NOTES = "coaching:note"
    """Keep a private note about one's own learner, which by law the learner may read."""
    LEAD_COACHES = "coaching:lead"
    """See who waits how long, loads and absences, and hand over what waits; no feedback, no ratings."""
    READ_MEASURES = "measures:read"
    """See one's own growth, and the gap between one's own view and the coaches'."""
    SEE_LICENCES = "licence:see"
    """See which coach may rate which skill, and until when; never how she rated."""
    CALIBRATE = "calibration:do"
    """See how coaches rate beside each other, without learners' names in what was said, and ask for a new run."""
    READ_READINESS = "readiness:read"
    """See the organisation's readiness result."""
    ANSWER_FOR_ORGANISATION = "organisation:answer"
    """Answer the readiness check as CIO, close it, and write charters, loads and the figures of posts."""
    READ_CHARTER = "charter:read"
    """Read the charters of posts, which name nobody, and the small print."""
    INVITE_ANSWERS = "organisation:invite"
    """Hand out links for answers without names; never somebody who decides, so that nobody answers for others."""
    READ_PROGRAMME = "programme:read"
    """See what the programme moves and costs: counts over at least five people."""
    OPEN_DECISIONS = "decisions:open"
    """Come to the pages about purposes at all."""
    READ_PURPOSE = "purpose:read"
    """Open a purpose's board: its named viewers, until it ends, with a current readiness result."""
    READ_PERSON = "purpose:read-person"
    """Open one person within a purpose, who has released to it."""
    DECIDE = "purpose:decide"
    """Record a decision about a person within a purpose."""
    FOLLOW_DECISION = "decision:follow"
    """Go on with a decision of one's own: who has a duty on it, what was answered, what came of the forecast."""
    FULFIL_DUTY = "duty:fulfil"
    """Read one record and sign it, rule on its appeal or add a note, as whoever is named on it, until the duty ends."""
    AUDIT_DECISIONS = "decision:audit"
    """Follow the course of every decision record, without names, words or levels."""
    RELEASE = "release:do"
    """Release own results to a purpose, and withdraw."""
    MAKE_REPORT = "report:make"
    """Make one's own progress report."""
    READ_REPORT = "report:read"
    """Read an issued report: its person; a purpose's viewer for what was released."""
    READ_PRINT = "print:read"
    """Read what one asked to be printed: a kit, a sheet, a certificate, a released edition."""
    PRINT_SESSION = "coaching:print"
    """Print a sheet for the talk with one's own learner."""
    PRINT_PROGRAMME = "programme:print"
    """See and print the programme as a whole, in counts of five people or more."""
    ADMINISTER = "admin:do"
    """People, roles, cohorts, settings. No attempt, rating or feedback."""
    READ_AUDIT = "audit:read"
    """Read the chain of events, which names nobody."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking, detached from the database."""

    id: int
    name: str
    email: str
    pseudonym: str
    """Stands for the person in the audit chain."""
    roles: frozenset[Role]
    login_id: int = 0
    proved_at: datetime | None = None
    """When the person last gave a secret."""

    @property
    def privileged(self) -> bool:
        return bool(self.roles & PRIVILEGED)

    @property
    def initials(self) -> str:
        parts = [part for part in self.name.split() if part]
        return "".join(part[0] for part in (parts[:1] + parts[1:][-1:])).upper()

    @property
    def main_role(self) -> Role:
        """The role whose home page the person sees first."""
        order = (Role.LEARNER, Role.COACH, Role.LEAD_COACH, Role.CIO, Role.ADMIN, Role.AUDITOR)
        return next((role for role in order if role in self.roles), Role.LEARNER)


@dataclass(frozen=True, slots=True)
class Nothing:
    """The case of an action that depends on nobody's data."""


@dataclass(frozen=True, slots=True)
class LearnerCase:
    """A learner's record."""

    learner_id: int
    coach_ids: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class AttemptCase:
    """One attempt, with what decides who may open it."""

    learner_id: int
    coach_ids: frozenset[int]
    """Coaches whose learner this is now (or, in practice, whom the learner invited)."""
    submitted: bool
    official: bool
    invited_coach_id: int | None = None
    licensed_ids: frozenset[int] = field(default_factory=frozenset)
    """Those of its coaches, the second one included, who hold every licence that rating it takes."""
    revealed: bool = False
    """Both sides have locked their ratings."""
    second_coach_id: int | None = None
    """Who was asked to rate it a second time. She never is its first coach."""


@dataclass(frozen=True, slots=True)
class ObservationCase:
    """An attempt that is being played, with what decides who may watch it."""

    coach_ids: frozenset[int]
    """Coaches whose learner this is now."""
    asked: bool
    """The learner asked the actor to watch."""
    learner_id: int
    licensed: bool
    """The actor holds every licence that rating it takes; always so in practice."""


@dataclass(frozen=True, slots=True)
class ContestCase:
    """One thing that a learner sees differently."""

    person_id: int
    reviewer_id: int | None
    open: bool
    licensed: bool
    """The reviewer holds every licence that rating it takes; for a sentence of a report, that for its skill."""


@dataclass(frozen=True, slots=True)
class PurposeCase:
    """One purpose."""

    viewer_ids: frozenset[int]
    open: bool
    """Between its start and its end, and allowed in this organisation."""
    readiness_current: bool


@dataclass(frozen=True, slots=True)
class PersonCase:
    """One person within a purpose."""

    purpose: PurposeCase
    person_id: int
    released: bool


@dataclass(frozen=True, slots=True)
class DecisionCase:
    """A decision record, for the CIO who made it."""

    decider_id: int
    person_id: int
    readiness_current: bool


@dataclass(frozen=True, slots=True)
class DutyCase:
    """A duty on one record."""

    holder_id: int
    """A person; a negative number stands for somebody without an account, who came by a link."""
    current: bool
    independent: bool
    """Coaches the person no more than when named: not at all."""


@dataclass(frozen=True, slots=True)
class ReportCase:
    """An issued report."""

    person_id: int
    purpose: PurposeCase | None = None
    released: bool = False


Case = (
    Nothing
    | LearnerCase
    | AttemptCase
    | ObservationCase
    | ContestCase
    | PurposeCase
    | PersonCase
    | DecisionCase
    | DutyCase
    | ReportCase
)
NOTHING = Nothing()
Rule = Callable[[Actor, Case], bool]


def has(*roles: Role) -> Rule:
    """The actor holds one of the roles."""

    def rule(actor: Actor, case: Case) -> bool:
        del case
        return bool(actor.roles & set(roles))

    rule.__name__ = f"has({', '.join(roles)})"
    return rule


def lacks(*roles: Role) -> Rule:
    """The actor holds none of the roles."""

    def rule(actor: Actor, case: Case) -> bool:
        del case
        return not actor.roles & set(roles)

    rule.__name__ = f"lacks({', '.join(roles)})"
    return rule


def anyone(actor: Actor, case: Case) -> bool:
    """Everybody who is signed in."""
    del actor, case
    return True


def is_the_learner(actor: Actor, case: Case) -> bool:
    return isinstance(case, LearnerCase | AttemptCase) and case.learner_id == actor.id


def coaches_the_learner(actor: Actor, case: Case) -> bool:
    """The learner is hers now, and is not herself."""
    return isinstance(case, LearnerCase) and actor.id in case.coach_ids and case.learner_id != actor.id


def may_rate(actor: Actor, case: Case) -> bool:
    """It was submitted, and is for her: official work that her licences cover, or practice to which he invited her."""
    if not isinstance(case, AttemptCase) or not case.submitted or case.learner_id == actor.id:
        return False
    if actor.id not in case.coach_ids or actor.id == case.second_coach_id:
        return False
    return actor.id in case.licensed_ids if case.official else case.invited_coach_id == actor.id


def coaches_what_was_revealed(actor: Actor, case: Case) -> bool:
    """Official work of her learner that both sides have locked: the talk about it needs no licence."""
    return (
        isinstance(case, AttemptCase)
        and case.official
        and case.revealed
        and actor.id in case.coach_ids
        and case.learner_id != actor.id
    )


def looks_second(actor: Actor, case: Case) -> bool:
    """She was asked for a second look at this official attempt, which is not her own."""
    return (
        isinstance(case, AttemptCase)
        and case.submitted
        and case.official
        and case.learner_id != actor.id
        and case.second_coach_id == actor.id
        and (case.revealed or actor.id in case.licensed_ids)
    )


def was_asked_to_watch(actor: Actor, case: Case) -> bool:
    """The learner asked her, and is hers still; official work her licences cover."""
    return (
        isinstance(case, ObservationCase)
        and case.asked
        and case.licensed
        and actor.id in case.coach_ids
        and case.learner_id != actor.id
    )


def looks_again(actor: Actor, case: Case) -> bool:
    """She was asked to look again, nothing is decided, and it is not her own."""
    return (
        isinstance(case, ContestCase) and case.open and case.licensed and case.reviewer_id == actor.id != case.person_id
    )


def views_the_purpose(actor: Actor, case: Case) -> bool:
    purpose = case.purpose if isinstance(case, PersonCase | ReportCase) else case
    return (
        isinstance(purpose, PurposeCase)
        and purpose.open
        and purpose.readiness_current
        and actor.id in purpose.viewer_ids
    )


def was_released(actor: Actor, case: Case) -> bool:
    del actor
    return isinstance(case, PersonCase | ReportCase) and case.released


def is_the_person(actor: Actor, case: Case) -> bool:
    return isinstance(case, ReportCase) and case.person_id == actor.id


def is_not_the_person(actor: Actor, case: Case) -> bool:
    return isinstance(case, PersonCase) and case.person_id != actor.id


def made_the_decision(actor: Actor, case: Case) -> bool:
    return (
        isinstance(case, DecisionCase)
        and case.readiness_current
        and case.decider_id == actor.id
        and case.person_id != actor.id
    )


def has_the_duty(actor: Actor, case: Case) -> bool:
    return isinstance(case, DutyCase) and case.current and case.independent and case.holder_id == actor.id


POLICY: Mapping[Action, tuple[tuple[Rule, ...], ...]] = {
    Action.USE_ACCOUNT: ((anyone,),),
    Action.READ_LIBRARY: ((anyone,),),
    Action.LEARN: ((anyone,),),
    Action.PRACTISE: ((has(Role.LEARNER),),),
    Action.READ_ATTEMPT: (
        (has(Role.LEARNER), is_the_learner),
        (has(Role.COACH), may_rate),
        (has(Role.COACH), coaches_what_was_revealed),
        (has(Role.COACH), looks_second),
    ),
    Action.WRITE_ATTEMPT: ((has(Role.LEARNER), is_the_learner),),
    Action.READ_PARTNER_BRIEF: ((has(Role.COACH, Role.LEAD_COACH),),),
    Action.COACH: ((has(Role.COACH),),),
    Action.RATE_ATTEMPT: ((has(Role.COACH), may_rate),),
    Action.OBSERVE: ((has(Role.COACH), was_asked_to_watch),),
    Action.RATE_SECOND: ((has(Role.COACH), looks_second),),
    Action.READ_LEARNER: ((has(Role.LEARNER), is_the_learner), (has(Role.COACH), coaches_the_learner)),
    Action.REVIEW_CONTEST: ((has(Role.COACH), looks_again),),
    Action.OWN_RECORD: ((has(Role.LEARNER), is_the_learner),),
    Action.HOLD_CONVERSATION: ((has(Role.LEARNER), is_the_learner), (has(Role.COACH), coaches_the_learner)),
    Action.KEEP_NOTES: ((has(Role.COACH), coaches_the_learner),),
    Action.LEAD_COACHES: ((has(Role.LEAD_COACH),),),
    Action.READ_MEASURES: ((has(Role.LEARNER),),),
    Action.SEE_LICENCES: ((has(Role.LEAD_COACH, Role.ADMIN),),),
    Action.CALIBRATE: ((has(Role.LEAD_COACH),),),
    Action.READ_READINESS: ((has(Role.CIO, Role.ADMIN),),),
    Action.ANSWER_FOR_ORGANISATION: ((has(Role.CIO),),),
    Action.READ_CHARTER: ((anyone,),),
    Action.INVITE_ANSWERS: ((has(Role.ADMIN), lacks(Role.CIO)),),
    Action.READ_PROGRAMME: ((has(Role.CIO, Role.ADMIN, Role.LEAD_COACH),),),
    Action.OPEN_DECISIONS: ((has(Role.CIO),),),
    Action.READ_PURPOSE: ((has(Role.CIO), views_the_purpose),),
    Action.READ_PERSON: ((has(Role.CIO), views_the_purpose, was_released, is_not_the_person),),
    Action.DECIDE: ((has(Role.CIO), views_the_purpose, was_released, is_not_the_person),),
    Action.FOLLOW_DECISION: ((has(Role.CIO), made_the_decision),),
    Action.FULFIL_DUTY: ((has_the_duty,),),
    Action.AUDIT_DECISIONS: ((has(Role.AUDITOR),),),
    Action.RELEASE: ((has(Role.LEARNER),),),
    Action.MAKE_REPORT: ((has(Role.LEARNER),),),
    Action.READ_REPORT: (
        (has(Role.LEARNER), is_the_person),
        (has(Role.CIO), views_the_purpose, was_released),
    ),
    Action.READ_PRINT: ((is_the_person,),),
    Action.PRINT_SESSION: ((has(Role.COACH), coaches_the_learner),),
    Action.PRINT_PROGRAMME: ((has(Role.CIO),),),
    Action.ADMINISTER: ((has(Role.ADMIN),),),
    Action.READ_AUDIT: ((has(Role.AUDITOR, Role.ADMIN),),),
}


def allows(actor: Actor | None, action: Action, case: Case = NOTHING) -> bool:
    """Whether `actor` may do `action` in this case. Nobody signed in may do nothing."""
    if actor is None:
        return False
    return any(all(rule(actor, case) for rule in line) for line in POLICY[action])


def _as_if_licensed(actor: Actor, case: Case) -> Case:
    if isinstance(case, AttemptCase):
        return replace(case, licensed_ids=frozenset({actor.id}))
    return replace(case, licensed=True) if isinstance(case, ObservationCase | ContestCase) else case


def require(actor: Actor | None, action: Action, case: Case = NOTHING) -> Actor:
    """Return the actor, or raise: a forbidden object looks like a missing one, a forbidden page says so.

    Whoever lacks nothing but a licence is told so: she knows her learner's work, and has to know what to do.
    """
    if actor is not None and allows(actor, action, case):
        return actor
    if isinstance(case, Nothing):
        raise ForbiddenError
    if actor is not None and allows(actor, action, _as_if_licensed(actor, case)):
        raise LicenceNeededError
    raise NotFoundError
