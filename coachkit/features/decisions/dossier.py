"""The dossier of one decision record: one frozen object, from which its page, its JSON file and its PDF are drawn.

It is built for one audience. The CIO and the person get what was seen; the auditor gets the course of it, without
names, words or levels. Every figure is a string in it, written once, so page, file and PDF cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.domain.content.model import Library
from coachkit.domain.decision import sealed
from coachkit.domain.decision.course import State
from coachkit.domain.decision.warning import WARNING
from coachkit.features.calibration.measures import measuring
from coachkit.features.decisions.case_file import CaseFile, Rating, SkillRow
from coachkit.features.decisions.models import DecisionRecord, Forecast
from coachkit.features.decisions.record_page import RecordPage, record_page
from coachkit.features.decisions.records import Said, paper
from coachkit.platform import clock
from coachkit.platform.audit import AuditEvent
from coachkit.platform.templates import counted, long_date, moment


class Audience(StrEnum):
    """For whom a dossier is built."""

    CIO = "cio"
    PERSON = "person"
    AUDITOR = "auditor"

    @property
    def word(self) -> str:
        return {"cio": "the CIO", "person": "the person whom it concerns", "auditor": "the auditor"}[self.value]


Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One part: facts, and a table where there is one."""

    id: str
    title: str
    facts: tuple[tuple[str, str], ...] = ()
    """Label and text; the text may hold paragraphs."""
    columns: Row = ()
    rows: tuple[Row, ...] = ()
    note: str = ""
    frozen: dict[str, Any] | None = None
    """What was frozen at the moment of deciding, as it lies in the record."""
    fingerprint: str = ""

    def plain(self) -> dict[str, Any]:
        """For the file."""
        found = asdict(self)
        if self.frozen is None:
            del found["frozen"], found["fingerprint"]
        return found


@dataclass(frozen=True, slots=True)
class Dossier:
    """The whole."""

    record_id: int
    audience: Audience
    title: str
    built_at: str
    organisation: str
    warning: str
    limits: tuple[str, ...]
    parts: tuple[Part, ...] = field(default=())

    def sealed(self) -> dict[str, Any]:
        """As one plain object with its fingerprints; tuples are lists, as a reader of the file finds them."""
        head = {
            "record": self.record_id,
            "audience": self.audience.value,
            "title": self.title,
            "built_at": self.built_at,
            "organisation": self.organisation,
            "warning": self.warning,
            "limits": list(self.limits),
        }
        return sealed.seal(head, [part.plain() for part in self.parts])

    def to_bytes(self) -> bytes:
        """The JSON file."""
        return sealed.to_bytes(self.sealed())

    @property
    def seal(self) -> str:
        """The last fingerprint of the chain, printed on the page and the PDF."""
        return str(self.sealed()["seal"][-1])


LIMITS = (
    "Everything that was seen, was seen in practice situations. It is not validated for selection.",
    "“Not released” is evidence of nothing, and so is an answer that was not given.",
    "An interval says how uncertain a figure is. Where it holds the line, nobody can tell.",
    "A forecast is what whoever decided expected. It measures that judgement, not the person.",
    "The fingerprints show that nothing was changed since. They do not show that it was right.",
)
AUDITOR_LIMITS = (
    "Built for the auditor: it shows that the way was kept, and holds no name, no words and no level.",
    *LIMITS[-1:],
)


def build(
    session: Session, library: Library, record: DecisionRecord, audience: Audience, organisation: str, *, forecast: bool
) -> Dossier:
    """Build it from what is stored. Without `forecast` for a reader who has yet to rate the person."""
    page = record_page(session, library, record, evidence=audience is not Audience.AUDITOR, forecast=forecast)
    if audience is Audience.AUDITOR:
        title = f"Decision record {record.id}"
        parts = [_ground(page), _course_without_words(page), _checks(session, record, page)]
    else:
        title = f"{page.outcome}: {page.person}"
        parts = [
            _decision(page),
            _conditions(page),
            *_expected(page),
            _said(page.course.said),
            _named(page),
            *_seen(page, record),
            *_words_frozen(session, record, page, whole=forecast),
            _checks(session, record, page),
        ]
    return Dossier(
        record_id=record.id,
        audience=audience,
        title=title,
        built_at=moment(clock.now()),
        organisation=organisation,
        warning=WARNING,
        limits=AUDITOR_LIMITS if audience is Audience.AUDITOR else LIMITS,
        parts=tuple(parts),
    )


