"""Training for a licence, one's own results, and who holds which licence."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from coachkit.domain.assessment.sheet import Sheet
from coachkit.domain.content.model import Library
from coachkit.features.licence import queries, service
from coachkit.features.licence.models import TrainingRound
from coachkit.features.practice.forms import draw_sheet, read_sheet, storable_lines
from coachkit.platform import clock
from coachkit.platform.access_record import record_look
from coachkit.platform.db import db
from coachkit.platform.errors import InvalidError, NotFoundError
from coachkit.platform.policy import Action
from coachkit.platform.tools import tools
from coachkit.web.access import needs, the_actor
from coachkit.web.errors import roll_back
from coachkit.web.library import current_library, library_of
from coachkit.web.submits import once

room = Blueprint("licence", __name__)


@room.get("/licence")
@needs(Action.COACH)
def mine() -> ResponseReturnValue:
    page = queries.my_licences(db.session(), current_library(), library_of, the_actor().id, clock.now())
    settings = tools().settings
    return render_template("licence/mine.html", page=page, rule=service.rule(settings), months=settings.licence_months)


def _to_train(version: str) -> Library:
    found = queries.library_to_train(db.session(), current_library(), library_of, the_actor().id, version)
    if found is None:
        raise NotFoundError
    return found


@room.get("/licence/skills/<skill_id>")
@needs(Action.COACH)
def skill(skill_id: str) -> ResponseReturnValue:
    library = _to_train(request.args.get("version", ""))
    page = queries.skill_page(db.session(), library, the_actor().id, skill_id, clock.today())
    if page is None:
        raise NotFoundError
    return render_template("licence/skill.html", page=page, rule=service.rule(tools().settings))


@room.post("/licence/skills/<skill_id>/start")
@needs(Action.COACH)
@once
def start(skill_id: str) -> ResponseReturnValue:
    library = _to_train(request.form.get("version", ""))
    row = service.start(db.session(), the_actor(), library, skill_id)
    rated = service.given(db.session(), row.id)
    following = next((s for s in row.sample_ids if s not in rated), row.sample_ids[-1])
    return redirect(url_for("licence.sample", round_id=row.id, sample_id=following), 303)


def _round(round_id: int, sample_id: str = "") -> tuple[TrainingRound, Library]:
    row = service.own_round(db.session(), the_actor(), round_id)
    if sample_id and sample_id not in row.sample_ids:
        raise NotFoundError
    return row, library_of(row.library_version)


@room.get("/licence/rounds/<int:round_id>/<sample_id>")
@needs(Action.COACH)
def sample(round_id: int, sample_id: str) -> ResponseReturnValue:
    row, library = _round(round_id, sample_id)
    rated = service.given(db.session(), row.id)
    if sample_id not in rated:
        if row.ended_at is not None:
            raise NotFoundError
        return _sample_page(row, library, sample_id, {}, {})
    if not queries.may_compare(db.session(), row, sample_id):
        flash("You are about to rate this sample again. Its reference is shown once you have.", "info")
        return redirect(url_for("licence.skill", skill_id=row.skill_id), 303)
    return render_template(
        "licence/compared.html",
        page=queries.round_page(db.session(), library, row),
        sample=queries.compared_sample(library, sample_id, rated[sample_id]),
        number=row.sample_ids.index(sample_id) + 1,
        of=len(row.sample_ids),
    )


def _sample_page(
    row: TrainingRound, library: Library, sample_id: str, lines: Sheet, errors: dict[str, str], code: int = 200
) -> Response:
    page = queries.sample_page(library, row, library.calibration_set(sample_id))
    fields = draw_sheet(page.criteria, lines, errors, other="", guess=False, who=page.who)
    return make_response(render_template("licence/sample.html", page=page, fields=fields, errors=errors), code)


@room.post("/licence/rounds/<int:round_id>/<sample_id>")
@needs(Action.COACH)
@once
def rate(round_id: int, sample_id: str) -> ResponseReturnValue:
    row, library = _round(round_id, sample_id)
    criteria = [reference.criterion for reference in library.calibration_set(sample_id).reference]
    lines = read_sheet(request.form, criteria)
    try:
        storable_lines(lines)
        service.rate(db.session(), the_actor(), round_id, sample_id, lines)
    except InvalidError as error:
        roll_back()
        return _sample_page(row, library, sample_id, lines, error.fields, 422)
    return redirect(url_for("licence.sample", round_id=round_id, sample_id=sample_id), 303)


@room.get("/licence/rounds/<int:round_id>")
@needs(Action.COACH)
def result(round_id: int) -> ResponseReturnValue:
    row, library = _round(round_id)
    page = queries.round_page(db.session(), library, row)
    return render_template("licence/round.html", page=page, rule=service.rule(tools().settings))


@room.get("/licence/coaches")
@needs(Action.SEE_LICENCES)
def coaches() -> ResponseReturnValue:
    rows = queries.coaches(db.session(), current_library(), clock.now())
    role = the_actor().main_role
    record_look(the_actor(), [row.id for row in rows], "opened the list of coaches' licences", role=role)
    return render_template("licence/coaches.html", rows=rows)
