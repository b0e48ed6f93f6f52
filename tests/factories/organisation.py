"""A readiness check under way, and answers to it without names."""

from __future__ import annotations

import re
from html import unescape

from flask import Flask

from coachkit.domain.decision.questions import QUESTIONS
from tests.factories.browsing import TOKEN, Browser

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
