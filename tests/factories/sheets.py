"""Invented kits, session sheets and certificates: one ordinary and one long of each."""

import datetime as dt
from dataclasses import replace

from coachkit.domain.report.papers import DecisionDossier, Fact, ProgrammeReport, Row, Section
from coachkit.domain.report.sheets import (
    Anchor,
    Certificate,
    LatestView,
    LearnerCard,
    Looked,
    ModuleDone,
    ObserverSheet,
    PartnerCard,
    RolePlayKit,
    SessionSheet,
    Told,
    Turn,
)
from tests.factories.reports import LONGEST_NAME, report

ON = dt.datetime(2026, 10, 23, 9, 0, tzinfo=dt.UTC)
TEXT = "The unit wants a portal by the end of March. Nobody has asked what its clerks should do differently then. "
ANCHORS = tuple(Anchor(level, f"{TEXT}Level {level}.") for level in range(1, 6))


def kit(*, whole: bool = True, times: int = 1) -> RolePlayKit:
    """A scenario for a table; without `whole` as a learner prints it."""
    return RolePlayKit(
        report_id="CK-26-00007",
        issued_at=ON,
        organisation="Northbridge Utilities",
        scenario="rp04",
        title="The portal that nobody asked for",
        status="draft",
        difficulty=3,
        prepare=5,
        play=12,
        debrief=15,
        learner=LearnerCard("Ines Brandt, head of claims, Claims", (TEXT * times,) * 3, ("Listening", "Want and need")),
        partner=PartnerCard(
            "Ines Brandt, head of claims, Claims",
            (TEXT * times,) * 3,
            ("to be heard",) * 3,
            ("a late project",) * 2,
            (Told("Eleven cases were lost in May.", "asked for an example"),) * 4 * times,
            (Turn("a tool is named early", "lean back"),) * 3,
        )
        if whole
        else None,
        observer=ObserverSheet(TEXT, (Looked("Listening", 4, ANCHORS),) * 3 * times, ("What were you after?",) * 3)
        if whole
        else None,
    )


def session_sheet(*, long: bool = False) -> SessionSheet:
    """Before the next talk with a learner."""
    source = report("longest" if long else "typical", 1)
    lines = [line for skill in source.skills for line in skill.criteria][: 9 if long else 4]
    return SessionSheet(
        report_id="CK-26-00008",
        issued_at=ON,
        organisation="Northbridge Utilities",
        learner=LONGEST_NAME if long else source.person.name,
        unit=source.person.unit,
        coach="Helen Marsh",
        latest=tuple(LatestView(line.name, line.observations[-1]) for line in lines),
        advice="Say yes, no or when in the first sentence.",
        advised_on=dt.date(2026, 10, 2),
        plans=source.focus.plans,
        focus=source.focus.criteria,
    )


def certificate(*, modules: int = 5) -> Certificate:
    """Somebody who took part."""
    return Certificate(
        report_id="CK-26-00009",
        verification_code="7F3K-Q9TM-2XWA",
        verify_url="https://coachkit.example.org/v/CK-26-00009/7F3K-Q9TM-2XWA",
        issued_at=ON,
        name="Jónas Þorvaldsson",
        role_title="IT liaison",
        unit="Claims handling",
        organisation="Northbridge Utilities",
        since=dt.date(2026, 5, 4),
        modules=tuple(ModuleDone(f"Module {n}", dt.date(2026, 6, n + 1), known=n % 3 == 2) for n in range(modules)),
        modules_in_programme=16,
        attempts=6,
        scenarios=4,
        first_attempt=dt.date(2026, 5, 20),
        latest_attempt=dt.date(2026, 10, 2),
    )


def dossier(*, times: int = 1) -> DecisionDossier:
    """A decision with its ground, its ratings and what was said since."""
    facts = (Fact("Decision", "Develop"), Fact("Person", LONGEST_NAME), Fact("Reasons", f"{TEXT}\n\n{TEXT}" * times))
    rating = ("Interviewing", "12 September 2026", "Open questions", "3 In place", "Wants, difficulty 2", "B. T.", TEXT)
    columns = ("Skill", "When", "Criterion", "Level", "Where", "Seen by", "What was seen")
    return DecisionDossier(
        report_id="CK-26-00011",
        verification_code="7F3KQ9TM2XWAB",
        verify_url="https://coachkit.example.org/v/CK-26-00011/7F3KQ9TM2XWAB",
        issued_at=ON,
        organisation="Northbridge Utilities",
        title=f"Develop: {LONGEST_NAME}",
        for_whom="Built for the CIO.",
        warning="Everything that was seen, was seen in practice situations.",
        limits=("It is not validated for selection.", "A forecast measures the judgement, not the person."),
        sections=(
            Section("What was decided, and why", facts, (), (), ""),
            Section("On what ground", facts[:1], ("Skill", "Role line"), (Row(("Interviewing", "3, In place")),), ""),
            Section("Every rating behind it", (), columns, (Row(rating),) * (6 * times), "As coaches gave them."),
            Section("What was added since", (), (), (), "Nothing so far."),
        ),
        seal="4f" * 32,
    )


def programme_report(*, groups: int = 4) -> ProgrammeReport:
    """A programme in counts."""
    rows = tuple(Row((f"Unit {number}", str(9 + number), "fewer than 5", "12")) for number in range(groups))
    return ProgrammeReport(
        report_id="CK-26-00012",
        verification_code="7F3KQ9TM2XWAC",
        verify_url="https://coachkit.example.org/v/CK-26-00012/7F3KQ9TM2XWAC",
        issued_at=ON,
        organisation="Northbridge Utilities",
        title="The programme in figures",
        for_whom="Built for the CIO.",
        warning="",
        limits=("Groups of fewer than five are not shown.",),
        sections=(Section("Units", (), ("Unit", "Learners", "Coaches", "Attempts"), rows, "Since May 2026."),),
        seal="",
    )


ALL = {
    "dossier": dossier(),
    "long dossier": dossier(times=5),
    "programme report": programme_report(),
    "programme report of nothing yet": programme_report(groups=0),
    "kit": kit(),
    "learner's kit": kit(whole=False),
    "long kit": kit(times=3),
    "session sheet": session_sheet(),
    "long session sheet": session_sheet(long=True),
    "certificate": certificate(),
    "certificate of nothing yet": replace(
        certificate(modules=0), attempts=0, scenarios=0, first_attempt=None, latest_attempt=None
    ),
}
