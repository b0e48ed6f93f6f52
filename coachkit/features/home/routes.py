"""The first page, for whoever asks."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from coachkit.features.decisions.duties import duties_of
from coachkit.features.home import queries
from coachkit.features.notices.queries import unread
from coachkit.platform import clock
from coachkit.platform.db import db
from coachkit.platform.policy import Action, Role
from coachkit.web.access import needs, the_actor
from coachkit.web.library import current_library, library_of

room = Blueprint("home", __name__)


@room.get("/")
@needs(Action.USE_ACCOUNT)
def home() -> ResponseReturnValue:
    actor, session, now = the_actor(), db.session(), clock.now()
    new = unread(session, actor.id)
    duties = duties_of(session, actor.id)
    if Role.LEARNER in actor.roles:
        page = queries.learner_home(session, current_library(), library_of, actor.id, now)
        return render_template("home/learner.html", duties=duties, new=new, page=page)
    if Role.COACH in actor.roles:
        return render_template(
            "home/coach.html", duties=duties, new=new, page=queries.coach_home(session, library_of, actor.id, now)
        )
    if Role.LEAD_COACH in actor.roles:
        return render_template(
            "home/lead.html",
            duties=duties,
            new=new,
            page=queries.lead_home(session, now, current_app.config["COACHKIT"].service_goal_days),
        )
    if Role.CIO in actor.roles:
        return render_template("home/cio.html", duties=duties, new=new, page=queries.cio_home(session, actor.id))
    if Role.ADMIN in actor.roles:
        return render_template("home/admin.html", duties=duties, new=new, page=queries.admin_home(session))
    return render_template("home/auditor.html", duties=duties, new=new)
