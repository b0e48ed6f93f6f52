"""From what was observed to the frozen report. Every figure is a count, and says how it was counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from coachkit.domain.assessment.licence import STANDING_WORDS, Standing
from coachkit.domain.assessment.scale import LEVELS
from coachkit.domain.content.model import Library
from coachkit.domain.decision import tries
from coachkit.domain.report.progress import (
    Calibration,
    CoachNote,
    Contest,
    ContestResult,
    Counts,
    CriterionLine,
    FieldEntry,
    FocusAndPlan,
    Measures,
    Observation,
    Pair,
    Person,
    Plan,
    ProgressReport,
    RubricStatus,
    SkillPage,
    Source,
    default_labels,
)
from coachkit.domain.report.wording import RATINGS_FOR_A_TREND
from coachkit.features.feedback.contest.queries import ContestView
from coachkit.features.feedback.field_log.queries import EntryView
from coachkit.features.feedback.queries import PlanView, ReleasedNote
from coachkit.features.practice.queries import Observed
from coachkit.features.reports.measured import UNADJUSTED

STATUS: dict[str, RubricStatus] = {"draft": "draft", "reviewed": "retranslated", "field-tested": "field_tested"}
DRAFTS = "The anchors are drafts: practitioners have not sorted and scaled them yet."
STRENGTHS = 2
PAIRS = 4
NOTES = 2
IN_PLACE = 3
SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a report is made from, gathered by the queries."""

    person: Person
    since: datetime
    weeks: int
    hours: int
    observed: tuple[Observed, ...]
    """Official, revealed, oldest first."""
    focus: tuple[str, ...]
    """Criterion ids that the learner chose to mind lately."""
    plans: tuple[PlanView, ...]
    notes: tuple[ReleasedNote, ...]
    contests: tuple[ContestView, ...]
    """What the learner contested. What is not decided yet, and what it is about, stands in no report."""
    comment: str
    audience: tuple[str, ...]
    measures: Measures | None
    """Fair averages from the newest calibration; None where the house shows none."""
    calibrated: Mapping[str, tuple[date, date]]
    """Coaches by name: when their eye was checked for what they rated here, and until when that holds."""
    for_learner: bool
    """The learner's own edition holds his own ratings, notes and plans; the released one does not."""
    field_log: tuple[EntryView, ...] = ()
    """What the learner puts into his own edition; in no other."""


def _contest(library: Library, view: ContestView) -> Contest:
    about = {criterion.id: criterion.name for criterion in library.criteria}
    about |= {skill.id: skill.name for skill in library.skills} | {"keep": "Note: keep", "change": "Note: change"}
    decided = view.decided_at.date() if view.decided_at else None
    item, result = about.get(view.item, "A criterion no longer in use"), cast("ContestResult", view.outcome)
    return Contest(view.opened_at.date(), item, view.text, result, view.reasons, decided)


def words(number: int) -> str:
    """«three», «12»."""
    return SMALL[number] if number < len(SMALL) else str(number)


def counted(number: int, one: str, many: str = "") -> str:
    """«three attempts»."""
    return f"{words(number)} {one if number == 1 else many or one + 's'}"


def observation_of(row: Observed, *, own: bool) -> Observation:
    """A row of the queries as the report keeps it; without the learner's own view where it goes to others."""
    return Observation(
        on=row.played_on,
        scenario=row.scenario_title,
        difficulty=row.difficulty,
        level=row.coach.value,
        not_observed=row.coach.not_observed,
        capped=row.capped,
        self_level=row.own.value if own else None,
        self_not_observed=row.own.not_observed if own else False,
        evidence=row.coach_evidence,
        self_evidence=row.own_evidence if own else "",
    )


