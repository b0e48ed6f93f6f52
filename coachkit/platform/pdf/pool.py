"""Long-lived worker processes that make PDFs, and the rules under which they are started and ended.

The web process never loads the PDF engine. A worker knows nothing but the job in its pipe: no settings, no
database address, no secret is in its environment. It is ended by force when a report takes too long, after
any failure, and after a fixed number of reports.
"""

import contextlib
import hashlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Self

from coachkit.platform.pdf.job import (
    LARGEST_FRAME,
    LENGTH,
    MOST_PAGES,
    RECORDED,
    Rendered,
    RenderError,
    RenderJob,
    frame,
)

SECONDS_PER_REPORT = 30.0
SECONDS_TO_START = 90.0
REPORTS_PER_WORKER = 200

TOO_SLOW = "The report took longer than thirty seconds and was stopped. Please try again later."
BROKE_OFF = "The report could not be made: the printing process ended early. Please try again later."
CANNOT_START = "PDF reports are not available on this server at the moment."

_ROOT = Path(__file__).parents[3]
_START = "import sys; sys.path.insert(0, sys.argv[1]); from coachkit.platform.pdf.child import main; sys.exit(main())"
_PASSED_ON = ("DYLD_FALLBACK_LIBRARY_PATH", "WEASYPRINT_DLL_DIRECTORIES", "SYSTEMROOT")


class _WorkerGoneError(Exception):
    """The pipe is closed or nothing came in time."""


class Worker:
    """One child process and its two pipes."""

    def __init__(self, own_fonts: Path | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="coachkit-pdf-")
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-c", _START, str(_ROOT), str(own_fonts or "")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=scrubbed_environment(self._folder.name),
            cwd=self._folder.name,
            start_new_session=True,
            close_fds=True,
        )
        self.served = 0
        self.network = "unknown"
        self._set_up()

    def _set_up(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                os.set_blocking(pipe.fileno(), False)
        try:
            head, _ = self._answer(time.monotonic() + SECONDS_TO_START)
        except _WorkerGoneError:
            self.end()
            raise RenderError(CANNOT_START, "the worker did not start") from None
        if not head.get("ready"):
            self.end()
            raise RenderError(CANNOT_START, str(head.get("detail", "")))
        self.network = str(head["network"])

    @property
    def pid(self) -> int:
        return self._process.pid

    def render(self, job: RenderJob, seconds: float) -> Rendered:
        deadline = time.monotonic() + seconds
        try:
            self._send(frame(job.to_wire()), deadline)
            head, pdf = self._answer(deadline)
        except _WorkerGoneError:
            late = time.monotonic() >= deadline
            sentence, detail = (TOO_SLOW, "deadline") if late else (BROKE_OFF, "pipe closed")
            raise RenderError(sentence, detail) from None
        if "reason" in head:
            raise RenderError(str(head["reason"]), str(head.get("detail", "")))
        self.served += 1
        return _believed(head, pdf)

    def end(self) -> None:
        """By force: nothing in a worker is worth waiting for."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._folder.cleanup()

    def _send(self, message: bytes, deadline: float) -> None:
        pipe = self._process.stdin
        if pipe is None:  # pragma: no cover
            raise _WorkerGoneError
        rest = memoryview(message)
        while rest:
            _wait(pipe.fileno(), select.POLLOUT, deadline)
            try:
                rest = rest[os.write(pipe.fileno(), rest[:65_536]) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise _WorkerGoneError from error

    def _answer(self, deadline: float) -> tuple[dict[str, Any], bytes]:
        try:
            head = json.loads(self._frame(deadline))
        except ValueError as error:
            raise _WorkerGoneError from error
        if not isinstance(head, dict):
            raise _WorkerGoneError
        return head, self._frame(deadline)

    def _frame(self, deadline: float) -> bytes:
        (length,) = LENGTH.unpack(self._read(LENGTH.size, deadline))
        if length > LARGEST_FRAME:
            raise _WorkerGoneError
        return self._read(length, deadline)

    def _read(self, length: int, deadline: float) -> bytes:
        pipe = self._process.stdout
        if pipe is None:  # pragma: no cover
            raise _WorkerGoneError
        received = bytearray()
        while len(received) < length:
            _wait(pipe.fileno(), select.POLLIN, deadline)
            try:
                part = os.read(pipe.fileno(), min(length - len(received), 1 << 20))
            except BlockingIOError:
                continue
            if not part:
                raise _WorkerGoneError
            received += part
        return bytes(received)


def _believed(head: dict[str, Any], pdf: bytes) -> Rendered:
    """A worker has read what people wrote, so its word is checked: what cannot be is at least of the right kind."""
    pages, last_page = head.get("pages"), head.get("last_page")
    sound = type(pages) is int and 0 < pages <= MOST_PAGES and isinstance(last_page, float | int)
    sound = sound and pdf.startswith(b"%PDF-") and head.get("sha256") == hashlib.sha256(pdf).hexdigest()
    if not sound:
        raise RenderError(BROKE_OFF, "an answer that cannot be")
    return Rendered(pdf, **{name: head[name] for name in RECORDED})


def _wait(descriptor: int, event: int, deadline: float) -> None:
    poll = select.poll()
    poll.register(descriptor, event)
    left = deadline - time.monotonic()
    if left <= 0 or not poll.poll(left * 1000):
        raise _WorkerGoneError


def scrubbed_environment(folder: str) -> dict[str, str]:
    """All that a worker learns about its surroundings."""
    passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    own = dict.fromkeys(("HOME", "TMPDIR", "XDG_CACHE_HOME"), folder)
    return {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **own, **passed_on}


class PdfRenderer:
    """Makes PDFs in at most `workers` processes; may be used from several threads. Close it at the end."""

    def __init__(
        self,
        workers: int = 1,
        *,
        seconds: float = SECONDS_PER_REPORT,
        reports_per_worker: int = REPORTS_PER_WORKER,
        own_fonts: Path | None = None,
    ) -> None:
        self._own_fonts = own_fonts
        self._free = threading.Semaphore(workers)
        self._lock = threading.Lock()
        self._idle: list[Worker] = []
        self._seconds = seconds
        self._reports_per_worker = reports_per_worker
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def render(self, job: RenderJob) -> Rendered:
        """One PDF, or `RenderError`; a failure touches no other report."""
        with self._free:
            worker = self._take()
            try:
                done = worker.render(job, self._seconds)
            except BaseException:
                worker.end()
                raise
            self._give_back(worker)
            return done

    def _take(self) -> Worker:
        with self._lock:
            if self._closed:
                raise RenderError(CANNOT_START, "the renderer is closed")
            if self._idle:
                return self._idle.pop()
        return Worker(self._own_fonts)

    def _give_back(self, worker: Worker) -> None:
        with self._lock:
            if not self._closed and worker.served < self._reports_per_worker:
                self._idle.append(worker)
                return
        worker.end()

    def close(self) -> None:
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.end()
