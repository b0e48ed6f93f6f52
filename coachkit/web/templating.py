"""What every template can use: filters, strict names, and the shell around each page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, g, get_flashed_messages, request, url_for
from jinja2 import StrictUndefined
from markupsafe import Markup

from coachkit.platform.policy import Actor, Role
from coachkit.platform.settings import Settings
from coachkit.platform.templates import FILTERS
from coachkit.web import news
from coachkit.web.access import current_actor
from coachkit.web.page_cache import INITIALS, NAME, NEWS, csrf_token, marking, receipt_key


@dataclass(frozen=True, slots=True)
class NavItem:
    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class ShellPerson:
    name: str
    initials: str
    kind: str


@dataclass(frozen=True, slots=True)
class Notice:
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame of a page."""

    nav: tuple[NavItem, ...]
    person: ShellPerson | None
    role_title: str
    organisation: str
    notices: tuple[Notice, ...]
    """Messages about what was just done."""
    news: str
    """The way to unread notices, drawn; empty where there are none."""
    read_only: bool
    account_url: str
    sign_out_url: str
    request_ref: str


Menu = Mapping[Role, Sequence[tuple[str, str]]]
"""Per role: label and endpoint of its main pages."""
KIND = {
    Role.LEARNER: "learner",
    Role.COACH: "coach",
    Role.LEAD_COACH: "coach",
    Role.CIO: "cio",
    Role.ADMIN: "admin",
    Role.AUDITOR: "admin",
}


class ShellMaker:
    """Builds the shell; the menus' addresses are made once."""

    def __init__(self, settings: Settings, menu: Menu) -> None:
        self._settings = settings
        self._menu = menu
        self._items: dict[frozenset[Role], tuple[tuple[str, str, str], ...]] = {}

    def _entries(self, roles: frozenset[Role]) -> tuple[tuple[str, str, str], ...]:
        if roles not in self._items:
            pages: list[tuple[str, str]] = []
            for role in Role:
                pages += self._menu.get(role, ()) if role in roles else ()
            self._items[roles] = tuple(
                (label, url_for(endpoint), endpoint.partition(".")[0]) for label, endpoint in dict.fromkeys(pages)
            )
        return self._items[roles]

    def __call__(self) -> Shell:
        actor = current_actor()
        room = (request.endpoint or "").split(".")[0]
        path = request.path
        entries = self._entries(actor.roles) if actor else ()
        exact = any(url == path for _label, url, _room in entries)
        nav = tuple(
            NavItem(label, url, url == path if exact else self._near(url, path, entry_room, room))
            for label, url, entry_room in entries
        )
        messages: list[tuple[str, str]] = get_flashed_messages(with_categories=True)  # type: ignore[assignment]
        return Shell(
            nav=nav,
            person=_person(actor),
            role_title=self._settings.role_title,
            organisation=self._settings.organisation,
            notices=tuple(Notice(kind if kind != "message" else "info", text) for kind, text in messages),
            news=NEWS if marking() else news.drawn(),
            read_only=False,
            account_url="/account",
            sign_out_url="/sign-out",
            request_ref=g.get("request_ref", ""),
        )

    @staticmethod
    def _near(url: str, path: str, entry_room: str, room: str) -> bool:
        return entry_room == room and url != "/" and path.startswith(url)


def _person(actor: Actor | None) -> ShellPerson | None:
    if actor is None:
        return None
    if marking():
        return ShellPerson(NAME, INITIALS, KIND[actor.main_role])
    return ShellPerson(actor.name, actor.initials, KIND[actor.main_role])


def set_up(app: Flask, settings: Settings, menu: Menu) -> None:
    """Strict names, filters, and the shell in each template."""
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters.update(FILTERS)
    environment.globals["new_key"] = receipt_key
    environment.globals["csrf_token"] = csrf_token
    environment.globals["organisation"] = settings.organisation
    shell = ShellMaker(settings, menu)

    @app.context_processor
    def frame() -> dict[str, Any]:
        # Flask-WTF puts its own `csrf_token` here, which knows no marks: a kept page would carry its first reader's.
        return {"shell": shell(), "csrf_token": csrf_token}


def trusted(html: str) -> Markup:
    """Mark HTML that the content engine has cleaned as safe to show."""
    return Markup(html)  # noqa: S704  the library is cleaned when it is published
