"""A learner adds files: in one form or in pieces, gone on with after a break, within limits; and deletes them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from coachkit.features.operations import erasure
from coachkit.features.practice.evidence import service
from coachkit.features.practice.evidence.models import EvidenceFile
from coachkit.features.practice.models import Attempt
from coachkit.platform import clock, jobs, stored_files
from coachkit.platform.db import db, transaction
from coachkit.platform.errors import InvalidError
from coachkit.platform.idempotency import new_key
from coachkit.platform.stored_files import PIECE, StoredFile
from coachkit.platform.tools import tools
from tests.factories import loop
from tests.factories.uploads import PDF, SOUND, TEXT, WEBM, Sender, agreed, blob, lying, send_whole


@pytest.fixture
def attempt_id(app, cast):
    with app.app_context():
        return loop.started(cast, evidence="")


@pytest.fixture
def folder(app):
    return app.config["COACHKIT"].instance / "files"


def limited(app, **more) -> None:
    """The house's limits from now on."""
    known = app.extensions["coachkit_tools"]
    app.extensions["coachkit_tools"] = replace(known, settings=replace(known.settings, **more))


def states(session) -> list[str]:
    session.rollback()  # what was read before is of another moment
    return [row.state for row in session.scalars(select(StoredFile).order_by(StoredFile.id))]


def later(app, by: timedelta) -> None:
    with app.app_context(), clock.shifted(by):
        jobs.run_waiting()


def test_a_plain_form_is_enough_and_the_file_is_evidence_without_a_word(browse, session, attempt_id):
    ana, data = browse("ana"), blob(700_000)
    assert send_whole(ana, attempt_id, data).status_code == 303
    page = ana.get(f"/practice/{attempt_id}/files").text
    assert "notes.pdf" in page
    assert ana.get(f"/practice/{attempt_id}/files/1/content").data == data
    answer = ana.post(f"/practice/{attempt_id}/rate", **loop.self_form(loop.scenario()))
    assert answer.status_code == 303
    session.expire_all()
    assert session.get(Attempt, attempt_id).submitted_at is not None


def test_with_nothing_at_all_there_is_nothing_to_rate(browse, session, attempt_id):
    answer = browse("ana").post(f"/practice/{attempt_id}/rate", **loop.self_form(loop.scenario()))
    assert answer.status_code == 422
    assert "there is nothing to rate yet" in answer.text


def test_a_form_sent_twice_brings_one_file(browse, session, attempt_id, folder):
    ana, key = browse("ana"), new_key()
    for _ in range(2):
        assert send_whole(ana, attempt_id, blob(1000), key=key).status_code == 303
    assert states(session) == ["kept"]
    assert len(lying(folder)) == 1


def test_pieces_are_one_file_in_the_end(browse, session, attempt_id):
    data = blob(2 * PIECE + 5)
    sender = Sender(browse("ana"), attempt_id, data, "report.pdf")
    answer = sender.all()
    assert answer.json["state"] == "kept"
    assert sender.browser.get(f"{sender.url}/content").data == data
    again = sender.finish()
    assert again.json == answer.json


def test_what_was_interrupted_goes_on_where_it_stopped(browse, attempt_id):
    sender = Sender(browse("ana"), attempt_id, blob(3 * PIECE))
    sender.begin()
    sender.piece(0)
    assert sender.begin().location == sender.url
    now = sender.browser.get(sender.url).json
    assert (now["state"], now["arrived"], now["size"]) == ("open", PIECE, 3 * PIECE)
    assert "33 % here" in sender.browser.get(f"/practice/{attempt_id}/files").text
    assert sender.piece(0).json["arrived"] == PIECE
    assert sender.piece(2).status_code == 409
    assert [sender.piece(number).status_code for number in (1, 2)] == [200, 200]
    assert sender.finish().json["state"] == "kept"


