"""The words of reports: level names, dates, counts, and what may be said when little was seen.

A trend is never claimed from fewer than three ratings, and only among ratings of the same difficulty.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Protocol

LEVEL_NAMES = {
    1: "Works against",
    2: "Started",
    3: "In place",
    4: "Under pressure",
    5: "Visible on the other side",
}

LEVEL_MEANINGS = {
    1: "What was done made the result worse.",
    2: "The act was missing or half done, or came only after a prompt.",
    3: "The core act was done while the other side cooperated.",
    4: "It was also done while the other side resisted, was upset or was unclear.",
    5: "Its effect could be read in the other side’s words or work.",
}

NOT_OBSERVED = "Not observed"
NOT_RATED = "Not rated"

RUBRIC_STATUS = {
    "draft": "draft wording",
    "retranslated": "wording checked by judges",
    "field_tested": "wording tried by two coaches",
}

CONTEST_RESULTS = {
    "open": "Not decided yet",
    "kept": "Kept",
    "changed": "Changed",
    "removed": "Removed",
}

BLOCK_LABELS = {
    "plan": "An intention; not yet evidence of anything",
    "measures": "Kirkpatrick level 2, learning: ratings, combined by rule",
    "skills": "Kirkpatrick level 2, learning: acts seen in practice situations",
    "pairs": "Kirkpatrick level 2, learning: the same criterion, tried twice",
    "notes": "Kirkpatrick level 2, learning: what the coach saw in practice",
    "field_log": "Kirkpatrick level 3, behaviour: acts at work, reported by the learner",
    "comment": "Kirkpatrick level 1, reaction: the learner’s own view",
}

WARNING = (
    "What is written here was seen in practice situations and is meant to guide training. Nobody has shown "
    "that it predicts success in the job, so it must not be the reason for a decision about employment. "
    "Whoever has such a decision to take speaks with the person first, looks at results of real work, "
    "involves HR and the employees’ representatives, gives reasons, and hears objections."
)

RATINGS_FOR_A_TREND = 3

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_GLUE = "\u00a0"
_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


class Rated(Protocol):
    """The part of an observation that wording needs."""

    @property
    def difficulty(self) -> int: ...
    @property
    def level(self) -> int | None: ...
    @property
    def not_observed(self) -> bool: ...
    @property
    def capped(self) -> bool: ...


class Tried(Protocol):
    """The part of a pair that wording needs."""

    @property
    def first(self) -> Rated: ...
    @property
    def retry(self) -> Rated: ...


def day(date: dt.date) -> str:
    """For example «3 May 2026», never broken between lines."""
    return _GLUE.join((str(date.day), _MONTHS[date.month - 1], str(date.year)))


def short_day(date: dt.date) -> str:
    """The same with the month cut to three letters, for narrow columns."""
    return _GLUE.join((str(date.day), _MONTHS[date.month - 1][:3], str(date.year)))


def number(count: int) -> str:
    """Small numbers as words, as in running text."""
    return _SMALL[count] if count < len(_SMALL) else str(count)


def counted(count: int, one: str, many: str) -> str:
    """For example «one rating», «14 ratings»."""
    return f"{number(count)} {one if count == 1 else many}"


def level_words(level: int | None, *, not_observed: bool = False, capped: bool = False) -> str:
    """A level with its name; at the scenario's limit it is a lower bound and says so."""
    if not_observed:
        return NOT_OBSERVED
    if level is None:
        return NOT_RATED
    top = max(LEVEL_NAMES)
    if capped and level < top:
        return f"{level} or more"
    return f"{level} {LEVEL_NAMES[level]}"


def level_figure(level: int | None, *, capped: bool = False) -> str:
    """The bare figure for enumerations, for example «2, 3, 3+»."""
    if level is None:
        return "–"
    return f"{level} or more" if capped and level < max(LEVEL_NAMES) else str(level)


def rated(observations: Sequence[Rated]) -> list[Rated]:
    """Those observations that carry a level of the coach."""
    return [seen for seen in observations if seen.level is not None]


def latest_words(observations: Sequence[Rated]) -> str:
    """The latest level of the coach, for the last column of a time line."""
    seen = rated(observations)
    if not seen:
        return NOT_OBSERVED
    return level_words(seen[-1].level, capped=seen[-1].capped)


def seen_words(observations: Sequence[Rated]) -> str:
    """How often there was something to rate."""
    levels = len(rated(observations))
    unseen = sum(seen.not_observed for seen in observations)
    words = f"{levels} rated"
    return f"{words}, {unseen} not observed" if unseen else words


