"""What no page, export or file of a CIO ever holds, and that no look goes unrecorded or outlives a withdrawal."""

from __future__ import annotations

import json
import re

import pytest
from sqlalchemy import select, text

from coachkit.domain.assessment.scale import Level
from coachkit.domain.assessment.sheet import Line
from coachkit.domain.decision.safeguards import Duty
from coachkit.features.accounts import service as accounts
from coachkit.features.decisions import deciding, queries
from coachkit.features.decisions import routes as decision_routes
from coachkit.features.decisions import service as decisions
from coachkit.features.decisions.case_file import role_skills
from coachkit.features.decisions.dossiers import routes as dossier_routes
from coachkit.features.decisions.duties import Named
from coachkit.features.decisions.duty import routes as duty_routes
from coachkit.features.decisions.following import routes as following_routes
from coachkit.features.feedback import service as feedback
from coachkit.features.feedback.conversation import service as conversation
from coachkit.features.feedback.field_log import service as field_log
from coachkit.features.feedback.service import PartText
from coachkit.features.practice.adjustments import service as adjustments
from coachkit.features.practice.models import Attempt
from coachkit.features.reports.models import Report
from coachkit.platform import clock
from coachkit.platform.access_record import AccessRecord
from coachkit.platform.db import db, own_transaction, transaction
from coachkit.platform.errors import NotFoundError
from coachkit.platform.policy import Role
from tests.factories import decisions as make
from tests.factories import loop
from tests.factories.decisions import DEVELOP, REPLACE
from tests.factories.routes import paths

SEEN = "She asked what should change on Monday"
NOTE = {"keep": PartText("CANARY-NOTE", "CANARY-NOTE", "CANARY-NOTE")}


def revealed(cast, canary: str, **more) -> int:
    """An attempt of Ana's or Dan's with a canary in everything but the coach's evidence lines."""
    coach = more.pop("by", "ben")
    attempt_id = loop.submitted(cast, own=f"{canary}-OWN", evidence=f"{canary}-SAID", days_ago=9, **more)
    with transaction() as session:
        lines = {c: Line(Level(3), f"{SEEN}. ({c})") for c in loop.scenario().criteria}
        feedback.release(
            session, loop.actor(session, cast.ids[coach]), loop.library(), attempt_id, lines, NOTE, version=0
        )
    return attempt_id


def a_conversation(cast) -> None:
    """Ana and Ben have talked about interest and care; Ana has shared nothing of it."""
    with transaction() as session:
        ana, ben = loop.actor(session, cast.ana), loop.actor(session, cast.ben)
        number = conversation.begin(session, ana, cast.ben).id
        conversation.say(session, ana, number, "CANARY-STATEMENT", version=1)
        conversation.quote(session, ben, number, about="care", source="log", text="CANARY-QUOTE")


def a_learner_s_own(cast) -> None:
    """What is different for Ana, and a line of her field log."""
    with transaction() as session:
        ana = loop.actor(session, cast.ana)
        adjustments.set_adjustments(session, ana, list(adjustments.KINDS))
        told = {"situation": "CANARY-FIELD", "act": "CANARY-FIELD", "effect": "CANARY-FIELD"}
        field_log.write(session, ana, on=clock.today(), **told, witness="", plan_id=None)


pytestmark = pytest.mark.one_database


@pytest.fixture
def world(app, cast):
    """Ana has released to purpose 1 and is decided about; everything around it holds a canary."""
    with app.app_context():
        first = revealed(cast, "CANARY")
        with transaction() as session:
            ana = loop.actor(session, cast.ana)
            version = session.get_one(Attempt, first).version
            feedback.answer(session, ana, first, "CANARY-ANSWER", version=version)
            feedback.make_plan(
                session, ana, first, cue="CANARY-CUE", act="CANARY-ACT", due_on=make.DEVELOP.review_on, witness=""
            )
        loop.submitted(cast, own="CANARY-WAITING", evidence="CANARY-WAITING")
        make.rated(cast, "rp04", 3, kind="practice", evidence="CANARY-PRACTICE")
        make.rated(cast, "rp04", 3, days_ago=400, evidence="CANARY-OLD")
        make.rated(cast, "rp04", 3, learner="dan", coach="eva", evidence="CANARY-OF-DAN")
        a_conversation(cast)
        a_learner_s_own(cast)
        purpose_id = make.opened(cast, "ana")
        with transaction() as session:
            accounts.change_roles(session, loop.actor(session, cast.ada), cast.lea, [Role.CIO])
        other = make.purpose(cast, "dan", viewer="lea", title="CANARY-OTHER-PURPOSE")
        make.released(cast, other, "dan", "CANARY-COMMENT-OF-DAN")
        named = {Duty.SECOND_SIGNER: Named(cast.otto, reports_to_nobody_here=True)}
        record_id = make.decided(cast, purpose_id, DEVELOP, named=named)
    return f"/decisions/{purpose_id}", cast.ana, record_id


