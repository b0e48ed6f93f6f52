"""The person who is asked: why, who, until when, exactly what would be visible, and what was decided."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from coachkit.features.decisions import queries
from coachkit.features.decisions.models import Release
from coachkit.platform.audit import AuditEvent
from coachkit.platform.idempotency import new_key
from tests.factories import decisions as make

pytestmark = pytest.mark.usefixtures("session")


def releases(session):
    session.rollback()
    return list(session.scalars(select(Release)))


def test_nothing_asks_at_first(browse):
    assert "Nothing asks you" in browse("ana").get("/purposes").text


def test_a_purpose_is_found_with_everything_that_one_must_know(cast, session, browse):
    make.ready()
    make.basis(cast)
    purpose_id = make.purpose(cast, "ana")
    assert [request.id for request in queries.open_requests(session, cast.ana)] == [purpose_id]
    ana = browse("ana")
    assert "Liaison posts after the merger" in ana.get("/purposes").text
    page = unescape(ana.get(f"/purposes/{purpose_id}").text)
    for words in ("Two of the five posts change after the merger.", "Cleo Marchetti", "Not released.", "3, In place"):
        assert words in page


def test_somebody_who_is_not_asked_finds_nothing(cast, browse):
    make.basis(cast)
    purpose_id = make.purpose(cast, "ana")
    dan = browse("dan")
    assert dan.get(f"/purposes/{purpose_id}").status_code == 404
    assert dan.post(f"/purposes/{purpose_id}/release", comment="").status_code == 404
    assert dan.post(f"/purposes/{purpose_id}/withdraw").status_code == 404
    assert browse("cleo").get(f"/purposes/{purpose_id}").status_code == 403
    assert browse(None).get(f"/purposes/{purpose_id}").status_code == 303


def tables(page):
    """Everything about evidence on a page."""
    found = re.findall(r"<table class=\"(?:ev|tb)\">.*?</table>", page, re.DOTALL)
    return [*found, *re.findall(r"<ul class=\"elist\">.*?</ul>", page, re.DOTALL)]


def test_the_preview_is_exactly_what_the_cio_then_sees(cast, browse):
    make.second_coach(cast)
    make.rated(cast, "rp04", 2, days_ago=20)
    make.rated(cast, "rp04", 3, days_ago=10, parallel=True)
    make.rated(cast, "rp19", 3, coach="mia", days_ago=5)
    make.rated(cast, "rp19", 2, kind="practice", days_ago=3, evidence="Nobody else may read this.")
    purpose_id = make.opened(cast)
    preview = browse("ana").get(f"/purposes/{purpose_id}").text
    shown = browse("cleo").get(f"/decisions/{purpose_id}/people/{cast.ana}").text
    assert tables(preview) == tables(shown)
    assert len(tables(shown)) > 4
    assert "Nobody else may read this." not in preview + shown


def test_a_release_counts_once_comes_with_own_words_and_can_be_taken_back(cast, session, browse):
    make.ready()
    make.basis(cast)
    purpose_id = make.purpose(cast, "ana")
    ana, key = browse("ana"), new_key()
    first = ana.post(f"/purposes/{purpose_id}/release", key=key, comment="I want this post.")
    again = ana.post(f"/purposes/{purpose_id}/release", key=key, comment="I want this post.")
    assert (first.status_code, again.status_code) == (303, 303)
    assert [release.comment for release in releases(session)] == ["I want this post."]
    assert "I want this post." in browse("cleo").get(f"/decisions/{purpose_id}/people/{cast.ana}").text
    looks = ana.get("/account/looks").text
    assert "opened your released results" in looks
    assert "Liaison posts after the merger" in looks
    assert ana.post(f"/purposes/{purpose_id}/withdraw").status_code == 303
    assert "Not released." in ana.get(f"/purposes/{purpose_id}").text
    assert {"release:give", "release:withdraw"} <= set(session.scalars(select(AuditEvent.action)))


def test_too_many_words_are_refused_and_kept(cast, session, browse):
    make.basis(cast)
    purpose_id = make.purpose(cast, "ana")
    answer = browse("ana").post(f"/purposes/{purpose_id}/release", comment="word " * 500)
    assert answer.status_code == 422
    assert "At most 2000 characters" in answer.text
    assert "word word word" in answer.text
    assert releases(session) == []


def test_an_ended_purpose_takes_no_release_but_stays_readable(cast, browse):
    make.basis(cast)
    purpose_id = make.purpose(cast, "ana")
    browse("cleo").post(f"/decisions/{purpose_id}/close")
    ana = browse("ana")
    assert ana.post(f"/purposes/{purpose_id}/release", comment="Late.").status_code == 409
    assert "This purpose has ended" in ana.get(f"/purposes/{purpose_id}").text
    assert "Ended" in ana.get("/purposes").text


def test_a_decision_about_oneself_can_be_read_whatever_happens_to_the_release(cast, browse):
    purpose_id = make.opened(cast)
    record_id = make.decided(cast, purpose_id)
    make.withdrawn(cast, purpose_id)
    ana = browse("ana")
    assert f"/purposes/decisions/{record_id}" in ana.get("/purposes").text
    page = unescape(ana.get(f"/purposes/decisions/{record_id}").text)
    for words in ("Confirm", "Two heads of unit asked for her by name.", "Cleo Marchetti"):
        assert words in page
    assert browse("dan").get(f"/purposes/decisions/{record_id}").status_code == 404


def test_what_people_write_is_shown_as_plain_text(cast, browse):
    make.ready()
    make.basis(cast)
    purpose_id = make.purpose(cast, "ana", title="<b>Posts</b>")
    make.released(cast, purpose_id, comment="<script>alert(1)</script>")
    page = browse("cleo").get(f"/decisions/{purpose_id}/people/{cast.ana}").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<b>Posts" not in page
