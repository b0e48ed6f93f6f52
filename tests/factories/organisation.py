"""A readiness check under way, answers to it without names, and posts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape

from flask import Flask

from coachkit.domain.decision import economics
from coachkit.domain.decision.questions import QUESTIONS
from coachkit.domain.organisation import inquiry
from coachkit.domain.organisation.pulse import ITEMS
from coachkit.features.organisation import service
from coachkit.features.organisation.posts import service as posts
from coachkit.features.organisation.pulse import service as rounds
from coachkit.platform.db import transaction
from tests.factories.browsing import TOKEN, Browser
from tests.factories.cast import Cast
from tests.factories.decisions import actor

LINK = re.compile(r"/answer/([\w-]{43})")


def begun(cleo: Browser, ada: Browser, *, heads: int = 2, liaisons: int = 3) -> list[str]:
    """A check with links for the others; returns the links' tokens, heads of unit first."""
    assert cleo.post("/readiness/begin").status_code == 303
    page = ada.post("/readiness/links", head=str(heads), liaison=str(liaisons))
    assert page.status_code == 200, page.text
    return LINK.findall(unescape(page.text))


def levels(default: int = 2, **changed: int) -> dict[str, str]:
    """One sheet: the same answer everywhere; RC_4=0 changes one."""
    return {q.id: str(changed.get(q.id.replace("-", "_"), default)) for q in QUESTIONS}


def as_cio(cleo: Browser, default: int = 2, *, version: int = 1, **changed: int):
    """The CIO answers everything, with a line for each."""
    lines = {f"evidence-{q.id}": f"The minutes about {q.area}." for q in QUESTIONS}
    return cleo.post("/readiness/check", version=str(version), **levels(default, **changed), **lines)


def answer(app: Flask, token: str, *, status: int = 303, **sheet: str):
    """Somebody opens the link in a browser of his own and sends a sheet, which is taken unless told otherwise."""
    stranger = Browser(app, None)
    page = stranger.get(f"/answer/{token}").text
    own = TOKEN.search(page)
    data = {"csrf_token": unescape(own[1]) if own else stranger.token(), **sheet}
    found = stranger.client.post(f"/answer/{token}", data=data)
    assert found.status_code == status, found.text
    return found


def checked(app: Flask, cleo: Browser, ada: Browser, others: list[dict[str, str]], **cio: int) -> None:
    """A whole check through its pages, two heads of unit first, then closed."""
    tokens = begun(cleo, ada, liaisons=len(others) - 2)
    for token, sheet in zip(tokens, others, strict=True):
        answer(app, token, **sheet)
    assert as_cio(cleo, **cio).status_code == 303
    assert cleo.post("/readiness/close").status_code == 303


def post(cast: Cast, name: str = "Liaison for courts", *, units: int = 5, **changed) -> int:
    """A post with so many units that belong together."""
    given = {"segment": "business", "holders": 1, "related": "yes", "field_share": 20, **changed}
    lines = "\n".join(f"Unit {number}" for number in range(1, units + 1))
    with transaction() as session:
        return posts.keep_post(session, actor(session, cast.cleo), None, name=name, units=lines, **given).id


CHARTER = {
    "model": "field",
    "purpose": "Courts know whom to call.",
    "promises": "An answer by the next morning.",
    "may_decide": "Three days of effort a month.",
    "must_refer": "Money goes to the CIO.",
}


def charter(cast: Cast, post_id: int = 1, *, after: int = 0, **changed: str) -> int:
    """The next version of a post's charter."""
    with transaction() as session:
        content = {**CHARTER, **changed}
        who = actor(session, cast.cleo)
        return posts.new_charter(session, who, post_id, content, agreed_by="", review_on=None, after=after).version


FIGURES = {"salary": 90000, "rate": 70, "coach_rate": 70}
"""The worked check of the calculation."""


def sheet(cast: Cast, post_id: int) -> None:
    """The figures of a post: its own, and those that are offered."""
    offered = {f.id: (FIGURES.get(f.id, f.offered), f.low, f.high) for f in economics.FIGURES}
    with transaction() as session:
        posts.keep_sheet(session, actor(session, cast.cleo), post_id, "EUR", offered, 0)


def pulse(cast: Cast, answers: Iterable[int]) -> None:
    """A closed round of the pulse: each of these people gives the same answer everywhere."""
    with transaction() as session:
        ada, given = actor(session, cast.ada), tuple(answers)
        rounds.begin(session, ada, "before")
        links = service.make_links(session, ada, inquiry.PULSE, {inquiry.BUSINESS: len(given)})
        for link, value in zip(links, given, strict=True):
            service.answer_by_link(session, link.token, dict.fromkeys(ITEMS, value))
        rounds.close(session, ada)
