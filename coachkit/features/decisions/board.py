"""The pages about people within a purpose: the board, one person, the person's own preview, a frozen record.

Whoever has not released is the same row, whatever the reason. A release is read again after everything else, so a
withdrawal wins against a page that is being made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.domain.content.model import Library
from coachkit.domain.decision import rules
from coachkit.domain.decision.evidence import Group
from coachkit.domain.decision.months import months_later
from coachkit.domain.decision.readiness import Result
from coachkit.domain.decision.safeguards import ASKS_FOR, evidence_missing
from coachkit.domain.decision.snapshot import fingerprint
from coachkit.features.accounts.queries import coach_ids_of, membership, names, person_view
from coachkit.features.calibration.measures import newest_run, standings
from coachkit.features.decisions import basis, measured, queries, records
from coachkit.features.decisions.case_file import (
    FORMAT,
    CaseFile,
    Snapshot,
    coach_names,
    conversation_entry,
    observations,
    role_skills,
    seen_attempts,
    show,
    skill_entries,
    tries_entries,
)
from coachkit.features.decisions.measured import Ground
from coachkit.features.decisions.models import Purpose, PurposePerson
from coachkit.features.decisions.more_evidence import Asked, asked
from coachkit.features.decisions.queries import PurposeStrip
from coachkit.features.decisions.records import DecisionLine
from coachkit.features.feedback.conversation.queries import shared_outcome
from coachkit.features.organisation.queries import readiness_today
from coachkit.features.practice.queries import LibraryOf, Observed
from coachkit.platform import clock


@dataclass(frozen=True, slots=True)
class ReadinessLine:
    """The organisation's result, as printed beside people."""

    id: int
    result: Result
    assessed_on: date


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One person on the board; `file` is None for everybody who has not released."""

    id: int
    name: str
    file: CaseFile | None = None
    weeks: int | None = None
    not_before: date | None = None
    """The first day on which something may be decided, while it is still to come."""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """A purpose with everybody whom it asks, alphabetical."""

    strip: PurposeStrip
    readiness: ReadinessLine
    rows: tuple[BoardRow, ...]

    @property
    def asked(self) -> str:
        """«Five people», «14 people»."""
        number = len(self.rows)
        words = ("Nobody", "One person", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
        if number < 2:  # noqa: PLR2004
            return words[number]
        return f"{words[number] if number < len(words) else number} people"

    @property
    def run(self) -> str:
        """The calibration behind the figures, or empty."""
        return next((row.file.run for row in self.rows if row.file is not None), "")

    @property
    def anybody(self) -> bool:
        return any(row.file is not None for row in self.rows)


@dataclass(frozen=True, slots=True)
class OptionView:
    """Something that may be decided, or why it may not now."""

    id: str
    name: str
    text: str
    closed: bool


@dataclass(frozen=True, slots=True)
class OpenSkill:
    """A skill about which nobody can tell. Its action is more evidence."""

    id: str
    name: str
    missing: str
    asked: Asked | None


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One person within a purpose."""

    id: int
    name: str
    strip: PurposeStrip
    readiness: ReadinessLine
    file: CaseFile
    weeks: int | None
    not_before: date | None
    coach_decides: bool
    """Whether one of the person's coaches may decide within this purpose as well."""
    options: tuple[OptionView, ...]
    decisions: tuple[DecisionLine, ...]
    seen: str
    """Fingerprint of what the page shows."""
    evidence_missing: tuple[str, ...]
    """What is too thin for replacing or moving anybody."""
    asks_for: str
    """How much that needs, in words."""
    open: tuple[OpenSkill, ...]
    """Skills about which nobody can tell, with what is missing and whether it was asked for."""

    @property
    def amends(self) -> int | None:
        """The record that a new one would amend."""
        return next((line.id for line in self.decisions if line.newest), None)


