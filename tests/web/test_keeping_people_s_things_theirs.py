"""What a privacy officer would try: practice in other forms, side doors, races, and what stays behind."""

import pytest
from sqlalchemy import select

from coachkit.domain.assessment.scale import Level
from coachkit.domain.assessment.sheet import Line
from coachkit.features.accounts import service as accounts
from coachkit.features.accounts.models import Person
from coachkit.features.feedback import service as feedback
from coachkit.features.operations import erasure
from coachkit.features.practice import service as practice
from coachkit.features.practice.models import Attempt
from coachkit.platform import clock
from coachkit.platform.access_record import AccessRecord
from coachkit.platform.audit import AuditEvent
from coachkit.platform.db import db, own_transaction, transaction
from coachkit.platform.errors import ConflictError
from coachkit.platform.policy import Role
from tests.factories import decisions, loop
from tests.factories.mails import sent


def test_a_lead_coach_is_told_nothing_of_practice_not_even_a_number(browse, app, cast):
    with app.app_context():
        loop.submitted(cast, kind="practice", coach="ben", days_ago=9)
    lea = browse("lea")
    before = lea.get("/feedback/coaches").text
    assert "9 days" not in before
    with app.app_context():
        loop.submitted(cast, days_ago=4)
    assert "4 days" in lea.get("/feedback/coaches").text


@pytest.mark.parametrize("who", ["ada", "otto"])
def test_the_chain_on_the_page_tells_of_practice_and_never_whose(browse, app, cast, session, who):
    with app.app_context():
        loop.revealed(cast, kind="practice", coach="ben")
        loop.submitted(cast, learner="dan")
    pseudonym = {p.id: p.pseudonym for p in session.scalars(select(Person))}
    assert pseudonym[cast.ana] in {e.subject for e in session.scalars(select(AuditEvent))}
    page = browse(who).get("/audit").text
    assert "attempt:reveal" in page
    assert pseudonym[cast.ana] not in page
    assert pseudonym[cast.ben] not in page
    assert pseudonym[cast.dan] in page


def test_a_learner_is_told_by_mail_who_coaches_him_from_now_on_and_so_is_who_did_before(browse, app, cast):
    ada = browse("ada")
    ada.post(f"/admin/people/{cast.ada}/roles", roles="coach")
    ada.post(f"/admin/people/{cast.ada}/roles", roles=["admin", "coach"])
    ada.post(f"/admin/people/{cast.ana}/coaches", coach_id=str(cast.ada))
    mails = sent(app)
    assert sorted(mail["To"] for mail in mails) == ["ana@tessel.example", "ben@tessel.example"]
    assert all("Ada Singh" in mail.get_content() for mail in mails)
    ada.post(f"/admin/people/{cast.ana}/coaches", coach_id=str(cast.ada))
    assert len(sent(app)) == 2


def test_a_purpose_that_asks_somebody_else_is_not_there_for_a_learner(browse, app, cast):
    with app.app_context():
        decisions.ready()
        decisions.basis(cast)
        mine = decisions.purpose(cast, "ana")
        theirs = decisions.purpose(cast, "dan", title="About Dan's post")
    ana = browse("ana")
    assert ana.get(f"/decisions/{mine}/people/{cast.ana}/report").status_code == 200
    hidden = ana.get(f"/decisions/{theirs}/people/{cast.ana}/report")
    assert hidden.status_code == 404
    assert "About Dan" not in hidden.text


def test_what_was_withdrawn_a_moment_ago_is_not_revealed(app, cast, engine_kind):
    """The coach's request has read the attempt already when the learner's withdrawal is stored."""
    with app.app_context():
        attempt_id = loop.submitted(cast)
        lines = {c: Line(Level(3), f"Her words show it, {c}.") for c in loop.scenario().criteria}
        books = loop.library()
        with transaction() as session:
            ben, ana = loop.actor(session, cast.ben), loop.actor(session, cast.ana)
    with app.app_context():
        session = db.session()
        seen = session.get(Attempt, attempt_id)
        assert seen.withdrawn_at is None
        if engine_kind == "sqlite":
            session.commit()
        with own_transaction() as other:
            practice.withdraw(other, ana, attempt_id)
        with pytest.raises(ConflictError):
            feedback.release(session, ben, books, attempt_id, lines, loop.NOTE, version=0)
        session.rollback()


def test_who_comes_after_an_erased_person_never_gets_the_number_that_others_know(app, cast):
    with app.app_context():
        with transaction() as session:
            gone = accounts.new_person(session, name="Gus Gone", email="gus@tessel.example", roles=[Role.COACH]).id
        with transaction() as session:
            erasure.erase(session, loop.actor(session, cast.ada), gone)
        with transaction() as session:
            new = accounts.new_person(session, name="Noa New", email="noa@tessel.example", roles=[Role.COACH]).id
        assert new > gone


def test_a_look_is_recorded_whatever_the_length_of_a_title(browse, app, cast, session, monkeypatch):
    with app.app_context():
        attempt_id = loop.submitted(cast)
    from coachkit.features.feedback import workspace

    monkeypatch.setattr(workspace, "title_of", lambda *_: "A title of many words " * 20)
    assert browse("ben").get(f"/feedback/{attempt_id}").status_code == 200
    assert session.scalars(select(AccessRecord)).one().what.startswith("opened your attempt “A title of many words")


def test_a_draft_kept_for_later_does_not_swallow_the_form_sent_after_it(browse, app, cast, session):
    """Back in the browser shows the same page with the same receipt number."""
    with app.app_context():
        attempt_id = loop.started(cast)
        form = loop.self_form(loop.scenario())
    ana = browse("ana")
    key = "k" * 22
    assert ana.post(f"/practice/{attempt_id}/rate", key=key, **form, later="1").status_code == 303
    assert ana.post(f"/practice/{attempt_id}/rate", key=key, **{**form, "version": "1"}).status_code == 303
    assert session.get(Attempt, attempt_id).submitted_at is not None


def test_a_look_from_the_server_itself_is_shown_like_any_other(browse, app, cast):
    with app.app_context(), transaction() as session:
        session.add(
            AccessRecord(
                at=clock.now(),
                person_id=cast.ana,
                viewer_id=None,
                viewer_role="operator",
                what="wrote your report",
            )
        )
    page = browse("ana").get("/account/looks").text
    assert "Whoever runs the server" in page
    assert "wrote your report" in page
