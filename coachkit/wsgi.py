"""The application object for a web server."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress

from sqlalchemy.exc import SQLAlchemyError

from coachkit.app import create_app, with_queue
from coachkit.platform import log
from coachkit.platform.db import db
from coachkit.platform.errors import UnavailableError

log.set_up(readable=os.environ.get("COACHKIT_QUIET") != "1" and sys.stderr.isatty())
app = create_app()
with_queue(app)
with app.app_context(), suppress(SQLAlchemyError, UnavailableError):
    # Read before the first request: a form that comes first would read it with the write lock in its hands.
    app.extensions["coachkit_shelf"].current(db.session())
gc.collect()
gc.freeze()
