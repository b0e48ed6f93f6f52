"""Invented progress reports, the same for the same seed: short, typical, and the longest that may occur."""

import datetime as dt
import random
from dataclasses import replace

from coachkit.domain.report import wording
from coachkit.domain.report.progress import (
    Calibration,
    CoachNote,
    Contest,
    Counts,
    CriterionLine,
    FairAverage,
    FieldEntry,
    FocusAndPlan,
    Measures,
    Observation,
    Pair,
    Person,
    Plan,
    ProgressReport,
    SkillPage,
    Source,
    default_labels,
)

NAMES = (
    "Amira Haddad",
    "Jónas Þorvaldsson",
    "Priya Raman",
    "Tomás Ferreira",
    "Oksana Bondarenko",
    "Siobhán O’Neill",
    "Kwame Boateng",
    "Zoë van der Meer",
    "Łukasz Wiśniewski",
    "Νίκος Παπαδόπουλος",
    "Анна Ковалёва",
    "Ayşe Yıldırım",
    "Thị Hồng Nguyễn",
    "小林 さくら",
    "Māra Bērziņa",
    "Chidi Okonkwo",
)
LONGEST_NAME = "Maria-Magdalena von und zu Hohenfels-Langenburg Featherstonehaugh-Cholmondeley"
ROLES = ("Client liaison", "Business relationship manager", "IT account manager")
UNITS = ("Customs clearance", "Claims handling", "Outpatient clinic", "Grid operations", "Retail branches")
COACHES = ("Helen Marsh", "Samuel Okafor", "Inés Calderón", "Jiří Novák")

SKILLS = {
    "interviewing": (
        "Interviewing",
        {
            "questions": "Open questions",
            "listen": "Listening",
            "needs": "Want and need",
            "confirm": "Confirming at the end",
        },
    ),
    "comm": (
        "Communication",
        {
            "translate-out": "From IT to the business",
            "expectations": "Setting expectations",
            "tone": "Tone under stress",
            "writing": "Writing",
        },
    ),
    "analysis": (
        "Analytical thinking",
        {
            "frame": "Problem before solution",
            "structure": "Issue tree",
            "evidence": "Facts and assumptions",
            "synthesis": "Conclusion",
        },
    ),
    "trust": (
        "Trust",
        {
            "reliability": "Promises",
            "integrity": "Candour",
            "repair": "Repairing trust",
        },
    ),
    "presenting": (
        "Presenting",
        {
            "message": "One message",
            "audience": "The audience’s words",
            "questions": "Answering questions",
        },
    ),
    "persuasion": (
        "Persuasion",
        {"interests": "Interests", "resistance": "Meeting resistance"},
    ),
    "credibility": (
        "Credibility",
        {"business": "Knowing the business", "calibration": "Known, believed, unknown"},
    ),
}
SCENARIOS = (
    "The portal that nobody asked for",
    "Month end without reports",
    "A move at four weeks’ notice",
    "The auditor’s question",
    "Two heads, one budget",
    "Night shift in the warehouse",
    "The pilot that never ended",
    "A tool bought on a card",
)
COACH_LINES = (
    "“What would be different for your clerks on Monday?” asked before any tool was named.",
    "Said “I do not know, you will hear from me on Thursday by noon”, and wrote it down.",
    "Began with the release plan; the unit’s question came up only after nine minutes.",
    "“So the deadline comes from the customs office, not from you?” The head corrected it.",
    "Answered “why so late?” with three reasons of IT; the effect on the shift was not named.",
    "Listed two ways to meet the need; the head chose the second and added a condition.",
    "Closed with who does what by when, and asked the head to say it back.",
    "Used “SSO” and “tenant” without explaining them; two people looked at each other.",
)
OWN_LINES = (
    "I asked for the outcome before we talked about the form.",
    "I gave a date for my answer, but not for the fix.",
    "I lost the thread when she raised her voice, then summed up late.",
    "I named the risk myself, before he asked for it.",
    "I think I let him finish every time.",
)
LONG_TAIL = (
    " Then went back to the first sentence of the meeting, named what had been promised in spring and"
    " what had become of it, and asked which of the two open points should be settled before the summer."
)
STRENGTHS = (
    "Asked for the outcome before discussing the tool in two of three recent role-plays (difficulty 3).",
    "Named a limit of the service before the decision was taken, on 14 September, at difficulty 4.",
    "Closed with owner and date in each of the last two meetings, at difficulty 2.",
)
COMMENT = (
    "I recognise most of this. The ratings from June came in a week with two outages, and I was short"
    " with everybody.\n\nWhat helped me most was trying the same two minutes again at once. I would like"
    " more scenarios with several people in the room;\nmy real meetings are never with one person."
)


