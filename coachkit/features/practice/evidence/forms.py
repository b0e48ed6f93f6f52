"""What comes with a file: its name, its checksum; and who agreed to be recorded."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import unicodedata

from wtforms import BooleanField

from coachkit.platform.errors import InvalidError
from coachkit.web.forms import BIDI, BaseForm, is_storable, words

DIGEST = re.compile(r"\s*sha-256=:([A-Za-z0-9+/]{43}=):\s*")
DAMAGED = "This piece was damaged on its way. Please send it again."


class AgreementForm(BaseForm):
    others = words(
        "Who else can be heard or seen?",
        longest=1000,
        hint="One name a line. Each of them has heard the text above and said yes.",
    )
    alone = BooleanField("Nobody but me")
    said_yes = BooleanField("I have read this aloud, and everybody named here said yes. So do I.")


def shown_name(sent: str) -> str:
    """A file's name as pages show it: no folder, no invisible characters, of bearable length."""
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", sent)[-1])
    name = "".join(char for char in name if char.isprintable() and char not in BIDI and is_storable(char)).strip()
    return name if len(name) <= 120 else name[:90] + "…" + name[-20:]  # noqa: PLR2004


def checked(data: bytes, header: str) -> None:
    """Refuse a piece that differs from what its sender says (RFC 9530)."""
    found = DIGEST.fullmatch(header)
    if found is None:
        raise InvalidError({"file": "A piece comes with its SHA-256 in the header «Content-Digest»."})
    try:
        meant = base64.b64decode(found[1], validate=True)
    except binascii.Error as error:
        raise InvalidError({"file": DAMAGED}) from error
    if hashlib.sha256(data).digest() != meant:
        raise InvalidError({"file": DAMAGED})