def test_a_damaged_piece_is_sent_again_and_another_file_never_mixes_in(browse, attempt_id):
    sender = Sender(browse("ana"), attempt_id, blob(2 * PIECE))
    sender.begin()
    damaged = sender.piece(0, digest="sha-256=:" + "A" * 43 + "=:")
    assert damaged.status_code == 422
    assert "damaged" in damaged.json["problem"]
    assert sender.piece(0, digest="md5=:xyz:").status_code == 422
    assert sender.piece(0).status_code == 200
    assert sender.piece(0, data=blob(PIECE, seed=8)).status_code == 409
    assert sender.piece(1, data=b"short").status_code == 422
    assert sender.finish().status_code == 409
    assert sender.piece(1).status_code == 200
    assert sender.finish(digest="0" * 64).status_code == 409
    assert sender.finish().json["state"] == "kept"


@pytest.mark.one_database
@pytest.mark.parametrize(
    "data",
    [
        b"<!doctype html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"  \n<?xml version='1.0'?>",
        b"#EXTM3U\nhttp://elsewhere.example/",
        b"MZ\x90\x00\x03" + bytes(100),
        b"PK\x03\x04" + bytes(100),
        b"GIF89a/*" + bytes(30),
        b"\x89PNG\r\n\x1a\n" + bytes(30),
        b"\x1a\x45\xdf\xa3 matroska of another kind",
        b"text with a bell \a",
        b"\xff\xfe\x00\x01",
        TEXT + bytes(PIECE),
        TEXT * 9000,
    ],
    ids=lambda data: repr(data[:12]),
)
def test_what_it_is_counts_and_not_its_name(browse, session, attempt_id, data, folder):
    ana = browse("ana")
    answer = send_whole(ana, attempt_id, data, "talk.webm")
    assert answer.status_code == 422
    assert "none of the types" in answer.text
    assert states(session) == ["refused"]
    assert lying(folder) == []
    sender = Sender(ana, attempt_id, data)
    sender.begin()
    assert sender.piece(0).status_code == 415
    assert ana.get(f"{sender.url}/content").status_code == 404


def test_text_comes_as_text_and_nothing_else(browse, attempt_id):
    ana = browse("ana")
    send_whole(ana, attempt_id, TEXT, "said.txt")
    answer = ana.get(f"/practice/{attempt_id}/files/1/content")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.data == TEXT


def test_a_file_that_is_too_large_is_told_so_before_it_is_sent(app, browse, session, attempt_id):
    limited(app, upload_limit_mb=1)
    ana = browse("ana")
    assert send_whole(ana, attempt_id, blob(1_000_001)).status_code == 422
    answer = Sender(ana, attempt_id, blob(10)).begin(size=1_000_001)
    assert answer.status_code == 422
    assert "At most 1.0 MB" in answer.json["problem"]
    assert send_whole(ana, attempt_id, blob(1_200_000)).status_code == 413
    assert states(session) == []


def test_strangers_send_no_large_bodies(browse, attempt_id):
    assert send_whole(browse(None), attempt_id, blob(400_000)).status_code == 401


def test_the_quota_counts_what_is_on_its_way_and_what_is_deleted_no_more(app, browse, session, attempt_id):
    limited(app, upload_quota_mb=1)
    ana = browse("ana")
    half = Sender(ana, attempt_id, blob(600_000))
    assert half.begin().status_code == 303
    assert "0.4 MB of your 1.0 MB are free" in Sender(ana, attempt_id, blob(10)).begin(size=400_001).json["problem"]
    assert Sender(ana, attempt_id, blob(10)).begin(size=400_000).status_code == 303
    assert Sender(ana, attempt_id, blob(10)).begin(size=1).status_code == 422
    ana.post(f"{half.url}/delete")
    assert Sender(ana, attempt_id, blob(10)).begin(size=600_000).status_code == 303


