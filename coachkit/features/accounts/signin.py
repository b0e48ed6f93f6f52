"""Signing in and out: rows that can be listed and ended, one query per request."""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, g, request, session
from sqlalchemy import ColumnElement, Row, Select, bindparam, delete, func, literal, select, update

from coachkit.features.accounts.models import Login, Person, RoleGrant, Throttle
from coachkit.features.accounts.secrets import digest, end_old_links
from coachkit.platform import clock
from coachkit.platform.db import db, own_transaction, upsert
from coachkit.platform.errors import TooManyError
from coachkit.platform.idempotency import forget_old
from coachkit.platform.policy import Actor, Role
from coachkit.platform.settings import Settings

SEEN_EVERY = timedelta(minutes=5)
WINDOW = timedelta(minutes=15)
TRIES_PER_ACCOUNT = 10
TRIES_PER_NETWORK = 60
LINKS_PER_ADDRESS = 5

_roles = select(func.aggregate_strings(RoleGrant.role, ",")).where(RoleGrant.person_id == Person.id).scalar_subquery()
_LOAD = (
    select(
        Person.id,
        Person.name,
        Person.email,
        Person.pseudonym,
        _roles.label("roles"),
        Login.id.label("login_id"),
        Login.proved_at,
        Login.seen_at,
    )
    .join_from(Person, Login, Login.person_id == Person.id)
    .where(
        Login.token_hash == bindparam("token_hash"),
        Login.expires_at > bindparam("moment"),
        Person.active,
    )
)


def _actor(row: Row[tuple[object, ...]]) -> Actor:
    return Actor(
        id=row.id,
        name=row.name,
        email=row.email,
        pseudonym=row.pseudonym,
        roles=frozenset(Role(role) for role in (row.roles or "").split(",") if role),
        login_id=row.login_id,
        proved_at=row.proved_at,
    )


def _note_seen(login_id: int, moment: datetime) -> None:
    """Keep the session alive; beside a reading request, in a short transaction of its own."""
    statement = update(Login).where(Login.id == login_id).values(seen_at=moment)
    if request.method in {"GET", "HEAD"}:
        with own_transaction() as own:
            own.execute(statement)
    else:
        db.session.execute(statement)


def watch(app: Flask, settings: Settings, *, unread: ColumnElement[int] | None = None) -> None:
    """Find out at the start of each request who is asking.

    `unread` counts what a person has not read yet; it comes with the same statement, so that no page pays for another.
    """
    load: Select[Any] = _LOAD.add_columns((literal(0) if unread is None else unread).label("unread"))

    @app.before_request
    def load_actor() -> None:
        g.actor = None
        token = session.get("sid")
        if not token or request.endpoint == "static_file":
            return
        moment = clock.now()
        row = db.session.connection().execute(load, {"token_hash": digest(token), "moment": moment}).one_or_none()
        if row is None:
            return
        actor = _actor(row)
        if moment - row.seen_at > settings.idle(privileged=actor.privileged):
            return
        g.actor, g.unread = actor, row.unread
        if moment - row.seen_at > SEEN_EVERY:
            _note_seen(actor.login_id, moment)


def start(settings: Settings, person_id: int) -> None:
    """A fresh session for this browser; whatever it had before is dead."""
    end_this()
    _tidy()
    session["sid"] = token = secrets.token_urlsafe(32)
    moment = clock.now()
    db.session.add(
        Login(
            token_hash=digest(token),
            person_id=person_id,
            user_agent=str(request.user_agent)[:200],
            created_at=moment,
            seen_at=moment,
            proved_at=moment,
            expires_at=moment + settings.absolute,
        )
    )


def _tidy() -> None:
    """Drop what nobody can use any more. Signing in is rare enough to pay for it, and often enough."""
    moment = clock.now()
    db.session.execute(delete(Login).where(Login.expires_at <= moment))
    db.session.execute(delete(Throttle).where(Throttle.window_start <= moment - WINDOW))
    end_old_links(db.session())
    forget_old(db.session())


def end_this() -> None:
    """Sign this browser out."""
    token = session.get("sid")
    if token:
        db.session.execute(delete(Login).where(Login.token_hash == digest(token)))
    session.clear()


def end_all(person_id: int, *, keep: int | None = None) -> None:
    """Sign a person out everywhere, except (if given) on one login."""
    statement = delete(Login).where(Login.person_id == person_id)
    db.session.execute(statement if keep is None else statement.where(Login.id != keep))


def renew_proof(login_id: int) -> None:
    """The person has just given a secret: from now on the browser holds a new one, and a copy of the old is dead."""
    session["sid"] = token = secrets.token_urlsafe(32)
    values = {"proved_at": clock.now(), "token_hash": digest(token)}
    db.session.execute(update(Login).where(Login.id == login_id).values(values))


def _key(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _network() -> str:
    """What one household or office may send from: 256 addresses of the old kind, a /64 of the new."""
    try:
        address = ipaddress.ip_address((request.remote_addr or "").partition("%")[0])
    except ValueError:  # a server on a Unix socket names nobody
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address
    return str(ipaddress.ip_network((address, 24 if address.version == 4 else 64), strict=False))  # noqa: PLR2004


def _count(key: str, limit: int, *, add: int, otherwise: str = ", or reset your password") -> None:
    moment, session = clock.now(), db.session()
    row = session.get(Throttle, key)
    fresh = row is not None and moment - row.window_start < WINDOW
    if row is not None and fresh and row.count >= limit:
        wait = int((row.window_start + WINDOW - moment).total_seconds()) + 1
        raise TooManyError(wait, f"Too many tries. Please wait {max(1, wait // 60)} minutes{otherwise}.")
    if not add:
        return
    statement = upsert(session, Throttle).values(key=key, window_start=moment, count=1)
    changed = {"count": Throttle.count + 1} if fresh else {"count": 1, "window_start": moment}
    on_conflict = statement.on_conflict_do_update(index_elements=["key"], set_=changed)
    if request.method == "GET":  # a page that is read writes nothing else
        with own_transaction() as own:
            own.execute(on_conflict)
    else:
        session.execute(on_conflict)


def slow_down(what: str, account: str, *, failed: bool) -> None:
    """Limit tries by account *and* network, so that a stranger elsewhere can lock nobody out.

    Call before trying (`failed=False`, raises `TooManyError`) and after a miss (`failed=True`).
    """
    _count(_key(what, account.strip().lower(), _network()), TRIES_PER_ACCOUNT, add=failed)
    _count(_key(what, _network()), TRIES_PER_NETWORK, add=failed)


def slow_down_guessing(what: str, *, failed: bool) -> None:
    """The same for codes that anybody may try who is not signed in: by network alone."""
    _count(_key(what, _network()), TRIES_PER_NETWORK, add=failed, otherwise="")


def may_mail_a_link(email: str) -> bool:
    """Whether one more link may go to this address now, wherever it is asked from. Nobody is told."""
    key = _key("link", email.strip().lower())
    try:
        _count(key, LINKS_PER_ADDRESS, add=1)
    except TooManyError:
        return False
    return True
