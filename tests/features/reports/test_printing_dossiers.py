"""The dossier of a decision on paper: the same words for each reader, on the record, as long as he may read it."""

import pytest
from sqlalchemy import select

from coachkit.domain.report.papers import DecisionDossier
from coachkit.features.decisions import dossier
from coachkit.features.decisions.dossier import Audience
from coachkit.features.decisions.models import DecisionRecord
from coachkit.features.reports import privacy
from coachkit.features.reports.models import Report
from coachkit.platform.access_record import AccessRecord
from tests.factories import decisions, loop


@pytest.fixture
def purpose_id(app, cast):
    """Cleo has recorded decision 1 about Ana."""
    with app.app_context():
        loop.revealed(cast, days_ago=3)
        purpose = decisions.opened(cast)
        decisions.decided(cast, purpose)
        return purpose


@pytest.fixture
def of_cleo(browse, cast, purpose_id):
    address = f"/decisions/{purpose_id}/people/{cast.ana}/decision/1/dossier/print"
    assert browse("cleo").post(address).location == "/prints/1"
    return "/prints/1"


def kept(session) -> DecisionDossier:
    session.rollback()
    return DecisionDossier.from_json(session.scalars(select(Report.document).order_by(Report.id.desc())).first())


def test_it_holds_what_the_page_holds_part_by_part(session, settings, of_cleo):
    record = session.get_one(DecisionRecord, 1)
    built = dossier.build(session, loop.library(), record, Audience.CIO, settings.organisation, forecast=True)
    paper = kept(session)
    assert [part.title for part in paper.sections] == [part.title for part in built.parts]
    for section, part in zip(paper.sections, built.parts, strict=True):
        assert {(fact.label, fact.text) for fact in section.facts} >= set(part.facts)
        assert tuple(row.cells for row in section.rows) == part.rows
    assert paper.warning == built.warning
    assert paper.limits == built.limits


def test_the_page_of_the_print_shows_it_and_each_look_is_told_to_the_person(browse, cast, session, of_cleo):
    page = browse("cleo").get(of_cleo)
    assert "What was decided, and why" in page.text
    looks = session.scalars(select(AccessRecord.what).where(AccessRecord.person_id == cast.ana)).all()
    assert looks[-1] == "opened the dossier of a decision about you"


def test_with_the_release_the_print_is_gone_and_the_paper_stays_valid(browse, session, purpose_id, of_cleo):
    browse("ana").post(f"/purposes/{purpose_id}/withdraw")
    assert browse("cleo").get(of_cleo).status_code == 404
    report = session.get_one(Report, 1)
    page = browse(None).get(f"/v/{report.number}/{report.code}").text
    assert "<h1>Valid</h1>" in page, "a decision is not undone by a withdrawal"


def test_the_person_prints_her_own_edition_and_nobody_elses(browse, cast, session, purpose_id):
    assert browse("ana").post("/purposes/decisions/1/dossier/print").location == "/prints/1"
    assert "the person whom it concerns" in kept(session).for_whom
    assert browse("dan").post("/purposes/decisions/1/dossier/print").status_code == 404
    assert browse("cleo").get("/prints/1").status_code == 404


def test_the_auditors_print_names_nobody(browse, cast, session, purpose_id):
    assert browse("otto").post("/audit/decisions/1/dossier/print").location == "/prints/1"
    text = kept(session).to_json()
    assert not any(name in text for name in ("Ana", "Baptiste", "Cleo", "Marchetti", "Ben Tanaka"))
    assert browse("otto").get("/prints/1").status_code == 200


def test_the_viewers_print_is_the_persons_to_take_away_and_goes_with_her(cast, session, of_cleo):
    assert len(privacy.export_person(session, cast.ana)["reports"]) == 1
    privacy.erase_person(session, cast.ana)
    assert session.scalars(select(Report.id)).all() == []


def test_nobody_prints_it_without_the_purpose(browse, cast, purpose_id):
    for who in ("ben", "ada", "dan"):
        address = f"/decisions/{purpose_id}/people/{cast.ana}/decision/1/dossier/print"
        assert browse(who).post(address).status_code == 404
