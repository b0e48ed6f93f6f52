"""A file that shows by itself whether a byte of it has changed: canonical text, and a chain of fingerprints over it.

Whoever changes a byte breaks a fingerprint; whoever computes all of them anew has made another file, whose last
fingerprint is not the one in the audit chain. What the file says is true only as far as whoever issued it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coachkit.domain.decision.snapshot import canonical, fingerprint

KIND = "coachkit decision dossier"
FORMAT = 1
START = "0" * 64


def chain(parts: Sequence[Mapping[str, Any]]) -> list[str]:
    """One fingerprint after each part, each over the one before and the part."""
    links, last = [], START
    for part in parts:
        last = hashlib.sha256(f"{last}\n{canonical(part)}".encode()).hexdigest()
        links.append(last)
    return links


def seal(head: Mapping[str, Any], parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The whole as one plain object, with its fingerprints."""
    return {
        "kind": KIND,
        "format": FORMAT,
        "head": dict(head),
        "parts": [dict(part) for part in parts],
        "seal": chain([head, *parts]),
    }


def to_bytes(sealed: Mapping[str, Any]) -> bytes:
    """Its one spelling as a file."""
    return (canonical(sealed) + "\n").encode()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found."""

    unchanged: bool
    sentence: str
    last: str = ""
    """The last fingerprint, to compare with the audit chain."""


def verify(data: bytes) -> Verdict:
    """Whether this file is as it was issued, without asking anybody."""
    try:
        found = json.loads(data.decode())
        head, parts, links = found["head"], found["parts"], found["seal"]
        known = (found["kind"], found["format"]) == (KIND, FORMAT)
        same = to_bytes(found) == data
        expected = chain([head, *parts])
    except (ValueError, KeyError, TypeError, RecursionError):
        return Verdict(
            unchanged=False, sentence="This is no dossier, or it was changed so much that it cannot be read."
        )
    if not known or set(found) != {"kind", "format", "head", "parts", "seal"}:
        return Verdict(unchanged=False, sentence="This is no dossier of a format that this version knows.")
    if links != expected:
        return Verdict(unchanged=False, sentence=f"Changed: {_first_broken(head, parts, links, expected)}.")
    if not same:
        return Verdict(unchanged=False, sentence="Changed: the spelling is not the one in which it was issued.")
    broken = [part["title"] for part in parts if not _frozen_fits(part)]
    if broken:
        return Verdict(
            unchanged=False, sentence=f"Changed: {broken[0]} has not the fingerprint of the moment of deciding."
        )
    return Verdict(unchanged=True, sentence="Unchanged since it was issued.", last=links[-1])


def _first_broken(head: Mapping[str, Any], parts: Sequence[Any], links: object, expected: list[str]) -> str:
    names = [str(head.get("title", "the head")), *(str(part.get("title", "a part")) for part in parts)]
    if not isinstance(links, list) or len(links) != len(expected):
        return "a part is missing, or one too many"
    return next(name for name, link, right in zip(names, links, expected, strict=True) if link != right)


def _frozen_fits(part: Mapping[str, Any]) -> bool:
    """Whether what was frozen inside still has the fingerprint that the record gives."""
    return "frozen" not in part or fingerprint(part["frozen"]) == part["fingerprint"]
