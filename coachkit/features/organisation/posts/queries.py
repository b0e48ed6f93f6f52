"""Reads about posts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from coachkit.domain.decision import economics
from coachkit.domain.decision.economics import Figure, Span
from coachkit.domain.organisation import charter as charters
from coachkit.domain.organisation.load import Load, Related
from coachkit.features.accounts.queries import names
from coachkit.features.organisation.posts.models import Charter, Post, PostSheet, WorkNote

SEGMENTS = {"region": "A region", "business": "A line of business", "other": "Something else"}


@dataclass(frozen=True, slots=True)
class PostLine:
    """A post in a list, with its load in words."""

    id: int
    name: str
    units: tuple[str, ...]
    holders: int
    load: Load
    charter: int
    """The newest version of its charter; 0 where there is none."""
    sheet: bool


def units_of(text: str) -> tuple[str, ...]:
    """One unit a line; empty lines and doubles do not count."""
    return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def load_of(post: Post) -> Load:
    return Load(len(units_of(post.units)), post.holders, Related(post.related), post.field_share)


def charter_versions(session: Session) -> dict[int, int]:
    """The newest version of each post's charter."""
    found = select(Charter.post_id, func.max(Charter.version)).group_by(Charter.post_id)
    return {post_id: version for post_id, version in session.execute(found)}  # noqa: C416  typed rows


def posts(session: Session) -> tuple[PostLine, ...]:
    """All posts, in alphabetical order."""
    newest = charter_versions(session)
    sheets = set(session.scalars(select(PostSheet.post_id)))
    rows = sorted(session.scalars(select(Post)), key=lambda post: post.name.casefold())
    return tuple(
        PostLine(p.id, p.name, units_of(p.units), p.holders, load_of(p), newest.get(p.id, 0), p.id in sheets)
        for p in rows
    )


@dataclass(frozen=True, slots=True)
class CharterPage:
    """One version of a charter, and which others there are."""

    post_id: int
    post: str
    units: tuple[str, ...]
    version: int
    newest: int
    model: str
    parts: tuple[tuple[str, str], ...]
    """Title and text of what was filled in."""
    blank: tuple[str, ...]
    """Titles of what was left open."""
    agreed_by: str
    review_on: date | None
    made_by: str
    made_at: datetime
    versions: tuple[tuple[int, datetime], ...]


def charter_row(session: Session, post_id: int, version: int | None = None) -> Charter | None:
    """A version, or the newest."""
    query = select(Charter).where(Charter.post_id == post_id).order_by(Charter.version.desc()).limit(1)
    return session.scalars(query if version is None else query.where(Charter.version == version)).one_or_none()


def charter_page(session: Session, post_id: int, version: int | None = None) -> CharterPage | None:
    """A version to read."""
    post, row = session.get(Post, post_id), charter_row(session, post_id, version)
    if post is None or row is None:
        return None
    others = session.execute(
        select(Charter.version, Charter.made_at).where(Charter.post_id == post_id).order_by(Charter.version.desc())
    )
    versions = tuple((number, made_at) for number, made_at in others)
    written = [(part.title, row.content.get(part.id, "")) for part in charters.PARTS]
    return CharterPage(
        post_id=post_id,
        post=post.name,
        units=units_of(post.units),
        version=row.version,
        newest=versions[0][0],
        model=charters.MODEL_NAMES.get(row.content.get("model", ""), ""),
        parts=tuple((title, text) for title, text in written if text),
        blank=tuple(title for title, text in written if not text),
        agreed_by=row.agreed_by,
        review_on=row.review_on,
        made_by=names(session, [row.made_by]).get(row.made_by or 0, "Somebody who has left"),
        made_at=row.made_at,
        versions=versions,
    )


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A figure in the table of a sheet."""

    figure: Figure
    span: Span


@dataclass(frozen=True, slots=True)
class SheetPage:
    """The sheet of one post."""

    post_id: int
    post: str
    currency: str
    changed_at: datetime | None
    lines: tuple[FigureLine, ...]
    sheet: economics.Sheet | None


def spans_of(row: PostSheet) -> dict[str, Span]:
    """The stored figures; one that is new since then has the value that is offered."""
    found = {}
    for figure in economics.FIGURES:
        value, low, high = row.figures.get(figure.id, [figure.offered or 0] * 3)
        found[figure.id] = Span(value, low, high)
    return found


def sheet_page(session: Session, post_id: int) -> SheetPage | None:
    """What a post's options cost; without figures, an empty one."""
    post, row = session.get(Post, post_id), session.get(PostSheet, post_id)
    if post is None:
        return None
    if row is None:
        return SheetPage(post_id, post.name, "", None, (), None)
    spans = spans_of(row)
    lines = tuple(FigureLine(figure, spans[figure.id]) for figure in economics.FIGURES)
    return SheetPage(post_id, post.name, row.currency, row.changed_at, lines, economics.sheet(spans))


def notes(session: Session, kind: str) -> Mapping[str, WorkNote]:
    """What was found so far, by heading."""
    rows = session.scalars(select(WorkNote).where(WorkNote.key.startswith(f"{kind}:")))
    return {row.key.partition(":")[2]: row for row in rows}


def sheet_version(session: Session, post_id: int) -> int:
    """How often the figures of a post have been kept."""
    row = session.get(PostSheet, post_id)
    return row.version if row else 0
