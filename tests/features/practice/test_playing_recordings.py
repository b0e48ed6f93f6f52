"""Recordings are opened in parts, by the attempt's own rule, in a sandbox; and each look is told."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from coachkit.features.feedback.contest.models import Contest
from coachkit.features.practice.evidence import keeping
from coachkit.platform import clock, jobs
from coachkit.platform.access_record import AccessRecord
from coachkit.platform.db import transaction
from tests.factories import loop, uploads
from tests.factories.uploads import SOUND, WEBM, blob

MEGABYTE = 1024 * 1024
DATA = blob(2 * MEGABYTE + 300_000, WEBM)


@pytest.fixture
def talk(app, cast):
    """A recorded talk that waits for Ben, and for Eva as second coach."""
    with app.app_context():
        attempt_id, file_id = uploads.submitted_with(cast, DATA)
        return f"/practice/{attempt_id}/files/{file_id}/content"


def part(browser, path, wanted, **more):
    return browser.get(path, headers={"Range": wanted, **more})


def test_a_player_seeks_and_gets_every_byte_once(browse, talk):
    ben = browse("ben")
    first = part(ben, talk, "bytes=0-")
    assert first.status_code == 206
    assert first.headers["Content-Range"] == f"bytes 0-{MEGABYTE - 1}/{len(DATA)}"
    whole, at = b"", 0
    while at < len(DATA):
        answer = part(ben, talk, f"bytes={at}-")
        whole, at = whole + answer.data, at + len(answer.data)
    assert whole == DATA
    assert part(ben, talk, "bytes=262140-262150").data == DATA[262140:262151]
    assert part(ben, talk, "bytes=-7").data == DATA[-7:]
    assert part(ben, talk, "bytes=5-5").data == DATA[5:6]
    assert ben.get(talk).data == DATA


@pytest.mark.one_database
@pytest.mark.parametrize(
    "wanted",
    ["bytes=99999999-", "bytes=5-2", "bytes=0-1,4-5", "bytes=" + "0-1," * 1300 + "1-2", "pages=1-2", "bytes=x"],
)
def test_ranges_that_make_no_sense_are_refused(browse, talk, wanted):
    answer = part(browse("ana"), talk, wanted)
    assert answer.status_code == 416
    assert answer.data == b""


def test_a_part_of_another_edition_is_not_mixed_in(browse, talk):
    ana = browse("ana")
    stamp = ana.get(talk).headers["ETag"]
    assert part(ana, talk, "bytes=1-2", **{"If-Range": stamp}).status_code == 206
    assert part(ana, talk, "bytes=1-2", **{"If-Range": '"other"'}).data == DATA


@pytest.mark.one_database
def test_nothing_of_it_acts_in_the_name_of_the_site_or_stays_with_others(browse, talk):
    for answer in (
        browse("ana").get(talk),
        part(browse("ben"), talk, "bytes=0-9"),
        part(browse("ben"), talk, "bytes=9-1"),
    ):
        assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        assert answer.headers.get_all("X-Content-Type-Options") == ["nosniff"]
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
        assert "Cookie" in answer.headers["Vary"]
    assert browse("ben").get(talk).headers["Content-Type"] == "video/webm"
    assert browse("ana").client.head(talk).headers["Content-Length"] == str(len(DATA))


@pytest.mark.parametrize("who", ["dan", "eva", "mia", "lea", "cleo", "ada", "otto", None])
def test_whoever_may_not_rate_it_does_not_learn_that_it_exists(browse, talk, who):
    answer = part(browse(who), talk, "bytes=0-")
    assert answer.status_code == (303 if who is None else 404)
    assert answer.headers.get("Content-Range") is None


def test_a_second_coach_hears_it_too(app, browse, cast, talk):
    with app.app_context():
        loop.asked_second(cast, 1, "eva")
    assert part(browse("eva"), talk, "bytes=0-9").data == DATA[:10]
    assert "<video" in browse("eva").get("/feedback/1/second").text


def test_a_coach_who_coaches_no_more_gets_not_one_more_byte(app, browse, cast, talk):
    ben = browse("ben")
    assert part(ben, talk, "bytes=0-99").status_code == 206
    with app.app_context():
        loop.uncoached(cast, "ana", "ben")
    assert part(ben, talk, "bytes=100-199").status_code == 404


def test_a_withdrawn_attempt_is_played_by_its_learner_alone(app, browse, talk):
    ana = browse("ana")
    ana.post("/practice/1/withdraw")
    assert part(browse("ben"), talk, "bytes=0-").status_code == 404
    assert part(ana, talk, "bytes=0-").status_code == 206


def test_practice_is_heard_by_whom_the_learner_invited(app, browse, cast):
    with app.app_context():
        alone, file_id = uploads.submitted_with(cast, blob(900, SOUND), kind="practice")
        asked, other = uploads.submitted_with(cast, blob(900, SOUND), kind="practice", coach="ben")
    ben = browse("ben")
    assert ben.get(f"/practice/{alone}/files/{file_id}/content").status_code == 404
    assert ben.get(f"/practice/{asked}/files/{other}/content").status_code == 200


def test_listening_with_all_its_pauses_is_one_look_and_an_hour_later_another(app, browse, session, talk):
    ben, ana = browse("ben"), browse("ana")
    for at in (0, 500, 90_000):
        part(ben, talk, f"bytes={at}-")
        part(ana, talk, f"bytes={at}-")
    assert len(session.scalars(select(AccessRecord)).all()) == 1
    with clock.shifted(timedelta(minutes=45)):
        part(ben, talk, "bytes=0-")
    session.expire_all()
    assert len(session.scalars(select(AccessRecord)).all()) == 2
    assert "opened a file or recording of your attempt" in ana.get("/account/looks").text


def test_what_is_not_written_down_is_not_played(browse, session, talk):
    session.execute(text("ALTER TABLE access_record RENAME TO access_record_elsewhere"))
    session.commit()
    answer = part(browse("ben"), talk, "bytes=0-")
    assert answer.status_code == 503
    assert DATA[:40] not in answer.data


def tidied(app, by: timedelta) -> None:
    with app.app_context(), clock.shifted(by):
        jobs.run_waiting()


def test_a_recording_that_waits_for_its_coach_stays_however_long(app, browse, talk):
    tidied(app, timedelta(days=200))
    assert browse("ana").get(talk).status_code == 200


def test_a_recording_stays_for_fourteen_days_after_both_views_are_open(app, browse, cast, talk):
    ana, folder = browse("ana"), app.config["COACHKIT"].instance / "files"
    with app.app_context():
        loop.released(cast, 1)
    assert "deleted on" in ana.get("/feedback/1/reveal").text
    tidied(app, timedelta(days=13))
    assert ana.get(talk).status_code == 200
    tidied(app, timedelta(days=15))
    tidied(app, timedelta(days=15, hours=1))
    assert ana.get(talk).status_code == 404
    assert uploads.lying(folder) == []
    assert "No longer here since" in ana.get("/feedback/1/reveal").text


def test_an_open_objection_keeps_it(app, browse, cast, talk, monkeypatch):
    with app.app_context():
        loop.released(cast, 1)
    settled = [None]
    monkeypatch.setattr(keeping, "MATTERS", [lambda _session, _attempt_id: settled])
    tidied(app, timedelta(days=60))
    assert browse("ana").get(talk).status_code == 200
    settled[:] = [clock.now() + timedelta(days=50)]
    tidied(app, timedelta(days=62))
    assert browse("ana").get(talk).status_code == 200
    tidied(app, timedelta(days=66))
    assert browse("ana").get(talk).status_code == 404


def test_an_open_second_rating_keeps_it(app, browse, cast, talk):
    with app.app_context():
        loop.asked_second(cast, 1, "eva")
        with transaction() as session:
            from coachkit.features.practice.models import Attempt

            attempt = session.get_one(Attempt, 1)
            attempt.revealed_at = clock.now()
            assert keeping.leaves_on(session, attempt, clock.now()) is None


def test_a_recording_that_was_never_sent_goes_after_ninety_days_and_documents_stay(app, browse, cast):
    with app.app_context():
        attempt_id = loop.started(cast)
        uploads.agreed(cast, attempt_id)
        uploads.add(cast, attempt_id, blob(500, SOUND))
        uploads.add(cast, attempt_id, blob(500))
    tidied(app, timedelta(days=91))
    ana = browse("ana")
    assert ana.get(f"/practice/{attempt_id}/files/1/content").status_code == 404
    assert ana.get(f"/practice/{attempt_id}/files/2/content").status_code == 200


def test_an_objection_that_is_open_keeps_the_recording_of_its_attempt(app, browse, cast, session, talk):
    with app.app_context():
        loop.released(cast, 1)
        with transaction() as own:
            now = clock.now()
            own.add(
                Contest(
                    person_id=cast.ana,
                    attempt_id=1,
                    kind="note",
                    item="keep",
                    text="I see it differently.",
                    evidence="At minute two.",
                    opened_at=now,
                    due_at=now + timedelta(days=14),
                )
            )
    tidied(app, timedelta(days=60))
    assert browse("ana").get(talk).status_code == 200