def addresses(world) -> tuple[str, ...]:
    """Every page and file of a CIO about Ana."""
    board, ana, record_id = world
    person = f"{board}/people/{ana}"
    record = f"{person}/decision/{record_id}"
    return (
        board,
        person,
        f"{person}/report",
        record,
        f"{record}/dossier",
        f"{record}/dossier.json",
        f"/decisions/records/{record_id}",
    )


def test_nothing_but_what_was_released_reaches_a_cio(app, world, browse):
    cleo = browse("cleo")
    told = {path: cleo.get(path) for path in (*addresses(world), *paths(app))}
    for path in addresses(world)[:-1]:
        assert told[path].status_code == 200, path
    assert SEEN in told[addresses(world)[1]].text
    for path, answer in told.items():
        assert not re.findall(r"CANARY[\w-]*", answer.text), path
        if path in addresses(world):
            assert not [name for name, _why in adjustments.KINDS.values() if name in answer.text], path


def test_whoever_is_named_on_a_record_gets_no_more_than_the_cio(world, browse):
    page = browse("otto").get("/duties/1").text
    assert SEEN in page
    assert not re.findall(r"CANARY[\w-]*", page)
    assert "CANARY" not in browse("otto").get(f"/audit/decisions/{world[2]}/dossier").text


@pytest.mark.calibrated
def test_how_strict_a_coach_rates_reaches_no_cio(app, cast, browse):
    with app.app_context():
        make.ready()
        make.basis(cast)
        purpose_id = make.purpose(cast, "ana")
        make.released(cast, purpose_id)
        record_id = make.decided(cast, purpose_id, DEVELOP)
    cleo = browse("cleo")
    base = f"/decisions/{purpose_id}/people/{cast.ana}"
    record = f"{base}/decision/{record_id}"
    pages = (f"/decisions/{purpose_id}", base, f"{base}/report", record, f"{record}/dossier", f"{record}/dossier.json")
    for path in (*pages, f"/decisions/records/{record_id}", "/programme", "/organisation", "/organisation/load"):
        answer = cleo.get(path)
        assert answer.status_code == 200, path
        assert not re.findall(r"severit|\bstrictness|\bdrift|\blogit|infit|\bload of", answer.text, re.IGNORECASE), path
    for path in ("/calibration", "/calibration/runs/1", "/calibration/criteria/comm.tone", "/feedback/coaches"):
        assert cleo.get(path).status_code in {403, 404}


def order(words: str, names: list[str]) -> list[str]:
    return sorted(names, key=words.index)


@pytest.mark.parametrize("levels", [(1, 3), (3, 1)])
def test_no_view_and_no_file_is_in_the_order_of_levels(app, cast, browse, levels):
    low_first, high_first = levels
    with app.app_context():
        make.rated(cast, "rp19", low_first, learner="dan", coach="eva")
        make.rated(cast, "rp19", high_first)
        make.rated(cast, "rp04", low_first, days_ago=4)
        purpose_id = make.opened(cast)
        make.released(cast, purpose_id, "dan")
        record_id = make.decided(cast, purpose_id, DEVELOP)
    cleo = browse("cleo")
    board = cleo.get(f"/decisions/{purpose_id}").text
    assert order(board, ["Ana Baptiste", "Dan Okoro"]) == ["Ana Baptiste", "Dan Okoro"]
    file = cleo.get(f"/decisions/{purpose_id}/people/{cast.ana}/decision/{record_id}/dossier.json").data
    parts = {part["id"]: part for part in json.loads(file)["parts"]}
    skills = ["Analysis", "Interviewing", "Presenting", "Trust", "Credibility", "Communication", "Persuasion"]
    assert sorted(row[0] for row in parts["skills"]["rows"]) == sorted(skills)
    with app.app_context():
        assert [row[0] for row in parts["skills"]["rows"]] == [name for _id, name in role_skills(make.library())]
    seen = json.loads(file)["parts"]
    frozen = next(part["frozen"] for part in seen if part["id"] == "seen-frozen")
    for skill in frozen["skills"]:
        days = [row["on"] for row in skill["observed"]]
        assert days == sorted(days)


