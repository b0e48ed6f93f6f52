"""The people of every test.

Ana learns and Ben coaches her. Dan learns too; Eva coaches him, and not Ana. Lea is lead coach, Cleo is CIO, Ada
administers, Otto audits. Mia coaches nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from coachkit.domain.assessment.licence import rubric_of, trainable
from coachkit.features.accounts import secrets, service
from coachkit.features.accounts.models import Coaching, Cohort, CohortMember
from coachkit.features.practice.licences import Licence
from coachkit.platform import clock
from coachkit.platform.db import transaction
from coachkit.platform.policy import Role
from coachkit.platform.settings import Settings
from coachkit.platform.tools import shelf

PASSWORD = "four small dry words"
PEOPLE = {
    "ana": ("Ana Baptiste", [Role.LEARNER], "Logistics"),
    "dan": ("Dan Okoro", [Role.LEARNER], "Quality"),
    "ben": ("Ben Tanaka", [Role.COACH], "Coaching"),
    "eva": ("Eva Lindholm", [Role.COACH], "Coaching"),
    "mia": ("Mia Haddad", [Role.COACH], "Coaching"),
    "lea": ("Lea Novak", [Role.LEAD_COACH], "Coaching"),
    "cleo": ("Cleo Marchetti", [Role.CIO], "IT"),
    "ada": ("Ada Singh", [Role.ADMIN], "IT"),
    "otto": ("Otto Brandt", [Role.AUDITOR], "Audit"),
}


@dataclass(frozen=True)
class Cast:
    """Ids by short name."""

    ids: dict[str, int]

    def __getattr__(self, name: str) -> int:
        try:
            return self.ids[name]
        except KeyError as error:
            raise AttributeError(name) from error


def licensed(session: Session, coach_id: int, *skill_ids: str, expires_on: date | None = None) -> None:
    """Licences for a coach, without the training: for all skills or some, given three years ago, for long."""
    library = shelf().current(session)
    session.add_all(
        Licence(
            coach_id=coach_id,
            skill_id=skill_id,
            rubric=rubric_of(library.skill(skill_id)).version,
            granted_at=clock.now() - timedelta(days=3 * 365),
            expires_on=expires_on or clock.today() + timedelta(days=3 * 365),
        )
        for skill_id in skill_ids or sorted(trainable(library))
    )
    session.flush()


def unlicensed(session: Session, coach_id: int) -> None:
    """Take every licence from a coach, as if she had never held one."""
    session.execute(delete(Licence).where(Licence.coach_id == coach_id))


def make_cast(settings: Settings) -> Cast:
    """Add the people to a database that holds a library. Ana and Dan have learned for twenty weeks."""
    hashed = secrets.hash_password(settings, PASSWORD)
    with transaction() as session:
        ids = {
            short: service.new_person(
                session,
                name=name,
                email=f"{short}@tessel.example",
                roles=roles,
                unit=unit,
                password_hash=hashed,
            ).id
            for short, (name, roles, unit) in PEOPLE.items()
        }
        for short, (_name, roles, _unit) in PEOPLE.items():
            if Role.COACH in roles:
                licensed(session, ids[short])
        since = clock.today() - timedelta(weeks=20)
        cohort = Cohort(name="Spring", starts_on=since)
        session.add(cohort)
        session.flush()
        for learner, coach in (("ana", "ben"), ("dan", "eva")):
            session.add(CohortMember(cohort_id=cohort.id, person_id=ids[learner], since=since))
            session.add(
                Coaching(
                    coach_id=ids[coach],
                    learner_id=ids[learner],
                    since=clock.now() - timedelta(weeks=20),
                    until=None,
                )
            )
    return Cast(ids)
