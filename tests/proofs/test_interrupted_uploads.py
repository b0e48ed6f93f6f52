"""Uploads that are interrupted at random arrive whole, fill the quota exactly and leave nothing behind."""

from __future__ import annotations

import pytest

from tests.proofs import uploads
from tests.proofs.instance import make

pytestmark = pytest.mark.slow


def test_interrupted_uploads_arrive_whole(tmp_path):
    instance = make(tmp_path / "instance")
    outcome = uploads.run(instance, uploads=10, quota_mb=3, kills=2)
    assert outcome.sound, outcome.wrong
    assert outcome.uploads == 10
    assert outcome.counts["client hung up in a piece"] >= 5
    assert instance.is_quiet()


def test_a_site_that_acknowledges_before_it_writes_is_caught(tmp_path):
    instance = make(tmp_path / "instance")
    outcome = uploads.run(instance, uploads=10, quota_mb=3, kills=3, target=uploads.ACK_FIRST)
    assert outcome.wrong["lost"] or outcome.wrong["differing"], outcome
