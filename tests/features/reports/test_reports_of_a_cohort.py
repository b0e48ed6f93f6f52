"""A cohort's reports in one go: everybody gets his own, exactly once, whatever happens to the workers."""

from datetime import timedelta
from html import unescape

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from coachkit.cli import main
from coachkit.features.reports import jobs as making
from coachkit.features.reports import privacy
from coachkit.features.reports.models import Report, ReportItem
from coachkit.platform import clock, jobs, pdf
from coachkit.platform.access_record import AccessRecord
from coachkit.platform.audit import AuditEvent
from coachkit.platform.db import db, transaction
from coachkit.platform.idempotency import new_key
from tests.factories import loop

pytestmark = pytest.mark.skipif(not pdf.status().ready, reason="needs Pango")


@pytest.fixture
def started(browse, cast):
    assert browse("ada").post("/admin/reports", cohort_id="1").location == "/admin/reports/1"
    return 1


def items(session):
    session.rollback()
    return session.scalars(select(ReportItem).order_by(ReportItem.id)).all()


def test_everybody_in_the_cohort_gets_his_own_report_and_the_administrator_none(browse, cast, session, started):
    jobs.run_waiting()
    rows = items(session)
    assert [(row.person_id, row.state) for row in rows] == [(cast.ana, "made"), (cast.dan, "made")]
    assert browse("ana").get(f"/report/{rows[0].report_id}/pdf").data.startswith(b"%PDF")
    for who, report_id in (("ana", rows[1].report_id), ("ada", rows[0].report_id), ("ada", rows[1].report_id)):
        assert browse(who).get(f"/report/{report_id}/pdf").status_code == 404
    page = browse("ada").get("/admin/reports/1").text
    assert "2 of 2" in page
    assert "Nothing is left to do." in page
    assert not any(report.code in page for report in session.scalars(select(Report)))


def test_the_first_report_is_there_before_the_last_one_is_begun(browse, cast, session, started):
    jobs.run(jobs.waiting(db.session())[0])
    first, second = items(session)
    assert (first.state, second.state) == ("made", "waiting")
    assert browse("ana").get(f"/report/{first.report_id}/pdf").status_code == 200
    assert "1 of 2" in browse("ada").get("/admin/reports/1/state").text


def test_a_job_delivered_three_times_makes_one_report(app, cast, session, started):
    for _ in range(3):
        with transaction() as mine:
            making.make_item(mine, item_id=1)
    assert len(session.scalars(select(Report)).all()) == 1
    assert items(session)[0].state == "made"


def test_what_a_killed_worker_had_frozen_is_printed_by_the_next_one(app, cast, session, started):
    with transaction() as mine:  # as far as a worker gets that dies while the PDF is being made
        frozen = making.freeze(mine, mine.get_one(ReportItem, 1))
        mine.execute(update(ReportItem).where(ReportItem.id == 1).values(report_id=frozen.id))
    jobs.run_waiting()
    reports = session.scalars(select(Report).where(Report.person_id == cast.ana)).all()
    assert [report.id for report in reports] == [items(session)[0].report_id]
    assert reports[0].made_at is not None


def test_stopping_keeps_what_is_made(browse, cast, session, started):
    jobs.run(jobs.waiting(db.session())[0])
    assert browse("ada").post("/admin/reports/1/cancel").status_code == 303
    jobs.run_waiting()
    assert [row.state for row in items(session)] == ["made", "cancelled"]
    page = browse("ada").get("/admin/reports/1").text
    assert "1 of 2" in page
    assert "what is made stays" in page


def test_a_failure_is_named_with_its_reason_and_can_be_tried_again(browse, cast, session, started):
    sentence = "The report took longer than thirty seconds and was stopped. Please try again later."
    with transaction() as mine:
        failed = mine.get_one(ReportItem, 1)
        failed.report_id = making.freeze(mine, mine.get_one(ReportItem, 1)).id
        failed.state, failed.problem = "failed", sentence
        mine.get_one(Report, failed.report_id).problem = sentence
    jobs.run_waiting()
    page = unescape(browse("ada").get("/admin/reports/1").text)
    assert f"Ana Baptiste: {sentence}" in page
    assert browse("ada").post("/admin/reports/1/again").status_code == 303
    jobs.run_waiting()
    assert [row.state for row in items(session)] == ["made", "made"]
    assert len(session.scalars(select(Report)).all()) == 2


