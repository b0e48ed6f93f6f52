"""Comments on a passage or a moment: sealed like the rating, beside the criterion afterwards, kept without the file."""

from html import unescape

import pytest
from sqlalchemy import select

from coachkit.domain.assessment.passages import clock_of, passages, read_clock
from coachkit.features.feedback.comments.models import EvidenceComment
from coachkit.features.feedback.models import NotePart
from coachkit.features.operations import erasure
from coachkit.features.practice.evidence import service as evidence
from coachkit.platform.db import transaction
from tests.factories import loop, uploads
from tests.factories.routes import paths

TALK = "Rosa: Eleven cases wait.\n\nI: What should be different on Monday?\nRosa: Who decides that?"
CRITERION = "interviewing.needs"


@pytest.fixture
def attempt_id(app, cast):
    with app.app_context():
        return loop.submitted(cast, evidence=TALK)


def sent(**more: str) -> dict[str, str]:
    form = {"version": "0", "comment-criterion": CRITERION, "comment-text": "CANARY an open question"}
    return (
        form
        | {f"comment-{name}": value for name, value in more.items() if name != "version"}
        | ({"version": more["version"]} if "version" in more else {})
    )


def kept(session) -> list[EvidenceComment]:
    session.rollback()
    return list(session.scalars(select(EvidenceComment).order_by(EvidenceComment.id)))


def test_lines_are_numbered_and_clocks_are_read():
    assert [(p.number, p.text[:4]) for p in passages(TALK)] == [(1, "Rosa"), (2, "I: W"), (3, "Rosa")]
    assert [read_clock(typed) for typed in ("3:07", "1:00:01", "3", "3:77", "")] == [187, 3601, None, None, None]
    assert clock_of(187) == "3:07"


def test_a_comment_on_a_passage_keeps_its_words_and_what_was_typed_beside_it(browse, attempt_id, session):
    ben, where = browse("ben"), f"/feedback/{attempt_id}"
    form = sent(passage="2") | {"keep-behaviour": "half a thought"}
    answer = ben.post(f"{where}/comments", **form)
    assert answer.location == f"{where}#comments"
    row = kept(session)[0]
    assert (row.passage, row.excerpt, row.criterion_id) == (2, "I: What should be different on Monday?", CRITERION)
    page = ben.get(where).text
    assert "half a thought" in page
    assert 'href="#passage-2"' in page
    assert 'id="passage-2"' in page


@pytest.mark.parametrize(
    ("place", "field"),
    [
        ({}, "comment-passage"),
        ({"passage": "9"}, "comment-passage"),
        ({"passage": "1", "at": "0:10"}, "comment-at"),
        ({"passage": "1", "excerpt": "never said"}, "comment-excerpt"),
        ({"at": "soon", "file": "1", "excerpt": "x"}, "comment-at"),
        ({"passage": "1", "criterion": "nobody.knows"}, "comment-criterion"),
        ({"passage": "1", "text": "x" * 1001}, "comment-text"),
        ({"passage": "1", "text": ""}, "comment-text"),
    ],
)
@pytest.mark.one_database
def test_what_is_wrong_is_said_and_everything_typed_comes_back(browse, attempt_id, session, place, field):
    form = sent(**place) | {"keep-behaviour": "half a thought"}
    answer = browse("ben").post(f"/feedback/{attempt_id}/comments", **form)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert "half a thought" in answer.text
    assert form["comment-text"][:900] in answer.text
    assert kept(session) == []


def test_a_comment_that_was_not_added_holds_the_rating_back(browse, attempt_id, session):
    form = loop.coach_form(loop.scenario()) | {"comment-text": "not added"}
    answer = browse("ben").post(f"/feedback/{attempt_id}", **form)
    assert answer.status_code == 422
    assert "not added yet" in answer.text


def test_the_enter_key_in_the_review_keeps_the_draft_and_adds_nothing(browse, attempt_id, session):
    answer = browse("ben").post(f"/feedback/{attempt_id}/comments", version="0", **{"keep-behaviour": "a thought"})
    assert answer.status_code == 303
    assert session.scalars(select(NotePart.behaviour)).all() == ["a thought"]
    assert kept(session) == []


