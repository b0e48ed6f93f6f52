"""The programme as a whole: counts over five people at least, and no person in it."""

from datetime import timedelta
from html import unescape

import pytest

from coachkit.platform import clock
from tests.factories import organisation as org
from tests.factories.programme import NAMES, tried_again

pytestmark = [pytest.mark.usefixtures("session"), pytest.mark.one_database]


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
    first, second = org.post(cast), org.post(cast, "Liaison for schools", holders=2)
    org.post(cast, "Liaison for parks")
    org.sheet(cast, first)
    org.sheet(cast, second)
    found = page(browse)
    assert "20,790 EUR" in found
    assert "for 2 posts and 3 people in them" in found
    assert "1 post has no figures yet" in found


def test_forecasts_stay_out_until_five_people_s_have_come_due(cast, browse):
    assert "Nothing can be shown yet." in page(browse)
