"""A control that must fail: the same site, but a self-rating is acknowledged before it is committed."""

from __future__ import annotations

import threading
import time

from flask import Flask, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from coachkit.platform.db import db
from coachkit.web.access import prove_checked
from coachkit.web.request import Coachkit
from coachkit.wsgi import app

LATE = 0.3


class AckFirst(Coachkit):
    """Commits a moment after it has answered."""

    def dispatch_request(self) -> ResponseReturnValue:
        if request.endpoint != "practice.submit" or request.method != "POST":
            return super().dispatch_request()
        response = self.make_response(Flask.dispatch_request(self))
        prove_checked(response)
        session = db.session()
        db.session.registry.clear()  # so that the end of the request does not end the session
        threading.Thread(target=self._commit_late, args=(session,)).start()
        return response

    def _commit_late(self, session: Session) -> None:
        with self.app_context():
            time.sleep(LATE)
            session.commit()
            session.close()


app.__class__ = AckFirst
