"""The judge of the proofs finds every kind of damage that it is there to find."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from coachkit.domain.assessment.scale import Level
from coachkit.domain.assessment.sheet import Line
from coachkit.features.practice import service as practice
from coachkit.platform.db import db, transaction
from tests.factories import loop
from tests.proofs.instance import SCENARIO, Instance, make
from tests.proofs.judge import SOUND, Stored, compare, judge
from tests.proofs.ledger import Entry, Ledger, sha

CUE, EVIDENCE, OWN = "If she names a tool", "She counted eleven cases.", "I asked and waited"
COPY = (
    "INSERT INTO attempt (id, learner_id, scenario_id, parallel, library_version, kind, coach_id, focus, cue, act,"
    " partner_name, played_on, evidence, filed, created_at, version) SELECT max(id) + 1, learner_id, scenario_id,"
    " parallel, library_version, kind, coach_id, focus, cue, act, partner_name, played_on, evidence, filed, created_at,"
    " version FROM attempt"
)
DAMAGES = {
    "UPDATE attempt SET cue = 'Another'": {"started", "strange"},
    "UPDATE attempt SET submitted_at = NULL": {"submitted", "halves"},
    "UPDATE attempt SET evidence = 'Shorter'": {"evidence"},
    "UPDATE rating SET evidence = 'Another'": {"texts"},
    "UPDATE rating SET level = 4": {"texts"},
    "UPDATE rating_sheet SET locked_at = NULL": {"halves", "texts"},
    "DELETE FROM outbox": {"halves"},
    COPY: {"double", "halves"},
}


@pytest.fixture(scope="module")
def instance(tmp_path_factory) -> Instance:
    return make(tmp_path_factory.mktemp("judged") / "instance")


@pytest.fixture(scope="module")
def ledger(instance) -> Ledger:
    """One attempt, submitted through the services, as an honest learner would have noted it down."""
    learner = next(iter(instance.learners.values()))
    with instance.application() as app, transaction() as session:
        me, library = loop.actor(session, learner), app.extensions["coachkit_shelf"].current(session)
        attempt = practice.start(session, me, library, SCENARIO, kind="official", cue=CUE)
        practice.save_evidence(session, me, attempt.id, version=1, partner_name="", played_on=None, evidence=EVIDENCE)
        lines = {c: Line(Level(2), f"{OWN}, {c}", Level(3)) for c in instance.criteria}
        practice.submit(session, me, library, attempt.id, lines, version=0, other="your coach")
        attempt_id = attempt.id
    texts = {c: sha(f"{OWN}, {c}") for c in instance.criteria}
    return Ledger([Entry(learner, sha(CUE), sha(EVIDENCE), texts, attempt_id, kept=True, meant=True, submitted=True)])


def found_after(instance: Instance, ledger: Ledger, statement: str) -> set[str]:
    found: dict[str, list[str]] = {name: [] for name in SOUND}
    with instance.application():
        db.session.execute(text(statement))
        compare(Stored(), ledger, found)
        db.session.rollback()
    return {name for name, items in found.items() if items}


@pytest.mark.parametrize("statement", DAMAGES)
def test_damage_has_its_name(instance, ledger, statement):
    assert found_after(instance, ledger, statement) == DAMAGES[statement]


def test_health_and_a_changed_event_and_a_torn_file(instance, ledger):
    assert not any(judge(instance, ledger).values())
    with instance.application(), db.engine.begin() as connection:
        for name in connection.scalars(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_event'")
        ).all():
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text("UPDATE audit_event SET action = 'attempt:smile' WHERE action = 'attempt:start'"))
    assert {name for name, items in judge(instance, ledger).items() if items} == {"chain", "halves"}
    with instance.application(), db.engine.begin() as connection:
        connection.execute(text("PRAGMA writable_schema = ON"))
        connection.execute(text("DELETE FROM sqlite_master WHERE name = 'ix_attempt_learner'"))
    assert "integrity" in {name for name, items in judge(instance, ledger).items() if items}
