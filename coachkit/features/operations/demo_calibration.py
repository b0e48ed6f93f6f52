"""Two calibrations for the demo, of five weeks ago and of today, so that figures have something to stand on."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy.orm import Session

from coachkit.domain.content.model import Library
from coachkit.features.calibration import service
from coachkit.features.calibration.jobs import one_thread
from coachkit.platform import clock

FIVE_WEEKS = timedelta(days=35)


def fill(session: Session, library: Library, now: datetime) -> None:
    """Calibrate as the nightly job would have done."""
    one_thread()
    from coachkit.features.calibration import compute, inputs  # noqa: PLC0415  slow to load

    shelf, earlier = current_app.extensions["coachkit_shelf"], None
    for moment in (now - FIVE_WEEKS, now):
        with clock.fixed(moment):
            found = inputs.gather(session, library, lambda version: shelf.version(session, version))
            made = compute.make(found, clock.today(), earlier, everybody=moment == now)
            service.keep(session, made, cause="night", library_version=found.library_version, rows_hash=found.rows_hash)
            earlier = made.calibration
