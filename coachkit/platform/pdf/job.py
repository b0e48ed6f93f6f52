"""What goes to a PDF worker and what comes back."""

import datetime as dt
import json
import struct
from dataclasses import asdict, dataclass, field
from typing import Any

LARGEST_HTML = 2_000_000
LARGEST_ATTACHMENT = 4_000_000
LARGEST_FRAME = 32_000_000
MOST_PAGES = 12
LENGTH = struct.Struct(">I")


class RenderError(Exception):
    """A PDF could not be made. `reason_for_user` can be shown; `detail` is for the log and holds no names."""

    def __init__(self, reason_for_user: str, detail: str = "") -> None:
        super().__init__(reason_for_user if not detail else f"{reason_for_user} ({detail})")
        self.reason_for_user = reason_for_user
        self.detail = detail


@dataclass(frozen=True, slots=True)
class RenderJob:
    """One document as trusted, well-formed markup; every user's text in it is escaped already.

    `links` maps each web address in the document to the words that a screen reader should say.
    """

    html: str
    stylesheet: str
    attachment: str
    identifier: str
    issued_at: dt.datetime
    attachment_name: str = "report.json"
    attachment_description: str = "The figures and words of this report"
    links: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)
    """PNG pictures in base64, by the addresses that the markup may use for them."""
    to_be_signed: bool = False
    """Whether the file needs an empty field for a signature."""

    def __post_init__(self) -> None:
        if self.issued_at.tzinfo is None:
            raise ValueError("The time of issue needs its zone.")
        if len(self.html) > LARGEST_HTML or len(self.attachment) > LARGEST_ATTACHMENT:
            raise RenderError("This report is too large to be printed.", "job over the size limit")

    def to_wire(self) -> bytes:
        plain = asdict(self) | {"issued_at": self.issued_at.isoformat()}
        return json.dumps(plain).encode("ascii")

    @classmethod
    def from_wire(cls, wire: bytes) -> "RenderJob":
        plain: dict[str, Any] = json.loads(wire)
        plain["issued_at"] = dt.datetime.fromisoformat(plain["issued_at"])
        return cls(**plain)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished PDF, with what is recorded beside it: the same input and engine give the same bytes."""

    pdf: bytes
    sha256: str
    pages: int
    engine: str
    last_page: float = 1.0
    """How far the last page is filled, from 0 to 1."""


RECORDED = ("sha256", "pages", "engine", "last_page")
"""What travels beside the bytes."""


def frame(body: bytes) -> bytes:
    """A message as it travels through a pipe."""
    if len(body) > LARGEST_FRAME:
        raise RenderError("This report is too large to be printed.", "frame over the size limit")
    return LENGTH.pack(len(body)) + body
