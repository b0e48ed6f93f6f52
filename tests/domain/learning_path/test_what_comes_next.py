"""What is proposed follows from what was done, says why and how long, and says nothing about anybody's level."""

from dataclasses import fields, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coachkit.domain.content.model import Library
from coachkit.domain.content.parse import load
from coachkit.domain.learning_path.path import COMES_BACK_AFTER, MOST, Facts, Progress, next_steps
from coachkit.platform.library_files import read_folder

TODAY = date(2026, 11, 20)


@cache
def books() -> Library:
    library = load(read_folder(Path(__file__).parents[3] / "content")).library
    assert library is not None
    return library


def facts(track: str = "it", complete: set[str] = frozenset(), begun: str = "") -> Facts:
    modules = {
        m.id: Progress(9 if m.id in complete else 2 if m.id == begun else 0, 9, 0 if m.id in complete else m.minutes)
        for m in books().modules
    }
    return Facts(track, modules)


def kinds(found) -> list[str]:
    return [step.kind for step in found]


@pytest.mark.parametrize("track", ["it", "business"])
def test_somebody_new_begins_with_a_module_that_needs_nothing(track):
    first = next_steps(books(), facts(track), TODAY)[0]
    assert first.kind == "Read"
    assert first.url == "/modules/role-and-warning-label"
    assert first.minutes == books().module("m01").minutes
    assert first.why


def test_what_was_begun_comes_before_what_is_new():
    found = next_steps(books(), facts(begun="m05"), TODAY)
    assert kinds(found)[0] == "Go on reading"
    assert "7 of 9 steps are left" in found[0].why


def test_cards_that_are_due_come_first():
    found = next_steps(books(), replace(facts(begun="m05"), cards=3, card_minutes=2), TODAY)
    assert (found[0].kind, found[0].title, found[0].minutes, found[0].url) == ("Review", "3 cards", 2, "/cards")


def test_a_role_play_is_proposed_for_what_was_read_and_not_tried():
    done = facts(complete={"m01", "m02", "m05", "m06"})
    found = next_steps(books(), done, TODAY)
    play = next(step for step in found if step.kind == "Role-play")
    scenario = books().scenario(play.url.rpartition("/")[2])
    taught = {c for m in ("m01", "m02", "m05", "m06") for c in books().module(m).criteria}
    assert taught & set(scenario.criteria)
    assert play.minutes == scenario.minutes.total
    assert scenario.difficulty == min(s.difficulty for s in books().scenarios if taught & set(s.criteria))
    tried = replace(done, tried=dict.fromkeys(taught, 1))
    assert "Role-play" not in kinds(next_steps(books(), tried, TODAY))


def test_what_was_played_comes_back_after_three_weeks_on_another_surface():
    played = replace(facts(), played={"rp04": TODAY - COMES_BACK_AFTER})
    again = next(step for step in next_steps(books(), played, TODAY) if step.kind == "Play again")
    assert again.title == books().scenario("rp04").parallel_form.title
    assert "30 October" in again.why
    too_soon = replace(played, played={"rp04": TODAY - timedelta(days=20)})
    for other in (too_soon, replace(played, again=frozenset({"rp04"}))):
        assert "Play again" not in kinds(next_steps(books(), other, TODAY))


def test_no_level_and_no_rating_is_among_the_facts():
    names = {field.name for field in fields(Facts)} | {field.name for field in fields(Progress)}
    assert names == {
        "track", "modules", "tried", "played", "again", "cards", "card_minutes", "done", "steps", "minutes_left",
    }  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["it", "business"]), st.data())
def test_whatever_was_done_there_are_at_most_six_proposals_each_with_a_reason_and_a_length(track, data):
    library = books()
    modules = {
        m.id: Progress(done, 9, m.minutes * (9 - done) // 9)
        for m in library.modules
        for done in [data.draw(st.sampled_from([0, 3, 9]))]
    }
    days = st.integers(0, 90).map(lambda n: TODAY - timedelta(days=n))
    some = Facts(
        track,
        modules,
        tried={c.id: data.draw(st.integers(0, 2)) for c in library.criteria},
        played=data.draw(st.dictionaries(st.sampled_from([s.id for s in library.scenarios]), days)),
        cards=data.draw(st.integers(0, 20)),
        card_minutes=1,
    )
    found = next_steps(library, some, TODAY)
    assert len(found) <= MOST
    own = {f"/modules/{m.slug}" for m in library.modules if track in m.tracks}
    for step in found:
        assert step.why.endswith(".")
        assert step.title
        assert step.minutes >= 0
        assert not step.url.startswith("/modules/") or step.url in own
    assert len({step.url + step.kind for step in found}) == len(found)