def test_only_whoever_rates_comments_and_she_may_take_it_back(app, browse, cast, attempt_id, session):
    ben, where = browse("ben"), f"/feedback/{attempt_id}"
    ben.post(f"{where}/comments", **sent(passage="2"))
    with app.app_context():
        loop.coached(cast, "ana", "mia")
    number = kept(session)[0].id
    mia = browse("mia")
    assert mia.post(f"{where}/comments", **sent(passage="1")).status_code == 409
    assert mia.post(f"{where}/comments/{number}/delete", version="0").status_code == 409
    assert "CANARY" not in mia.get(where).text
    assert len(kept(session)) == 1
    assert ben.post(f"{where}/comments/{number}/delete", version="1").status_code == 303
    assert kept(session) == []


@pytest.mark.one_database
def test_comments_are_sealed_until_both_have_locked_and_then_stand_beside_the_criterion(
    app, browse, cast, attempt_id, session
):
    browse("ben").post(f"/feedback/{attempt_id}/comments", **sent(passage="2"))
    ana = browse("ana")
    more = (f"/feedback/{attempt_id}/reveal", f"/practice/{attempt_id}", "/account/export")
    for path in (*paths(app), *more):
        assert "CANARY" not in ana.get(path).text, path
    form = loop.coach_form(loop.scenario()) | {"version": "1"}
    assert browse("ben").post(f"/feedback/{attempt_id}", **form).status_code == 303
    page = unescape(ana.get(f"/feedback/{attempt_id}/reveal").text)
    assert "CANARY an open question" in page
    assert 'href="#passage-2"' in page
    assert 'id="passage-2"' in page
    assert "CANARY" in ana.get("/account/export").text
    for who in ("dan", "eva", "mia", "lea", "cleo", "ada", "otto"):
        assert "CANARY" not in browse(who).get(f"/feedback/{attempt_id}/reveal").text


def test_a_moment_of_a_recording_can_be_jumped_to_and_its_words_outlive_the_recording(app, browse, cast, session):
    with app.app_context():
        attempt_id, file_id = uploads.submitted_with(cast, uploads.blob(2000, uploads.SOUND))
    ben, where = browse("ben"), f"/feedback/{attempt_id}"
    moment = {"at": "1:05", "file": str(file_id)}
    assert ben.post(f"{where}/comments", **sent(**moment)).status_code == 422
    assert ben.post(f"{where}/comments", **sent(**moment, excerpt="who decides")).status_code == 303
    page = ben.get(where).text
    assert f'data-seek="65" data-file="{file_id}"' in page
    assert f"/practice/{attempt_id}/files/{file_id}/content#t=65" in page
    with app.app_context(), transaction() as work:
        evidence.delete(work, loop.actor(work, cast.ana), attempt_id, file_id)
    ben.post(where, **loop.coach_form(loop.scenario()) | {"version": "1"})
    page = browse("ana").get(f"{where}/reveal").text
    assert "who decides" in page
    assert "no longer here" in page
    assert "data-seek" not in page


def test_a_comment_goes_with_the_learner_and_stays_nameless_when_the_coach_goes(app, browse, cast, attempt_id, session):
    browse("ben").post(f"/feedback/{attempt_id}/comments", **sent(passage="2"))
    with app.app_context(), transaction() as work:
        erasure.erase(work, loop.actor(work, cast.ada), cast.ben)
    assert [row.coach_id for row in kept(session)] == [None]
    with app.app_context(), transaction() as work:
        erasure.erase(work, loop.actor(work, cast.ada), cast.ana)
    assert kept(session) == []


def reworded(number: int, **more: str) -> dict[str, str]:
    return sent(version="1", passage="2", excerpt="I: What should be different on Monday?", id=str(number), **more)


