"""Which edition of the library is served: look at the folder, publish it, go back to an earlier one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from coachkit.domain.content.changes import PROMISE, Change, changes
from coachkit.domain.content.model import Library
from coachkit.domain.content.parse import version_of
from coachkit.domain.content.problems import Problem
from coachkit.features.practice.models import Attempt
from coachkit.platform import audit, library
from coachkit.platform.errors import ConflictError, InvalidError
from coachkit.platform.library import Checked
from coachkit.platform.library_files import fingerprint
from coachkit.platform.policy import Action, Actor, require
from coachkit.platform.settings import Settings

SHOWN = 200
SHORT = 12


@dataclass(frozen=True, slots=True)
class VersionView:
    """One published version in the list."""

    version: str
    short: str
    published_at: datetime
    title: str
    edition: int
    current: bool
    attempts: int
    """That refer to it, and show its text for good."""


@dataclass(frozen=True, slots=True)
class ContentPage:
    """What an administrator sees before publishing."""

    versions: tuple[VersionView, ...]
    folders: tuple[str, ...]
    """The library's, and those of the packs over it."""
    version: str
    """The version that the folder would be."""
    errors: int
    warnings: int
    problems: tuple[Problem, ...]
    hidden_problems: int
    changes: tuple[Change, ...]
    is_served: bool
    """The folder holds what is served."""
    promise: str = PROMISE

    @property
    def sound(self) -> bool:
        return self.errors == 0


def check(settings: Settings) -> Checked:
    """The instance's folder with its packs. Reading it takes a while, so do it before a transaction writes."""
    return _checked(fingerprint([settings.content, *settings.packs]), settings.content, settings.packs)


@lru_cache(maxsize=1)
def _checked(saved: str, folder: Path, packs: tuple[Path, ...]) -> Checked:
    """The last one is kept: who looks at it may publish it next."""
    del saved
    return library.check_folder(folder, packs)


def versions(session: Session) -> tuple[VersionView, ...]:
    """Everything that was ever published, the newest first, with how many attempts rest on it."""
    counted = select(Attempt.library_version, func.count()).group_by(Attempt.library_version)
    attempts = {version: count for version, count in session.execute(counted)}  # noqa: C416  rows are no tuples
    return tuple(
        VersionView(
            each.version,
            each.version[:SHORT],
            each.published_at,
            each.title,
            each.edition,
            each.current,
            attempts.get(each.version, 0),
        )
        for each in library.versions(session)
    )


def content_page(
    session: Session, actor: Actor, settings: Settings, checked: Checked, served: Library | None
) -> ContentPage:
    """The versions, and the folder held against what is served now."""
    require(actor, Action.ADMINISTER)
    problems = checked.loaded.problems
    errors = len(checked.loaded.errors)
    worst_first = (*checked.loaded.errors, *(each for each in problems if not each.is_error))
    version = checked.library.version if checked.library else version_of(checked.files)
    return ContentPage(
        versions=versions(session),
        folders=tuple(map(str, (settings.content, *settings.packs))),
        version=version,
        errors=errors,
        warnings=len(problems) - errors,
        problems=worst_first[:SHOWN],
        hidden_problems=max(0, len(problems) - SHOWN),
        changes=changes(served, checked.library) if served and checked.library else (),
        is_served=served is not None and served.version == version,
    )


def publish(session: Session, actor: Actor | None, checked: Checked, *, seen: str = "") -> bool:
    """Serve a checked library from now on; `seen` is the version that was looked at. False where nothing changes.

    `actor` is None where somebody does it on the server itself.
    """
    if actor is not None:
        require(actor, Action.ADMINISTER)
    if checked.library is None:
        raise InvalidError({}, "The library has errors. Nothing was published; the last good one is served.")
    version = checked.library.version
    if seen not in {"", version}:
        raise ConflictError("The folder has changed since you looked at it. Look again before you publish.")
    changed = library.put(session, checked)
    if changed:
        audit.record(session, actor, "library:publish", about=f"library:{version[:SHORT]}")
    return changed


def publish_news(session: Session, checked: Checked) -> bool:
    """At the start of an installation: publish what was never published, and leave alone what was taken back."""
    known = {each.version for each in library.versions(session)}
    if checked.library is not None and checked.library.version in known:
        return False
    return publish(session, None, checked)


def roll_back(session: Session, actor: Actor | None, version: str) -> bool:
    """Serve an earlier version again, or a later one. False where it is served already."""
    if actor is not None:
        require(actor, Action.ADMINISTER)
    changed = library.switch(session, version)
    if changed:
        audit.record(session, actor, "library:roll-back", about=f"library:{version[:SHORT]}")
    return changed
