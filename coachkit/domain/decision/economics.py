"""What the options of a post cost, with the house's own figures. About posts, never about a named person.

Every figure is somebody's own or has its source beside it. Uncertain ones have a range, and the answer is shown over
the whole of it. What a failing relationship costs is in none of it, in neither direction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from coachkit.domain.decision.readiness import Result

MOST = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that goes into the calculation."""

    id: str
    name: str
    unit: str
    """`money`, `hours`, `weeks`, `years` or `%`."""
    source: str
    """Where the value that is offered comes from, and how far that carries."""
    code: str = ""
    """Of the library's list of sources."""
    offered: float | None = None
    low: float | None = None
    high: float | None = None
    """The range that is offered; figures without one are taken as known."""
    uncertain: bool = False
    most: float = MOST


OWN = "Your own figure."
DESIGN = "What this programme plans for; a choice of its design. Put in your own."
FIGURES = (
    Figure("salary", "Salary of the post, a year", "money", OWN),
    Figure("rate", "An hour of the person, all costs included", "money", OWN),
    Figure("coach_rate", "An hour of a coach", "money", OWN),
    Figure("learner_hours", "Hours of learning in twelve months", "hours", "15 of study, 24 of role-play with its talk,"
           " 24 of looking back at work. " + DESIGN, offered=63, low=45, high=90, uncertain=True, most=2000),
    Figure("coach_hours", "Hours of coaching in twelve months", "hours", DESIGN, offered=36, low=24, high=48,
           uncertain=True, most=2000),
    Figure("backfill", "Somebody standing in meanwhile", "money", OWN + " Nought, if nobody does.", offered=0),
    Figure("turnover", "Cost of replacing somebody, of a yearly salary", "%", "Median of 27 case studies without"
           " executives and physicians; they are from 1992 to 2007 and mostly about other trades. For rare"
           " specialists it may be far more.", "BG12", 21, 10, 30, uncertain=True, most=400),
    Figure("premium", "What somebody from outside is paid more", "%", "18 to 20 % in one division of a US investment"
           " bank, read at second hand. People promoted and moved to another group did no better than outsiders, so"
           " the lower end is nought.", "BID11", 18, 0, 20, uncertain=True, most=200),
    Figure("years", "For how many years", "years", "Ratings of outsiders were lower for two years in the same study.",
           "BID11", 2, 0, 2, uncertain=True, most=20),
    Figure("vacancy_weeks", "Weeks without anybody", "weeks", OWN, offered=0, uncertain=True, most=260),
    Figure("vacancy_cost", "What such a week costs", "money", OWN, offered=0, uncertain=True),
    Figure("waiting", "Other costs of waiting for a successor, which developing avoids", "money", OWN, offered=0,
           uncertain=True),
    Figure("pair_hours", "Hours a week of the second person in a pair", "hours", OWN, offered=8, uncertain=True,
           most=60),
    Figure("pair_weeks", "Weeks of the pair", "weeks", "A quarter. " + DESIGN, offered=13, uncertain=True, most=104),
    Figure("pair_rate", "An hour of the second person", "money", OWN + " Nought, if no pair is thought of.", offered=0),
)  # fmt: skip
BY_ID = {figure.id: figure for figure in FIGURES}


@dataclass(frozen=True, slots=True)
class Span:
    """A figure with its range; the three are the same where it is known."""

    value: float
    low: float
    high: float

    @property
    def known(self) -> bool:
        return self.low == self.high


Values = Mapping[str, float]
Spans = Mapping[str, Span]


def problems(spans: Mapping[str, tuple[float | None, float | None, float | None]]) -> dict[str, str]:
    """What keeps figures from being taken: field → sentence. `-low` and `-high` name the ends of a range."""
    found = {}
    for figure in FIGURES:
        value, low, high = spans.get(figure.id, (None, None, None))
        if value is None:
            found[figure.id] = "This figure is needed. Nought is a figure too."
        elif not 0 <= value <= figure.most:
            found[figure.id] = f"From 0 to {figure.most:,.0f}."
        if value is not None and low is not None and not 0 <= low <= value:
            found[f"{figure.id}-low"] = "The lower end lies between nought and the figure."
        if value is not None and high is not None and not value <= high <= figure.most:
            found[f"{figure.id}-high"] = "The upper end is at least the figure."
    return found


def develop(values: Values) -> float:
    """Learning, coaching, and somebody standing in."""
    return values["learner_hours"] * values["rate"] + values["coach_hours"] * values["coach_rate"] + values["backfill"]


def pair(values: Values) -> float:
    """The hours of a second person for a while. It ends."""
    return values["pair_weeks"] * values["pair_hours"] * values["pair_rate"]


def replacing(values: Values) -> float:
    """Somebody else takes the post: parting and hiring, what is paid more, and the empty weeks."""
    parting = values["turnover"] / 100 * values["salary"]
    more = values["premium"] / 100 * values["salary"] * values["years"]
    return parting + more + values["vacancy_weeks"] * values["vacancy_cost"]


def break_even(values: Values) -> float | None:
    """The chance of reaching the standard above which developing first pays. None where nothing is saved by it.

    Developing costs its price for certain; with that chance it saves replacing, and waiting for a successor.
    """
    saved = replacing(values) + values["waiting"]
    return develop(values) / saved if saved > 0 else None


def middle(spans: Spans) -> dict[str, float]:
    """The figures themselves."""
    return {name: span.value for name, span in spans.items()}