def recent_words(observations: Sequence[Rated]) -> str:
    """One sentence about the latest ratings at one difficulty, or that they are too few for a trend."""
    seen = rated(observations)
    if not seen:
        return "No scenario has given the chance yet."
    difficulty = seen[-1].difficulty
    alike = [item for item in seen if item.difficulty == difficulty]
    figures = ", ".join(level_figure(item.level, capped=item.capped) for item in alike[-3:])
    if len(alike) < RATINGS_FOR_A_TREND:
        return f"At difficulty {difficulty}: {figures}; too few for a trend."
    return f"Last three at difficulty {difficulty}: {figures}."


def so_far_words(observations: Sequence[Rated]) -> str:
    """What stands beside a criterion's drawing; of a single observation its own row says everything."""
    seen = seen_words(observations)
    return f"{seen}." if len(observations) == 1 else f"{seen}. {recent_words(observations)}"


def wording_words(statuses: Sequence[tuple[str, str]]) -> str:
    """How far the wording of the criteria was tried, given as (name, state); the largest group is only counted."""
    groups: dict[str, list[str]] = {}
    for name, status in statuses:
        groups.setdefault(RUBRIC_STATUS[status], []).append(name)
    ordered = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    parts = [
        f"{words}: {counted(len(names), 'criterion', 'criteria') if place == 0 else ', '.join(names)}"
        for place, (words, names) in enumerate(ordered)
    ]
    joined = "; ".join(parts)
    return f"{joined[0].upper()}{joined[1:]}." if joined else ""


def pair_result(first: Rated, retry: Rated) -> str:
    """How the re-try compares, in neutral words. A level at the scenario's limit is only a lower bound."""
    if first.level is None or retry.level is None:
        return "cannot be compared"
    top = max(LEVEL_NAMES)
    open_first = first.capped and first.level < top
    open_retry = retry.capped and retry.level < top
    if open_first and open_retry:
        return "both at the scenario’s limit" if first.level == retry.level else "cannot be compared"
    if open_first:
        return _against_a_bound(retry.level, first.level, equal="same or lower", beyond="lower")
    if open_retry:
        return _against_a_bound(first.level, retry.level, equal="same or higher", beyond="higher")
    if retry.level == first.level:
        return "same"
    return "higher" if retry.level > first.level else "lower"


def _against_a_bound(exact: int, bound: int, *, equal: str, beyond: str) -> str:
    if exact > bound:
        return "cannot be compared"
    return equal if exact == bound else beyond


def pairs_words(pairs: Sequence[Tried]) -> str:
    """The gain on re-try as a count, never as an average."""
    if not pairs:
        return "There is no re-try at the same difficulty yet, so nothing can be compared."
    higher = sum(pair_result(pair.first, pair.retry) == "higher" for pair in pairs)
    if len(pairs) == 1:
        return "The one re-try was rated " + pair_result(pairs[0].first, pairs[0].retry) + "."
    how_many = number(higher).capitalize() if higher else "None"
    verb = "was" if higher == 1 else "were"
    return f"{how_many} of {number(len(pairs))} re-tries {verb} rated higher at the same difficulty."


def headline_words(attempts: int, weeks: int, pairs: Sequence[Tried]) -> str:
    """What happened so far, in one sentence that judges nobody."""
    tries = counted(attempts, "official attempt", "official attempts")
    start = f"{tries[0].upper()}{tries[1:]} in {counted(weeks, 'week', 'weeks')}"
    if not pairs:
        return f"{start}, and no re-try to compare yet."
    result = pairs_words(pairs)
    return f"{start}. {result}"


def limits_words(attempts: int, ratings: int, coaches: int, *, drafts: bool) -> tuple[str, ...]:
    """What a report of this size cannot tell, from the most to the least general."""
    sentences = [
        "How somebody will do in the job. Practice situations are shorter and safer than work.",
        "Whether one person is better than another. Scenarios, coaches and dates differ between people.",
        "Anything about criteria without ratings: «not observed» means no chance to see it, not absence.",
    ]
    if coaches == 1:
        sentences.append("Whether another coach would have rated alike: all ratings come from one coach.")
    if ratings < RATINGS_FOR_A_TREND * 2 or attempts < RATINGS_FOR_A_TREND:
        sentences.append("Any trend: the ratings are too few so far.")
    if drafts:
        sentences.append("Whether the level descriptions hold everywhere: some of them are still drafts.")
    return tuple(sentences)
