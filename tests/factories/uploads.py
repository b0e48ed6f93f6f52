"""Files as browsers send them: in one form, or piece by piece as the page's script does."""

from __future__ import annotations

import base64
import hashlib
import random

from coachkit.domain.assessment.agreement import CURRENT
from coachkit.features.practice.evidence import agreements, service
from coachkit.platform import stored_files
from coachkit.platform.db import transaction
from coachkit.platform.idempotency import new_key
from coachkit.platform.stored_files import PIECE
from coachkit.platform.tools import tools
from tests.factories import loop
from tests.factories.browsing import Browser
from tests.factories.cast import Cast

WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + b"\x16\x54\xae\x6b\x86\x85V_VP8"
SOUND = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + b"\x16\x54\xae\x6b\x86\x86A_OPUS"
PDF = b"%PDF-1.7\n"
TEXT = b"Rosa: Eleven cases wait.\nI: What should be different on Monday?\n"


def blob(size: int, head: bytes = PDF, seed: int = 7) -> bytes:
    """`size` bytes that begin like a file of some type."""
    return head + random.Random(seed).randbytes(size - len(head))


def agreed(cast: Cast, attempt_id: int, *others: str, text_version: int = CURRENT) -> None:
    """Everybody has agreed to be recorded."""
    with transaction() as session:
        ana = loop.actor(session, cast.ana)
        agreements.agree(session, ana, attempt_id, others=others, alone=not others, text_version=text_version)


def send_whole(browser: Browser, attempt_id: int, data: bytes, name: str = "notes.pdf", key: str | None = None):
    """A plain form with a file in it."""
    fields = {"csrf_token": browser.token(), "idempotency_key": key or new_key()}
    parts = [f'--cut\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in fields.items()]
    quoted = name.replace('"', "%22")
    head = f'--cut\r\nContent-Disposition: form-data; name="file"; filename="{quoted}"\r\n\r\n'.encode()
    body = b"".join([*parts, head, data, b"\r\n--cut--\r\n"])
    path = f"/practice/{attempt_id}/files/whole"
    return browser.client.post(path, data=body, content_type="multipart/form-data; boundary=cut")


def add(cast: Cast, attempt_id: int, data: bytes, *, learner: str = "ana", name: str = "talk") -> int:
    """A file that has arrived, and may be opened."""
    with transaction() as session:
        me = loop.actor(session, cast.ids[learner])
        allowed = service.limits(tools().settings)
        row = service.begin(
            session, me, attempt_id, receipt=new_key(), name=name, size=len(data), recorded=True, allowed=allowed
        )
        for offset in range(0, len(data), PIECE):
            part = data[offset : offset + PIECE]
            place = service.announce(session, me, attempt_id, row.id, offset, part)
            assert place is not None, session.get(stored_files.StoredFile, row.file_id).problem
            tools().files.put(place.token, place.number, part)
            stored_files.mark_kept(session, place.file_id, offset)
        service.finish(session, me, attempt_id, row.id, digest_of(data), hold_back=False)
        return row.id


def submitted_with(cast: Cast, data: bytes, **more: object) -> tuple[int, int]:
    """An attempt with one file, handed in; its number and the file's."""
    attempt_id = loop.started(cast, **more)
    if not data.startswith((b"%PDF", TEXT[:5])):
        agreed(cast, attempt_id, "Rosa")
    file_id = add(cast, attempt_id, data)
    loop.submitted_again(cast, attempt_id)
    return attempt_id, file_id


def content_digest(data: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(data).digest()).decode()}:"


def digest_of(data: bytes) -> str:
    """What a sender says about the whole."""
    parts = (data[at : at + PIECE] for at in range(0, len(data), PIECE))
    return hashlib.sha256("".join(hashlib.sha256(part).hexdigest() for part in parts).encode()).hexdigest()


class Sender:
    """Sends one file in pieces, by hand."""

    def __init__(self, browser: Browser, attempt_id: int, data: bytes, name: str = "talk.webm") -> None:
        self.browser, self.data, self.base, self.name = browser, data, f"/practice/{attempt_id}/files", name
        self.key, self.url = new_key(), ""

    def begin(self, size: int | None = None):
        form = {"name": self.name, "size": str(len(self.data) if size is None else size)}
        answer = self.browser.post(self.base, key=self.key, **form)
        if answer.status_code == 303:
            self.url = answer.location
        return answer

    def piece(self, number: int, data: bytes | None = None, digest: str | None = None):
        at = number * PIECE
        data = self.data[at : at + PIECE] if data is None else data
        headers = {"X-CSRFToken": self.browser.token(), "Content-Digest": digest or content_digest(data)}
        return self.browser.client.post(
            f"{self.url}/{at}", data=data, headers=headers, content_type="application/octet-stream"
        )

    def finish(self, digest: str | None = None):
        return self.browser.post(f"{self.url}/finish", digest=digest or digest_of(self.data))

    def all(self):
        """The whole way."""
        assert self.begin().status_code == 303
        for number in range(-(-len(self.data) // PIECE)):
            answer = self.piece(number)
            assert answer.status_code == 200, answer.text
        return self.finish()


def lying(folder) -> list[str]:
    """Every file under a folder store, by its path."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
