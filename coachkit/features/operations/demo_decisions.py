"""The demo's readiness result, its basis for role decisions, one purpose, who has released to it, and two decisions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.domain.content.model import Library
from coachkit.domain.decision.forecast import Forecast
from coachkit.domain.decision.questions import QUESTIONS
from coachkit.domain.decision.readiness import Answer
from coachkit.domain.decision.rules import Proposal
from coachkit.domain.decision.safeguards import Duty
from coachkit.features.decisions import answering, board, deciding, records
from coachkit.features.decisions import service as decisions
from coachkit.features.decisions.case_file import role_skills
from coachkit.features.decisions.duties import Named
from coachkit.features.decisions.models import Purpose
from coachkit.features.organisation import service as organisation
from coachkit.platform import clock
from coachkit.platform.policy import Actor

EVIDENCE = {
    "RC-1": "Charter of 4 February, signed by the CIO and five heads of unit.",
    "RC-2": "Baseline of March: 41 % of heads knew whom to call.",
    "RC-3": "Release testing was rebuilt in spring; its owner reports monthly.",
    "RC-4": "Joint complaint list, reviewed on the first Tuesday of each month.",
    "RC-5": "Desk targets kept in ten of the last twelve months.",
    "RC-6": "A liaison sits in both planning rounds.",
    "RC-7": "Criteria of the project office, version 3, on the intranet.",
    "RC-8": "Six related units at most; one day a week in the field.",
    "RC-9": "Up to five person-days may be promised without asking.",
    "RC-10": "Two hours a week are in the calendar, and bosses read module 2.",
    "RC-11": "Fault notes are a standing item of the leads' meeting.",
    "RC-12": "Two named paths: service design and platform work, same grade.",
}
ANSWERS = {
    "RC-1": (3, (2, 2, 3, 3, 3)),
    "RC-2": (2, (2, 1, 2, 2, 2)),
    "RC-3": (2, (2, 2, 1, 3, 2)),
    "RC-4": (2, (2, 2, 3, 2, 2)),
    "RC-5": (2, (2, 2, 2, 3, 2)),
    "RC-6": (2, (1, 2, 2, 2, 1)),
    "RC-7": (2, (2, 2, 3, 2, 2)),
    "RC-8": (3, (2, 3, 3, 3, 3)),
    "RC-9": (2, (2, 2, 2, 3, 2)),
    "RC-10": (2, (2, 1, 2, 3, 1)),
    "RC-11": (2, (1, 2, 2, 2, 2)),
    "RC-12": (2, (2, 2, 2, 1, 2)),
}
LINES = {"analysis": 3, "interviewing": 3, "presenting": 3, "trust": 4, "credibility": 3, "comm": 3, "persuasion": 3}
ROLE = "IT liaison, plants and functions"
ASKED = ("sofia", "bruno", "henrik", "nadia", "amaka", "jin", "piotr")
RELEASED = {
    "bruno": "The north plant changed its whole shift plan in June. Read my attempts from then with that in mind.",
    "henrik": "",
    "nadia": "I have been here for nine weeks. There is not much to see yet.",
    "amaka": "I would rather stay on the coast, whatever comes of this.",
    "jin": "",
}


def conditions(session: Session, admin: Actor, now: datetime) -> None:
    """A `ready` result, and what must be recorded before anybody decides about posts."""
    answers = {
        question.id: Answer(ANSWERS[question.id][0], ANSWERS[question.id][1], EVIDENCE[question.id])
        for question in QUESTIONS
    }
    with clock.fixed(now - timedelta(days=40)):
        organisation.record_readiness(session, None, answers, clock.today())
        decisions.record_basis(
            session,
            admin,
            notice="Notice of 2 October to everybody in a liaison post, in writing and in two meetings.",
            legal_basis="Works agreement 14, section 6, with the data protection officer's assessment of 20 September.",
            consultation="The works council was heard on 12 and 26 September and agreed.",
        )


def fill(session: Session, library: Library, people: Mapping[str, Actor], now: datetime) -> None:
    """Everything that the CIO's pages need to have something true to show."""
    conditions(session, people["pavle"], now)
    names = dict(role_skills(library))
    with clock.fixed(now - timedelta(days=30)):
        purpose = decisions.state_purpose(
            session,
            people["ruth"],
            library,
            kind="role-decision",
            title="Liaison posts after the reorganisation",
            why="Seven liaison posts are described anew from January. For each I decide, with the person, "
            "whether we develop, confirm or look for other work.",
            role_name=ROLE,
            lines={skill: level for skill, level in LINES.items() if skill in names},
            ends_on=(now + timedelta(days=60)).date(),
            viewer_ids=[],
            person_ids=[people[key].id for key in ASKED],
        )
    for number, (key, comment) in enumerate(RELEASED.items()):
        with clock.fixed(now - timedelta(days=20 - number)):
            decisions.release(session, people[key], purpose.id, comment=comment)


def decide(session: Session, library: Library, people: Mapping[str, Actor], now: datetime) -> None:
    """One decision with a forecast that has come due, and one that the person has answered."""
    books = {library.version: library}
    purpose = session.scalars(select(Purpose).where(Purpose.role_name == ROLE)).one()
    reader = Named(
        name="Ingrid Solberg",
        email="ingrid.solberg@board.example",
        why="Sits on the supervisory board, knows none of the liaisons",
        reports_to_nobody_here=True,
    )
    for key, days_ago, proposal in _proposals(now):
        with clock.fixed(now - timedelta(days=days_ago)):
            page = board.person_page(session, library, books.__getitem__, purpose, people[key].id)
            if page is None:
                continue
            deciding.record_decision(
                session,
                people["ruth"],
                library,
                books.__getitem__,
                purpose.id,
                people[key].id,
                proposal,
                seen=page.seen,
                amends=page.amends,
                named={Duty.APPEAL_READER: reader},
            )
    with clock.fixed(now - timedelta(days=3)):
        answered = records.decisions_about(session, people["bruno"].id)[0]
        answering.answer(session, people["bruno"], answered.id, words=ANSWER, unwanted=False)


ANSWER = "Agreed, if the two hours are really kept. In October they were not, three weeks in a row."


def _proposals(now: datetime) -> tuple[tuple[str, int, Proposal], ...]:
    return (
        (
            "bruno",
            6,
            Proposal(
                "develop",
                "Two plant leads asked for Bruno by name this year. Practice shows trust that holds, and persuasion"
                " that stops at the second “no”.",
                "Confirming now. Pairing for a quarter with somebody who grew up in the plant.",
                dissent="The project office would confirm at once: persuasion matters little at the north plant.",
                plan="One planning round prepared with Lin and led alone; three role-plays with resistance.",
                coach_hours=12,
                protected_hours=2,
                review_on=(now + timedelta(days=80)).date(),
                forecast=Forecast(
                    "leads the planning round of the north plant alone", 75, (now + timedelta(days=75)).date()
                ),
            ),
        ),
        (
            "henrik",
            16,
            Proposal(
                "defer",
                "Too little has been seen with a second coach, and two of the five units answer only this month.",
                "Confirming on the strength of one coach’s view.",
                review_on=(now + timedelta(days=30)).date(),
                forecast=Forecast("a second coach has rated two attempts", 60, (now - timedelta(days=2)).date()),
            ),
        ),
    )