@dataclass(frozen=True, slots=True)
class RequestPage:
    """A purpose, for a person whom it asks."""

    strip: PurposeStrip
    open: bool
    released_at: datetime | None
    comment: str
    file: CaseFile
    """Exactly what a release shows."""
    readiness: Result
    not_before: date | None
    asked: tuple[OpenSkill, ...]
    """Skills on which somebody asked for more."""


def readiness_line(session: Session) -> ReadinessLine:
    """The result that holds today."""
    row, today = readiness_today(session)
    return ReadinessLine(row.id if row else 0, today, row.assessed_on if row else clock.today())


def gather(
    session: Session,
    library: Library,
    library_of: LibraryOf,
    purpose: Purpose,
    person_ids: Iterable[int],
) -> dict[int, Snapshot]:
    """What the purpose would see of these people, released or not, as plain objects."""
    person_ids = list(person_ids)
    lines = queries.role_lines(session, purpose.id)
    head = _purpose_entry(session, purpose)
    line = readiness_line(session)
    readiness = {"id": line.id, "result": line.result.value, "assessed_on": line.assessed_on.isoformat()}
    found = observations(session, library_of, person_ids)
    grounds = _grounds(session, person_ids)
    return {
        person_id: {
            "format": FORMAT,
            "purpose": head,
            "readiness": readiness,
            "person": _person_entry(session, purpose.id, person_id),
            "conversation": conversation_entry(shared_outcome(session, person_id, purpose.id)),
            "calibration": measured.run_entry(grounds.get(person_id)),
            "content": sorted({row.library_version for row in rows}),
            "skills": skill_entries(library, library_of, lines, rows, grounds.get(person_id)),
            "together": measured.together_entry(grounds.get(person_id)),
            "tries": tries_entries(rows, lines, library_of),
        }
        for person_id, rows in _of(person_ids, found)
    }


def _grounds(session: Session, person_ids: list[int]) -> dict[int, Ground]:
    """What each person's figures stand on; empty where nothing is measured."""
    run = newest_run(session)
    if run is None:
        return {}
    known, today = standings(session, person_ids), clock.today()
    oldest = months_later(today, -rules.SHOWN_FOR_MONTHS)
    return {person_id: Ground(run, known.get(person_id), oldest, today) for person_id in person_ids}


def _of(person_ids: list[int], found: Mapping[int, tuple[Observed, ...]]) -> list[tuple[int, tuple[Observed, ...]]]:
    return [(person_id, found.get(person_id, ())) for person_id in person_ids]


def _purpose_entry(session: Session, purpose: Purpose) -> Snapshot:
    return {
        "id": purpose.id,
        "kind": purpose.kind,
        "title": purpose.title,
        "why": purpose.why,
        "role": purpose.role_name,
        "ends_on": purpose.ends_at.date().isoformat(),
        "viewers": sorted(queries.viewer_ids(session, purpose.id)),
    }


def _person_entry(session: Session, purpose_id: int, person_id: int) -> Snapshot:
    view, member = person_view(session, person_id), membership(session, person_id)
    release = queries.open_release(session, purpose_id, person_id)
    return {
        "id": person_id,
        "unit": view.unit if view else "",
        "since": member.since.isoformat() if member else None,
        "released_on": release.released_at.date().isoformat() if release else None,
        "comment": release.comment if release else "",
    }