def _strengths(library: Library, rows: list[Observed]) -> tuple[str, ...]:
    """The newest acts at level 3 or above, in the words of their anchors."""
    found: dict[str, str] = {}
    for row in reversed(rows):
        if row.coach.value is not None and row.coach.value >= IN_PLACE and row.criterion_id not in found:
            criterion = library.criterion(row.criterion_id)
            anchors: dict[int, str] = dict(criterion.anchors)  # type: ignore[arg-type]
            found[row.criterion_id] = (
                f"{criterion.name}, {LEVELS[row.coach.value].lower()}: {anchors[row.coach.value]} "
                f"({row.scenario_title}, {row.played_on.day} {row.played_on:%B})"
            )
    return tuple(found.values())[:STRENGTHS]


def _skills(library: Library, facts: Facts) -> tuple[SkillPage, ...]:
    pages = []
    for skill in library.skills:
        rows = [row for row in facts.observed if library.criterion(row.criterion_id).skill == skill.id]
        if not rows:
            continue
        lines = tuple(
            CriterionLine(
                criterion.id,
                criterion.name,
                STATUS[criterion.status],
                tuple(observation_of(r, own=facts.for_learner) for r in rows if r.criterion_id == criterion.id),
            )
            for criterion in skill.criteria
            if any(r.criterion_id == criterion.id for r in rows)
        )
        working = [library.criterion(c).name for c in facts.focus if library.criterion(c).skill == skill.id]
        pages.append(SkillPage(skill.id, skill.name, _strengths(library, rows), ", ".join(working), lines))
    return tuple(pages)


def _pairs(library: Library, facts: Facts) -> tuple[Pair, ...]:
    """First try and re-try in the parallel form, by the rule that the person's page within a purpose follows too."""
    found = [
        Pair(
            library.skill_of(again.criterion_id).name,
            library.criterion(again.criterion_id).name,
            observation_of(first, own=facts.for_learner),
            observation_of(again, own=facts.for_learner),
        )
        for first, again in tries.pairs(facts.observed)
        if first.difficulty == again.difficulty
    ]
    return tuple(reversed(found[:PAIRS]))


def _headline(counts: Counts, pairs: tuple[Pair, ...]) -> str:
    if not counts.official_attempts:
        return "No official attempt has been seen by both sides yet."
    attempts = counted(counts.official_attempts, "official attempt")
    seen = f"Seen in {attempts} by {counted(counts.coaches, 'coach', 'coaches')}"
    if not pairs:
        return f"{seen}. Nothing has been tried a second time yet."
    higher = sum((pair.retry.level or 0) > (pair.first.level or 0) for pair in pairs)
    tried = counted(len(pairs), "criterion was", "criteria were")
    better = f"{words(higher)} of them higher the second time"
    return f"{seen}. {tried.capitalize()} tried twice at the same difficulty, {better}."


def _cannot_tell(library: Library, facts: Facts) -> tuple[str, ...]:
    seen: dict[str, int] = {}
    for row in facts.observed:
        if row.coach.value is not None:
            skill = library.criterion(row.criterion_id).skill
            seen[skill] = seen.get(skill, 0) + 1
    main = [skill for skill in library.skills if skill.kind != "role"]
    unseen = [skill.name.lower() for skill in main if not seen.get(skill.id)]
    thin = [skill.name.lower() for skill in main if 0 < seen.get(skill.id, 0) < RATINGS_FOR_A_TREND]
    sentences = []
    if unseen:
        sentences.append(f"Nothing has been rated yet of {_listed(unseen)}. That is no sign either way.")
    if thin:
        sentences.append(f"Too little has been seen of {_listed(thin)} to speak of a direction.")
    sentences.append(
        "Levels from scenarios of different difficulty differ in meaning, so they are not averaged as such."
    )
    if facts.measures is None:
        sentences.append(
            "Two coaches may see differently; this report does not correct for how strict each of them is."
        )
    else:
        sentences.append(UNADJUSTED)
    sentences.append("Practice is not the job: how somebody acts at work must be seen at work.")
    return tuple(sentences)


