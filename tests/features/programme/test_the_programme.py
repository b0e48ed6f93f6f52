"""The programme as a whole: counts over five people at least, and no person in it."""

from datetime import timedelta
from html import unescape

import pytest

from coachkit.features.accounts import service as accounts
from coachkit.features.organisation.posts import service as posts
from coachkit.platform import clock
from coachkit.platform.db import transaction
from coachkit.platform.policy import Role
from tests.factories import decisions as make
from tests.factories import organisation as org
from tests.factories.cast import Cast

pytestmark = [pytest.mark.usefixtures("session"), pytest.mark.one_database]
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


def page(browse, who="cleo") -> str:
    return unescape(browse(who).get("/programme").text)


def test_with_four_people_nothing_is_shown(cast, browse):
    tried_again(cast, 4)
    found = page(browse)
    assert "Fewer than 5 people have tried a scenario again so far" in found
    assert "official attempts of the last" not in found


def test_from_five_people_on_re_tries_are_counted_by_skill(cast, browse):
    tried_again(cast, 5)
    found = page(browse)
    assert "20 of 20 criteria were rated higher" in found
    assert "5 people with rated attempts" in found
    assert "10 official attempts" in found
    assert not any(name in found for name in (*NAMES, "Ana Baptiste", "Dan Okoro", "Ben Tanaka"))


def test_a_fifth_person_of_this_month_is_not_seen_before_the_next(cast, browse):
    tried_again(cast, 5)
    with clock.shifted(timedelta(days=-clock.today().day)):
        assert "Fewer than 5 people have tried" in page(browse)


def test_practice_is_no_part_of_it(cast, browse):
    tried_again(cast, 5, last="practice")
    assert "Fewer than 5 people have tried" in page(browse)


def test_costs_are_those_of_the_sheets_and_currencies_are_not_mixed(cast, browse):
    from coachkit.domain.decision.economics import FIGURES

    offered = {f.id: (org.FIGURES.get(f.id, f.offered), None, None) for f in FIGURES}
    first, second = org.post(cast), org.post(cast, "Liaison for schools", holders=2)
    org.post(cast, "Liaison for parks")
    with transaction() as session:
        cleo = make.actor(session, cast.cleo)
        posts.keep_sheet(session, cleo, first, "EUR", offered, 0)
        posts.keep_sheet(session, cleo, second, "EUR", offered, 0)
    found = page(browse)
    assert "20,790 EUR" in found
    assert "for 2 posts and 3 people in them" in found
    assert "1 post has no figures yet" in found


def test_forecasts_stay_out_until_five_people_s_have_come_due(cast, browse):
    assert "Nothing can be shown yet." in page(browse)
