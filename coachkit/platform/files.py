"""Where uploaded bytes lie: in a folder, or in any store that speaks S3.

A file lies there as its numbered pieces under a token that says nothing about whose it is. A store can do four things;
which files there are, whose, and whether somebody may read them, the database knows.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import os
import secrets
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, urlsplit

from coachkit.platform import clock
from coachkit.platform.errors import UnavailableError
from coachkit.platform.settings import Settings, SettingsError

AWAY = "The place where files are kept cannot be reached at the moment. Nothing was lost; please try again."
PATIENCE = 30
"""Seconds that a store may take for one piece."""


class FileStore(Protocol):
    """Keeps pieces of files."""

    def put(self, token: str, number: int, data: bytes) -> None:
        """Keep a piece, durably; writing the same one again changes nothing."""

    def get(self, token: str, number: int) -> bytes:
        """A piece that was kept."""

    def settle(self, token: str) -> None:
        """All pieces are there: what interrupted writing left beside them may go."""

    def remove(self, token: str, numbers: Iterable[int]) -> None:
        """Take a file away, whatever of it is there. `numbers` are all that may have been kept."""


def make_store(settings: Settings) -> FileStore:
    """The store that the settings ask for."""
    if settings.files.startswith("s3://"):
        return S3Store(settings)
    return FolderStore(Path(settings.files).expanduser() if settings.files else settings.instance / "files")


class FolderStore:
    """A folder on this machine, or one that all machines share."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _home(self, token: str) -> Path:
        return self._folder / token[:2] / token

    def put(self, token: str, number: int, data: bytes) -> None:
        home = self._home(token)
        target = home / f"{number:06}"
        part = home / f"{target.name}-{secrets.token_hex(6)}.part"
        try:
            home.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
            part.replace(target)
            _sync_folder(home)
        except OSError as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise UnavailableError(AWAY) from error

    def get(self, token: str, number: int) -> bytes:
        try:
            return (self._home(token) / f"{number:06}").read_bytes()
        except OSError as error:
            raise UnavailableError(AWAY) from error

    def settle(self, token: str) -> None:
        with suppress(OSError):
            for part in self._home(token).glob("*.part"):
                part.unlink(missing_ok=True)

    def remove(self, token: str, numbers: Iterable[int]) -> None:
        del numbers
        try:
            shutil.rmtree(self._home(token))
        except FileNotFoundError:
            return
        except OSError as error:
            raise UnavailableError(AWAY) from error


def _sync_folder(folder: Path) -> None:
    """A rename is durable once its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@dataclass(frozen=True, slots=True)
class Key:
    """What signs a request to an S3 store."""

    access: str
    secret: str
    region: str


def sign(key: Key, method: str, host: str, path: str, body_sha256: str, at: str, *, query: str = "") -> dict[str, str]:
    """The headers of a request in AWS Signature Version 4; `at` is «20261126T101500Z», `path` is quoted already."""
    day = at[:8]
    headers = {"host": host, "x-amz-content-sha256": body_sha256, "x-amz-date": at}
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    asked = f"{method}\n{path}\n{query}\n{lines}\n{names}\n{body_sha256}"
    scope = f"{day}/{key.region}/s3/aws4_request"
    to_sign = f"AWS4-HMAC-SHA256\n{at}\n{scope}\n{hashlib.sha256(asked.encode()).hexdigest()}"
    secret = f"AWS4{key.secret}".encode()
    for part in (day, key.region, "s3", "aws4_request"):
        secret = hmac.digest(secret, part.encode(), "sha256")
    signature = hmac.digest(secret, to_sign.encode(), "sha256").hex()
    proof = f"AWS4-HMAC-SHA256 Credential={key.access}/{scope}, SignedHeaders={names}, Signature={signature}"
    return {**headers, "Authorization": proof}


class S3Store:
    """A bucket behind an S3 address, asked with the standard library: three verbs need no client of their own."""

    def __init__(self, settings: Settings) -> None:
        where = urlsplit(settings.s3_endpoint)
        bucket, _, prefix = settings.files.removeprefix("s3://").partition("/")
        if where.scheme not in {"http", "https"} or not where.netloc or not bucket:
            raise SettingsError('For files in S3, set «files = "s3://bucket"» and «s3_endpoint».')
        if not settings.s3_access_key or not settings.s3_secret_key:
            raise SettingsError("For files in S3, set «s3_access_key» and «s3_secret_key».")
        self._host, self._encrypted = where.netloc, where.scheme == "https"
        self._base = "/".join(part for part in (where.path.strip("/"), bucket, prefix.strip("/")) if part)
        self._key = Key(settings.s3_access_key, settings.s3_secret_key, settings.s3_region)

    def put(self, token: str, number: int, data: bytes) -> None:
        self._ask("PUT", token, number, data)

    def get(self, token: str, number: int) -> bytes:
        return self._ask("GET", token, number)

    def settle(self, token: str) -> None:
        """A piece is there whole or not at all."""

    def remove(self, token: str, numbers: Iterable[int]) -> None:
        for number in numbers:
            self._ask("DELETE", token, number, gone_is_fine=True)

    def _ask(self, method: str, token: str, number: int, data: bytes = b"", *, gone_is_fine: bool = False) -> bytes:
        path = "/" + quote(f"{self._base}/{token}/{number:06}")
        at = f"{clock.now():%Y%m%dT%H%M%SZ}"
        headers = sign(self._key, method, self._host, path, hashlib.sha256(data).hexdigest(), at)
        kind = http.client.HTTPSConnection if self._encrypted else http.client.HTTPConnection
        connection = kind(self._host, timeout=PATIENCE)
        try:
            connection.request(method, path, data or None, headers)
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise UnavailableError(AWAY) from error
        finally:
            connection.close()
        fine = answer.status in {200, 204} or (gone_is_fine and answer.status == 404)  # noqa: PLR2004
        if not fine:
            raise UnavailableError(AWAY)
        return body