def _weeks(file: CaseFile) -> int | None:
    return max(0, (clock.today() - file.since).days // 7) if file.since else None


def _not_before(file: CaseFile) -> date | None:
    if file.since is None or not rules.too_early(file.since, clock.today()):
        return None
    return rules.twelfth_week(file.since)


def board(session: Session, library: Library, library_of: LibraryOf, purpose: Purpose, looked: frozenset[int]) -> Board:
    """Everybody whom the purpose asks. Only people in `looked` are shown: their look is on record."""
    asked = queries.asked_people(session, purpose.id)
    wanted = [person_id for person_id, _name in asked if person_id in looked]
    snapshots = gather(session, library, library_of, purpose, wanted)
    people = coach_names(session, snapshots.values())
    strip = queries.strip_of(session, purpose, role_skills(library))
    line = readiness_line(session)
    still = queries.released_ids(session, purpose.id) & looked
    rows = tuple(
        _board_row(purpose.id, person_id, name, show(snapshots[person_id], people))
        if person_id in still and person_id in snapshots
        else BoardRow(person_id, name)
        for person_id, name in asked
    )
    return Board(strip, line, rows)


def _board_row(purpose_id: int, person_id: int, name: str, file: CaseFile) -> BoardRow:
    url = f"/decisions/{purpose_id}/people/{person_id}"
    return BoardRow(person_id, name, file, _weeks(file), _not_before(file), url)


def person_page(
    session: Session, library: Library, library_of: LibraryOf, purpose: Purpose, person_id: int
) -> PersonPage | None:
    """One person, or None where the release has ended while the page was being made."""
    snapshot = gather(session, library, library_of, purpose, [person_id])[person_id]
    file = show(snapshot, coach_names(session, [snapshot]))
    line = readiness_line(session)
    page = PersonPage(
        id=person_id,
        name=names(session, [person_id]).get(person_id, basis.GONE),
        strip=queries.strip_of(session, purpose, role_skills(library)),
        readiness=line,
        file=file,
        weeks=_weeks(file),
        not_before=_not_before(file),
        coach_decides=bool(coach_ids_of(session, person_id) & queries.viewer_ids(session, purpose.id)),
        options=_options(purpose.kind, line.result),
        decisions=records.decisions_about(session, person_id, purpose.id),
        seen=fingerprint(snapshot),
        evidence_missing=evidence_missing(seen_attempts(snapshot)),
        asks_for=ASKS_FOR,
        open=open_skills(file, asked(session, purpose.id, person_id)),
    )
    return page if person_id in queries.released_ids(session, purpose.id) else None


def open_skills(file: CaseFile, requests: Iterable[Asked]) -> tuple[OpenSkill, ...]:
    """What nobody can tell, in the order of the role line."""
    known = {each.skill_id: each for each in requests}
    return tuple(
        OpenSkill(skill.id, skill.name, ", ".join(skill.missing), known.get(skill.id))
        for skill in file.skills
        if skill.group in {Group.CANNOT_TELL.value, Group.THIN.value}
    )


def _options(kind: str, readiness: Result) -> tuple[OptionView, ...]:
    found = []
    for outcome in rules.OUTCOMES:
        reason = rules.closed_because(outcome.id, kind, readiness)
        found.append(OptionView(outcome.id, outcome.name, reason or outcome.text, bool(reason)))
    return tuple(found)


def request_page(
    session: Session, library: Library, library_of: LibraryOf, purpose_id: int, person_id: int
) -> RequestPage | None:
    """A purpose and its preview, for a person whom it asks; None for everybody else."""
    query = (
        select(Purpose)
        .join(PurposePerson, PurposePerson.purpose_id == Purpose.id)
        .where(Purpose.id == purpose_id, PurposePerson.person_id == person_id)
    )
    purpose = session.scalars(query).one_or_none()
    if purpose is None:
        return None
    snapshot = gather(session, library, library_of, purpose, [person_id])[person_id]
    file = show(snapshot, coach_names(session, [snapshot]))
    release = queries.open_release(session, purpose_id, person_id)
    return RequestPage(
        strip=queries.strip_of(session, purpose, role_skills(library)),
        open=queries.is_open(purpose, basis=basis.has_basis(session)),
        released_at=release.released_at if release else None,
        comment=release.comment if release else "",
        file=file,
        readiness=readiness_line(session).result,
        not_before=_not_before(file),
        asked=tuple(each for each in open_skills(file, asked(session, purpose_id, person_id)) if each.asked),
    )
