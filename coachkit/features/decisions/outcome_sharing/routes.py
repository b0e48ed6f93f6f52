"""The page on which a learner shares the outcome of a conversation, purpose by purpose, and sees what would be seen."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from coachkit.features.decisions.outcome_sharing import service
from coachkit.features.decisions.queries import my_purposes
from coachkit.features.feedback.conversation import queries as conversations
from coachkit.features.feedback.conversation import service as conversation
from coachkit.features.feedback.conversation.models import FitConversation
from coachkit.platform.db import db
from coachkit.platform.errors import NotFoundError
from coachkit.platform.policy import Action
from coachkit.web.access import checks, require, the_actor
from coachkit.web.request import row_sent
from coachkit.web.submits import once

room = Blueprint("outcome_sharing", __name__)


def _held(conversation_id: int) -> FitConversation:
    row = conversation.find(db.session(), the_actor(), conversation_id, Action.OWN_RECORD)
    require(Action.OWN_RECORD, conversation.case_of(db.session(), row))
    if row.held_on is None:
        raise NotFoundError
    return row


@room.get("/conversations/<int:conversation_id>/share")
@checks(Action.OWN_RECORD)
def page(conversation_id: int) -> ResponseReturnValue:
    session, actor = db.session(), the_actor()
    row = _held(conversation_id)
    purposes = my_purposes(session, actor.id)
    shown = {
        purpose.id: conversations.shared_outcome(session, actor.id, purpose.id)
        for purpose in (*purposes.open, *purposes.ended)
    }
    return render_template(
        "decisions/outcome_sharing/page.html",
        page=conversations.conversation_page(session, row, actor.id),
        purposes=purposes,
        shown=shown,
    )


@room.post("/conversations/<int:conversation_id>/share")
@checks(Action.OWN_RECORD)
@once
def share(conversation_id: int) -> ResponseReturnValue:
    row = _held(conversation_id)
    purpose_id = row_sent("purpose_id")
    if request.form.get("back"):
        conversation.unshare(db.session(), the_actor(), row.id, purpose_id)
        flash("Taken back. Nothing of the conversation is shown there any more.", "ok")
    else:
        attached = request.form.get("statement") == "1"
        service.share(db.session(), the_actor(), row.id, purpose_id, statement_attached=attached)
        flash("Shared with this purpose. You can take it back at any time.", "ok")
    return redirect(url_for("decisions.outcome_sharing.page", conversation_id=row.id), 303)
