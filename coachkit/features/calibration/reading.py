"""How to read each kind of figure, in plain words, with how often the statement was wrong where the truth is known.

All such figures are SIMULATED; `docs/measurement.md` says how they were made. Those about statements, intervals and
bands come from the kept run of the benchmark.
"""

from __future__ import annotations

from dataclasses import dataclass

from coachkit.features.calibration import simulated

SIMULATED = (
    "SIMULATED: made with invented people from the same family of models as the method itself. That makes it an upper "
    "bound. Nobody has yet compared these figures with real work."
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One kind of figure."""

    id: str
    title: str
    means: str
    not_means: str
    error: str
    """How often it was wrong in simulation."""


FAIR_AVERAGE = Reading(
    "fair-average",
    "A fair average and its interval",
    "The level that an average coach would give on the average scenario, so a strict coach or a hard scenario does not "
    "count against anybody. The bar is the likely range; where it is wide, little is known. The plain mean stands "
    "beside it, so that everybody sees how much was adjusted. A level that reached a scenario’s limit counts as “at "
    "least this”.",
    "It says nothing about the job, and a tenth of a level is the finest thing that it can carry.",
    "Stated to hold the truth in 90 of 100 cases, the range of a skill held it in "
    f"{simulated.held('interval').words} in teams of 20 with 3 coaches. The fair average was off by about a quarter of "
    "a level, the plain mean by .4.",
)
GROWTH = Reading(
    "growth",
    "Growth and its band",
    "The line is the middle of two shapes of growth, one that goes straight on and one that levels off; the band holds "
    "the likely course with 80 %. Dots are the levels that coaches gave on that day, rings mean “this or more”.",
    "A dot off the line is a day, not a fall. The line does not go on by itself.",
    "In teams of 20 with 3 coaches the band, stated at 80, held the truth on "
    f"{simulated.held('band').words} of its days and at its end in {simulated.held('band, end').words}.",
)
AHEAD = Reading(
    "ahead",
    "The time ahead",
    "Two answers side by side: where the skill would stand if growth continues, and where if it levels off. Shown "
    "only after five attempts over 45 days, for 90 days at most, and never further ahead than the attempts reach back.",
    "It is no forecast. Twenty people over three months cannot tell which of the two shapes is true.",
    f"In teams of 20 with 3 coaches the band of growth that continues, stated at 80, held the truth in "
    f"{simulated.held('ahead, continuing').words}, that of growth that levels off in "
    f"{simulated.held('ahead, levelling').words}, by how growth really went on; one of both held it in "
    f"{simulated.held('ahead, either').words}. That is why neither stands alone.",
)
LINE = Reading(
    "line",
    "Met, not met, cannot tell",
    "Met: both shapes of growth put the skill at or above the line with a chance of four in five or more, on at least "
    "four attempts in three scenarios by two coaches, the last at most 60 days old. Not met: both put it below with "
    "the same chance, on six attempts over 90 days, and a calibration four weeks older had found the same. Cannot "
    "tell: everything else.",
    "It is about one skill and one line, never about a person. “Cannot tell” is no mild “not met”.",
    "Teams of 20 with 3 coaches, followed for three and for six months, with everything that is asked for here: "
    + " ".join(simulated.line_errors()),
)
GAP = Reading(
    "gap",
    "Own view and the coaches’ view",
    "The coach’s level minus your own, averaged over attempts, with its likely range. Above zero, the coach saw more "
    "than you did; below, you saw more.",
    "Neither side is the truth. The gap is something to talk about.",
    "An ordinary 90 % range of a mean over attempts. It does not pass through the model, so nothing was simulated.",
)
SEVERITY = Reading(
    "severity",
    "How strict a coach rates, and whether it drifts",
    "Levels above or below what the other coaches give to the same learners, scenarios and criteria. The plain "
    "difference stands beside it; it also holds whom the coach happened to rate.",
    "It is no mark for a coach. It serves to talk about the rubric, and it reaches nobody who decides about people.",
    "A coach made .8 of a level stricter was inside the stated range in 87 of 100 populations and always told apart. A "
    "drift of .15 a month over three months was inside it in 91, and told apart from none in 51.",
)
AGREEMENT = Reading(
    "agreement",
    "How far coaches agree, and how ratings vary",
    "Alpha is 1 where two coaches always give the same level and 0 where they agree no more than by chance. Infit and "
    "outfit are 1 where ratings vary as the model expects; well above, they jump about; well below, they are given by "
    "habit.",
    "Low agreement is about the criterion’s words and the training, seldom about one person.",
    "A criterion rated blindly was found in 100 of 100 populations, and no other criterion was accused in any.",
)
FOR_LEARNERS = (GROWTH, FAIR_AVERAGE, GAP)
FOR_DECISIONS = (LINE, FAIR_AVERAGE, GROWTH, AHEAD)
FOR_CALIBRATION = (SEVERITY, AGREEMENT)
ALL = (FAIR_AVERAGE, GROWTH, AHEAD, LINE, GAP, SEVERITY, AGREEMENT)
RULE = (LINE.means, LINE.not_means, f"{LINE.error} {SIMULATED}")
"""The published rule as the pages print it."""
GATES = (
    (
        "A measure of a skill",
        "two rated attempts in two scenarios; coaches linked to more than half of the learners; three levels in use",
    ),
    ("The role’s skills together", "the same, and every one of them rated"),
    ("Met", "four attempts, three scenarios, two coaches; not too wide; not older than 60 days; both shapes agree"),
    ("Not met", "six attempts over 90 days, and the same found in a calibration at least four weeks older"),
    ("Anything about the time ahead", "five attempts over 45 days; 90 days at most; both shapes shown"),
    ("A coach’s strictness", "thirty ratings, three learners shared with another coach, three levels used"),
    (
        "The programme as a whole",
        "one connected net, 15 of 100 attempts rated twice, 20 of 100 looks by another coach than the usual one",
    ),
)
NEVER = (
    "No ranking, percentile or list of people by level, on any page or in any file.",
    "No verdict and no probability beside a name. Chances decide between words and are kept nowhere.",
    "Not that somebody will succeed in the job: what is measured is rated role-play.",
    "No comparison across groups of coaches whom no shared learner links, nor across versions of the rubric.",
    "Not that a self-rating shows competence.",
)
