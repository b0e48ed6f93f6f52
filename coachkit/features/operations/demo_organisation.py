"""The demo's posts with their loads, charters and figures, two rounds of the pulse, and a CIO's work lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from coachkit.domain.decision.economics import FIGURES
from coachkit.domain.organisation import inquiry
from coachkit.domain.organisation.pulse import ITEMS
from coachkit.features.organisation import service
from coachkit.features.organisation.posts import service as posts
from coachkit.features.organisation.pulse import service as pulse
from coachkit.platform import clock
from coachkit.platform.policy import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One post of the demo. Its charter and its figures are there where the CIO has come to them."""

    name: str
    segment: str = "business"
    units: tuple[str, ...]
    holders: int = 1
    related: str = "yes"
    field_share: int = 20
    charter: Mapping[str, str] = field(default_factory=dict)
    agreed_by: str = ""
    figures: Mapping[str, float] = field(default_factory=dict)


FIELD = {
    "model": "field",
    "purpose": "The plants know whom to call, and hear of changes before they happen. In March 41 % of the heads knew "
    "whom to call.",
    "promises": "An answer by the next morning, even if it is “not before Thursday”.\nOne day a week on the floor.",
    "may_decide": "Up to five person-days of small effort a month. The order of the plant’s own requests.",
    "must_refer": "Money and new contracts: the CIO, within two weeks. Stopping a line: the plant lead, at once.",
    "does_not": "Repairs. The one exception: a line stands still and the desk cannot be reached.",
    "besides": "Release testing is rebuilt; its owner reports monthly.",
}
TRADE = {
    "model": "strategic",
    "purpose": "Planning, procurement and logistics decide together what is built first, and know why.",
    "promises": "A written summary two days after each planning round.",
    "may_decide": "What goes on the idea list, and three days of small effort a month.",
    "must_refer": "The order of projects: the project office, by its published criteria.",
    "path": "Two have gone on to service design, at the same grade.",
}
SALES = {
    "model": "walk-first",
    "purpose": "Sales gets answers that hold. Recommendations come when it trusts them.",
    "promises": "Every question has a named owner within one working day.",
    "may_decide": "Which of the twenty oldest complaints is looked at next.",
    "must_refer": "Prices and customer data: the head of sales, before anything is promised.",
}
OWN = {"salary": 78_000, "rate": 62, "coach_rate": 70, "pair_rate": 58, "vacancy_weeks": 14, "vacancy_cost": 1_900}
POSTS = (
    Post(
        name="IT liaison, plants",
        segment="region",
        units=("North plant", "West plant", "Valve line 2", "Tooling", "Maintenance", "Safety"),
        holders=1,
        charter=FIELD,
        agreed_by="Ruth Vasari, CIO\nThe heads of all six units, 4 February",
        figures=OWN,
    ),
    Post(
        name="IT liaison, supply chain",
        units=("Planning", "Procurement", "Logistics", "Warehouse", "Export"),
        holders=1,
        charter=TRADE,
        agreed_by="Ruth Vasari, CIO\nHead of supply chain, 4 February",
        figures={**OWN, "salary": 84_000, "rate": 66, "vacancy_weeks": 18},
    ),
    Post(
        name="IT liaison, sales and service",
        units=("Sales, coast", "Sales, inland", "Customer service", "Communications"),
        holders=1,
        field_share=15,
        charter=SALES,
    ),
    Post(
        name="IT liaison, central functions",
        segment="other",
        units=("Finance", "Payroll", "Human resources", "Legal", "Reception and sites", "Laboratory", "Research"),
        holders=1,
        related="partly",
        field_share=10,
    ),
)
PULSE = (
    ("before", 240, ("24322231", "33221132", "43332222", "24213121", "32322132", "34332223", "23221130", "33322122")),
    (
        "six",
        55,
        ("44322342", "53421233", "44332333", "54312243", "43421333", "45332334", "34321240", "44412233", "54322343"),
    ),
)
"""Phase, days ago, and one sheet a person: an answer to each of the eight sentences, 0 where somebody could not say."""
REMARKS = (
    "We hear of a release when the screen looks different.",
    "Somebody came to the shift meeting. That had not happened before.",
    "Tell us which of our requests will never be done.",
)
INHERITED = {
    "origin": "In 2023, after the complaint of the north plant. Nobody had kept a figure.",
    "mandate": "Three of the posts have a page; central functions has none yet.",
    "coverage": "Written down under posts and load.",
    "coverage-gaps": "Central functions serves seven units that share little.",
}
GAPS = {
    "communication": "41 % of the heads knew whom to call in March.",
    "presence": "The north plant says that nobody has come since the desk was moved.",
}


def fill(session: Session, people: Mapping[str, Actor], now: datetime) -> None:
    """What a CIO finds when the organisation's pages are opened for the first time."""
    ruth, admin = people["ruth"], people["pavle"]
    for phase, days_ago, sheets in PULSE:
        _asked(session, admin, phase, now - timedelta(days=days_ago), sheets)
    for post in POSTS:
        # A post without a charter is one that has just been taken over.
        with clock.fixed(now - timedelta(days=120 if post.charter else 12)):
            _keep(session, ruth, post, now)
    with clock.fixed(now - timedelta(days=100)):
        posts.keep_notes(session, ruth, "inherited", {heading: (text, True) for heading, text in INHERITED.items()})
        posts.keep_notes(session, ruth, "gap", {gap: (text, False) for gap, text in GAPS.items()})


def _asked(session: Session, admin: Actor, phase: str, moment: datetime, sheets: tuple[str, ...]) -> None:
    """One round of the pulse, through its links, from its first day to its last."""
    with clock.fixed(moment):
        pulse.begin(session, admin, phase)
        links = service.make_links(session, admin, inquiry.PULSE, {inquiry.BUSINESS: len(sheets)})
        for number, (link, sheet) in enumerate(zip(links, sheets, strict=True)):
            remark = REMARKS[number] if phase == "six" and number < len(REMARKS) else ""
            service.answer_by_link(session, link.token, dict(zip(ITEMS, map(int, sheet), strict=True)), remark)
    with clock.fixed(moment + timedelta(days=14)):
        pulse.close(session, admin)


def _keep(session: Session, ruth: Actor, post: Post, now: datetime) -> None:
    kept = posts.keep_post(
        session,
        ruth,
        None,
        name=post.name,
        segment=post.segment,
        units="\n".join(post.units),
        holders=post.holders,
        related=post.related,
        field_share=post.field_share,
    )
    if post.charter:
        again = (now + timedelta(days=60)).date()
        posts.new_charter(session, ruth, kept.id, post.charter, agreed_by=post.agreed_by, review_on=again, after=0)
    if post.figures:
        given = {f.id: (post.figures.get(f.id, f.offered), f.low, f.high) for f in FIGURES}
        posts.keep_sheet(session, ruth, kept.id, "EUR", given, 0)
