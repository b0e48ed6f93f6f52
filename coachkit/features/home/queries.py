"""What each person sees first: the one next step, and what is new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from coachkit.domain.content.model import Library
from coachkit.domain.decision.readiness import Result
from coachkit.domain.learning_path.tracks import on_track
from coachkit.features.accounts.queries import Membership, membership, people_page, person_view
from coachkit.features.decisions.looking_back import MyDecision, my_decisions
from coachkit.features.decisions.queries import PurposeCard, Request, open_requests, purposes_of
from coachkit.features.decisions.records import DecisionLine, unanswered
from coachkit.features.feedback.desk.lead import LeadPage, lead_page
from coachkit.features.feedback.queries import PlanView, ReleasedNote, notes_of, plans_of
from coachkit.features.feedback.record import LearnerCard, my_learners
from coachkit.features.feedback.waiting import QueueItem, queue_of, waiting_rows
from coachkit.features.learning.places import Place, places
from coachkit.features.learning.queries import ModuleCard, module_cards, next_module
from coachkit.features.learning.recall import CardsToday, cards_today
from coachkit.features.organisation.queries import readiness_today
from coachkit.features.practice.queries import AttemptCard, LibraryOf, my_attempts
from coachkit.platform.templates import long_date


@dataclass(frozen=True, slots=True)
class NextStep:
    """The one thing to do now."""

    eyebrow: str
    title: str
    text: str
    button: str
    url: str


@dataclass(frozen=True, slots=True)
class LearnerHome:
    name: str
    next: NextStep
    member: Membership | None
    weeks: int
    news: ReleasedNote | None
    plans: tuple[PlanView, ...]
    attempts: tuple[AttemptCard, ...]
    modules: tuple[ModuleCard, ...]
    requests: tuple[Request, ...]
    decisions: tuple[DecisionLine, ...]
    """Decisions that can be answered."""
    first_visit: bool
    places: tuple[Place, ...]
    cards: CardsToday


@dataclass(frozen=True, slots=True)
class CoachHome:
    next: NextStep
    queue: tuple[QueueItem, ...]
    learners: tuple[LearnerCard, ...]


@dataclass(frozen=True, slots=True)
class CioHome:
    next: NextStep
    purposes: tuple[PurposeCard, ...]
    waiting: tuple[MyDecision, ...]
    """Own decisions that need something: a forecast due, an appeal, an amendment."""


@dataclass(frozen=True, slots=True)
class AdminHome:
    people: int


def learner_home(
    session: Session, library: Library, library_of: LibraryOf, person_id: int, now: datetime
) -> LearnerHome:
    """A learner's first page."""
    me = person_view(session, person_id)
    attempts = my_attempts(session, library, person_id)
    track = me.track if me else "it"
    cards = module_cards(session, library, person_id, track)
    slugs = {module.slug for module in on_track(library, track)}
    notes = notes_of(session, library_of, person_id, official_only=False)
    member = membership(session, person_id)
    mine = tuple(card for card in cards if card.slug in slugs)
    return LearnerHome(
        name=(me.name if me else "").split(" ")[0],
        next=_learner_next(attempts, notes, next_module(cards, slugs), library),
        member=member,
        weeks=member.weeks(now.date()) if member else 0,
        news=notes[0] if notes else None,
        plans=tuple(plan for plan in plans_of(session, person_id) if plan.closed_at is None),
        attempts=attempts[:5],
        modules=mine,
        requests=tuple(r for r in open_requests(session, person_id) if r.released_at is None),
        decisions=unanswered(session, person_id),
        first_visit=not attempts and all(card.state == "new" for card in mine),
        places=places(session, library, person_id),
        cards=cards_today(session, library, person_id, now),
    )


