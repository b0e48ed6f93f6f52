"""The way from a saved phrase into a comment, and from a comment among the phrases."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from coachkit.domain.content.model import Library
from coachkit.features.feedback.bank import queries, service
from coachkit.features.feedback.comments import service as comments
from coachkit.features.feedback.review_routes import PLACE, comment_sent, with_draft, write_review
from coachkit.features.practice.access import attempt_for
from coachkit.platform.db import db
from coachkit.platform.errors import InvalidError, NotFoundError
from coachkit.platform.policy import Action, Actor
from coachkit.web.access import checks, the_actor
from coachkit.web.submits import once

room = Blueprint("phrases", __name__)


@room.post("/feedback/<int:attempt_id>/comments/<int:comment_id>/keep")
@checks(Action.RATE_ATTEMPT)
@once
def keep(attempt_id: int, comment_id: int) -> ResponseReturnValue:
    def both(session: Session, actor: Actor, library: Library, number: int) -> None:
        row = comments.own(session, actor.id, number, str(comment_id))
        if row is None:
            raise NotFoundError
        try:
            service.keep(session, actor, library, row.criterion_id, row.text)
        except InvalidError as error:
            raise InvalidError({"comment-text": " ".join(error.fields.values())}) from error

    kept = write_review(attempt_id, with_draft(both))
    if isinstance(kept, Response):
        return kept
    flash("Kept among your phrases, and your draft with it. Take out there what belongs to this attempt alone.", "ok")
    return redirect(url_for("feedback.review", attempt_id=attempt_id) + "#comments", 303)


@room.post("/feedback/<int:attempt_id>/phrases/<key>")
@checks(Action.RATE_ATTEMPT)
@once
def take(attempt_id: int, key: str) -> ResponseReturnValue:
    """For a browser that runs no script: the draft is kept, and the page comes back with the phrase in its field."""
    attempt_for(db.session(), attempt_id, Action.RATE_ATTEMPT)
    if queries.phrase(db.session(), the_actor().id, key) is None:
        raise NotFoundError
    sent = comment_sent()

    def unwritten(_session: Session, _actor: Actor, _library: Library, _number: int) -> None:
        if sent.begun:
            raise InvalidError({"comment-text": "There is a comment here already. Add it before you take a phrase."})

    kept = write_review(attempt_id, with_draft(unwritten))
    if isinstance(kept, Response):
        return kept
    place = {name: value for name in PLACE if (value := getattr(sent, name))}
    return redirect(url_for("feedback.review", attempt_id=attempt_id, phrase=key, **place) + "#comment-text", 303)
