"""What the pages and acts of a first and a second coach do alike: the look that is recorded, the claim that is kept."""

from __future__ import annotations

from flask import jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from coachkit.features.feedback.desk_models import Lease
from coachkit.features.practice.evidence.serving import ONE_LOOK
from coachkit.platform.access_record import record_look
from coachkit.platform.policy import Role
from coachkit.web.access import the_actor
from coachkit.web.errors import roll_back


def looked(learner_id: int, look: str, *, again: bool) -> None:
    """Record what a coach is about to be shown. A form that comes `again`, refused, is a look too: one for a while."""
    roll_back()  # what the request has begun would wait for the look, and the look for it
    record_look(the_actor(), [learner_id], look, role=Role.COACH, once_in=ONE_LOOK if again else None)


def claimed(lease: Lease, page: str, attempt_id: int) -> ResponseReturnValue:
    """The answer to taking an attempt up: until when, for the script that renews it; the page, for a plain form."""
    if request.accept_mimetypes.best == "application/json":
        return jsonify(until=f"{lease.until:%H:%M} UTC")
    return redirect(url_for(page, attempt_id=attempt_id), 303)
