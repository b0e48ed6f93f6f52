"""The application object for a web server."""

from __future__ import annotations

import gc
import os
import sys

from coachkit.app import create_app, with_queue
from coachkit.platform import log

log.set_up(readable=os.environ.get("COACHKIT_QUIET") != "1" and sys.stderr.isatty())
app = create_app()
with_queue(app)
gc.collect()
gc.freeze()
