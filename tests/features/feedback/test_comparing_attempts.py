"""The last attempt on the same criterion beside the one that is rated: lines of then and of now, and no level."""

import pytest

from tests.factories import loop

SAME, OTHER = "at the same difficulty", "another scenario"


def compared(page: str) -> str:
    return page.split('id="tries"')[1].split("</details>", maxsplit=1)[0] if 'id="tries"' in page else ""


def test_lines_of_then_and_now_stand_side_by_side_and_nothing_sealed(browse, session, cast):
    loop.revealed(cast, days_ago=20, own="OLDER-OWN", seen="OLDER-SEEN")
    loop.revealed(cast, days_ago=9, own="THEN-OWN", seen="THEN-SEEN")
    now = loop.submitted(cast, own="CANARY-OWN", parallel=True)
    ben = browse("ben")
    form = loop.coach_form(loop.scenario(), line="NOW-SEEN")
    assert "You have saved no line yet" in compared(ben.get(f"/feedback/{now}").text)
    ben.post(f"/feedback/{now}/draft", **form)
    page = ben.get(f"/feedback/{now}").text
    part = compared(page)
    criteria = len(loop.scenario().criteria)
    for word in ("THEN-OWN", "THEN-SEEN", "NOW-SEEN", SAME):
        assert part.count(word) == criteria, word
    assert OTHER not in part
    assert "OLDER-SEEN" not in part
    assert "CANARY-OWN" not in page
    for level in ("Level 2", "Level 3", ">2<", ">3<"):
        assert level not in part


@pytest.mark.one_database
def test_another_scenario_is_said_to_be_one(browse, session, cast):
    shared = set(loop.scenario("rp04").criteria)
    other = next(s for s in loop.library().scenarios if s.id != "rp04" and shared & set(s.criteria))
    loop.revealed(cast, days_ago=9, scenario_id=other.id, seen="THEN-SEEN")
    now = loop.submitted(cast)
    part = compared(browse("ben").get(f"/feedback/{now}").text)
    assert part.count(OTHER) == part.count("THEN-SEEN") == len(shared & set(other.criteria))
    assert SAME not in part


@pytest.mark.one_database
def test_what_was_played_later_is_not_the_last_one(browse, session, cast):
    now = loop.submitted(cast, days_ago=5)
    loop.revealed(cast, days_ago=1, seen="LATER-SEEN")
    assert "LATER-SEEN" not in browse("ben").get(f"/feedback/{now}").text


@pytest.mark.one_database
def test_practice_stays_with_whom_it_was_shared(browse, session, cast):
    loop.coached(cast, "ana", "mia")
    loop.revealed(cast, kind="practice", coach="mia", by="mia", days_ago=9, seen="MIA-SEEN", own="MIA-OWN")
    loop.revealed(cast, kind="practice", coach="ben", days_ago=6, seen="BEN-SEEN", own="BEN-OWN")
    official, again = loop.submitted(cast), loop.submitted(cast, kind="practice", coach="ben")
    for number in (official, again):
        assert "MIA-" not in browse("ben").get(f"/feedback/{number}").text
    for who in ("ben", "mia"):
        assert "-SEEN" not in browse(who).get(f"/feedback/{official}").text
    assert "BEN-OWN" in compared(browse("ben").get(f"/feedback/{again}").text)


@pytest.mark.one_database
def test_a_coach_to_whom_only_this_attempt_was_handed_compares_nothing(browse, app, session, cast):
    from coachkit.features.feedback.desk import hand_over
    from coachkit.platform.db import transaction

    loop.revealed(cast, days_ago=9, seen="THEN-SEEN")
    now = loop.submitted(cast)
    with transaction() as own:
        lead = loop.actor(own, cast.lea)
        hand_over.attempt(own, app.config["COACHKIT"], lead, attempt_id=now, to_id=cast.ids["mia"])
    page = browse("mia").get(f"/feedback/{now}")
    assert page.status_code == 200
    assert "THEN-SEEN" not in page.text


def test_the_learner_reads_both_lines_of_both_tries_at_the_same_difficulty(browse, session, cast):
    loop.revealed(cast, days_ago=9, own="THEN-OWN", seen="THEN-SEEN")
    now = loop.submitted(cast, own="NOW-OWN", parallel=True)
    ana = browse("ana")
    assert "NOW-OWN" not in ana.get("/practice/growth").text
    loop.released(cast, now, seen="NOW-SEEN")
    for path in ("/practice/growth", f"/feedback/{now}/reveal"):
        page = ana.get(path).text
        for word in ("THEN-OWN", "THEN-SEEN", "NOW-OWN", "NOW-SEEN"):
            assert word in page, path
        assert "both times" in page


@pytest.mark.one_database
def test_once_both_views_are_open_both_lines_of_both_attempts_stand_there_for_both(browse, session, cast):
    shared = set(loop.scenario("rp04").criteria)
    other = next(s for s in loop.library().scenarios if s.id != "rp04" and shared & set(s.criteria))
    loop.coached(cast, "ana", "mia")
    loop.revealed(cast, days_ago=9, scenario_id=other.id, own="THEN-OWN", seen="THEN-SEEN")
    practised = loop.revealed(cast, kind="practice", coach="ben", days_ago=5, own="PRACTICE-OWN", seen="PRACTICE-SEEN")
    now = loop.revealed(cast, own="NOW-OWN", seen="NOW-SEEN")
    for who in ("ana", "ben", "mia"):
        page = browse(who).get(f"/feedback/{now}/reveal").text
        part = page.split('id="before"')[1].split("</section>")[0]
        for word in ("THEN-OWN", "THEN-SEEN", "NOW-OWN", "NOW-SEEN", OTHER):
            assert word in part, (who, word)
        assert "PRACTICE" not in page
    assert "THEN-SEEN" in browse("ben").get(f"/feedback/{practised}/reveal").text


@pytest.mark.one_database
def test_practice_with_one_coach_is_beside_no_practice_with_another(browse, session, cast):
    loop.coached(cast, "ana", "mia")
    loop.revealed(cast, kind="practice", coach="mia", by="mia", days_ago=9, own="MIA-OWN", seen="MIA-SEEN")
    now = loop.revealed(cast, kind="practice", coach="ben")
    assert "MIA-" not in browse("ben").get(f"/feedback/{now}/reveal").text
    assert "MIA-SEEN" in browse("ana").get(f"/feedback/{now}/reveal").text