@pytest.fixture
def broken(monkeypatch):
    """Printing fails in a way that nobody foresaw, until the fixture's function is called."""

    def fails(*_):
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(making, "print_kept", fails)
        yield patch.undo


def test_a_fault_that_nobody_foresaw_ends_as_a_failure_with_a_reason(browse, cast, session, started, broken):
    for minutes in range(4):
        with clock.shifted(timedelta(minutes=minutes)):
            jobs.run_waiting()
    assert [(row.state, row.problem) for row in items(session)] == [("failed", making.UNEXPECTED)] * 2
    page = unescape(browse("ada").get("/admin/reports/1").text)
    assert f"Ana Baptiste: {making.UNEXPECTED}" in page
    assert making.UNEXPECTED in unescape(browse("ana").get(f"/report/{items(session)[0].report_id}").text)
    broken()
    assert browse("ada").post("/admin/reports/1/again").status_code == 303
    jobs.run_waiting()
    assert [row.state for row in items(session)] == ["made", "made"]
    assert len(session.scalars(select(Report)).all()) == 2, "what was frozen is printed, not frozen again"


def test_a_batch_whose_workers_all_died_ends_as_a_failure(browse, cast, session, started, monkeypatch):
    def dies(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(making, "print_kept", dies)
    for leases in range(3):
        with clock.shifted(leases * (jobs.LEASE + timedelta(seconds=1))):
            for job_id in jobs.waiting(db.session()):
                with pytest.raises(KeyboardInterrupt):
                    jobs.run(job_id)
    with clock.shifted(3 * (jobs.LEASE + timedelta(seconds=1))):
        jobs.run_waiting()
    assert [row.state for row in items(session)] == ["failed", "failed"]


def test_asking_again_while_a_batch_is_running_leads_to_it(browse, cast, session, started):
    ada, key = browse("ada"), new_key()
    assert [ada.post("/admin/reports", cohort_id="1", key=key).location for _ in range(2)] == ["/admin/reports/1"] * 2
    assert len(items(session)) == 2


def test_a_cohort_that_does_not_exist_is_missing_and_others_may_not_ask(browse, cast):
    assert browse("ada").post("/admin/reports", cohort_id="77").status_code == 404
    assert browse("ada").get("/admin/reports/77").status_code == 404
    assert browse("ben").post("/admin/reports", cohort_id="1").status_code == 403


def test_start_and_stop_are_on_the_chain(browse, session, started):
    browse("ada").post("/admin/reports/1/cancel")
    actions = session.scalars(select(AuditEvent.action)).all()
    assert {"report-batch:start", "report-batch:cancel"} <= set(actions)


def test_whoever_is_erased_leaves_the_batch(cast, session, started):
    privacy.erase_person(session, cast.ana)
    privacy.erase_person(session, cast.ada)
    assert session.scalars(select(ReportItem.person_id)).all() == [cast.dan]
    assert privacy.export_person(session, cast.dan)["made_for_a_cohort"] == [{"state": "waiting", "finished_at": None}]


@pytest.mark.one_database
def test_the_command_writes_the_files_tells_each_learner_and_writes_none_twice(app, cast, settings, session, tmp_path):
    with app.app_context():
        loop.revealed(cast, days_ago=3)
    environment = {
        "COACHKIT_INSTANCE": str(settings.instance),
        "COACHKIT_CONTENT": str(settings.content),
        "COACHKIT_DATABASE_URL": settings.database_url,
    }
    command = ["report", "--cohort", "Spring", "--out", str(tmp_path / "out")]
    answer = CliRunner().invoke(main, command, env=environment)
    assert answer.exit_code == 0, answer.output
    assert "2 files written" in answer.output
    assert sorted(path.suffix for path in (tmp_path / "out").iterdir()) == [".pdf", ".pdf"]
    session.rollback()
    looks = session.scalars(select(AccessRecord).where(AccessRecord.viewer_role == "operator")).all()
    assert sorted(look.person_id for look in looks) == sorted([cast.ana, cast.dan])
    assert CliRunner().invoke(main, [*command[:2], "Nobody", *command[3:]], env=environment).exit_code == 1