def test_a_comment_is_reworded_until_both_views_are_open(browse, attempt_id, session):
    ben, where = browse("ben"), f"/feedback/{attempt_id}"
    ben.post(f"{where}/comments", **sent(passage="2"))
    number = kept(session)[0].id
    opened = ben.post(f"{where}/comments/{number}/edit", version="1", **{"keep-behaviour": "half a thought"})
    assert opened.location == f"{where}?comment={number}#comment-text"
    page = ben.get(opened.location).text
    assert f'name="comment-id" form="review" value="{number}"' in page
    assert ">CANARY an open question</textarea>" in page
    assert "half a thought" in page
    form = reworded(number, text="A question that he could not answer with yes.") | {"version": "2"}
    assert ben.post(f"{where}/comments", **form).status_code == 303
    row = kept(session)[0]
    assert (row.id, row.passage, row.text) == (number, 2, "A question that he could not answer with yes.")
    assert len(kept(session)) == 1
    ben.post(where, **loop.coach_form(loop.scenario()) | {"version": "3"})
    assert ben.post(f"{where}/comments/{number}/edit", version="4").status_code == 409
    late = ben.post(f"{where}/comments", **form | {"comment-text": "later", "version": "4"})
    assert late.status_code == 409
    assert "later" in late.text
    assert kept(session)[0].text.startswith("A question")


@pytest.mark.one_database
def test_a_comment_opened_and_left_as_it_is_holds_nothing_back_and_a_changed_one_does(browse, attempt_id, session):
    ben, where = browse("ben"), f"/feedback/{attempt_id}"
    ben.post(f"{where}/comments", **sent(passage="2"))
    number = kept(session)[0].id
    whole = loop.coach_form(loop.scenario())
    assert ben.post(where, **whole | reworded(number, text="other words")).status_code == 422
    assert ben.post(where, **whole | reworded(number)).status_code == 303


@pytest.mark.one_database
def test_of_two_windows_with_one_comment_the_later_meets_the_other(browse, attempt_id, session):
    ben, where = browse("ben"), f"/feedback/{attempt_id}"
    ben.post(f"{where}/comments", **sent(passage="2"))
    number = kept(session)[0].id
    assert ben.post(f"{where}/comments", **reworded(number, text="first words")).status_code == 303
    second = ben.post(f"{where}/comments", **reworded(number, text="second words"))
    assert second.status_code == 409
    assert "second words" in second.text
    assert kept(session)[0].text == "first words"


@pytest.mark.one_database
def test_nobody_rewords_a_comment_that_is_not_hers(app, browse, cast, attempt_id, session):
    ben, where = browse("ben"), f"/feedback/{attempt_id}"
    ben.post(f"{where}/comments", **sent(passage="2"))
    number = kept(session)[0].id
    with app.app_context():
        other = loop.submitted(cast, evidence=TALK)
    assert ben.post(f"/feedback/{other}/comments", **reworded(number) | {"version": "0"}).status_code == 404
    assert ben.post(f"/feedback/{other}/comments/{number}/edit", version="0").status_code == 404
    assert browse("eva").post(f"{where}/comments", **reworded(number)).status_code == 404
    assert "CANARY" in kept(session)[0].text


def test_words_change_although_the_recording_is_gone(app, browse, cast, session):
    with app.app_context():
        attempt_id, file_id = uploads.submitted_with(cast, uploads.blob(2000, uploads.SOUND))
    ben, where = browse("ben"), f"/feedback/{attempt_id}"
    ben.post(f"{where}/comments", **sent(at="1:05", file=str(file_id), excerpt="who decides"))
    number = kept(session)[0].id
    with app.app_context(), transaction() as work:
        evidence.delete(work, loop.actor(work, cast.ana), attempt_id, file_id)
    assert 'name="comment-at"' in ben.get(f"{where}?comment={number}").text
    form = sent(at="1:05", excerpt="who decides", text="other words", id=str(number), version="1")
    assert ben.post(f"{where}/comments", **form).status_code == 303
    assert (kept(session)[0].text, kept(session)[0].seconds) == ("other words", 65)