def test_two_uploads_at_once_never_exceed_the_quota(app, cast, attempt_id):
    """The second waits for the first one's transaction, and counts it."""
    import threading

    allowed = stored_files.Limits(1_000_000, 1_000_000)
    done = []

    def begin(number: int) -> None:
        with app.app_context():
            try:
                with transaction() as session:
                    ana = loop.actor(session, cast.ana)
                    service.begin(
                        session,
                        ana,
                        attempt_id,
                        receipt=f"{number:022}",
                        name="a",
                        size=400_000,
                        recorded=False,
                        allowed=allowed,
                    )
                done.append("taken")
            except InvalidError:
                done.append("refused")
            finally:
                db.session.remove()

    crew = [threading.Thread(target=begin, args=(number,)) for number in range(5)]
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    assert sorted(done) == ["refused"] * 3 + ["taken"] * 2


def test_sound_and_picture_need_everybodys_agreement(app, browse, session, cast, attempt_id, folder):
    ana = browse("ana")
    for head in (WEBM, SOUND):
        answer = send_whole(ana, attempt_id, blob(2000, head), "talk.webm")
        assert answer.status_code == 422
        assert "must have agreed" in answer.text
    assert lying(folder) == []
    agreed(cast, attempt_id, "Rosa")
    assert send_whole(ana, attempt_id, blob(2000, WEBM), "talk.webm").status_code == 303
    assert send_whole(ana, attempt_id, blob(2000, SOUND), "talk.weba").status_code == 303
    page = ana.get(f"/practice/{attempt_id}/files").text
    assert "<video" in page
    assert "<audio" in page


def test_deleting_tells_what_it_ends_and_leaves_no_byte(app, browse, session, cast, attempt_id, folder):
    ana = browse("ana")
    send_whole(ana, attempt_id, blob(300_000))
    loop.submitted_again(cast, attempt_id)
    page = ana.get(f"/practice/{attempt_id}/files/1/delete").text
    assert "What that ends" in page
    assert "withdraw the attempt instead" in page
    assert ana.post(f"/practice/{attempt_id}/files/1/delete").status_code == 303
    assert ana.get(f"/practice/{attempt_id}/files/1/content").status_code == 404
    later(app, timedelta())
    assert lying(folder) == []
    assert states(session) == []
    assert "deleted by the learner" in browse("ben").get(f"/feedback/{attempt_id}").text


def test_an_upload_that_was_left_is_given_up_after_a_day_and_leaves_nothing(app, browse, session, attempt_id, folder):
    sender = Sender(browse("ana"), attempt_id, blob(2 * PIECE))
    sender.begin()
    sender.piece(0)
    later(app, timedelta(hours=23))
    assert states(session) == ["open"]
    later(app, timedelta(hours=26))
    later(app, timedelta(hours=28))
    assert states(session) == []
    assert lying(folder) == []
    assert sender.browser.get(sender.url).json["state"] == "gone"
    assert sender.piece(1).status_code == 409


def test_what_died_while_it_was_written_is_no_obstacle_and_leaves_nothing(app, browse, session, attempt_id, folder):
    sender = Sender(browse("ana"), attempt_id, blob(PIECE + 9))
    sender.begin()
    with app.app_context(), transaction() as own:  # announced, half written, then killed
        place = service.announce(own, loop.actor(own, 1), attempt_id, 1, 0, sender.data[:PIECE])
    home = folder / place.token[:2] / place.token
    home.mkdir(parents=True)
    (home / "000000-dead.part").write_bytes(b"half")
    assert sender.piece(0).status_code == 200
    assert sender.piece(1).status_code == 200
    assert sender.finish().json["state"] == "kept"
    assert [path.rpartition("/")[2] for path in lying(folder)] == ["000000", "000001"]


def test_a_submitted_attempt_takes_no_more_files(browse, session, cast, attempt_id):
    ana = browse("ana")
    half = Sender(ana, attempt_id, blob(2 * PIECE))
    half.begin()
    half.piece(0)
    send_whole(ana, attempt_id, blob(100))
    loop.submitted_again(cast, attempt_id)
    assert half.piece(1).status_code == 409
    assert send_whole(ana, attempt_id, blob(100)).status_code == 409
    assert Sender(ana, attempt_id, blob(100)).begin().status_code == 409