def _learner_next(
    attempts: tuple[AttemptCard, ...],
    notes: tuple[ReleasedNote, ...],
    module: ModuleCard | None,
    library: Library,
) -> NextStep:
    unread = next((note for note in notes if not note.answer), None)
    if unread is not None:
        return NextStep(
            "New from your coach",
            f"Look at “{unread.title}” from both sides",
            f"{unread.coach} has locked a rating and written a note. Read both, answer, and make one plan.",
            "See both views",
            f"/feedback/{unread.attempt_id}/reveal",
        )
    rate = next((a for a in attempts if a.state == "rate"), None)
    if rate is not None:
        return NextStep(
            "Your turn",
            f"Rate what you did in “{rate.title}”",
            "About four minutes, while you still hear the words.",
            "Rate yourself",
            f"/practice/{rate.id}/rate",
        )
    prepare = next((a for a in attempts if a.state == "prepare"), None)
    if prepare is not None:
        return NextStep(
            "Your turn",
            f"Play “{prepare.title}”",
            "Read the brief, play it, and write down what was said.",
            "Go on",
            prepare.url,
        )
    if module is not None and (module.state == "begun" or not attempts):
        return NextStep(
            "Go on reading" if module.state == "begun" else "Start here",
            module.title,
            module.summary,
            "Go on" if module.state == "begun" else "Begin",
            f"/modules/{module.slug}",
        )
    played = {a.scenario_id for a in attempts}
    fresh = next((s for s in sorted(library.scenarios, key=lambda s: s.difficulty) if s.id not in played), None)
    if fresh is not None:
        return NextStep(
            "Next for you",
            f"A role-play: {fresh.title}",
            fresh.summary,
            "Look at it",
            f"/practice/scenarios/{fresh.id}",
        )
    return NextStep(
        "Next for you",
        "Play one again, in its parallel form",
        "The same skill in another house shows what has stayed.",
        "Choose one",
        "/practice",
    )


def coach_home(session: Session, library_of: LibraryOf, person_id: int, now: datetime) -> CoachHome:
    """A coach's first page."""
    queue = queue_of(session, library_of, person_id, now)
    learners = my_learners(session, library_of, person_id)
    if queue:
        first = queue[0]
        step = NextStep(
            "Longest waiting",
            f"{first.learner}: {first.title}",
            f"Sent {first.waiting_days} days ago." if first.waiting_days > 1 else "Sent yesterday or today.",
            "Go on" if first.mine else "Open it",
            first.url,
        )
    elif blocked := len(waiting_rows(session, person_id)[1]):
        waits = "One official attempt waits" if blocked == 1 else f"{blocked} official attempts wait"
        step = NextStep(
            "Your licence comes first",
            f"{waits} for it",
            "Whoever rates official attempts trains her eye on reference ratings once a year.",
            "See what is missing",
            "/licence",
        )
    else:
        step = NextStep(
            "Nothing waits",
            "All done",
            "When a learner sends an attempt, a mail tells you.",
            "Look at your learners",
            "/feedback/learners",
        )
    return CoachHome(step, queue, learners)


def cio_home(session: Session, person_id: int) -> CioHome:
    """A CIO's first page."""
    purposes = purposes_of(session, person_id)
    _row, result = readiness_today(session)
    current = next((p for p in purposes if p.open), None) if result is not Result.NOT_YET else None
    step = (
        NextStep(
            "Open purpose",
            current.title,
            f"About the role {current.role_name}, until {long_date(current.ends_on)}.",
            "Open the board",
            f"/decisions/{current.id}",
        )
        if current
        else NextStep(
            "Organisation first",
            "Begin with the conditions",
            "Before anybody's results mean anything, the organisation answers for the conditions.",
            "Go to the readiness check",
            "/readiness",
        )
    )
    return CioHome(step, purposes, tuple(row for row in my_decisions(session, person_id).rows if row.needs_me))


def lead_home(session: Session, now: datetime, goal_days: int) -> LeadPage:
    """A lead coach's first page."""
    return lead_page(session, now, goal_days)


def admin_home(session: Session) -> AdminHome:
    """An administrator's first page."""
    return AdminHome(people_page(session, size=1).total)