def _facts(*pairs: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((label, text) for label, text in pairs if text)


def _lines(*texts: str) -> tuple[str, ...]:
    return tuple(text for text in texts if text)


def _day(day: date | datetime | None) -> str:
    return long_date(day) if day else ""


def _decision(page: RecordPage) -> Part:
    hours = f"{counted(page.coach_hours, 'hour')} of coaching" if page.coach_hours else ""
    free = f"{counted(page.protected_hours, 'hour')} a week" if page.protected_hours else ""
    return Part(
        "decision",
        "What was decided, and why",
        _facts(
            ("Decision", page.outcome + (", against the person’s wish" if page.against_wish else "")),
            ("Person", page.person),
            ("Decided by", page.decided_by),
            ("Decided", moment(page.decided_at)),
            ("Reasons", page.reasons),
            ("Alternatives weighed", page.alternatives),
            ("Plan", page.plan),
            ("Coaching until then", hours),
            ("Kept free for it", free),
            ("From work", page.work_reason),
            ("It happened on", _day(page.work_reason_on)),
            ("Can confirm it", page.work_reason_who),
            ("Offered before", page.offered),
            ("Offered since", _day(page.offered_on)),
            ("Seen differently", page.dissent),
            ("Look again on", _day(page.review_on)),
            ("Amends record", str(page.amends_id or "")),
            ("Amended by record", str(page.amended_by or "")),
        ),
    )


def _ground(page: RecordPage) -> Part:
    """The same without anybody's words."""
    whole = _conditions(page)
    kept = {"Role lines fixed on", "Purpose ends", "Organisation", "Content"}
    facts = (("Kind of purpose", page.strip.kind), *(pair for pair in whole.facts if pair[0] in kept))
    return Part(whole.id, whole.title, facts)


def _conditions(page: RecordPage) -> Part:
    strip = page.strip
    return Part(
        "conditions",
        "On what ground",
        _facts(
            ("Purpose", strip.label),
            ("Role", strip.role_name),
            ("Role lines fixed on", _day(strip.fixed_on)),
            ("Purpose ends", _day(strip.ends_on)),
            (
                "Organisation",
                f"Readiness {page.readiness.result.word.lower()}, check of {_day(page.readiness.assessed_on)}",
            ),
            ("Content", ", ".join(version[:12] for version in page.content)),
            (CALIBRATION, page.file.run if page.file else ""),
        ),
        ("Skill", "Role line"),
        tuple((name, f"{level}, {word}") for name, level, word in strip.lines),
    )


def _expected(page: RecordPage) -> tuple[Part, ...]:
    told = page.course.forecast
    if told is None:
        return ()
    came = "" if told.came_true is None else "Yes" if told.came_true else "No"
    sound = "" if told.sound is None else "Yes" if told.sound else "No"
    found = Part(
        "forecast",
        "What was expected",
        _facts(
            ("Forecast", told.statement),
            ("Chance", f"{told.chance} %"),
            ("Asked back on", _day(told.due_on)),
            ("Came true", came),
            ("What happened", told.what_happened),
            ("The way of deciding was sound", sound),
            ("Why", told.process),
        ),
    )
    return (found,)


def _said(said: Iterable[Said]) -> Part:
    rows = tuple((each.title, each.by, moment(each.at), "\n".join(_lines(each.words, each.stated))) for each in said)
    note = "" if rows else "Nothing so far."
    return Part("said", "What was added since", (), ("What", "By", "When", "Words") if rows else (), rows, note)


def _named(page: RecordPage) -> Part:
    rows = tuple(
        (line.word, line.name, _day(line.ends_at), "\n".join(_lines(line.why, line.stated)))
        for line in page.course.duties
    )
    note = "" if rows else "Nobody so far."
    return Part("named", "Who is named", (), ("Duty", "Name", "Until", "Why independent") if rows else (), rows, note)


MEASURED = (2, 3)
"""Places of the columns with model-based figures: left out where the house shows none."""
SKILL_COLUMNS = ("Skill", "Role line", "Fair average and interval", "Unadjusted", "Evidence says", "Built on", "Why")
RESTS_ON_MEASURES = frozenset(SKILL_COLUMNS[2:5]) | {"Why"}
"""What a printed edition of before shows no more where measures are off."""
CALIBRATION, TOGETHER = "Calibration", "Together"


def _seen(page: RecordPage, record: DecisionRecord) -> tuple[Part, ...]:
    if page.file is None:
        return ()
    file = page.file
    table: tuple[Row, ...] = (SKILL_COLUMNS, *(_skill(skill) for skill in file.skills), *_together(file))
    if not any(row[place] for row in table[1:] for place in MEASURED):
        table = tuple(tuple(cell for at, cell in enumerate(row) if at not in MEASURED) for row in table)
    skills = Part(
        "skills",
        "What was seen, skill by skill",
        _facts(
            ("In the person’s own words", file.comment),
            ("Interest and care", file.conversation),
            ("Re-tries", file.tries_words),
            ("Missing", "\n".join(file.missing)),
        ),
        table[0],
        table[1:],
    )
    ratings = tuple(_rating(skill, rating) for skill in file.skills for rating in skill.ratings)
    every = Part(
        "ratings",
        "Every rating behind it",
        (),
        ("Skill", "When", "Criterion", "Level", "Where", "Seen by", "What was seen") if ratings else (),
        ratings,
        "" if ratings else "No official attempt had been rated.",
    )
    return skills, every, _seen_frozen(record)


def _seen_frozen(record: DecisionRecord) -> Part:
    """The frozen object; where it holds figures that this house shows no more, its fingerprint only."""
    title = "What was seen, as it was frozen"
    if record.snapshot.get("calibration") is not None and not measuring():
        note = "The object itself holds figures that this house does not show any more."
        return Part("seen-frozen", title, (("Fingerprint", record.snapshot_hash),), note=note)
    note = "For machines: the object that the pages are drawn from, with its fingerprint in the audit chain."
    return Part("seen-frozen", title, note=note, frozen=record.snapshot, fingerprint=record.snapshot_hash)


def _skill(skill: SkillRow) -> Row:
    measured = skill.measure
    return (
        skill.name,
        f"{skill.line}, {skill.line_word}",
        measured.words if measured else "",
        measured.raw if measured else "",
        skill.group_word,
        skill.built_on,
        skill.reason,
    )


def _together(file: CaseFile) -> tuple[Row, ...]:
    if file.together is None:
        return ()
    return ((TOGETHER, "no line of its own", file.together.words, file.together.raw, "", "", ""),)


def _rating(skill: SkillRow, rating: Rating) -> Row:
    where = f"{rating.scenario}, difficulty {rating.difficulty}"
    return (skill.name, _day(rating.on), rating.criterion, rating.level, where, rating.coach, rating.evidence)


def _words_frozen(session: Session, record: DecisionRecord, page: RecordPage, *, whole: bool) -> tuple[Part, ...]:
    """The words and choices with their fingerprint. It covers the forecast, so it goes only where that goes."""
    if not whole or not page.record_fingerprint:
        return ()
    found = Part(
        "words-frozen",
        "The words and choices, as they were frozen",
        note="For machines.",
        frozen=paper(record, session.get(Forecast, record.id)),
        fingerprint=record.record_hash,
    )
    return (found,)


def _course_without_words(page: RecordPage) -> Part:
    course = page.course
    said = tuple((each.title, moment(each.at)) for each in course.said)
    return Part(
        "course",
        "Its course",
        _facts(
            ("Decided", moment(page.decided_at)),
            ("State", course.state.word),
            ("Needs every safeguard", "Yes" if course.guarded else "No"),
            ("Dated reason from work", _day(page.work_reason_on)),
            ("Development on offer since", _day(page.offered_on)),
            ("Look again on", _day(page.review_on)),
            ("Last day for an answer", _day(course.answer_by) if course.guarded else ""),
            ("Last day for an appeal", _day(course.appeal_by)),
            ("Duties named", ", ".join(line.word for line in course.duties)),
            ("Second signer states to be independent", "Yes" if any(each.stated for each in course.said) else ""),
            ("Forecast", _forecast_state(page)),
        ),
        ("What", "When") if said else (),
        said,
    )


def _forecast_state(page: RecordPage) -> str:
    told = page.course.forecast
    if told is None:
        return "None"
    return "Looked back on" if told.came_true is not None else f"Asked back on {_day(told.due_on)}"


def _checks(session: Session, record: DecisionRecord, page: RecordPage) -> Part:
    """Fingerprints, and the events of the chain that hold them."""
    about = f"decision:{record.id}"
    events = session.scalars(select(AuditEvent).where(AuditEvent.object == about).order_by(AuditEvent.seq))
    return Part(
        "checks",
        "How it can be checked",
        _facts(
            ("Fingerprint of what was seen", record.snapshot_hash),
            ("Fingerprint of the words and choices", record.record_hash),
            ("Unchanged since it was recorded", "Yes" if page.unchanged else "No"),
            ("State", page.course.state.word if page.course.state is not State.STANDS else "It stands"),
            ("On any machine", "coachkit dossier verify FILE"),
            ("On the server", "coachkit audit verify"),
        ),
        ("Event", "When", "What", "Fingerprint in the chain"),
        tuple((str(event.seq), event.at, event.action, event.hash) for event in events),
    )
