"""A coach's own phrases per criterion: they draft a comment, are hers alone, and are never sent by themselves."""

from html import unescape

import pytest
from sqlalchemy import select

from coachkit.domain.coaching.phrases import GAP, PHRASES
from coachkit.features.feedback.bank.models import Phrase
from coachkit.features.feedback.comments.models import EvidenceComment
from coachkit.features.operations import erasure
from coachkit.platform.db import transaction
from tests.factories import loop
from tests.factories.routes import paths

CRITERION, ELSEWHERE = "interviewing.needs", "comm.tone"
TEXT = "CANARY you asked and waited. What did you hope for?"


@pytest.fixture
def attempt_id(session, cast):
    return loop.submitted(cast)


def keeps(browser, text: str = TEXT, criterion: str = CRITERION):
    return browser.post("/feedback/phrases", criterion=criterion, text=text)


def kept(session) -> list[Phrase]:
    session.rollback()
    return list(session.scalars(select(Phrase).order_by(Phrase.id)))


def comment(text: str, **more: str) -> dict[str, str]:
    return {"version": "0", "comment-criterion": CRITERION, "comment-passage": "1", "comment-text": text, **more}


def test_a_phrase_is_kept_once_reworded_and_deleted(browse, session):
    ben = browse("ben")
    for _twice in range(2):
        assert keeps(ben).status_code == 303
    row = kept(session)[0]
    assert len(kept(session)) == 1
    assert TEXT in ben.get("/feedback/phrases").text
    assert ben.post(f"/feedback/phrases/{row.id}", text="Other words.", version="1").status_code == 303
    behind = ben.post(f"/feedback/phrases/{row.id}", text="From an old tab.", version="1")
    assert behind.status_code == 409
    assert "From an old tab." in behind.text
    assert "Other words." in behind.text
    assert [each.text for each in kept(session)] == ["Other words."]
    assert ben.post(f"/feedback/phrases/{row.id}/delete").status_code == 303
    assert kept(session) == []


@pytest.mark.one_database
def test_what_is_wrong_with_a_phrase_is_said_and_its_words_come_back(browse, session):
    ben = browse("ben")
    for text, criterion in ((TEXT, ""), (TEXT, "nobody.knows"), ("x" * 501, CRITERION), ("  ", CRITERION)):
        answer = keeps(ben, text, criterion)
        assert answer.status_code == 422
        assert text.strip() in answer.text
    keeps(ben)
    answer = ben.post(f"/feedback/phrases/{kept(session)[0].id}", text="y" * 501, version="1")
    assert answer.status_code == 422
    assert "y" * 501 in answer.text
    assert kept(session)[0].text == TEXT


@pytest.mark.one_database
def test_words_about_a_person_are_asked_about_and_kept_all_the_same(browse, session):
    ben = browse("ben")
    assert keeps(ben, "You are arrogant.").status_code == 303
    assert "names a trait" in unescape(ben.get("/feedback/phrases").text)
    page = unescape(ben.get("/feedback/phrases").text)
    assert "speaks about the person" in page


def test_it_stands_beside_attempts_on_its_criterion_and_is_taken_without_a_script(browse, attempt_id, session):
    ben, where = browse("ben"), f"/feedback/{attempt_id}"
    keeps(ben)
    keeps(ben, "Elsewhere", ELSEWHERE)
    key = kept(session)[0].id
    page = ben.get(where).text
    assert f'formaction="{where}/phrases/{key}"' in page
    assert "Elsewhere" not in page
    typed = {"version": "0", "keep-behaviour": "half a thought", "comment-passage": "1"}
    taken = ben.post(f"{where}/phrases/{key}", **typed)
    assert taken.location == f"{where}?phrase={key}&passage=1#comment-text"
    page = ben.get(taken.location).text
    assert f">{TEXT}</textarea>" in page
    assert f'<option value="{CRITERION}" selected>' in page
    assert "half a thought" in page
    assert session.scalars(select(EvidenceComment)).all() == []


@pytest.mark.one_database
def test_a_comment_that_was_begun_is_not_lost_to_a_phrase(browse, attempt_id, session):
    answer = browse("ben").post(f"/feedback/{attempt_id}/phrases/start-1", **comment("my own words"))
    assert answer.status_code == 422
    assert "my own words" in answer.text


@pytest.mark.one_database
def test_a_phrase_is_no_comment_until_it_has_words_of_this_attempt(browse, attempt_id, session):
    ben, where = browse("ben"), f"/feedback/{attempt_id}/comments"
    keeps(ben)
    for text, why in (
        (TEXT, "the saved words as they are"),
        (PHRASES[0], "Fill the gap"),
        (f"so {GAP}", "Fill the gap"),
    ):
        answer = ben.post(where, **comment(text))
        assert answer.status_code == 422
        assert why in answer.text
    whole = loop.coach_form(loop.scenario()) | comment(TEXT)
    assert ben.post(f"/feedback/{attempt_id}", **whole).status_code == 422, "nor is it sent with the rating"
    assert ben.post(where, **comment(f"{TEXT} Eleven cases.")).status_code == 303


def test_a_comment_is_kept_as_a_phrase_and_can_still_be_reworded_in_place(browse, attempt_id, session):
    ben, where = browse("ben"), f"/feedback/{attempt_id}"
    ben.post(f"{where}/comments", **comment(TEXT))
    number = session.scalars(select(EvidenceComment.id)).one()
    assert ben.post(f"{where}/comments/{number}/keep", version="1").status_code == 303
    assert [(row.criterion_id, row.text) for row in kept(session)] == [(CRITERION, TEXT)]
    moved = comment(TEXT, version="2") | {"comment-id": str(number)}
    moved["comment-criterion"] = next(c for c in loop.scenario().criteria if c != CRITERION)
    assert ben.post(f"{where}/comments", **moved).status_code == 303
    assert browse("eva").post(f"{where}/comments/{number}/keep", version="1").status_code == 404


def test_nobody_else_sees_or_uses_a_coach_s_phrases(browse, app, session, cast, attempt_id):
    keeps(browse("ben"))
    key = kept(session)[0].id
    loop.coached(cast, "ana", "mia")
    for who in ("ana", "mia", "eva", "lea", "cleo", "ada", "otto"):
        browser = browse(who)
        for path in (*paths(app), f"/feedback/{attempt_id}?phrase={key}"):
            assert "CANARY" not in browser.get(path).text, (who, path)
        for act in (f"/feedback/phrases/{key}", f"/feedback/phrases/{key}/delete"):
            assert browser.post(act, text="mine", version="1").status_code in {403, 404}, who
    assert browse("mia").post(f"/feedback/{attempt_id}/phrases/{key}", version="0").status_code == 404
    assert [row.text for row in kept(session)] == [TEXT]


def test_phrases_are_in_the_coach_s_export_and_go_with_her(browse, app, session, cast):
    keeps(browse("ben"))
    [mine] = browse("ben").get("/account/export").json["phrases"]
    assert (mine["criterion"], mine["text"]) == (CRITERION, TEXT)
    assert browse("ana").get("/account/export").json["phrases"] == []
    with transaction() as work:
        erasure.erase(work, loop.actor(work, cast.ada), cast.ben)
    assert kept(session) == []


@pytest.mark.one_database
def test_the_phrases_that_come_along_are_an_observation_with_a_gap_and_an_open_question():
    from coachkit.domain.assessment.note_lint import advice

    for text in PHRASES:
        assert GAP in text
        assert text.endswith("?")
        assert advice([text]) == ()