def report(size: str = "typical", seed: int = 0) -> ProgressReport:
    """One report of the wanted size."""
    dice = random.Random(f"{size}-{seed}")
    skill_count, criteria_count, attempts = {
        "short": (1, 2, 2),
        "typical": (4, 3, 6),
        "longest": (7, 3, 12),
        "crowded": (7, 4, 24),
    }[size]
    days = sorted(dt.date(2026, 5, 4) + dt.timedelta(days=dice.randrange(160)) for _ in range(attempts))
    stage = [(on, dice.choice(SCENARIOS), dice.randint(1, 5)) for on in days]
    long = size in {"longest", "crowded"}
    skills = _skills(dice, stage, skill_count, criteria_count, long=long)
    observations = [seen for skill in skills for line in skill.criteria for seen in line.observations]
    pairs = () if size == "short" else _pairs(skills, stage[-1][0], 4 if long else 3)
    ratings = sum(seen.level is not None for seen in observations)
    coaches = 1 if size == "short" else 3
    weeks = 3 if size == "short" else 24
    counts = Counts(attempts, 3 if size == "short" else 14, ratings, coaches, len(pairs))
    name = LONGEST_NAME if long and seed == 0 else NAMES[seed % len(NAMES)]
    return ProgressReport(
        report_id=f"CK-2026-{seed:05d}",
        verification_code="7F3K-Q9TM-2XWA",
        verify_url=f"https://coachkit.example.org/v/CK-2026-{seed:05d}/7F3K-Q9TM-2XWA",
        issued_at=dt.datetime(2026, 10, 23, 9, 0, tzinfo=dt.UTC),
        person=Person(name, dice.choice(ROLES), dice.choice(UNITS), "Northbridge Utilities"),
        programme_since=dt.date(2026, 5, 4),
        weeks=weeks,
        hours=6 if size == "short" else 41,
        counts=counts,
        headline=wording.headline_words(attempts, weeks, pairs),
        focus=_focus(size, skills),
        skills=skills,
        pairs=pairs,
        notes=() if size == "short" else _notes(3 if long else 2),
        field_log=() if size == "short" else _field_log(3 if long else 2),
        learner_comment="" if size == "short" else "\n\n".join([COMMENT] * (2 if long else 1)),
        contests=_contests(size),
        cannot_tell=wording.limits_words(attempts, ratings, coaches, drafts=True),
        calibration=tuple(Calibration(coach, dt.date(2026, 3, 9), dt.date(2027, 3, 9)) for coach in COACHES[:coaches]),
        audience=(
            f"{name}, at any time.",
            "The coaches named here.",
            "Nobody else, unless this report is released to them; each look is then recorded and shown.",
        ),
        sources=_sources(counts),
        block_labels=default_labels(),
        rubric_note=(
            "Rubric version 2026-04. Descriptions marked «draft wording» have been written but not yet sorted"
            " by judges; read their levels with more caution."
        ),
    )


def measured(plain: ProgressReport) -> ProgressReport:
    """The same report with a block of fair averages."""
    lines = (
        FairAverage("Interviewing", 3.1, 2.6, 3.6, 3, "14 ratings by three coaches"),
        FairAverage("Trust", None, None, None, None, "Two ratings by one coach: too few."),
    )
    return replace(plain, measures=Measures("90 % interval", lines, "Adjusted for coach and difficulty."))


def _skills(dice, stage, skill_count, criteria_count, *, long):
    pages = []
    for position, (key, (name, criteria)) in enumerate(list(SKILLS.items())[:skill_count]):
        lines = tuple(
            CriterionLine(
                f"{key}.{part}",
                words,
                dice.choice(("draft", "draft", "retranslated", "field_tested")),
                _observations(dice, stage, 0.3 if len(stage) > 2 else 1, long=long),
            )
            for part, words in list(criteria.items())[:criteria_count]
        )
        strengths = STRENGTHS[: 3 if position == 0 and long else 1 + position % 2]
        working = "Naming what is felt before answering with facts." if position % 2 == 0 else ""
        pages.append(SkillPage(key, name, strengths, working, lines))
    return tuple(pages)