@pytest.mark.parametrize("verdict", [0, 1, 2])
def test_a_scanner_holds_a_file_back_until_it_has_passed(app, browse, session, attempt_id, folder, verdict, tmp_path):
    script = tmp_path / "scan"
    script.write_text(f'#!/bin/sh\ncat "$1" > {tmp_path}/seen\nexit {verdict}\n')
    script.chmod(0o755)
    limited(app, scan_command=f"{script} {{file}}")
    ana, data = browse("ana"), blob(PIECE + 77)
    send_whole(ana, attempt_id, data)
    assert states(session) == ["checking"]
    assert ana.get(f"/practice/{attempt_id}/files/1/content").status_code == 404
    assert ana.post(f"/practice/{attempt_id}/rate", **loop.self_form(loop.scenario())).status_code == 422
    later(app, timedelta())
    assert (tmp_path / "seen").read_bytes() == data
    wanted = {0: "kept", 1: "refused", 2: "checking"}[verdict]
    assert states(session) == [wanted]
    assert ana.get(f"/practice/{attempt_id}/files/1/content").status_code == (200 if verdict == 0 else 404)
    page = ana.get(f"/practice/{attempt_id}/files").text
    assert ("virus scanner of this installation refused" in page) is (verdict == 1)
    if verdict == 1:
        later(app, timedelta(minutes=11))
        later(app, timedelta(hours=2))
        assert lying(folder) == []


def test_a_store_out_of_reach_is_no_loss(app, browse, attempt_id, monkeypatch):
    sender = Sender(browse("ana"), attempt_id, blob(PIECE + 1))
    sender.begin()
    with app.app_context():
        folder = tools().files._folder
    folder.write_bytes(b"a file stands where the folder should be")
    answer = sender.piece(0)
    assert answer.status_code == 503
    assert "Retry-After" in answer.headers
    folder.unlink()
    assert sender.piece(0).status_code == 200


def test_files_are_listed_in_what_one_takes_away_and_go_with_the_person(app, browse, session, cast, attempt_id, folder):
    ana = browse("ana")
    send_whole(ana, attempt_id, blob(1000), "..\\secret/note\u202e.pdf")
    files = erasure.export(session, loop.actor(session, cast.ana))["attempts"][0]["files"]
    assert files["evidence"][0]["name"] == "note.pdf"
    assert ana.get(files["evidence"][0]["download"]).data == blob(1000)
    with app.app_context(), transaction() as own:
        erasure.erase(own, loop.actor(own, cast.ada), cast.ana)
    later(app, timedelta())
    assert lying(folder) == []
    assert states(session) == []
    assert session.scalars(select(EvidenceFile)).all() == []


@pytest.mark.parametrize("who", ["dan", "ben", "eva", "lea", "cleo", "ada", "otto"])
def test_nobody_else_touches_an_upload(browse, attempt_id, who):
    ana = Sender(browse("ana"), attempt_id, blob(2 * PIECE))
    ana.begin()
    other = Sender(browse(who), attempt_id, blob(2 * PIECE))
    assert other.begin().status_code == 404
    other.url = ana.url
    assert other.piece(0).status_code == 404
    assert other.finish().status_code == 404
    assert other.browser.get(other.url).status_code == 404
    assert other.browser.post(f"{other.url}/delete").status_code == 404


def test_a_file_is_not_found_under_another_attempt(browse, app, cast, attempt_id):
    ana = browse("ana")
    send_whole(ana, attempt_id, blob(100))
    with app.app_context():
        other = loop.started(cast)
    assert ana.get(f"/practice/{other}/files/1/content").status_code == 404
    assert ana.post(f"/practice/{other}/files/1/delete").status_code == 404


def test_names_are_shown_as_text(browse, attempt_id):
    ana = browse("ana")
    send_whole(ana, attempt_id, PDF + b"x", '"><img src=x>.pdf')
    page = ana.get(f"/practice/{attempt_id}/files").text
    assert "<img" not in page
    answer = ana.get(f"/practice/{attempt_id}/files/1/content")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="attempt-{attempt_id}-1.pdf"'
