"""A job worker for the proofs: the shipped one, with its clock moved ahead, or spoilt on purpose.

`python -m tests.proofs.job_runner shipped|dies-after-mailing|no-claim <minutes ahead>`
"""

from __future__ import annotations

import os
import signal
import sys
from contextvars import ContextVar
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

from flask import Flask

from coachkit import worker
from coachkit.app import create_app
from coachkit.platform import clock, jobs
from coachkit.platform.db import transaction
from coachkit.platform.jobs import Outbox
from coachkit.platform.mail import Mailer


class DiesAfterMailing:
    """Hands the mail over, and is gone before anything else can happen."""

    def __init__(self, inner: Mailer) -> None:
        self._inner = inner

    def send(self, message: EmailMessage) -> None:
        self._inner.send(message)
        os.kill(os.getpid(), signal.SIGKILL)


def dying_app() -> Flask:
    app = create_app()
    tools = app.extensions["coachkit_tools"]
    app.extensions["coachkit_tools"] = replace(tools, mailer=DiesAfterMailing(tools.mailer))
    return app


def run_unclaimed(job_id: int) -> bool:
    """The control: does what it is handed, without asking whether somebody else did."""
    with transaction() as session:
        row = session.get_one(Outbox, job_id)
        jobs.HANDLERS[row.name](session, **row.args)
        row = session.get_one(Outbox, job_id)
        row.done_at = clock.now()
    return True


def main(how: str, minutes: int) -> None:
    ahead = timedelta(minutes=minutes)
    clock._source = ContextVar("clock", default=lambda: datetime.now(UTC) + ahead)
    if how == "dies-after-mailing":
        worker.create_app = dying_app
    if how == "no-claim":
        jobs.run = run_unclaimed
    worker.run()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