@dataclass(frozen=True, slots=True)
class Swing:
    """One uncertain figure: what the answer becomes at either end of its range, all others held."""

    figure: Figure
    span: Span
    at_low: float
    at_high: float

    @property
    def ends(self) -> tuple[float, float]:
        return min(self.at_low, self.at_high), max(self.at_low, self.at_high)

    @property
    def width(self) -> float:
        return abs(self.at_high - self.at_low)


COSTLY = ("learner_hours", "coach_hours", "rate", "coach_rate", "backfill")
"""Figures that make developing dearer; of all others that enter, more makes replacing dearer."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The economics of one post."""

    develop: Span
    pair: Span
    replacing: Span
    break_even: Span | None
    """A chance from 0; above 1, developing first does not pay on these figures."""
    swings: tuple[Swing, ...]
    """Widest first. It is figures that are put in order here, never people."""

    @property
    def sentence(self) -> str:
        """What follows, in words."""
        if self.break_even is None:
            return "On these figures replacing costs nothing, so there is nothing to compare with."
        found = self.break_even
        if found.low >= 1:
            return "On these figures developing first costs more than it can save, over the whole range."
        if found.value >= 1:
            lead = "On these figures developing first costs more than it can save."
        else:
            lead = (
                "Developing first pays if you believe that the chance of reaching the standard is above"
                f" {percent(found.value)}."
            )
        if found.known:
            return lead
        return f"{lead} Over the ranges, that point lies from {percent(found.low)} to {percent(found.high)}."


def percent(chance: float) -> str:
    """«14 %»; never 0 % and never more than «over 100 %»."""
    if chance > 1:
        return "over 100 %"
    return "under 1 %" if chance < 0.005 else f"{chance * 100:.0f} %"  # noqa: PLR2004


def sheet(spans: Spans) -> Sheet:
    """Everything that the page of a post shows."""
    base = middle(spans)
    found = break_even(base)
    ends = [_corner(spans, dear=dear) for dear in (False, True)]
    chances = [break_even(values) for values in ends]
    overall = None
    if found is not None and chances[0] is not None:
        # At the dear end nothing may be saved any more: then no chance is high enough.
        overall = Span(found, chances[0], float("inf") if chances[1] is None else chances[1])
    return Sheet(
        develop=_span(develop, spans),
        pair=_span(pair, spans),
        replacing=_span(replacing, spans),
        break_even=overall,
        swings=_swings(spans, base) if overall is not None else (),
    )


def _span(cost: Callable[[Values], float], spans: Spans) -> Span:
    """Every cost grows with each of its figures, so the ends of the ranges give its own."""
    low, high = ({n: getattr(s, end) for n, s in spans.items()} for end in ("low", "high"))
    return Span(cost(middle(spans)), cost(low), cost(high))


def _corner(spans: Spans, *, dear: bool) -> dict[str, float]:
    """All figures at the ends that make developing look worst (dear), or best."""
    return {name: span.high if (name in COSTLY) is dear else span.low for name, span in spans.items()}


def _swings(spans: Spans, base: Values) -> tuple[Swing, ...]:
    found = []
    for figure in FIGURES:
        span = spans[figure.id]
        if span.known:
            continue
        low, high = (break_even({**base, figure.id: end}) for end in (span.low, span.high))
        if low is not None and high is not None and low != high:
            found.append(Swing(figure, span, low, high))
    return tuple(sorted(found, key=lambda swing: (-swing.width, swing.figure.id)))


@dataclass(frozen=True, slots=True)
class Option:
    """Something that can be done about a post. Never a recommendation about somebody."""

    id: str
    name: str
    when: str
    watch: str


OPTIONS = (
    Option(
        "develop",
        "Develop",
        "The person has said that the work interests them, some re-tries went better, and the conditions carry it.",
        "Twelve weeks and nine months. No verdict before week twelve.",
    ),
    Option(
        "pair",
        "Pair",
        "Somebody grown in IT and somebody grown in the business share the segment for a quarter.",
        "It costs twice for a while, and it ends.",
    ),
    Option(
        "redeploy",
        "Other work, by choice",
        "The person and the coach came to «step aside by choice» in their own talk.",
        "Same pay and standing.",
    ),
    Option(
        "hire",
        "Hire somebody from the trade",
        "Knowing the business is what is lacking, and it cannot be learnt within a year.",
        "They need the IT that the post asks for, and meet the same conditions.",
    ),
    Option(
        "replace",
        "Replace",
        "Development was offered before, results from work were looked at, and HR and the law were followed.",
        "What coachkit holds cannot be the reason.",
    ),
    Option(
        "leave",
        "Leave the post empty",
        "The check says “not yet”: the service or the relationship comes first.",
        "Say so to the units, with what happens instead.",
    ),
)
OPEN = {
    Result.NOT_YET: frozenset({"leave"}),
    Result.CONDITIONAL: frozenset({"develop", "pair"}),
    Result.READY: frozenset({"develop", "pair", "redeploy", "hire", "replace"}),
}
CLOSED = {
    Result.NOT_YET: "Organisation first: the readiness check says “not yet”.",
    Result.CONDITIONAL: "Conditions first: readiness is conditional.",
    Result.READY: "Readiness is “ready”, so an empty post is not called for by the conditions.",
}


def closed_because(option: str, readiness: Result) -> str:
    """Why this option is not offered now; empty where it is."""
    return "" if option in OPEN[readiness] else CLOSED[readiness]
