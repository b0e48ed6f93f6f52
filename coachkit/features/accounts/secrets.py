"""Passwords and one-time links: made, stored hashed, checked, spent."""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from coachkit.features.accounts.models import OneTime, Person
from coachkit.platform import clock
from coachkit.platform.settings import Settings

LINK_LIFE = timedelta(minutes=30)
INVITATION_LIFE = timedelta(days=7)
LONGEST = 1024
SLACK = 4
"""A guessed word with fewer further characters than this is still guessed."""
VARIETY = 5
"""Fewer different characters than this are no password."""
_hashing = threading.Semaphore(2)
COMMON = frozenset(
    [
        "password",
        "passwort",
        "123456789012345",
        "qwertyuiop",
        "letmein",
        "welcome",
        "administrator",
        "changeme",
        "iloveyou",
        "correcthorsebatterystaple",
        "passwordpassword",
        "1q2w3e4r5t6y7u8i",
        "qwertyuiopasdfgh",
    ]
)


def digest(token: str) -> bytes:
    """What the database keeps of a random token."""
    return hashlib.sha256(token.encode()).digest()


def hasher(settings: Settings) -> PasswordHasher:
    return PasswordHasher(time_cost=settings.hash_time, memory_cost=settings.hash_memory_kib, parallelism=1)


def hash_password(settings: Settings, password: str) -> str:
    with _hashing:
        return hasher(settings).hash(password)


_stand_in: dict[int, str] = {}


def _dummy(settings: Settings) -> str:
    """A hash that nothing fits, so that an unknown address costs as much time as a known one."""
    if settings.hash_memory_kib not in _stand_in:
        _stand_in[settings.hash_memory_kib] = hash_password(settings, secrets.token_urlsafe(24))
    return _stand_in[settings.hash_memory_kib]


def check_password(session: Session, settings: Settings, email: str, password: str) -> Person | None:
    """The person with this address and password, or None. One hash is computed in every case."""
    person = session.scalar(select(Person).where(Person.email == email.strip().lower()))
    stored = person.password_hash if person and person.password_hash else None
    against = stored or _dummy(settings)
    try:
        with _hashing:
            hasher(settings).verify(against, password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return None
    if person is None or stored is None or not person.active:
        return None
    if hasher(settings).check_needs_rehash(stored):
        person.password_hash = hash_password(settings, password)
    return person


def password_problem(settings: Settings, password: str, person_words: str = "") -> str | None:
    """Why this password is refused, in a sentence; None where it is fine. No composition rules, pasting welcome."""
    plain = password.lower()
    squeezed = re.sub(r"[\W_]+", "", plain)
    if len(password) < settings.password_min:
        return f"At least {settings.password_min} characters, please. Four or five words in a row are easy to remember."
    if len(password.encode()) > LONGEST:
        return f"At most {LONGEST} characters, please."
    guessed = any(squeezed.startswith(word) and len(squeezed) - len(word) < SLACK for word in COMMON)
    if guessed or len(set(squeezed)) < VARIETY:
        return "This password is on every guessing list. Please choose another."
    words = [w for w in re.split(r"[\W_]+", f"{person_words} {settings.organisation}".lower()) if len(w) > 3]  # noqa: PLR2004
    rest = squeezed
    for word in words:
        rest = rest.replace(word, "")
    if len(rest) < settings.password_min // 2:
        return "This password is made of your name or the organisation's. Please choose another."
    return None


def give(session: Session, purpose: str, person_id: int | None, life: timedelta = LINK_LIFE) -> str:
    """Make a one-time token; earlier ones for the same purpose and person end."""
    if person_id is not None:
        session.execute(delete(OneTime).where(OneTime.purpose == purpose, OneTime.person_id == person_id))
    token = secrets.token_urlsafe(32)
    session.add(OneTime(purpose=purpose, token_hash=digest(token), person_id=person_id, expires_at=clock.now() + life))
    session.flush()
    return token


def end_old_links(session: Session) -> None:
    """Forget links that work no more."""
    session.execute(delete(OneTime).where(OneTime.expires_at <= clock.now()))


def end_links(session: Session, person_id: int) -> None:
    """No link sent so far sets this person's password any more."""
    session.execute(delete(OneTime).where(OneTime.person_id == person_id))


def _valid(purpose: str, token: str) -> tuple[object, ...]:
    return (OneTime.purpose == purpose, OneTime.token_hash == digest(token), OneTime.expires_at > clock.now())


def holds(session: Session, purpose: str, token: str) -> bool:
    """Whether the token would be taken now."""
    return session.scalar(select(OneTime.id).where(*_valid(purpose, token))) is not None  # type: ignore[arg-type]


def take(session: Session, purpose: str, token: str) -> tuple[bool, int | None]:
    """Spend a token: it is gone in the same transaction. Returns whether it was there, and whose it was."""
    row = session.execute(
        delete(OneTime).where(*_valid(purpose, token)).returning(OneTime.person_id)  # type: ignore[arg-type]
    ).one_or_none()
    return (False, None) if row is None else (True, row[0])
