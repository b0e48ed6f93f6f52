"""A purpose's released editions in one go: for the viewer who asked, of those whose release holds, on the record."""

import io
import zipfile

import pytest
from sqlalchemy import select

from coachkit.domain.report.progress import ProgressReport
from coachkit.features.reports import archive, privacy
from coachkit.features.reports import jobs as making
from coachkit.features.reports.models import Report, ReportItem
from coachkit.platform import jobs, pdf
from coachkit.platform.access_record import AccessRecord
from coachkit.platform.db import db
from tests.factories import decisions, loop

pytestmark = pytest.mark.skipif(not pdf.status().ready, reason="needs Pango")


@pytest.fixture
def purpose_id(app, cast):
    """Ana and Dan have released to it."""
    with app.app_context():
        loop.revealed(cast, days_ago=3)
        loop.revealed(cast, learner="dan", by="eva", days_ago=3)
        decisions.ready()
        decisions.basis(cast)
        purpose = decisions.purpose(cast)
        decisions.released(cast, purpose)
        decisions.released(cast, purpose, "dan")
        return purpose


@pytest.fixture
def made(browse, session, purpose_id):
    """The address of the finished batch."""
    answer = browse("cleo").post(f"/decisions/{purpose_id}/reports")
    jobs.run_waiting()
    return answer.location


def names_in(answer) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(answer.data)) as whole:
        assert whole.testzip() is None
        assert all(whole.read(name).startswith(b"%PDF") for name in whole.namelist())
        return whole.namelist()


def test_the_zip_holds_each_released_edition_and_each_person_is_told(browse, cast, session, made):
    answer = browse("cleo").get(f"{made}/zip")
    assert names_in(answer) == [
        report.number + ".pdf" for report in session.scalars(select(Report).order_by(Report.id))
    ]
    assert answer.headers["Cache-Control"] == "no-store"
    looks = session.scalars(select(AccessRecord).where(AccessRecord.what.like("downloaded%"))).all()
    assert sorted(look.person_id for look in looks) == sorted([cast.ana, cast.dan])
    assert {look.viewer_id for look in looks} == {cast.cleo}


def test_a_released_edition_holds_nothing_of_the_learners_own(session, made):
    for report in session.scalars(select(Report)):
        shown = ProgressReport.from_json(report.document)
        assert all(seen.self_level is None and not seen.self_evidence for seen in shown.observations())
        assert shown.notes == ()
        assert shown.focus.plans == ()


def test_whoever_withdraws_is_left_out_of_the_next_download_and_gets_no_record(browse, cast, session, purpose_id, made):
    browse("dan").post(f"/purposes/{purpose_id}/withdraw")
    assert len(names_in(browse("cleo").get(f"{made}/zip"))) == 1
    looks = session.scalars(select(AccessRecord).where(AccessRecord.what.like("downloaded%"))).all()
    assert [look.person_id for look in looks] == [cast.ana]


def test_whoever_withdraws_while_the_zip_is_being_written_is_left_out(app, browse, cast, session, purpose_id, made):
    files = archive.files(db.engine, purpose_id, 1, frozenset({cast.ana, cast.dan}))
    first = next(files)
    session.rollback()
    browse("dan").post(f"/purposes/{purpose_id}/withdraw")
    assert first[2].startswith(b"%PDF")
    assert list(files) == []


def test_whoever_withdraws_before_his_is_made_ends_as_not_released(browse, cast, session, purpose_id):
    browse("cleo").post(f"/decisions/{purpose_id}/reports")
    browse("dan").post(f"/purposes/{purpose_id}/withdraw")
    jobs.run_waiting()
    rows = session.execute(select(ReportItem.person_id, ReportItem.state, ReportItem.problem)).all()
    assert set(rows) == {
        (cast.ana, "made", ""),
        (cast.dan, "failed", making.NOT_RELEASED),
    }


def test_nothing_is_made_for_a_purpose_that_has_ended_meanwhile(browse, session, purpose_id):
    cleo = browse("cleo")
    cleo.post(f"/decisions/{purpose_id}/reports")
    cleo.post(f"/decisions/{purpose_id}/close")
    jobs.run_waiting()
    assert session.scalars(select(Report)).all() == []
    assert set(session.scalars(select(ReportItem.state))) == {"failed"}


def test_an_ended_purpose_closes_the_batch_and_its_download(browse, purpose_id, made):
    cleo = browse("cleo")
    cleo.post(f"/decisions/{purpose_id}/close")
    for part in ("", "/state", "/zip"):
        assert cleo.get(made + part).status_code == 404


def test_a_batch_of_a_purpose_is_no_administrators_and_a_cohorts_no_viewers(browse, purpose_id, made):
    assert browse("ada").get("/admin/reports/1").status_code == 404
    assert browse("ada").post("/admin/reports/1/cancel").status_code == 404
    browse("ada").post("/admin/reports", cohort_id="1")
    assert browse("cleo").get(f"/decisions/{purpose_id}/reports/2/zip").status_code == 404


def test_the_person_takes_the_released_edition_away_with_her_data_and_it_goes_with_her(cast, session, made):
    assert len(privacy.export_person(session, cast.ana)["reports"]) == 1
    assert privacy.export_person(session, cast.cleo)["reports"] == []
    privacy.erase_person(session, cast.ana)
    assert session.scalars(select(Report.about_id)).all() == [cast.dan]
