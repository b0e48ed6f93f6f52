"""Released editions for the viewers of a purpose: on screen, on paper, and all of them in one go."""

from __future__ import annotations

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from coachkit.domain.report.progress import ProgressReport
from coachkit.features.calibration.measures import measuring
from coachkit.features.decisions.models import Purpose
from coachkit.features.decisions.queries import asked_people, open_release, purpose_case, released_ids
from coachkit.features.decisions.service import find_purpose
from coachkit.features.reports import archive, batches, service
from coachkit.features.reports.routes.frame import draft, room, settings_now
from coachkit.platform import pdf
from coachkit.platform.access_record import record_look
from coachkit.platform.db import db
from coachkit.platform.errors import NotFoundError
from coachkit.platform.policy import Action, ReportCase, Role
from coachkit.web.access import checks, require, the_actor
from coachkit.web.library import current_library, library_of
from coachkit.web.submits import once

OPENED = "read your report, released edition"


def require_release(purpose_id: int, person_id: int) -> Purpose:
    """The purpose, for its viewer, while this person's release to it holds."""
    session = db.session()
    purpose = find_purpose(session, purpose_id)
    if person_id not in dict(asked_people(session, purpose_id)):  # then not even its title is
        raise NotFoundError
    held = open_release(session, purpose_id, person_id)
    require(Action.READ_REPORT, ReportCase(person_id, purpose_case(session, purpose), released=held is not None))
    return purpose


def look_at_release(purpose_id: int, person_id: int, what: str = OPENED) -> Purpose:
    """Write the look down, then ask again: what follows sees a withdrawal of a moment ago."""
    purpose = require_release(purpose_id, person_id)
    record_look(the_actor(), [person_id], what, role=Role.CIO, purpose=purpose.title)
    db.session().commit()
    return require_release(purpose_id, person_id)


@room.get("/decisions/<int:purpose_id>/people/<int:person_id>/report")
@checks(Action.READ_REPORT)
def released(purpose_id: int, person_id: int) -> ResponseReturnValue:
    """What coaches saw, without the person's own ratings, notes and plans."""
    purpose = look_at_release(purpose_id, person_id)
    return render_template(
        "reports/released.html",
        report=_released_draft(purpose_id, person_id),
        purpose_id=purpose_id,
        person_id=person_id,
        purpose=purpose.title,
        pdf=pdf.status(),
    )


def _released_draft(purpose_id: int, person_id: int) -> ProgressReport:
    release = open_release(db.session(), purpose_id, person_id)
    return draft(person_id, for_learner=False, comment=release.comment if release else "")


@room.post("/decisions/<int:purpose_id>/people/<int:person_id>/report")
@checks(Action.READ_REPORT)
@once
def print_released(purpose_id: int, person_id: int) -> ResponseReturnValue:
    require_release(purpose_id, person_id)
    kept = service.issue_released(
        db.session(), the_actor(), current_library(), library_of, settings_now(), purpose_id, person_id
    )
    return redirect(url_for("reports.kept", report_id=kept.id), 303)


def _purpose(purpose_id: int) -> Purpose:
    purpose = find_purpose(db.session(), purpose_id)
    require(Action.READ_PURPOSE, purpose_case(db.session(), purpose))
    return purpose


def _batch(purpose_id: int, batch_id: int) -> batches.BatchView:
    """A batch of this purpose that the actor asked for: what he may see need not be what another viewer may see."""
    found = batches.view(db.session(), batch_id)
    if found is None or found.purpose_id != purpose_id or found.started_by != the_actor().id:
        raise NotFoundError
    return found


@room.get("/decisions/<int:purpose_id>/reports")
@checks(Action.READ_PURPOSE)
def purpose_batches(purpose_id: int) -> ResponseReturnValue:
    purpose, session = _purpose(purpose_id), db.session()
    return render_template(
        "reports/purpose_batches.html",
        purpose=purpose.title,
        purpose_id=purpose_id,
        released=len(released_ids(session, purpose_id)),
        batches=batches.of_purpose(session, the_actor(), purpose_id),
        pdf=pdf.status(),
    )


@room.post("/decisions/<int:purpose_id>/reports")
@checks(Action.READ_PURPOSE)
@once
def start_purpose_batch(purpose_id: int) -> ResponseReturnValue:
    _purpose(purpose_id)
    batch = batches.start_released(db.session(), the_actor(), purpose_id)
    return redirect(url_for("reports.purpose_batch", purpose_id=purpose_id, batch_id=batch.id), 303)


@room.get("/decisions/<int:purpose_id>/reports/<int:batch_id>")
@checks(Action.READ_PURPOSE)
def purpose_batch(purpose_id: int, batch_id: int) -> ResponseReturnValue:
    purpose = _purpose(purpose_id)
    return render_template("reports/purpose_batch.html", purpose=purpose.title, batch=_batch(purpose_id, batch_id))


@room.get("/decisions/<int:purpose_id>/reports/<int:batch_id>/state")
@checks(Action.READ_PURPOSE)
def purpose_batch_state(purpose_id: int, batch_id: int) -> ResponseReturnValue:
    """For the page that waits."""
    _purpose(purpose_id)
    return render_template("reports/_batch.html", batch=_batch(purpose_id, batch_id))


@room.post("/decisions/<int:purpose_id>/reports/<int:batch_id>/cancel")
@checks(Action.READ_PURPOSE)
@once
def cancel_purpose_batch(purpose_id: int, batch_id: int) -> ResponseReturnValue:
    _purpose(purpose_id)
    batches.cancel(db.session(), the_actor(), _batch(purpose_id, batch_id).id)
    return redirect(url_for("reports.purpose_batch", purpose_id=purpose_id, batch_id=batch_id), 303)


@room.post("/decisions/<int:purpose_id>/reports/<int:batch_id>/again")
@checks(Action.READ_PURPOSE)
@once
def purpose_batch_again(purpose_id: int, batch_id: int) -> ResponseReturnValue:
    _purpose(purpose_id)
    batches.try_again(db.session(), the_actor(), _batch(purpose_id, batch_id).id)
    return redirect(url_for("reports.purpose_batch", purpose_id=purpose_id, batch_id=batch_id), 303)


@room.get("/decisions/<int:purpose_id>/reports/<int:batch_id>/zip")
@checks(Action.READ_PURPOSE)
def purpose_zip(purpose_id: int, batch_id: int) -> ResponseReturnValue:
    """Every file of the batch whose person's release holds at this moment. Each person gets a record of it."""
    purpose = _purpose(purpose_id)
    _batch(purpose_id, batch_id)
    people = archive.people_in(db.session(), purpose_id, batch_id)
    record_look(
        the_actor(), list(people), "downloaded your report, released edition", role=Role.CIO, purpose=purpose.title
    )
    files = archive.files(db.engine, purpose_id, batch_id, people, figures=measuring())
    response = Response(archive.zipped(files), mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="released-reports-{batch_id}.zip"'
    response.headers["Cache-Control"] = "no-store"
    return response
