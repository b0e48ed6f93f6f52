"""Eight processes write to one SQLite file, and each gets its turn."""

from __future__ import annotations

import pytest

from tests.proofs import writers
from tests.proofs.instance import make

pytestmark = pytest.mark.slow
EACH = 8


def test_nobody_is_told_that_the_database_is_locked(tmp_path):
    found = writers.run(make(tmp_path / "instance"), each=EACH)
    assert found.errors == ()
    assert found.submits == found.stored == writers.WRITERS * EACH
    assert found.chain_whole


def test_transactions_that_read_before_they_say_that_they_write_are_caught(tmp_path):
    found = writers.run(make(tmp_path / "instance"), each=EACH, how="deferred")
    assert found.locked, found
    assert found.stored == found.submits
    assert found.chain_whole
