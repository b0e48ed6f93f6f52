"""The people of every test.

Ana learns and Ben coaches her. Dan learns too; Eva coaches him, and not Ana. Lea is lead coach, Cleo is CIO, Ada
administers, Otto audits. Mia coaches nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from coachkit.features.accounts import secrets, service
from coachkit.features.accounts.models import Coaching, Cohort, CohortMember
from coachkit.platform import clock
from coachkit.platform.db import transaction
from coachkit.platform.policy import Role
from coachkit.platform.settings import Settings

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


def make_cast(settings: Settings) -> Cast:
    """Add the people to an empty database. Ana and Dan have been in the programme for twenty weeks."""
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
