"""The people of the demo programme. None of them exists; names come from many places and repeat no scenario's."""

from __future__ import annotations

from dataclasses import dataclass, field

PASSWORD = "four quiet copper kettles"  # noqa: S105  printed on purpose, for the demo only

COACHES = (
    ("marta", "Marta Keller", "Service delivery"),
    ("oren", "Oren Sadeh", "Architecture"),
    ("lin", "Lin Asare", "Project office"),
    ("tomas", "Tomás Quiroga", "Plant systems"),
)
LEAD = ("ines", "Inez Hallström", "Service delivery")
CIO = ("ruth", "Ruth Vasari", "IT")
ADMIN = ("pavle", "Pavle Zorić", "IT operations")
AUDITOR = ("mirela", "Mirela Danso", "Internal audit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Learner:
    """One learner and how the simulation draws him."""

    key: str
    name: str
    unit: str
    weeks: int
    """In the programme."""
    attempts: int
    """Official ones."""
    coach: str
    second_coach: str = ""
    track: str = "it"
    modules: int = 4
    level: float = 2.0
    """Where he began, on the 1–5 scale at difficulty 2."""
    growth: float = 0.15
    """Levels a month."""
    self_view: float = 0.3
    """How much more he sees in himself than there is."""
    waiting: bool = False
    """His last attempt waits for a coach."""
    begun: bool = False
    """He has just started one."""
    bent: dict[str, float] = field(default_factory=dict)
    """Skills in which he is ahead or behind."""


LEARNERS = (
    Learner(
        key="sofia",
        name="Sofia Reyes",
        unit="Logistics",
        weeks=30,
        attempts=9,
        coach="marta",
        second_coach="oren",
        modules=5,
        level=2.2,
        growth=0.18,
        begun=True,
        bent={"trust": 0.3, "analysis": -0.2},
    ),
    Learner(
        key="bruno",
        name="Bruno Costa",
        unit="North plant",
        weeks=32,
        attempts=10,
        coach="marta",
        second_coach="lin",
        modules=7,
        level=2.6,
        growth=0.16,
    ),
    Learner(
        key="henrik",
        name="Henrik Dahl",
        unit="Engineering",
        weeks=31,
        attempts=9,
        coach="oren",
        second_coach="marta",
        modules=6,
        level=1.6,
        growth=0.06,
        self_view=0.8,
        bent={"persuasion": -0.4},
    ),
    Learner(key="nadia", name="Nadia Farouk", unit="Quality", weeks=9, attempts=2, coach="lin", modules=2, level=2.0),
    Learner(
        key="jin",
        name="Jin-ho Baek",
        unit="Finance",
        weeks=28,
        attempts=8,
        coach="lin",
        second_coach="tomas",
        modules=6,
        level=2.3,
        growth=0.2,
        waiting=True,
    ),
    Learner(
        key="amaka",
        name="Amaka Eze-Brown",
        unit="Sales, coast",
        weeks=27,
        attempts=11,
        coach="oren",
        second_coach="lin",
        modules=5,
        level=2.9,
        growth=0.18,
        self_view=-0.4,
    ),
    Learner(
        key="piotr",
        name="Piotr Wilk",
        unit="Procurement",
        weeks=26,
        attempts=7,
        coach="tomas",
        second_coach="marta",
        modules=5,
        level=1.9,
        growth=0.22,
        waiting=True,
    ),
    Learner(
        key="leila",
        name="Leila Rahmani",
        unit="Human resources",
        weeks=25,
        attempts=6,
        coach="marta",
        second_coach="oren",
        track="business",
        modules=5,
        level=2.5,
        growth=0.1,
    ),
    Learner(
        key="mateo",
        name="Mateo Ferrari",
        unit="West plant",
        weeks=24,
        attempts=6,
        coach="tomas",
        second_coach="lin",
        modules=4,
        level=2.1,
        growth=0.15,
    ),
    Learner(
        key="grace",
        name="Grace Mwangi",
        unit="Customer service",
        weeks=23,
        attempts=6,
        coach="lin",
        second_coach="oren",
        modules=4,
        level=2.7,
        growth=0.08,
        self_view=-0.2,
    ),
    Learner(
        key="viktor",
        name="Viktor Hansson",
        unit="Maintenance",
        weeks=22,
        attempts=5,
        coach="oren",
        modules=4,
        level=1.7,
        growth=0.12,
        self_view=0.6,
    ),
    Learner(
        key="hana",
        name="Hana Kobayashi",
        unit="Research",
        weeks=22,
        attempts=5,
        coach="marta",
        second_coach="tomas",
        modules=5,
        level=2.4,
        growth=0.17,
        waiting=True,
    ),
    Learner(
        key="kofi",
        name="Kofi Antwi",
        unit="Warehouse",
        weeks=18,
        attempts=5,
        coach="tomas",
        second_coach="oren",
        modules=4,
        level=2.2,
        growth=0.19,
    ),
    Learner(
        key="elif",
        name="Elif Demirci",
        unit="Legal",
        weeks=17,
        attempts=4,
        coach="lin",
        track="business",
        modules=4,
        level=2.3,
    ),
    Learner(
        key="ruben",
        name="Ruben van Dijk",
        unit="Sales, inland",
        weeks=16,
        attempts=4,
        coach="marta",
        second_coach="lin",
        modules=3,
        level=2.0,
        growth=0.2,
    ),
    Learner(
        key="priya",
        name="Priya Menon",
        unit="Planning",
        weeks=15,
        attempts=4,
        coach="oren",
        second_coach="tomas",
        modules=4,
        level=2.5,
        growth=0.12,
    ),
    Learner(
        key="samir",
        name="Samir Haddadi",
        unit="Tooling",
        weeks=14,
        attempts=3,
        coach="tomas",
        modules=3,
        level=1.8,
        waiting=True,
    ),
    Learner(
        key="lucie",
        name="Lucie Moreau",
        unit="Communications",
        weeks=13,
        attempts=3,
        coach="lin",
        second_coach="marta",
        track="business",
        modules=3,
        level=2.6,
    ),
    Learner(key="owen", name="Owen Tanui", unit="Safety", weeks=12, attempts=3, coach="oren", modules=3, level=2.1),
    Learner(key="ana", name="Ana Marković", unit="Payroll", weeks=10, attempts=2, coach="marta", modules=2, level=2.2),
    Learner(
        key="diego", name="Diego Salcedo", unit="Valve line 2", weeks=8, attempts=2, coach="tomas", modules=2, level=1.9
    ),
    Learner(
        key="freya",
        name="Freya Nilsen",
        unit="Export",
        weeks=6,
        attempts=1,
        coach="lin",
        modules=2,
        level=2.3,
        begun=True,
    ),
    Learner(
        key="tariq",
        name="Tariq Aziz-Lund",
        unit="Laboratory",
        weeks=3,
        attempts=1,
        coach="oren",
        modules=1,
        level=2.0,
        waiting=True,
    ),
    Learner(
        key="mei",
        name="Mei Castellano",
        unit="Reception and sites",
        weeks=1,
        attempts=0,
        coach="marta",
        track="business",
        modules=1,
    ),
)
