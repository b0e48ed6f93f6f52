"""What this room holds about a person: to take away, or to destroy."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from coachkit.features.accounts.models import Coaching, CohortMember, Login, OneTime, Person, RoleGrant
from coachkit.features.accounts.queries import membership, my_looks, names
from coachkit.platform.access_record import AccessRecord
from coachkit.platform.idempotency import SubmitKey

TABLES = {
    "person": ("id",),
    "role_grant": ("person_id",),
    "cohort_member": ("person_id",),
    "coaching": ("coach_id", "learner_id"),
    "login": ("person_id",),
    "one_time": ("person_id",),
    "access_record": ("person_id", "viewer_id"),
    "submit_key": ("person_id",),
}


def export_person(session: Session, person_id: int) -> dict[str, Any]:
    """Name, roles, coaches, sessions, and every look."""
    person = session.get_one(Person, person_id)
    coachings = list(session.scalars(select(Coaching).where(Coaching.learner_id == person_id)))
    coaches = names(session, (c.coach_id for c in coachings))
    member = membership(session, person_id)
    logins = session.scalars(select(Login).where(Login.person_id == person_id))
    return {
        "name": person.name,
        "email": person.email,
        "unit": person.unit,
        "track": person.track,
        "since": person.created_at.isoformat(),
        "roles": list(session.scalars(select(RoleGrant.role).where(RoleGrant.person_id == person_id))),
        "cohort": {"name": member.cohort, "since": member.since.isoformat()} if member else None,
        "coaches": [
            {
                "name": coaches.get(c.coach_id, ""),
                "since": c.since.isoformat(),
                "until": c.until.isoformat() if c.until else None,
            }
            for c in coachings
        ],
        "sessions": [{"device": login.user_agent, "since": login.created_at.isoformat()} for login in logins],
        "looks": [
            {
                "at": look.at.isoformat(),
                "who": look.who,
                "role": look.role,
                "what": look.what,
                "purpose": look.purpose,
            }
            for look in my_looks(session, person_id)
        ],
    }


def erase_person(session: Session, person_id: int) -> None:
    """The person goes, and with the row the meaning of the pseudonym. Looks at others stay, without a name."""
    session.execute(update(AccessRecord).where(AccessRecord.viewer_id == person_id).values(viewer_id=None))
    for table in (AccessRecord, CohortMember, Login, OneTime, RoleGrant, SubmitKey):
        session.execute(delete(table).where(table.person_id == person_id))
    session.execute(delete(Coaching).where((Coaching.coach_id == person_id) | (Coaching.learner_id == person_id)))
    session.execute(delete(Person).where(Person.id == person_id))
