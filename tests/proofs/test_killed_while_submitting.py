"""What was acknowledged is there exactly once, whichever processes were killed meanwhile."""

from __future__ import annotations

import uuid

import pytest

from tests.proofs import kill9
from tests.proofs.instance import make

pytestmark = pytest.mark.slow


def test_on_sqlite_nothing_acknowledged_is_lost_or_doubled(tmp_path):
    instance = make(tmp_path / "instance")
    outcome = kill9.run(instance, [kill9.WORKER, kill9.GROUP])
    assert outcome.sound, outcome
    assert all(outcome.kills.values())
    assert outcome.counts["submit acknowledged"] >= 10
    assert instance.is_quiet()


def test_on_postgresql_neither(tmp_path, postgres):
    name = f"proof_{uuid.uuid4().hex[:8]}"
    postgres.run(f"CREATE DATABASE {name}")
    try:
        instance = make(tmp_path / "instance", database_url=postgres.url(name))
        outcome = kill9.run(instance, [kill9.WORKERS])
        assert outcome.sound, outcome
        assert all(outcome.kills.values())
        assert instance.is_quiet()
    finally:
        postgres.run(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_site_that_acknowledges_before_it_commits_is_caught(tmp_path):
    instance = make(tmp_path / "instance")
    outcome = kill9.run(instance, [kill9.WORKERS], target=kill9.ACK_FIRST, warm=2, workers=1)
    assert outcome.lost, outcome


def test_a_site_that_ignores_keys_is_caught(tmp_path):
    instance = make(tmp_path / "instance")
    outcome = kill9.run(instance, [], target=kill9.NO_KEYS, careless=0.25, workers=1)
    assert outcome.double, outcome
