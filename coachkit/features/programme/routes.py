"""One page, about all and about nobody."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from coachkit.features.programme import queries
from coachkit.platform.db import db
from coachkit.platform.policy import Action
from coachkit.web.access import needs
from coachkit.web.library import current_library, library_of

room = Blueprint("programme", __name__)


@room.get("/programme")
@needs(Action.READ_PROGRAMME)
def programme() -> ResponseReturnValue:
    page = queries.programme_page(db.session(), current_library(), library_of)
    return render_template("programme/programme.html", page=page)
