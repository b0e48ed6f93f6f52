"""More time, in writing, no camera: kept without a reason, seen by learner and coach, and by nobody else."""

import pytest
from sqlalchemy import select

from coachkit.features.practice.adjustments import service
from coachkit.features.practice.adjustments.models import Adjustment
from coachkit.platform import jobs
from coachkit.platform.db import transaction
from coachkit.platform.tools import tools
from coachkit.web.library import library_of
from tests.factories import decisions, loop
from tests.factories.pdf_text import embedded_files, pdf_text
from tests.factories.routes import paths

WORDS = ("In writing instead of live", "in writing instead of live", "No camera", "no camera", "More time", "more time")


pytestmark = pytest.mark.one_database


@pytest.fixture
def adjusted(app, cast):
    """Ana plays in writing, without a camera, and takes more time."""
    with app.app_context(), transaction() as session:
        service.set_adjustments(session, loop.actor(session, cast.ana), service.KINDS)


def test_the_learner_sets_it_and_takes_it_back(browse, cast, session):
    ana = browse("ana")
    assert ana.post("/practice/adjustments", adjustment=["written", "no_camera", "a reason"]).status_code == 303
    row = session.get(Adjustment, cast.ana)
    assert (row.more_time, row.written, row.no_camera) == (False, True, True)
    assert ana.get("/practice/adjustments").text.count(" checked") == 2
    ana.post("/practice/adjustments")
    assert session.scalars(select(Adjustment)).all() == []


def test_there_is_no_place_for_a_reason(session):
    assert {str(c.type) for c in Adjustment.__table__.columns} == {"INTEGER", "BOOLEAN", "DATETIME"}


@pytest.mark.usefixtures("adjusted")
def test_it_stands_beside_the_brief_and_where_the_coach_reads(browse, app, cast):
    with app.app_context():
        attempt_id = loop.submitted(cast)
    assert "In writing instead of live" in browse("ana").get(f"/practice/{attempt_id}").text
    ben = browse("ben")
    assert "in writing instead of live" in ben.get(f"/feedback/{attempt_id}").text
    assert "in writing instead of live" in ben.get(f"/feedback/learners/{cast.ana}").text


@pytest.mark.usefixtures("adjusted")
@pytest.mark.parametrize("who", ["dan", "eva", "mia", "lea", "cleo", "ada", "otto", None])
def test_it_reaches_nobody_else(browse, app, cast, who):
    with app.app_context():
        loop.revealed(cast, days_ago=3)
        decisions.ready()
        decisions.basis(cast)
        decisions.released(cast, decisions.purpose(cast))
    somebody = browse(who)
    for path in paths(app):
        if path.startswith(("/static", "/modules", "/practice/adjustments")):
            continue  # texts for everybody; and one's own page
        answer = somebody.get(path)
        text = pdf_text(answer.data) if answer.mimetype == "application/pdf" else answer.text
        assert not [words for words in WORDS[:4] if words in text], path


@pytest.mark.usefixtures("adjusted")
def test_it_stands_in_no_report_not_even_one_s_own(browse, app, cast):
    from coachkit.features.reports import service as reports

    with app.app_context():
        loop.revealed(cast, days_ago=3)
        with transaction() as session:
            report = reports.issue(
                session, loop.actor(session, cast.ana), loop.library(), library_of, app.config["COACHKIT"]
            )
    ana = browse("ana")
    pages = [ana.get(f"/report/{report.id}").text, ana.get(f"/report/{report.id}/report.json").text]
    with app.app_context():
        jobs.run_waiting()
        tools().renderer.close()
    pdf = ana.get(f"/report/{report.id}/pdf")
    assert pdf.mimetype == "application/pdf"
    attached = [data.decode(errors="replace") for data in embedded_files(pdf.data).values()]
    for text in (*pages, pdf_text(pdf.data), *attached):
        assert not [words for words in WORDS[:4] if words in text]
