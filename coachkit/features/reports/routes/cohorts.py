"""A cohort's reports in one go."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from coachkit.features.accounts.queries import cohorts
from coachkit.features.reports import batches
from coachkit.features.reports.routes.frame import room
from coachkit.platform import pdf
from coachkit.platform.db import db
from coachkit.platform.errors import NotFoundError
from coachkit.platform.policy import Action
from coachkit.web.access import needs, the_actor
from coachkit.web.request import row_sent
from coachkit.web.submits import once


@room.get("/admin/reports")
@needs(Action.ADMINISTER)
def batch_list() -> ResponseReturnValue:
    session = db.session()
    return render_template(
        "reports/batches.html", batches=batches.all_batches(session), cohorts=cohorts(session), pdf=pdf.status()
    )


@room.post("/admin/reports")
@needs(Action.ADMINISTER)
@once
def start_batch() -> ResponseReturnValue:
    batch = batches.start(db.session(), the_actor(), row_sent("cohort_id"))
    return redirect(url_for("reports.batch", batch_id=batch.id), 303)


def _batch_or_missing(batch_id: int) -> batches.BatchView:
    found = batches.view(db.session(), batch_id)
    if found is None or found.purpose_id is not None:
        raise NotFoundError
    return found


@room.get("/admin/reports/<int:batch_id>")
@needs(Action.ADMINISTER)
def batch(batch_id: int) -> ResponseReturnValue:
    return render_template("reports/batch.html", batch=_batch_or_missing(batch_id))


@room.get("/admin/reports/<int:batch_id>/state")
@needs(Action.ADMINISTER)
def batch_state(batch_id: int) -> ResponseReturnValue:
    """For the page that waits."""
    return render_template("reports/_batch.html", batch=_batch_or_missing(batch_id))


@room.post("/admin/reports/<int:batch_id>/cancel")
@needs(Action.ADMINISTER)
@once
def cancel_batch(batch_id: int) -> ResponseReturnValue:
    _batch_or_missing(batch_id)
    batches.cancel(db.session(), the_actor(), batch_id)
    return redirect(url_for("reports.batch", batch_id=batch_id), 303)


@room.post("/admin/reports/<int:batch_id>/again")
@needs(Action.ADMINISTER)
@once
def batch_again(batch_id: int) -> ResponseReturnValue:
    _batch_or_missing(batch_id)
    batches.try_again(db.session(), the_actor(), batch_id)
    return redirect(url_for("reports.batch", batch_id=batch_id), 303)
