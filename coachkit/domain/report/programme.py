"""A programme in counts. Only the programme as a whole is counted, so no two groups can be held against each other;
whatever rests on fewer than five people, or on all but a few, is said in words.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from coachkit.domain.report.papers import Fact, Row, Section

LEAST = 5
FEW = "fewer than five"
NONE = "–"
ALL_BUT_A_FEW = "all but a few"
LEVELS = (1, 2, 3, 4, 5)
MOST_ROWS = 12


@dataclass(frozen=True, slots=True)
class Taking:
    """What one learner adds to the counts; nobody's name is in it."""

    modules: frozenset[str]
    ratings: tuple[tuple[str, int], ...]
    """Skill and level of each official rating that both sides have locked."""
    focus: frozenset[str]
    attempts: int
    scenarios: frozenset[str]
    retries: int
    higher: int


def people(number: int, whole: int) -> str:
    """How many of them, unless somebody could be recognised by it or by what is left."""
    if number < LEAST:
        return FEW if number else "nobody"
    if 0 < whole - number < LEAST:
        return ALL_BUT_A_FEW
    return str(number)


def sections(
    learners: Iterable[Taking], *, modules: tuple[str, ...], skills: tuple[str, ...], coaches: int
) -> tuple[Section, ...]:
    """The whole report, or one section that says why there is none."""
    found = tuple(learners)
    if len(found) < LEAST:
        note = "Fewer than five people take part. Nothing is counted, because somebody could be recognised."
        return (Section("Who takes part", (), (), (), note),)
    return (_who(found, coaches), _practised(found), _coverage(found, modules), _seen(found, skills), _focus(found))


def _who(found: tuple[Taking, ...], coaches: int) -> Section:
    return Section("Who takes part", (Fact("Learners", str(len(found))), Fact("Coaches", str(coaches))), (), (), "")


def _practised(found: tuple[Taking, ...]) -> Section:
    active = [each for each in found if each.attempts]
    again = [each for each in found if each.retries]
    facts = [Fact("People with official attempts", people(len(active), len(found)))]
    if len(active) >= LEAST:
        scenarios = frozenset().union(*(each.scenarios for each in active))
        facts += [
            Fact("Official attempts", str(sum(each.attempts for each in active))),
            Fact("Different scenarios", str(len(scenarios))),
        ]
    facts.append(Fact("People who tried again", people(len(again), len(found))))
    if len(again) >= LEAST:
        tried, higher = sum(each.retries for each in again), sum(each.higher for each in again)
        facts.append(Fact("Criteria tried twice", f"{tried}, {higher} of them rated higher at the same difficulty"))
    note = "Official attempts that learner and coach have both rated. Practice is never counted."
    return Section("What was practised", tuple(facts), (), (), note)


def _coverage(found: tuple[Taking, ...], modules: tuple[str, ...]) -> Section:
    done = Counter(title for one in found for title in one.modules)
    rows = tuple(Row((title, people(done[title], len(found)))) for title in modules)
    return Section("What was learned", (), ("Module", "People who finished it"), rows, "")


def _seen(found: tuple[Taking, ...], skills: tuple[str, ...]) -> Section:
    rated = Counter(skill for one in found for skill in {of for of, _level in one.ratings})
    rows = []
    for skill in skills:
        cells = [_cell(found, skill, level) if rated[skill] >= LEAST else NONE for level in LEVELS]
        rows.append(Row((skill, people(rated[skill], len(found)), *cells)))
    head = ("Skill", "People", *(f"Level {level}" for level in LEVELS))
    note = (
        "How many ratings of each level coaches gave in practice situations. A dash stands where it would rest on "
        "fewer than five people. Levels of scenarios of different difficulty differ in meaning, so there is no average."
    )
    return Section("What coaches saw", (), head, tuple(rows), note)


def _cell(found: tuple[Taking, ...], skill: str, level: int) -> str:
    givers = [ones for one in found if (ones := one.ratings.count((skill, level)))]
    return str(sum(givers)) if len(givers) >= LEAST else NONE


def _focus(found: tuple[Taking, ...]) -> Section:
    counted = Counter(criterion for one in found for criterion in one.focus)
    often = [(name, number) for name, number in counted.items() if number >= LEAST]
    ordered = sorted(often, key=lambda pair: (-pair[1], pair[0]))[:MOST_ROWS]
    rows = tuple(Row((name, people(number, len(found)))) for name, number in ordered)
    note = "" if rows else "No criterion is in the focus of five people or more."
    return Section("What people work on", (), ("Criterion", "People") if rows else (), rows, note)