def _observations(dice, stage, share, *, long):
    base = dice.uniform(1.4, 2.8)
    seen = []
    for step, (on, scenario, difficulty) in enumerate(stage):
        if dice.random() > share and step != len(stage) - 1:
            continue
        unseen = dice.random() < 0.12
        level = None if unseen else min(5, max(1, round(base + step * 0.25 + dice.uniform(-0.7, 0.7))))
        own = min(5, max(1, round(base + step * 0.2 + dice.uniform(-1, 1.2))))
        line = dice.choice(COACH_LINES) + (LONG_TAIL if long and dice.random() < 0.2 else "")
        seen.append(
            Observation(
                on,
                scenario,
                difficulty,
                level,
                unseen,
                level == 3 and difficulty == 1,
                own,
                False,
                "" if unseen else line,
                dice.choice(OWN_LINES),
            )
        )
    return tuple(seen)


def _pairs(skills, last_day, most):
    found = []
    for skill in skills:
        for line in skill.criteria:
            first = next((seen for seen in line.observations if seen.level is not None), None)
            if first is None or len(found) == most:
                continue
            on = max(last_day, first.on + dt.timedelta(days=9))
            level = min(5, (first.level or 1) + (len(found) % 3 != 1))
            found.append(Pair(skill.name, line.name, first, replace(first, on=on, level=level, capped=False)))
    return tuple(found)


def _focus(size, skills):
    if size == "short":
        return FocusAndPlan((skills[0].criteria[0].name,), ())
    plan = Plan(
        "If the head of claims names a tool in the first minutes",
        "then I will ask what should be different for her clerks before I say anything about the tool",
        dt.date(2026, 11, 6),
        "Rosa, team lead",
    )
    other = Plan("a date of mine is about to slip", "tell the unit a day before", dt.date(2026, 11, 20), "")
    plans = (
        replace(plan, cue=plan.cue.removeprefix("If "), act=plan.act.removeprefix("then I will ")),
        other,
    )
    return FocusAndPlan(
        tuple(skill.criteria[0].name for skill in skills[:3]), (*plans, other) if size == "longest" else plans
    )


def _notes(count):
    keep = CoachNote(
        dt.date(2026, 9, 14),
        COACHES[0],
        "keep",
        "In the fourth minute, when the head of unit said “you are never on time”.",
        "You waited, then said “you lost two nights because of us”.",
        "She leaned back and told you about the shift plan.",
        "What were you after when you waited?",
        "",
    )
    change = replace(
        keep,
        kind="change",
        behaviour="You explained the release calendar for three minutes.",
        effect="He looked at the clock twice and asked whether that was a no.",
        next_try="Say yes, no or when in the first sentence, then one reason.",
    )
    return (keep, change, keep, change)[:count]


def _field_log(count):
    entry = FieldEntry(
        dt.date(2026, 10, 2),
        "Weekly service meeting, the printer queue was down again.",
        "Said what would be known by noon, and called at ten to twelve.",
        "The unit planned the afternoon by hand and was not surprised.",
        "R. T.",
    )
    return (entry,) * count


def _contests(size):
    if size == "short":
        return ()
    decided = Contest(
        dt.date(2026, 9, 20),
        "Listening, 14 September",
        "I did sum up; it is in the recording at minute eleven, before she stood up.",
        "changed",
        "The second coach found the summary in the transcript; the level was changed from 2 to 3.",
        dt.date(2026, 9, 29),
    )
    waiting = replace(decided, result="open", reason="", decided_on=None, item="Tone, 2 October")
    return (decided, waiting) if size == "longest" else (decided,)


def _sources(counts):
    return (
        Source("Official attempts", str(counts.official_attempts), "Chosen as official before they began."),
        Source("Practised scenarios", str(counts.practised_scenarios), "Different scenarios begun, any mode."),
        Source("Ratings", str(counts.ratings), "Levels by a coach; «not observed» is not among them."),
        Source("Re-tries", str(counts.retries), "Same criterion and difficulty, between 2 and 21 days later."),
        Source("Coaches", str(counts.coaches), "Different people who rated at least once."),
    )
