"""The job runner's door: huey's consumer with one worker thread per process."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time

from coachkit.app import create_app, with_queue
from coachkit.platform import log


def run(parent: int | None = None) -> None:
    """Do jobs until stopped, or until the parent process is gone."""
    log.set_up(readable=False)
    logging.getLogger("huey").setLevel(logging.WARNING)
    app = create_app()
    queue = with_queue(app)
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    consumer = queue.huey.create_consumer(
        workers=1, worker_type="thread", initial_delay=0.1, max_delay=1.0, scheduler_interval=10
    )
    consumer.run()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


if __name__ == "__main__":
    run(int(sys.argv[2]) if sys.argv[1:2] == ["--parent"] else None)
