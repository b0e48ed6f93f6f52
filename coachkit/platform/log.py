"""Logging: event names and ids, never a name, an address or a sentence of a person."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator

import structlog
from structlog.typing import EventDict, WrappedLogger


def set_up(*, readable: bool) -> None:
    """JSON lines in production, readable lines on a terminal. Tracebacks show code lines, never values."""
    renderer = structlog.dev.ConsoleRenderer() if readable else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _code_lines,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _code_lines(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Put kinds of errors and code lines in place of an exception. Its message may quote what a person wrote."""
    given = event.pop("exc_info", None)
    error = given if isinstance(given, BaseException) else sys.exc_info()[1] if given else None
    if error is not None:
        event["exception"] = "\n".join(_told(error))
    return event


def _told(error: BaseException) -> Iterator[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _told(before)
        yield "which led to:"
    yield from (line.rstrip() for line in traceback.format_tb(error.__traceback__))
    state = getattr(error, "sqlstate", None)  # PostgreSQL's number for what went wrong
    yield f"{type(error).__module__}.{type(error).__qualname__}{f' ({state})' if state else ''}"
