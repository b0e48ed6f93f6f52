"""What a proof measured, as a page in docs/proofs: when, on what, with which figures, and how to repeat it."""

from __future__ import annotations

import os
import platform
import sqlite3
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.proofs.instance import PROJECT

FOLDER = PROJECT / "docs" / "proofs"
PACKAGES = ("coachkit", "granian", "flask", "sqlalchemy", "huey", "weasyprint")


RANDOM = """\
Kill moments are drawn at random and the machine has its own pace, so the
figures will differ; what must not differ is every line that says what must be none."""


def table(head: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {'.'.join(platform.release().split('.')[:2])}"
    )


def versions(postgres: str = "") -> str:
    found = [f"Python {platform.python_version()}", f"SQLite {sqlite3.sqlite_version}"]
    found += [f"PostgreSQL {postgres}"] if postgres else []
    return ", ".join([*found, *(f"{name} {version(name)}" for name in PACKAGES)])


def write(
    name: str, title: str, promise: str, body: str, *, seconds: float, postgres: str = "", repeat: str = RANDOM
) -> Path:
    """Replace docs/proofs/<name>.md."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    page = f"""# {title}

{promise}

{body}

## When, on what, and how to repeat it

Measured on {datetime.now(UTC):%d %B %Y} in {seconds:.0f} seconds, on {machine()}; load averages at the end: {load}.
{versions(postgres)}.

To repeat it: `make prove ARGS={name}`. {repeat}
"""
    target = FOLDER / f"{name}.md"
    target.write_text(page, encoding="utf-8")
    return target
