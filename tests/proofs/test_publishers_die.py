"""Publishers are killed and bad packs come while people read: a read shows one whole valid edition."""

from __future__ import annotations

import pytest

from tests.proofs import publish
from tests.proofs.instance import make

pytestmark = pytest.mark.slow


def test_every_read_sees_one_whole_valid_edition(tmp_path):
    found = publish.run(make(tmp_path / "instance"), kills=2)
    assert found.torn == []
    assert found.failed == []
    assert (found.current, found.unreadable) == (1, 0)
    assert found.reads > 5
    assert found.pages > 5


def test_a_publisher_that_changes_what_is_served_in_place_is_caught(tmp_path):
    found = publish.run(make(tmp_path / "instance"), kills=2, how="in-place")
    assert found.torn