def _listed(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def _notes(facts: Facts) -> tuple[CoachNote, ...]:
    """The newest notes; each half is an entry of its own."""
    found = []
    for note in facts.notes[:NOTES]:
        for kind, part in (("keep", note.keep), ("change", note.change)):
            if part is not None:
                found.append(
                    CoachNote(
                        note.released_at.date(),
                        note.coach,
                        "keep" if kind == "keep" else "change",
                        part.situation,
                        part.behaviour,
                        part.effect,
                        part.question,
                        part.next_try,
                    )
                )
    return tuple(found)


def _licensed(facts: Facts) -> str:
    """For each rating, whether its coach held a valid licence for that rubric when she gave it."""
    odd: dict[Standing, list[str]] = {}
    for row in facts.observed:
        if row.coach.value is not None and row.licence is not Standing.HELD:
            odd.setdefault(row.licence, []).append(f"{row.scenario_title}, {row.played_on.day} {row.played_on:%B}")
    if not odd:
        return "Each rating was given by a coach with a valid licence for its rubric." if facts.observed else ""
    told = (f"{STANDING_WORDS[why]} ({'; '.join(dict.fromkeys(where))})" for why, where in odd.items())
    return f"Ratings were given by coaches with a valid licence for their rubric, except: {'; '.join(told)}."


def _sources(counts: Counts, facts: Facts) -> tuple[Source, ...]:
    read = " and of what was read" if facts.for_learner else ""
    return (
        Source(
            "Official attempts",
            str(counts.official_attempts),
            "Attempts that both sides have locked. Practice is not counted.",
        ),
        Source("Scenarios", str(counts.practised_scenarios), "Different scenarios among them."),
        Source("Ratings", str(counts.ratings), "Levels given by a coach. “Not observed” is not counted."),
        Source("Coaches", str(counts.coaches), "Different people who rated."),
        Source(
            "Tried twice",
            str(counts.retries),
            "The same criterion, again in the parallel form within three weeks.",
        ),
        Source("Hours", str(facts.hours), f"Stated length of the scenarios played{read}."),
    )


def compose(
    library: Library, facts: Facts, *, number: str, code: str, verify_url: str, issued_at: datetime
) -> ProgressReport:
    """The report. `library` is the current version: it names skills and criteria; levels stay as they were given."""
    skills, pairs = _skills(library, facts), _pairs(library, facts)
    coaches = sorted({row.coach_name for row in facts.observed})
    counts = Counts(
        official_attempts=len({row.attempt_id for row in facts.observed}),
        practised_scenarios=len({row.scenario_id for row in facts.observed}),
        ratings=sum(row.coach.value is not None for row in facts.observed),
        coaches=len(coaches),
        retries=len(pairs),
    )
    plans = [Plan(p.cue, p.act, p.due_on, p.witness) for p in facts.plans if p.closed_at is None]
    return ProgressReport(
        report_id=number,
        verification_code=code,
        verify_url=verify_url,
        issued_at=issued_at,
        person=facts.person,
        programme_since=facts.since.date(),
        weeks=facts.weeks,
        hours=facts.hours,
        counts=counts,
        headline=_headline(counts, pairs),
        focus=FocusAndPlan(_names(library, facts.focus), tuple(plans[:4]) if facts.for_learner else ()),
        skills=skills,
        pairs=pairs,
        notes=_notes(facts) if facts.for_learner else (),
        field_log=tuple(
            FieldEntry(entry.on, entry.situation, entry.act, entry.effect, entry.witness)
            for entry in (facts.field_log if facts.for_learner else ())
        ),
        learner_comment=facts.comment,
        contests=tuple(_contest(library, view) for view in facts.contests if not view.open),
        cannot_tell=_cannot_tell(library, facts),
        calibration=tuple(Calibration(name, *facts.calibrated.get(name, (None, None))) for name in coaches),
        audience=facts.audience,
        sources=_sources(counts, facts),
        block_labels=default_labels(),
        measures=facts.measures,
        rubric_note=f"{DRAFTS} {_licensed(facts)}".strip(),
    )


def _names(library: Library, criterion_ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(library.criterion(criterion_id).name for criterion_id in criterion_ids)
