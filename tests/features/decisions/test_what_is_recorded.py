"""Readiness, purposes, releases and decisions: what the services accept, refuse and keep."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from coachkit.domain.decision.readiness import Result
from coachkit.domain.decision.snapshot import fingerprint
from coachkit.features.decisions import board, privacy, queries, records, service
from coachkit.features.decisions.models import DecisionRecord, Release
from coachkit.features.decisions.record_page import record_page
from coachkit.features.organisation import service as organisation
from coachkit.features.organisation.queries import readiness_page, readiness_today
from coachkit.platform import clock
from coachkit.platform.audit import AuditEvent
from coachkit.platform.db import transaction
from coachkit.platform.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from tests.factories import decisions as make
from tests.factories.decisions import REPLACE, actor

SKILLS = ("analysis", "interviewing", "presenting", "comm", "credibility", "persuasion", "trust")
pytestmark = pytest.mark.usefixtures("session")


def events(session, action):
    return list(session.scalars(select(AuditEvent).where(AuditEvent.action == action)))


def test_an_incomplete_check_is_refused_and_a_future_day_too(session):
    found = make.answers()
    del found["RC-3"]
    with pytest.raises(InvalidError) as caught:
        organisation.record_readiness(session, None, found, clock.today() + timedelta(days=1))
    assert set(caught.value.fields) == {"RC-3", "assessed_on"}


def test_a_check_counts_until_it_expires(session):
    make.ready(clock.today() - timedelta(days=200))
    assert readiness_today(session)[1] is Result.READY
    with clock.shifted(timedelta(days=100)):
        assert readiness_today(session)[1] is Result.NOT_YET
        page = readiness_page(session)
        assert page.expired
        assert not page.current


def test_the_newest_check_counts_even_where_it_is_worse(session):
    make.ready(clock.today() - timedelta(days=10))
    make.ready(RC_4=0)
    assert readiness_today(session)[1] is Result.NOT_YET


def test_without_a_basis_nobody_can_state_a_role_decision(cast):
    with pytest.raises(InvalidError) as caught:
        make.purpose(cast)
    assert list(caught.value.fields) == ["kind"]
    assert make.purpose(cast, kind="development")


def test_ending_the_basis_closes_its_purposes_at_once(cast, session):
    purpose_id = make.opened(cast)
    with transaction() as own:
        service.end_basis(own, actor(own, cast.ada))
    case = queries.purpose_case(session, service.find_purpose(session, purpose_id))
    assert not case.open


def test_role_lines_are_complete_and_fixed_with_the_purpose(cast, session):
    purpose_id = make.opened(cast)
    assert len(queries.role_lines(session, purpose_id)) == 7
    stated = events(session, "purpose:state")[0]
    assert json.loads(stated.detail)["lines"]["trust"] == 3


def test_only_learners_are_asked_and_only_cios_look(cast, session):
    make.basis(cast)
    with transaction() as own:
        books = make.library()
        purpose = service.state_purpose(
            own,
            actor(own, cast.cleo),
            books,
            kind="development",
            title="T",
            why="W",
            role_name="R",
            lines=dict.fromkeys(SKILLS, 3),
            ends_on=clock.today() + timedelta(days=5),
            viewer_ids=[cast.ben, cast.otto],
            person_ids=[cast.ana, cast.ben],
        )
        purpose_id = purpose.id
    assert queries.viewer_ids(session, purpose_id) == {cast.cleo}
    assert [person_id for person_id, _ in queries.asked_people(session, purpose_id)] == [cast.ana]


def test_somebody_who_is_not_asked_cannot_release(cast):
    make.basis(cast)
    purpose_id = make.purpose(cast, "ana")
    with pytest.raises(NotFoundError):
        make.released(cast, purpose_id, "dan")


def test_a_release_is_one_row_until_it_is_withdrawn_and_may_come_again(cast, session):
    purpose_id = make.opened(cast)
    make.released(cast, purpose_id, comment="Other words.")
    assert len(list(session.scalars(select(Release)))) == 1
    make.withdrawn(cast, purpose_id)
    make.withdrawn(cast, purpose_id)
    assert queries.released_ids(session, purpose_id) == frozenset()
    make.released(cast, purpose_id)
    assert queries.released_ids(session, purpose_id) == {cast.ana}
    assert len(events(session, "release:give")) == 2
    assert len(events(session, "release:withdraw")) == 1


def test_nothing_can_be_released_to_a_purpose_that_has_ended(cast):
    make.basis(cast)
    purpose_id = make.purpose(cast, days=3)
    with clock.shifted(timedelta(days=4)), pytest.raises(ConflictError):
        make.released(cast, purpose_id)


def test_a_withdrawal_wins_over_a_page_that_is_being_made(cast, session, monkeypatch):
    purpose_id = make.opened(cast)
    purpose = service.find_purpose(session, purpose_id)
    looked = queries.released_ids(session, purpose_id)
    real = board.gather

    def slow(*args, **kwargs):
        found = real(*args, **kwargs)
        session.rollback()
        row = queries.open_release(session, purpose_id, cast.ana)
        row.withdrawn_at = clock.now()
        session.commit()
        return found

    monkeypatch.setattr(board, "gather", slow)
    page = board.board(session, make.library(), make.library_of, purpose, looked)
    assert [row.file for row in page.rows] == [None, None]


def test_a_decision_after_a_withdrawal_finds_nothing(cast):
    purpose_id = make.opened(cast)
    page = make.seen_now(cast, purpose_id)
    make.withdrawn(cast, purpose_id)
    with pytest.raises(NotFoundError):
        make.decided(cast, purpose_id, page=page)


def test_a_decision_keeps_everything_that_was_seen(cast, session):
    make.second_coach(cast)
    make.rated(cast, "rp04", 3)
    purpose_id = make.opened(cast)
    record_id = make.decided(cast, purpose_id)
    record = session.get(DecisionRecord, record_id)
    skills = {skill["id"]: skill for skill in record.snapshot["skills"]}
    assert skills["interviewing"]["ratings"] == 3
    assert skills["interviewing"]["observed"][0]["evidence"].startswith("She asked")
    assert record.snapshot["person"]["comment"] == "My segment lost its only clerk in June."
    assert record.snapshot_hash == fingerprint(record.snapshot)
    assert "Ben Tanaka" not in json.dumps(record.snapshot)
    event = events(session, "decision:record")[0]
    assert json.loads(event.detail)["snapshot"] == record.snapshot_hash


def test_later_ratings_change_nothing_in_a_record(cast, session):
    purpose_id = make.opened(cast)
    record_id = make.decided(cast, purpose_id)
    make.rated(cast, "rp04", 3, days_ago=0)
    page = record_page(session, make.library(), session.get(DecisionRecord, record_id))
    assert page.unchanged
    assert page.file.rated == ()


def test_a_changed_snapshot_is_noticed(cast, session):
    purpose_id = make.opened(cast)
    record = session.get(DecisionRecord, make.decided(cast, purpose_id))
    record.snapshot = {**record.snapshot, "tries": [], "skills": []}
    assert not record_page(session, make.library(), record).unchanged


def test_evidence_that_has_moved_on_is_looked_at_again_first(cast):
    purpose_id = make.opened(cast)
    page = make.seen_now(cast, purpose_id)
    make.rated(cast, "rp04", 3)
    with pytest.raises(ConflictError, match="evidence has changed"):
        make.decided(cast, purpose_id, page=page)


def test_a_record_is_amended_by_a_new_one_and_two_at_once_are_one(cast, session):
    purpose_id = make.opened(cast)
    page = make.seen_now(cast, purpose_id)
    first = make.decided(cast, purpose_id)
    with pytest.raises(ConflictError, match="recorded a decision"):
        make.decided(cast, purpose_id, page=page)
    second = make.decided(cast, purpose_id)
    lines = records.decisions_about(session, cast.ana)
    assert [(line.id, line.newest) for line in lines] == [(second, True), (first, False)]


def test_replacing_without_a_reason_from_work_is_refused(cast):
    make.enough_seen(cast)
    purpose_id, named = make.opened(cast), make.independent(cast)
    with pytest.raises(InvalidError) as caught:
        make.decided(cast, purpose_id, replace(REPLACE, work_reason=""), named=named)
    assert list(caught.value.fields) == ["work_reason"]
    assert "Practice alone is refused" in caught.value.fields["work_reason"]
    assert make.decided(cast, purpose_id, REPLACE, named=named)


def test_nothing_is_decided_while_the_organisation_is_not_ready(cast):
    purpose_id = make.opened(cast)
    page = make.seen_now(cast, purpose_id)
    make.ready(RC_5=0)
    with pytest.raises(NotFoundError):
        make.decided(cast, purpose_id, page=page)


def test_a_report_is_open_to_a_viewer_while_the_release_holds(cast, session):
    assert not queries.released_purpose_case(session, cast.ana, cast.cleo).released
    session.rollback()
    purpose_id = make.opened(cast)
    assert queries.released_purpose_case(session, cast.ana, cast.cleo).released
    assert not queries.released_purpose_case(session, cast.ana, cast.otto).released
    assert not queries.released_purpose_case(session, cast.dan, cast.cleo).released
    session.rollback()
    make.withdrawn(cast, purpose_id)
    assert not queries.released_purpose_case(session, cast.ana, cast.cleo).released


def test_practice_and_old_attempts_never_reach_a_purpose(cast):
    make.rated(cast, "rp04", 3, kind="practice")
    make.rated(cast, "rp04", 3, days_ago=400)
    purpose_id = make.opened(cast)
    assert make.queries_page(cast, purpose_id).file.rated == ()


@pytest.mark.parametrize("who", ["ana", "ben", "ada", "otto"])
def test_only_a_cio_states_a_purpose(cast, who):
    with pytest.raises(ForbiddenError):
        make.purpose(cast, "dan", viewer=who, kind="development")


def test_everything_about_a_person_can_be_taken_away_and_destroyed(cast, session):
    purpose_id = make.opened(cast)
    make.decided(cast, purpose_id)
    make.decided(cast, purpose_id)
    found = privacy.export_person(session, cast.ana)
    assert json.loads(json.dumps(found))["releases"][0]["comment"].startswith("My segment")
    assert len(found["decisions_about"]) == 2
    session.rollback()
    with transaction() as own:
        privacy.erase_person(own, cast.ana)
        privacy.erase_person(own, cast.cleo)
    assert list(session.scalars(select(DecisionRecord))) == []
    assert privacy.export_person(session, cast.ana)["releases"] == []
    assert queries.viewer_ids(session, purpose_id) == frozenset()


def test_erasing_who_decided_keeps_the_decision_without_a_name(cast, session):
    purpose_id = make.opened(cast)
    make.decided(cast, purpose_id)
    with transaction() as own:
        privacy.erase_person(own, cast.cleo)
    assert records.decisions_about(session, cast.ana)[0].decided_by == "Somebody who has left"