def test_a_look_that_cannot_be_written_down_is_not_answered(world, app, browse):
    cleo, otto = browse("cleo"), browse("otto")
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE access_record RENAME TO access_record_gone"))
    for browser, path in (*((cleo, path) for path in addresses(world)), (otto, "/duties/1")):
        answer = browser.get(path)
        assert answer.status_code == 503, path
        assert "Ana" not in answer.text, path
        assert SEEN not in answer.text, path


@pytest.mark.one_database
def test_a_refused_form_shows_the_record_again_so_it_is_a_look_or_no_answer(app, world, browse, session):
    """Whoever sends a form that is not complete reads the record in the answer."""
    cleo, otto, record = browse("cleo"), browse("otto"), addresses(world)[-1]
    forms = ((otto, "/duties/1/sign"), (cleo, f"{record}/duties/reader"), (cleo, f"{record}/look-back"))
    for number, (browser, path) in enumerate(forms, 1):
        answer = browser.post(path)
        assert answer.status_code == 422, path
        assert "Ana Baptiste" in answer.text, path
        session.rollback()
        assert len(session.scalars(select(AccessRecord)).all()) == number, path
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE access_record RENAME TO access_record_gone"))
    for browser, path in forms:
        answer = browser.post(path)
        assert answer.status_code == 503, path
        assert "Ana" not in answer.text, path


@pytest.mark.one_database
def test_a_printed_dossier_holds_nothing_but_what_was_released_either(app, world, browse, session):
    cleo = browse("cleo")
    printed = cleo.post(f"{addresses(world)[4]}/print").location
    page = cleo.get(printed)
    assert page.status_code == 200
    document = session.scalars(select(Report.document)).one()
    for held in (page.text, document):
        assert SEEN in held
        assert not re.findall(r"CANARY[\w-]*", held)
        assert not [name for name, _why in adjustments.KINDS.values() if name in held]
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE access_record RENAME TO access_record_gone"))
    unseen = cleo.get(printed)
    assert unseen.status_code == 503
    assert SEEN not in unseen.text


ROUTES = (decision_routes, following_routes, dossier_routes, duty_routes)


def test_a_withdrawal_in_another_connection_wins_over_every_page_that_is_being_made(
    world, app, cast, browse, monkeypatch
):
    """It is stored after the page's look is on record and before the page is drawn."""
    cleo, otto = browse("cleo"), browse("otto")
    board = addresses(world)[0]
    for path in (*addresses(world)[:2], *addresses(world)[3:6], "/duties/1"):
        with app.app_context():
            make.released(cast, 1)
        for module in ROUTES:
            monkeypatch.setattr(module, "record_look", withdrawing(module, app, cast))
        answer = (otto if path == "/duties/1" else cleo).get(path)
        monkeypatch.undo()
        assert answer.status_code == (200 if path in {board, "/duties/1"} else 404), path
        assert SEEN not in answer.text, path
        assert make.COMMENT not in answer.text, path


def withdrawing(module, app, cast):
    real = module.record_look

    def look(*args, **kwargs):
        real(*args, **kwargs)
        with own_transaction() as other:
            decisions.withdraw(other, loop.actor(other, cast.ana), 1)

    return look


def test_a_decision_on_a_page_opened_before_a_withdrawal_is_not_recorded(app, cast, engine_kind):
    with app.app_context():
        purpose_id = make.opened(cast)
        page = make.seen_now(cast, purpose_id)
        session = db.session()
        assert queries.open_release(session, purpose_id, cast.ana) is not None
        if engine_kind == "sqlite":
            session.commit()
        with own_transaction() as other:
            decisions.withdraw(other, loop.actor(other, cast.ana), purpose_id)
        with pytest.raises(NotFoundError):
            deciding.record_decision(
                session,
                loop.actor(session, cast.cleo),
                make.library(),
                make.library_of,
                purpose_id,
                cast.ana,
                REPLACE,
                seen=page[0],
                amends=page[1],
            )
        session.rollback()
