"""Notices whose mails are delivered three times, to workers that die between the server's yes and their own commit."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from coachkit.features.accounts.queries import coach_ids_of
from coachkit.features.feedback import telling
from coachkit.features.notices import service as notices
from coachkit.platform.db import transaction
from tests.factories.smtp import mail_server
from tests.proofs import outbox
from tests.proofs.instance import Instance


@dataclass(frozen=True)
class Told:
    """What a real mail server was given."""

    notices: int
    forced: int
    """Workers that died over a mail which the server had taken."""
    missing: int
    """Notices without a mail."""
    twice: int
    """Mails that came a second time, with the same Message-ID."""
    other: int
    """Mails that came again under another number, or more than twice."""

    @property
    def sound(self) -> bool:
        return not (self.missing or self.other) and self.twice == self.forced


def run(instance: Instance, *, forced: int) -> Told:
    """Every coach is told of her learner; each mail job is delivered three times, and `forced` workers die over one."""
    with mail_server() as server:
        smtp = {"HOST": "127.0.0.1", "PORT": str(server.port), "STARTTLS": "no"}
        instance.environment.update({f"COACHKIT_SMTP_{name}": value for name, value in smtp.items()})
        crew = outbox.Crew(instance)
        with instance.application() as app, outbox._queue(app) as queue:
            with transaction() as session:
                for learner_id in instance.learners.values():
                    coaches = coach_ids_of(session, learner_id)
                    notices.tell(session, instance.settings, coaches, telling.HANDED_LEARNER, learner_id)
            due = outbox._due(0)
            try:
                for job_id in due[:forced]:
                    queue.hand_over(job_id)
                    crew.start("dies-after-mailing").wait(60)
                for job_id in due * outbox.DELIVERED:
                    queue.hand_over(job_id)
                crew.start(ahead=outbox.ROUND)
                outbox._wait(lambda: not outbox._unfinished(), 120)
            finally:
                crew.end()
        sent = Counter((mail["To"], mail["Message-ID"]) for mail in server.taken)
    return Told(
        notices=len(due),
        forced=forced,
        missing=len(due) - len({to for to, _number in sent}),
        twice=sum(times == 2 for times in sent.values()),
        other=len(sent) - len(due) + sum(times > 2 for times in sent.values()),
    )
