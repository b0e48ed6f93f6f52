"""`measures = "off"` takes every model-based figure, page and menu entry away, and the rest works."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from coachkit.app import create_app
from coachkit.domain.decision import sealed
from coachkit.features.decisions import dossier
from coachkit.features.decisions.dossier import Audience
from coachkit.features.decisions.models import DecisionRecord
from coachkit.features.reports import archive, batches, dossiers
from coachkit.features.reports import service as reports
from coachkit.features.reports.models import ReportItem
from coachkit.platform import clock, jobs
from coachkit.platform.db import db, transaction
from coachkit.web.library import library_of
from tests.factories import calibration as make
from tests.factories import decisions, loop
from tests.factories.browsing import Browser
from tests.factories.routes import paths

pytestmark = [pytest.mark.calibrated, pytest.mark.one_database]
CANARY = re.compile(
    r"fair average|fair_average|90 % interval|80 % band|calibration \d|/measures|/calibration|/method|(?-i:SIMULATED)|"
    r"Together</th>|my skills|many-facet",
    re.IGNORECASE,
)
GONE = ("/measures", "/calibration", "/calibration/runs/1", "/calibration/criteria/comm.tone", "/method")


@pytest.fixture
def before(app, cast):
    """A house that has measured until today: a purpose, a release, a decision with figures in it, a report."""
    with app.app_context():
        known = cast
        decisions.ready()
        decisions.basis(known)
        purpose_id = decisions.purpose(known, "ana", "moe")
        decisions.released(known, purpose_id)
        decisions.decided(known, purpose_id)
        with transaction() as session:
            ana = loop.actor(session, known.ana)
            reports.issue(session, ana, loop.library(), library_of, app.config["COACHKIT"])
        make.done()
        db.engine.dispose()
    return known, purpose_id


@pytest.fixture
def off(before, settings, app):
    """The same house with measures off."""
    del before
    other = create_app(replace(settings, measures="off"))
    other.config.update(TESTING=True)
    other.extensions["coachkit_shelf"]._books = app.extensions["coachkit_shelf"]._books
    yield other
    with other.app_context():
        db.session.remove()
        db.engine.dispose()


def test_the_canary_sings_where_measures_are_on(app, before):
    known, purpose_id = before
    for who, path in (
        ("ana", "/measures"), ("ana", f"/purposes/{purpose_id}"), ("lea", "/calibration"), ("ana", "/report"),
        ("cleo", f"/decisions/{purpose_id}"), ("cleo", f"/decisions/{purpose_id}/people/{known.ana}"),
        ("cleo", f"/decisions/{purpose_id}/people/{known.ana}/decision/1"), ("ana", "/purposes/decisions/1"),
        ("ana", "/report/1"),
    ):  # fmt: skip
        assert CANARY.search(Browser(app, who).get(path).text), path


@pytest.mark.parametrize("who", ["ana", "ben", "mia", "lea", "cleo", "ada", "otto", None])
def test_no_page_has_a_trace_of_a_measure(off, before, who):
    known, purpose_id = before
    somebody = Browser(off, who)
    person = f"/decisions/{purpose_id}/people/{known.ana}"
    for path in (*paths(off), person, f"{person}/report", f"{person}/decision/1", f"/purposes/{purpose_id}"):
        if path.startswith(GONE):
            assert somebody.get(path).status_code in {303, 404}, path
            continue
        if path.startswith(("/static", "/modules", "/glossary")):  # the library's own words, with no figure in them
            continue
        answer = somebody.get(path)
        assert answer.status_code < 500, path
        found = CANARY.search(answer.text)
        # What is held about me, and what I was once given, stay mine to take away; the next night deletes the first.
        assert not found or path in {"/account/export", "/report/1/report.json"}, (
            path,
            answer.text[max(0, found.start() - 80) : found.end() + 80],
        )


def test_the_board_goes_back_to_observed_levels(off, before):
    _known, purpose_id = before
    page = Browser(off, "cleo").get(f"/decisions/{purpose_id}").text
    assert "the role line is 3" in page
    assert "How to read a line" in page


def test_a_frozen_decision_keeps_its_fingerprint_and_shows_no_figures(off, before):
    known, purpose_id = before
    page = Browser(off, "cleo").get(f"/decisions/{purpose_id}/people/{known.ana}/decision/1").text
    assert "Unchanged since it was recorded." in page
    assert not CANARY.search(page)


def test_a_dossier_has_the_fingerprint_and_not_the_figures(app, off, before):
    known, purpose_id = before
    with app.app_context():
        with transaction() as session:
            record = session.scalars(select(DecisionRecord)).one()
            fingerprint, frozen = record.snapshot_hash, record.snapshot
        assert frozen["calibration"] is not None
        db.engine.dispose()
    person = f"/decisions/{purpose_id}/people/{known.ana}/decision/1"
    for who, path in (("cleo", f"{person}/dossier.json"), ("ana", "/purposes/decisions/1/dossier.json")):
        assert '"fair_average"' in Browser(app, who).get(path).text or '"measure"' in Browser(app, who).get(path).text
        file = Browser(off, who).get(path).get_data()
        assert sealed.verify(file).unchanged
        assert fingerprint in file.decode()
        assert not re.search(r'"measure"|"course"|"calibration"', file.decode())


def test_a_viewers_printed_dossier_from_before_shows_no_figures_and_ones_own_keeps_its_file(app, off, before):
    known, _purpose_id = before
    with app.app_context():
        with transaction() as session:
            record, settings = session.scalars(select(DecisionRecord)).one(), app.config["COACHKIT"]
            kept = {}
            for who, audience in (("cleo", Audience.CIO), ("ana", Audience.PERSON)):
                found = dossier.build(session, loop.library(), record, audience, "Tessel", forecast=True)
                paper = dossiers.print_dossier(session, loop.actor(session, known.ids[who]), settings, record, found)
                paper.pdf, paper.made_at = b"%PDF-1.7", clock.now()
                kept[who] = f"/prints/{paper.id}"
        db.engine.dispose()
    for who, path in kept.items():
        assert "Fair average and interval" in Browser(app, who).get(path).text
        page = Browser(off, who).get(path).text
        assert "What was seen, skill by skill" in page
        assert not CANARY.search(page)
    assert Browser(off, "cleo").get(f"{kept['cleo']}/pdf").location == kept["cleo"]
    assert Browser(off, "ana").get(f"{kept['ana']}/pdf").get_data() == b"%PDF-1.7"


def test_no_run_is_made_and_what_was_kept_about_people_goes(off, before):
    known, _purpose_id = before
    with off.app_context():
        runs = len(make.runs())
        assert make.measure(known.ana) is not None
        make.rated(known, "ana", "rp09", make.GOOD)
        jobs.run_waiting()
        make.run()
        assert len(make.runs()) == runs
        assert make.measure(known.ana) is None
    assert Browser(off, "ana").get("/account/export").json["measures"] is None


@pytest.mark.one_database
@pytest.mark.parametrize(("value", "on"), [("on", True), ("ON", True), ("off", False), ("of", False), ("False", False)])
def test_a_value_that_nobody_knows_is_off(settings, value, on):
    assert replace(settings, measures=value).measuring is on


def test_a_viewers_printed_edition_from_before_answers_without_figures_and_gives_no_file(app, off, before):
    known, purpose_id = before
    with app.app_context():
        with transaction() as session:
            cleo = loop.actor(session, known.cleo)
            settings = app.config["COACHKIT"]
            batch = batches.start_released(session, cleo, purpose_id)
            report = reports.freeze_released(
                session, known.cleo, loop.library(), library_of, settings, purpose_id, known.ana, actor=cleo
            )
            report.pdf, report.made_at = b"%PDF-1.7", clock.now()
            item = session.scalars(select(ReportItem).where(ReportItem.batch_id == batch.id)).one()
            item.report_id, item.state = report.id, "made"
            kept, batch_id = f"/prints/{report.id}", batch.id
        people = frozenset({known.ana})
        assert len(list(archive.files(db.engine, purpose_id, batch_id, people))) == 1
        assert list(archive.files(db.engine, purpose_id, batch_id, people, figures=False)) == []
        db.engine.dispose()
    browser = Browser(off, "cleo")
    assert CANARY.search(browser.get(kept).text) is None
    assert browser.get(f"{kept}/pdf").location == kept
    assert "does not show any more" in browser.get(kept).text
