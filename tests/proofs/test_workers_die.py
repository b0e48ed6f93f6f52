"""Jobs delivered three times to workers that die: the work of each happens once."""

from __future__ import annotations

from collections import Counter

import pytest

from coachkit.features.accounts.queries import coach_ids_of
from coachkit.features.feedback import telling
from coachkit.features.notices import service as notices
from coachkit.platform.db import transaction
from tests.factories.smtp import mail_server
from tests.proofs import outbox
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
    """Each job delivered three times, to a real mail server. What died between the server's yes and its own commit
    cannot know; its mail has the same number again, by which whoever receives it knows it as the same.
    """
    with mail_server() as server:
        instance = make(tmp_path / "instance")
        smtp = {"HOST": "127.0.0.1", "PORT": str(server.port), "STARTTLS": "no"}
        instance.environment.update({f"COACHKIT_SMTP_{name}": value for name, value in smtp.items()})
        crew = outbox.Crew(instance)
        with instance.application() as app, outbox._queue(app) as queue:
            with transaction() as session:
                for learner_id in instance.learners.values():
                    notices.tell(
                        session,
                        instance.settings,
                        coach_ids_of(session, learner_id),
                        telling.HANDED_LEARNER,
                        learner_id,
                    )
            due = outbox._due(0)
            try:
                queue.hand_over(due[0])
                crew.start("dies-after-mailing").wait(60)
                for job_id in due * outbox.DELIVERED:
                    queue.hand_over(job_id)
                crew.start(ahead=outbox.ROUND)
                outbox._wait(lambda: not outbox._unfinished(), 120)
            finally:
                crew.end()
        sent = Counter((mail["To"], mail["Message-ID"]) for mail in server.taken)
    assert len(sent) == len({to for to, _number in sent}) == len(instance.learners) == len(due)
    assert sorted(sent.values()) == [1] * (len(due) - 1) + [2], "only what the dead worker had in its hands"
    assert instance.is_quiet()
