"""What the application says to its database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Engine, event


@dataclass
class Statements:
    """SQL in the order in which it was sent, with BEGIN, COMMIT and ROLLBACK."""

    all: list[str] = field(default_factory=list)

    @property
    def data(self) -> list[str]:
        """Without the marks of transactions."""
        return [s for s in self.all if not s.startswith(("BEGIN", "COMMIT", "ROLLBACK"))]

    def starting(self, word: str) -> list[str]:
        return [s for s in self.all if s.startswith(word)]


@contextmanager
def recorded(engine: Engine) -> Iterator[Statements]:
    """Record what is sent while the block runs."""
    found = Statements()
    explicit = engine.dialect.name == "sqlite"  # its BEGIN is a statement of ours; elsewhere the driver's

    def statement(_connection, _cursor, sql, *_rest):
        found.all.append(sql)

    def begin(_connection):
        if not explicit:
            found.all.append("BEGIN")

    def commit(_connection):
        found.all.append("COMMIT")

    def rollback(_connection):
        found.all.append("ROLLBACK")

    hooks = (
        ("before_cursor_execute", statement),
        ("begin", begin),
        ("commit", commit),
        ("rollback", rollback),
    )
    for name, hook in hooks:
        event.listen(engine, name, hook)
    try:
        yield found
    finally:
        for name, hook in hooks:
            event.remove(engine, name, hook)
