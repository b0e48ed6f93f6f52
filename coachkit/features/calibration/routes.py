"""One's own skills, the lead coach's calibration pages, and the method. Where measures are off, none of it is there."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from coachkit.features.calibration import disagreements, queries, reading, run_pages, service, simulated
from coachkit.features.calibration.measures import measuring
from coachkit.platform.access_record import record_look
from coachkit.platform.db import db
from coachkit.platform.errors import NotFoundError
from coachkit.platform.policy import Action, Role
from coachkit.web.access import needs, the_actor
from coachkit.web.library import current_library, library_of
from coachkit.web.submits import once

room = Blueprint("calibration", __name__)


@room.before_request
def only_where_measures_are_on() -> Response | None:
    """A house that forbids measures has none of these pages."""
    if not measuring():
        abort(404)
    return None


@room.get("/measures")
@needs(Action.READ_MEASURES)
def my_measures() -> ResponseReturnValue:
    page = queries.my_skills(db.session(), current_library(), library_of, the_actor().id)
    return render_template("calibration/measures.html", page=page, readings=reading.FOR_LEARNERS)


@room.get("/calibration")
@needs(Action.CALIBRATE)
def calibration() -> ResponseReturnValue:
    page = run_pages.calibration_page(db.session(), current_library())
    if page.newest is not None:
        _look(page.newest)
    return render_template("calibration/calibration.html", page=page, readings=reading.FOR_CALIBRATION)


def _look(page: run_pages.RunPage) -> None:
    record_look(
        the_actor(),
        list(page.shown_ids),
        f"opened calibration {page.id}: how coaches rate, and who could rate whom once more",
        role=Role.LEAD_COACH,
    )


@room.post("/calibration/run")
@needs(Action.CALIBRATE)
@once
def run() -> ResponseReturnValue:
    service.ask(db.session(), the_actor())
    flash("Asked for. The new calibration stands here as soon as it is made; load the page again in a minute.", "ok")
    return redirect(url_for("calibration.calibration"), 303)


@room.get("/calibration/runs/<int:run_id>")
@needs(Action.CALIBRATE)
def one_run(run_id: int) -> ResponseReturnValue:
    page = run_pages.run_page(db.session(), current_library(), run_id)
    if page is None:
        raise NotFoundError
    _look(page)
    return render_template("calibration/run.html", page=page, readings=reading.FOR_CALIBRATION)


@room.get("/calibration/criteria/<criterion_id>")
@needs(Action.CALIBRATE)
def criterion(criterion_id: str) -> ResponseReturnValue:
    page = disagreements.criterion_page(db.session(), current_library(), library_of, criterion_id)
    if page is None:
        raise NotFoundError
    record_look(
        the_actor(),
        list(page.learner_ids),
        f"read, without your name, where two coaches differ on “{page.name}”",
        role=Role.LEAD_COACH,
    )
    return render_template("calibration/criterion.html", page=page, readings=(reading.AGREEMENT,))


@room.get("/method")
@needs(Action.READ_LIBRARY)
def method() -> ResponseReturnValue:
    return render_template(
        "calibration/method.html",
        readings=reading.ALL,
        gates=reading.GATES,
        never=reading.NEVER,
        simulated=reading.SIMULATED,
        statements_head=simulated.HEAD,
        statements=simulated.statement_rows(),
        bands_head=simulated.BANDS_HEAD,
        bands=simulated.band_rows(),
    )
