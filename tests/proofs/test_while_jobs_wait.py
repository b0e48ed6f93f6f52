"""A job that waits for something outside holds up nobody: the database is not locked meanwhile."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import select

from coachkit.app import create_app
from coachkit.features.accounts.models import OneTime, Person
from coachkit.features.reports import service as reports
from coachkit.features.reports.models import Report
from coachkit.platform import jobs
from coachkit.platform.db import db, transaction
from tests.factories import loop
from tests.proofs.instance import Instance, make


@pytest.fixture
def instance(tmp_path) -> Instance:
    return make(tmp_path / "instance")


class HangingMailServer(threading.Thread):
    """Takes a connection and says nothing until it is released; then it takes the mail."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.door = socket.create_server(("127.0.0.1", 0))
        self.called, self.released = threading.Event(), threading.Event()
        self.mail = ""

    @property
    def port(self) -> int:
        return self.door.getsockname()[1]

    def run(self) -> None:
        with self.door:
            line, _ = self.door.accept()
        with line, line.makefile("rw", newline="\r\n") as talk:
            self.called.set()
            self.released.wait(60)

            def say(words: str) -> None:
                talk.write(words + "\n")
                talk.flush()

            say("220 ready")
            while order := talk.readline().strip().upper():
                if order == "DATA":
                    say("354 go on")
                    while (text := talk.readline().rstrip("\r\n")) != ".":
                        self.mail += text + "\n"
                say("221 bye" if order == "QUIT" else "250 ok")
                if order == "QUIT":
                    return


@contextmanager
def at_work(app) -> Iterator[threading.Thread]:
    """The waiting jobs are being done beside the test."""

    def work() -> None:
        with app.app_context():
            jobs.run_waiting()
            db.session.remove()

    worker = threading.Thread(target=work)
    worker.start()
    try:
        yield worker
    finally:
        worker.join(90)


def somebody_writes(instance: Instance) -> None:
    with transaction() as session:
        session.get_one(Person, next(iter(instance.learners.values()))).unit = "Written meanwhile"


def unit(instance: Instance) -> str:
    return db.session.get_one(Person, next(iter(instance.learners.values()))).unit


def test_a_mail_server_that_hangs_holds_up_nobody(instance):
    server = HangingMailServer()
    server.start()
    settings = replace(instance.settings, smtp_host="127.0.0.1", smtp_port=server.port, smtp_starttls=False)
    app = create_app(settings)
    with app.app_context():
        person_id = next(iter(instance.learners.values()))
        with transaction() as session:
            jobs.enqueue(session, "accounts.mail_link", person_id=person_id, kind="reset")
        try:
            with at_work(app):
                assert server.called.wait(30)
                somebody_writes(instance)
                assert db.session.scalars(select(jobs.Outbox.done_at)).one() is None, "the mail is not out yet"
                db.session.remove()
                server.released.set()
        finally:
            server.released.set()
            server.join(30)
        assert unit(instance) == "Written meanwhile"
        assert "/reset/" in server.mail
        assert db.session.scalars(select(jobs.Outbox.done_at)).one() is not None
        assert db.session.scalars(select(OneTime.person_id)).all() == [person_id]
        db.session.remove()
        db.engine.dispose()


def test_a_report_in_the_making_holds_up_nobody(instance):
    with instance.application() as app:
        renderer = app.extensions["coachkit_tools"].renderer
        try:
            issue(app, instance)
            jobs.run_waiting()
            [pdf_worker] = renderer._idle
            issue(app, instance)
            os.kill(pdf_worker.pid, signal.SIGSTOP)
            with at_work(app):
                try:
                    while renderer._idle:  # until the job has taken the PDF worker
                        time.sleep(0.01)
                    somebody_writes(instance)
                    made = db.session.scalars(select(Report.made_at).order_by(Report.id)).all()
                    db.session.remove()
                finally:
                    os.kill(pdf_worker.pid, signal.SIGCONT)
            assert made[1] is None, "the second report was not made yet"
            assert unit(instance) == "Written meanwhile"
            assert None not in db.session.scalars(select(Report.made_at)).all()
        finally:
            renderer.close()


def issue(app, instance: Instance) -> None:
    shelf = app.extensions["coachkit_shelf"]
    with transaction() as session:
        actor = loop.actor(session, next(iter(instance.learners.values())))
        library = shelf.current(session)
        reports.issue(session, actor, library, lambda version: shelf.version(session, version), instance.settings)
