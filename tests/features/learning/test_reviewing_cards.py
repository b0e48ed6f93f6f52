"""A learner's daily cards: they come with reading, take ten minutes at most, and come back at growing gaps."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from coachkit.features.learning.models import CardReview
from coachkit.platform import clock
from coachkit.platform.idempotency import new_key
from tests.factories import loop

MODULE = "how-to-practise"
ACTION = re.compile(r'action="/cards/([^"]+)"')


def read(browser, section: str = "key-facts", module: str = MODULE) -> None:
    assert browser.post(f"/modules/{module}/{section}/read").status_code == 303


def asked(browser) -> str:
    """The card that is asked now, or an empty string."""
    found = ACTION.search(browser.get("/cards").text)
    return found[1] if found else ""


def answer(browser, card: str, rating: str = "3", **more):
    return browser.post(f"/cards/{card}", rating=rating, **more)


def reviews(session) -> list[CardReview]:
    session.expire_all()
    return list(session.scalars(select(CardReview).order_by(CardReview.card_id)))


def own_cards() -> set[str]:
    return {card.id for card in loop.library().module_by_slug(MODULE).cards}


def test_without_reading_there_are_no_cards(browse):
    ana = browse("ana")
    assert "No cards yet" in ana.get("/cards").text
    read(ana, "why-it-matters")
    assert "No cards yet" in ana.get("/cards").text


def test_with_the_key_facts_read_a_module_s_cards_are_asked(browse, session):
    ana = browse("ana")
    read(ana)
    page = ana.get("/cards").text
    assert asked(ana) in own_cards()
    assert f"Card 1 of {len(own_cards())} today" in page
    assert "Show the answer" in page
    assert "in 2 days" in page
    assert "tomorrow" in page


def test_an_answer_leads_to_the_next_card_until_the_day_is_done(browse, session):
    ana = browse("ana")
    read(ana)
    seen = []
    while card := asked(ana):
        seen.append(card)
        assert answer(ana, card).location == "/cards"
    assert set(seen) == own_cards()
    assert len(seen) == len(set(seen))
    page = ana.get("/cards").text
    assert "Done for today" in page
    assert "Coming up" in page


def test_a_card_comes_back_on_its_day_and_a_missed_one_tomorrow(browse, session):
    ana = browse("ana")
    read(ana)
    missed, known = asked(ana), None
    answer(ana, missed, "1")
    known = asked(ana)
    answer(ana, known, "4")
    while card := asked(ana):
        answer(ana, card, "4")
    with clock.shifted(timedelta(days=1)):
        tomorrow = browse("ana")
        assert asked(tomorrow) == missed
        answer(tomorrow, missed, "3")
        assert asked(tomorrow) == ""


def test_a_day_asks_eight_new_cards_and_twenty_in_all_at_most(browse, session):
    ana = browse("ana")
    modules = [m for m in loop.library().modules if m.cards]
    for module in modules:
        read(ana, module=module.slug)
    total = sum(len(m.cards) for m in modules)
    assert total > 40
    counts = []
    for days in range(12):
        with clock.shifted(timedelta(days=days)):
            browser, count = browse("ana"), 0
            while card := asked(browser):
                answer(browser, card, "2")
                count += 1
            counts.append(count)
    assert counts[0] == 8
    assert max(counts) <= 20


def test_modules_are_mixed(browse, session):
    ana = browse("ana")
    for slug in (MODULE, "trust-basics"):
        read(ana, module=slug)
    first = asked(ana)
    answer(ana, first)
    second = asked(ana)
    assert first.split("-")[0] != second.split("-")[0]


@pytest.mark.parametrize("rating", ["", "0", "5", "3.5", "-1", "three", "99999999999999"])
def test_a_rating_that_is_none_is_refused_with_the_answer_still_open(browse, session, rating):
    ana = browse("ana")
    read(ana)
    refused = answer(ana, asked(ana), rating)
    assert refused.status_code == 422
    assert "Say how it went" in refused.text
    assert "<details open>" in refused.text
    assert reviews(session) == []


def test_a_card_is_answered_once_a_day_however_often_it_is_sent(browse, session):
    ana = browse("ana")
    read(ana)
    card, key = asked(ana), new_key()
    for _ in range(2):
        answer(ana, card, "3", key=key)
    answer(ana, card, "1")
    row = reviews(session)[0]
    assert (row.reviews, row.rating) == (1, 3)


def test_cards_of_what_was_not_read_cannot_be_answered(browse, session):
    ana = browse("ana")
    locked = next(iter(own_cards()))
    assert answer(ana, locked).status_code == 404
    assert answer(ana, "no-such-card").status_code == 404
    assert reviews(session) == []


def test_everybody_has_cards_of_his_own(browse, session):
    ana, dan = browse("ana"), browse("dan")
    read(ana)
    card = asked(ana)
    answer(ana, card, "4")
    assert "No cards yet" in dan.get("/cards").text
    read(dan)
    assert card in own_cards()
    assert asked(dan) == card


def test_moments_are_kept_in_utc(browse, session):
    ana = browse("ana")
    read(ana)
    answer(ana, asked(ana))
    row = reviews(session)[0]
    assert row.due_at.utcoffset() == row.reviewed_at.utcoffset() == timedelta()
    assert row.due_at - row.reviewed_at >= timedelta(days=1)
