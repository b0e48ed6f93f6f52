"""Work for later: promised with what asked for it, done once, and tried again."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from coachkit.app import with_queue
from coachkit.features.accounts.models import Cohort
from coachkit.platform import clock, jobs
from coachkit.platform.db import transaction
from coachkit.platform.jobs import Outbox

DAY = clock.today()


@pytest.fixture
def handler(session):
    """`handler(function)` makes it do the jobs called «test.work» for one test."""

    def install(function, **more):
        jobs.HANDLERS.pop("test.work", None)
        return jobs.job("test.work", **more)(function)

    yield install
    jobs.HANDLERS.pop("test.work", None)
    jobs.GIVEN_UP.pop("test.work", None)
    jobs.LONG_LEASES.pop("test.work", None)


@pytest.fixture
def queue(app):
    """The real queue, attached to the application."""
    attached = with_queue(app)
    yield attached
    attached.huey.storage.close()


def asked(number: int = 1, **more) -> int:
    with transaction() as own:
        jobs.enqueue(own, "test.work", number=number, **more)
        return own.scalars(select(Outbox.id).order_by(Outbox.id.desc())).first()


def open_cohort(session, *, number):
    session.add(Cohort(name=f"Cohort {number}", starts_on=DAY))


def cohorts(session) -> list[str]:
    return sorted(session.scalars(select(Cohort.name).where(Cohort.name.like("Cohort %"))))


def row(session, job_id) -> Outbox:
    session.rollback()
    return session.get_one(Outbox, job_id)


def test_work_is_done_with_its_arguments(handler, session):
    handler(open_cohort)
    asked(7)
    assert jobs.run_waiting() == 1
    assert cohorts(session) == ["Cohort 7"]


def test_delivered_twice_is_done_once(handler, session):
    done = []

    def count(own, *, number):
        done.append(number)
        open_cohort(own, number=number)

    handler(count)
    job_id = asked()
    assert jobs.run(job_id)
    assert not jobs.run(job_id)
    with clock.shifted(jobs.LEASE + timedelta(seconds=1)):
        assert not jobs.run(job_id), "also when it comes late"
        assert jobs.run_waiting() == 0
    assert done == [1]
    assert cohorts(session) == ["Cohort 1"]


def test_what_is_rolled_back_asks_for_nothing(handler, session, queue):
    with pytest.raises(ZeroDivisionError), transaction() as own:  # noqa: PT012
        jobs.enqueue(own, "test.work", number=1)
        raise ZeroDivisionError
    assert session.scalars(select(Outbox)).all() == []
    assert queue.huey.pending_count() == 0


def test_what_is_rolled_back_is_not_handed_over_by_the_next_commit(session, queue):
    """As in a request that was refused and then commits what it has to keep."""
    jobs.enqueue(session, "test.work", number=1)
    session.rollback()
    session.add(Cohort(name="Kept", starts_on=DAY))
    session.commit()
    assert queue.huey.pending_count() == 0


def test_what_is_committed_is_handed_over_at_once(handler, session, queue):
    handler(open_cohort)
    asked()
    assert queue.huey.pending_count() == 1
    queue.huey.execute(queue.huey.dequeue())
    assert cohorts(session) == ["Cohort 1"]


def test_a_queue_out_of_reach_loses_nothing(handler, session, app):
    class Broken:
        def hand_over(self, job_id):
            raise ConnectionError

    handler(open_cohort)
    app.extensions["coachkit_queue"] = Broken()
    asked()
    assert jobs.run_waiting() == 1


def test_a_failure_leaves_no_half_work_and_is_tried_again(handler, session):
    tries = []

    def fails_first(own, *, number):
        open_cohort(own, number=number)
        own.flush()
        tries.append(number)
        if len(tries) == 1:
            raise ZeroDivisionError

    handler(fails_first)
    job_id = asked()
    assert not jobs.run(job_id)
    assert cohorts(session) == []
    assert row(session, job_id).problem == "ZeroDivisionError"
    assert jobs.run_waiting() == 0, "not at once"
    with clock.shifted(timedelta(seconds=11)):
        assert jobs.run_waiting() == 1
    assert cohorts(session) == ["Cohort 1"]
    assert row(session, job_id).problem == ""


def test_after_three_failures_it_is_left_alone_with_its_problem(handler, session):
    def fails(own, *, number):
        raise KeyError(number)

    handler(fails)
    job_id = asked()
    for minutes in range(6):
        with clock.shifted(timedelta(minutes=minutes)):
            jobs.run_waiting()
    found = row(session, job_id)
    assert (found.tries, found.problem, found.done_at) == (3, "KeyError", None)


def test_whoever_waits_is_told_once_when_the_last_try_has_failed(handler, session):
    told = []

    def fails(own, *, number):
        raise KeyError(number)

    handler(fails, given_up=lambda own, *, number: told.append(number))
    asked(7)
    for minutes in range(6):
        assert told == ([] if minutes < 3 else [7])
        with clock.shifted(timedelta(minutes=minutes)):
            jobs.run_waiting()
    assert told == [7]


def test_whoever_waits_is_told_once_when_three_workers_have_died(handler, session):
    told = []

    def killed(own, *, number):
        raise KeyboardInterrupt

    handler(killed, given_up=lambda own, *, number: told.append(number))
    job_id = asked(7)
    for leases in range(3):
        with clock.shifted(leases * (jobs.LEASE + timedelta(seconds=1))), pytest.raises(KeyboardInterrupt):
            jobs.run(job_id)
    jobs.run_waiting()
    assert told == [], "the third may still be at it"
    for leases in (3, 4):
        with clock.shifted(leases * (jobs.LEASE + timedelta(seconds=1))):
            jobs.run_waiting()
    assert told == [7]
    assert row(session, job_id).problem == "WorkerDied"


def test_work_that_may_take_long_is_begun_by_nobody_else_meanwhile(handler, session):
    begun = []

    def work(_session, *, number):
        begun.append(number)
        with clock.shifted(timedelta(hours=2)):
            assert jobs.waiting(session) == []

    handler(work, lease=timedelta(hours=3))
    asked(7)
    jobs.run_waiting()
    assert begun == [7]


def test_a_killed_worker_s_work_is_taken_up_when_its_lease_ends(handler, session):
    def killed(own, *, number):
        open_cohort(own, number=number)
        raise KeyboardInterrupt

    handler(killed)
    job_id = asked()
    with pytest.raises(KeyboardInterrupt):
        jobs.run(job_id)
    handler(open_cohort)
    assert not jobs.run(job_id), "somebody may still be at it"
    assert cohorts(session) == []
    with clock.shifted(jobs.LEASE + timedelta(seconds=1)):
        assert jobs.run_waiting() == 1
    assert cohorts(session) == ["Cohort 1"]


def test_work_for_later_waits_for_its_time(handler, session):
    handler(open_cohort)
    asked(delay=timedelta(days=2))
    assert jobs.run_waiting() == 0
    with clock.shifted(timedelta(days=2, seconds=1)):
        assert jobs.run_waiting() == 1


def test_work_for_later_is_not_done_early_by_whoever_hands_it_over(handler, session, queue):
    handler(open_cohort)
    job_id = asked(delay=timedelta(hours=1))
    assert queue.huey.pending_count() == 0
    assert queue.huey.scheduled_count() == 0
    assert not jobs.run(job_id), "not before its time, whoever delivers it"
    asked(2, delay=timedelta(seconds=10))
    queue.huey.execute(queue.huey.dequeue())
    assert queue.huey.scheduled_count() == 1, "what is due within a minute is timed"
    assert cohorts(session) == []


@pytest.mark.one_database
def test_two_handlers_for_one_name_are_refused(handler):
    handler(open_cohort)
    with pytest.raises(ValueError, match=r"test\.work"):
        jobs.job("test.work")(open_cohort)
