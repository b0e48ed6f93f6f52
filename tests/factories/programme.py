"""A programme with enough people in it to be counted."""

from __future__ import annotations

from coachkit.features.accounts import service as accounts
from coachkit.platform import clock
from coachkit.platform.db import transaction
from coachkit.platform.policy import Role
from tests.factories import decisions as make
from tests.factories.cast import Cast

NAMES = ("Alma Berg", "Kofi Mensah", "Ines Duarte", "Raj Patel")


def days_before_this_month(more: int = 0) -> int:
    return clock.today().day + more


def tried_again(cast: Cast, people: int, *, last: str = "official") -> None:
    """So many people play a scenario, and its parallel form a week later, last month."""
    ids = {"ana": cast.ana, "dan": cast.dan}
    with transaction() as session:
        ada = make.actor(session, cast.ada)
        for number, name in enumerate(NAMES[: people - 2]):
            person = accounts.new_person(
                session, name=name, email=f"l{number}@tessel.example", roles=[Role.LEARNER], unit="Quality"
            )
            ids[f"l{number}"] = person.id
            accounts.assign_coach(session, ada, coach_id=cast.ben, learner_id=person.id)
        accounts.assign_coach(session, ada, coach_id=cast.ben, learner_id=cast.dan)
    known = Cast({**cast.ids, **ids})
    keys = list(ids)[:people]
    for key in keys:
        kind = last if key == keys[-1] else "official"
        make.rated(known, "rp04", 2, learner=key, kind=kind, days_ago=days_before_this_month(10))
        make.rated(known, "rp04", 3, learner=key, kind=kind, days_ago=days_before_this_month(3), parallel=True)
