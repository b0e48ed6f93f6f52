"""Jobs delivered three times to workers that die: the work of each happens once."""

from __future__ import annotations

import pytest

from tests.proofs import outbox, told
from tests.proofs.instance import make

pytestmark = pytest.mark.slow


def test_each_report_is_made_once_and_each_mail_goes_out(tmp_path):
    instance = make(tmp_path / "instance")
    outcome = outbox.run(instance, reports=2, items=3, mails=6, kills=2, workers=1)
    assert outcome.sound, outcome
    assert outcome.items == {"made": 3}
    assert outcome.taken_again >= 2, "the frozen worker's, and the one that died over its mail"
    assert outcome.mails[2] >= outcome.forced, "what dies between sending and committing sends again"
    assert instance.is_quiet()


def test_workers_that_do_not_claim_their_jobs_are_caught(tmp_path):
    instance = make(tmp_path / "instance")
    outcome = outbox.run(instance, reports=0, mails=4, kills=0, forced=0, frozen=False, workers=1, how="no-claim")
    assert not outcome.sound
    assert outcome.done_twice == 4
    assert outcome.mails[1] == 0


def test_no_notice_is_lost_and_the_one_a_dying_worker_had_sent_comes_again_as_the_same_mail(tmp_path):
    """What died between the server's yes and its own commit cannot know; its mail has the same number again, by which
    whoever receives it knows it as the same.
    """
    instance = make(tmp_path / "instance")
    outcome = told.run(instance, forced=1)
    assert outcome.sound, outcome
    assert outcome.notices == len(instance.learners)
    assert instance.is_quiet()
