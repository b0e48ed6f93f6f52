"""Serving a stored file in parts, so that a player can seek, and so that nothing of it acts in coachkit's name."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flask import Response, request

MOST = 1024 * 1024
"""Bytes of one part. A player asks for the next one when it needs it, and a paused one holds no process."""
SANDBOX = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "private, no-store",
    "Accept-Ranges": "bytes",
}

Read = Callable[[int, int], bytes]
"""The bytes from the first to the last place, both included."""


def in_parts(read: Read, size: int, media_type: str, name: str, stamp: str) -> Response:
    """The part that was asked for, or all of it. More than one part at once is refused."""
    headers = {**SANDBOX, "ETag": f'"{stamp}"', "Content-Disposition": f'attachment; filename="{name}"'}
    kind = f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
    asked = request.range if request.headers.get("If-Range", headers["ETag"]) == headers["ETag"] else None
    if "Range" in request.headers and request.range is None:
        return _not_so(size, headers)
    if asked is None:
        body: Iterator[bytes] | list[bytes] = [] if request.method == "HEAD" else _all(read, size)
        return Response(body, 200, {**headers, "Content-Length": str(size)}, content_type=kind)
    part = asked.range_for_length(size) if len(asked.ranges) == 1 else None
    if part is None:
        return _not_so(size, headers)
    first, last = part[0], min(part[1], part[0] + MOST) - 1
    body = [] if request.method == "HEAD" else [read(first, last)]
    sent = {"Content-Range": f"bytes {first}-{last}/{size}", "Content-Length": str(last - first + 1)}
    return Response(body, 206, {**headers, **sent}, content_type=kind)


def _all(read: Read, size: int) -> Iterator[bytes]:
    for first in range(0, size, MOST):
        yield read(first, min(first + MOST, size) - 1)


def _not_so(size: int, headers: dict[str, str]) -> Response:
    return Response([], 416, {**headers, "Content-Range": f"bytes */{size}"}, content_type="text/plain; charset=utf-8")
