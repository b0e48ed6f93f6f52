"""Full-text search over a library version: one interface, FTS5 on SQLite and tsvector on PostgreSQL behind it.

The index of a version is made when the first search asks for it, in a short transaction of its own, and can be thrown
away at any time: it says nothing that the library does not say. It holds no person's data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, delete, select, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from coachkit.domain.content.model import Library
from coachkit.domain.search.entries import Entry, entries
from coachkit.domain.search.words import only_words
from coachkit.platform import clock
from coachkit.platform.db import Base, own_transaction

KEEP_VERSIONS = 3
MOST_FOUND = 30
WORDS_TABLE = "search_words"
"""SQLite's own table, with a few more whose names begin the same; no model describes them."""
_TITLE_WEIGHT = 6.0


class SearchIndex(Base):
    """A library version that can be searched."""

    __tablename__ = "search_index"

    version: Mapped[str] = mapped_column(
        String(64), ForeignKey("library_snapshot.version", ondelete="CASCADE"), primary_key=True
    )
    built_at: Mapped[datetime]


class SearchEntry(Base):
    """One thing that can be found."""

    __tablename__ = "search_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(ForeignKey("search_index.version", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    words: Mapped[str | None] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"))
    """PostgreSQL's reading of title and body; empty on SQLite."""

    __table_args__ = (Index("ix_search_entry_words", "words", postgresql_using="gin"),)


@dataclass(frozen=True, slots=True)
class Found:
    """What answers a search, best first, and whether all the words stand in each."""

    entries: tuple[Entry, ...]
    all_words: bool
    more: bool


def find(session: Session, library: Library, words: Sequence[str]) -> Found:
    """Entries with all the words (the last may be unfinished), or else with some of them."""
    if not words:
        return Found((), all_words=True, more=False)
    if session.scalar(select(SearchIndex.version).where(SearchIndex.version == library.version)) is None:
        build(library)
        with own_transaction() as fresh:  # the reader's own transaction began before the index was there
            return _find(fresh, library, words)
    return _find(session, library, words)


def build(library: Library) -> None:
    """Make the index of a version. Whoever comes second finds it made."""
    try:
        with own_transaction() as session:
            session.add(SearchIndex(version=library.version, built_at=clock.now()))
            session.flush()
            _fill(session, library)
            _forget_old(session)
    except IntegrityError:
        return


def _on_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _fill(session: Session, library: Library) -> None:
    found = [(entry, only_words(f"{entry.title} {entry.place}"), only_words(entry.body)) for entry in entries(library)]
    rows = [
        SearchEntry(
            version=library.version,
            kind=entry.kind,
            title=entry.title,
            place=entry.place,
            address=entry.address,
            body=entry.body,
        )
        for entry, _title, _body in found
    ]
    session.add_all(rows)
    session.flush()
    words = [{"row": row.id, "title": t, "body": b} for row, (_entry, t, b) in zip(rows, found, strict=True)]
    if _on_sqlite(session):
        session.execute(
            text(
                f"CREATE VIRTUAL TABLE IF NOT EXISTS {WORDS_TABLE} "
                "USING fts5(title, body, tokenize = 'porter unicode61 remove_diacritics 2')"
            )
        )
        statement = f"INSERT INTO {WORDS_TABLE} (rowid, title, body) VALUES (:row, :title, :body)"  # noqa: S608
    else:
        statement = (
            "UPDATE search_entry SET words = setweight(to_tsvector(:config ::regconfig, :title), 'A') "
            "|| setweight(to_tsvector(:config ::regconfig, :body), 'D') WHERE id = :row"
        )
        words = [{**row, "config": _config(library)} for row in words]
    if words:
        session.execute(text(statement), words)


def _config(library: Library) -> str:
    """PostgreSQL's dictionary: stems for English, plain words for everything else."""
    return "english" if library.language.startswith("en") else "simple"


def _forget_old(session: Session) -> None:
    newest = select(SearchIndex.version).order_by(SearchIndex.built_at.desc(), SearchIndex.version)
    for version in session.scalars(newest.offset(KEEP_VERSIONS)).all():
        if _on_sqlite(session):
            session.execute(
                text(f"DELETE FROM {WORDS_TABLE} WHERE rowid IN (SELECT id FROM search_entry WHERE version = :v)"),  # noqa: S608
                {"v": version},
            )
        session.execute(delete(SearchEntry).where(SearchEntry.version == version))
        session.execute(delete(SearchIndex).where(SearchIndex.version == version))


def _find(session: Session, library: Library, words: Sequence[str]) -> Found:
    for together in (True, False):
        ids = _ids(session, library, words, together=together)
        if ids or len(words) == 1:
            break
    rows = session.scalars(select(SearchEntry).where(SearchEntry.id.in_(ids[:MOST_FOUND]))).all()
    by_id = {row.id: Entry(row.kind, row.title, row.place, row.address, row.body) for row in rows}
    return Found(tuple(by_id[found] for found in ids[:MOST_FOUND]), all_words=together, more=len(ids) > MOST_FOUND)


def _ids(session: Session, library: Library, words: Sequence[str], *, together: bool) -> list[int]:
    on_sqlite = _on_sqlite(session)
    if on_sqlite:
        quoted = [f'"{word}"' for word in words]
        asked = (" AND " if together else " OR ").join([*quoted[:-1], f"{quoted[-1]} *"])
        statement = text(
            f"SELECT {WORDS_TABLE}.rowid FROM {WORDS_TABLE} "  # noqa: S608
            f"JOIN search_entry ON search_entry.id = {WORDS_TABLE}.rowid "
            f"WHERE {WORDS_TABLE} MATCH :asked AND search_entry.version = :version "
            f"ORDER BY bm25({WORDS_TABLE}, {_TITLE_WEIGHT}, 1.0), {WORDS_TABLE}.rowid LIMIT :most"
        )
    else:
        quoted = [f"'{word}'" for word in words]
        asked = (" & " if together else " | ").join([*quoted[:-1], f"{quoted[-1]}:*"])
        statement = text(
            "SELECT id FROM search_entry, to_tsquery(:config ::regconfig, :asked) AS wanted "
            "WHERE words @@ wanted AND version = :version "
            "ORDER BY ts_rank_cd(words, wanted) DESC, id LIMIT :most"
        )
    given = {"asked": asked, "version": library.version, "most": MOST_FOUND + 1}
    found = session.execute(statement, given if on_sqlite else {**given, "config": _config(library)})
    return [int(row[0]) for row in found]
