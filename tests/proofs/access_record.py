"""Every page about a person, asked for while the record of looks cannot be written: none of them shows anything."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sqlalchemy import func, select, text

from coachkit.app import create_app
from coachkit.platform.access_record import AccessRecord
from coachkit.platform.db import db
from coachkit.platform.settings import Settings
from tests.factories import decisions, loop
from tests.factories.browsing import Browser
from tests.proofs.instance import SCENARIO, Instance

CLERK = "proof_clerk"
SAID = "Eleven parcels stood in the rain."
SECRETS = ("Ana Baptiste", "Baptiste", SAID, "My own line", "She asked what should change", "Her words show it")
REFUSE = (
    "CREATE TRIGGER proof_refuse BEFORE INSERT ON access_record BEGIN SELECT RAISE(ABORT, 'no look is written'); END"
)


@dataclass(frozen=True)
class Page:
    """One page about Ana: how it answers in health, and how without its record."""

    who: str
    path: str
    healthy: int
    shows: int
    """How many of Ana's words stand on it in health."""
    records: int
    """Looks written in health."""
    denied: int
    leaks: tuple[str, ...]
    """Which of them still stand on the answer that ought to show nothing."""

    @property
    def sound(self) -> bool:
        in_health = self.healthy == 200 and self.shows > 0 and self.records == 1
        return in_health and self.denied == 503 and not self.leaks


def run(instance: Instance) -> list[Page]:
    """Ask for each page in health, then with the record out of order, then put it in order again."""
    with instance.application() as app:
        addresses = _addresses(instance)
        browsers = {who: Browser(app, who) for who in ("ben", "cleo")}
        healthy = []
        for who, path in addresses:
            before = _looks()
            answer = browsers[who].get(path)
            healthy.append((answer.status_code, _words(answer.text), _looks() - before))
    denied = []
    with _out_of_order(instance) as settings:
        app = create_app(settings)
        with app.app_context():
            browsers = {who: Browser(app, who) for who in ("ben", "cleo")}
            for who, path in addresses:
                answer = browsers[who].get(path)
                denied.append((answer.status_code, _words(answer.text)))
            db.session.remove()
            db.engine.dispose()
    return [
        Page(who, path, status, len(shown), records, refused, leaked)
        for (who, path), (status, shown, records), (refused, leaked) in zip(addresses, healthy, denied, strict=True)
    ]


def _addresses(instance: Instance) -> list[tuple[str, str]]:
    cast = instance.cast
    waiting = loop.submitted(cast, evidence=SAID)
    seen = loop.revealed(cast, evidence=SAID)
    decisions.rated(cast, SCENARIO, 3)
    purpose = decisions.opened(cast)
    record = decisions.decided(cast, purpose)
    db.session.remove()
    person = f"/decisions/{purpose}/people/{cast.ana}"
    return [
        ("ben", f"/feedback/{waiting}"),
        ("ben", f"/feedback/{seen}/reveal"),
        ("ben", "/feedback/learners"),
        ("ben", f"/feedback/learners/{cast.ana}"),
        ("cleo", f"/decisions/{purpose}"),
        ("cleo", person),
        ("cleo", f"{person}/report"),
        ("cleo", f"{person}/decision/{record}"),
    ]


def _words(page: str) -> tuple[str, ...]:
    return tuple(word for word in SECRETS if word in page)


def _looks() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(AccessRecord)) or 0


@contextmanager
def _out_of_order(instance: Instance) -> Iterator[Settings]:
    """SQLite refuses the row; PostgreSQL does not let the site's role insert it. All else can be read and written."""
    settings = instance.settings
    with instance.application():
        if settings.is_sqlite:
            _execute(REFUSE)
        else:
            for statement in (
                f"CREATE ROLE {CLERK} LOGIN PASSWORD 'clerk'",
                f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {CLERK}",
                f"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {CLERK}",
                f"REVOKE INSERT ON access_record FROM {CLERK}",
            ):
                _execute(statement)
            settings = replace(settings, database_url=settings.database_url.replace("postgres:", f"{CLERK}:clerk"))
    try:
        yield settings
    finally:
        with instance.application():
            if settings.is_sqlite:
                _execute("DROP TRIGGER proof_refuse")
            else:
                _execute(f"DROP OWNED BY {CLERK}")
                _execute(f"DROP ROLE {CLERK}")


def _execute(statement: str) -> None:
    with db.engine.begin() as connection:
        connection.execute(text(statement))
