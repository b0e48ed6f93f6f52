"""Static files under addresses that change with their content, one style sheet, and the security headers."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, abort, make_response, request

from coachkit.platform.settings import PACKAGE, Settings
from coachkit.web.access import public

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

STATIC = PACKAGE / "static"
IMPORT = re.compile(r'@import url\("(?P<file>[\w./-]+)"\)(?: layer\((?P<layer>[\w.-]+)\))?(?P<media>[^;]*);')
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "media-src 'self' blob:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; manifest-src 'self'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
}


def bundle(path: Path) -> str:
    """A style sheet with its imports put in place, so that a page needs one file."""

    def replace(match: re.Match[str]) -> str:
        inner = bundle(path.parent / match["file"])
        media = match["media"].strip()
        if media:
            inner = f"@media {media} {{\n{inner}\n}}"
        return f"@layer {match['layer']} {{\n{inner}\n}}" if match["layer"] else inner

    text = IMPORT.sub(replace, path.read_text(encoding="utf-8"))
    here = path.parent.relative_to(STATIC)

    def absolute(match: re.Match[str]) -> str:
        target = (STATIC / here / match["file"]).resolve().relative_to(STATIC)
        return f'url("/static/{target.as_posix()}")'

    return re.sub(r"url\([\"']?(?P<file>(?!/|data:)[\w./-]+\.woff2)[\"']?\)", absolute, text)


class Assets:
    """All static files of the package, read once, with their hashes."""

    def __init__(self, folder: Path) -> None:
        self.files: dict[str, tuple[bytes, str, str]] = {}
        for path in sorted(folder.rglob("*")):
            if not path.is_file():
                continue
            name = path.relative_to(folder).as_posix()
            data = bundle(path).encode() if name == "css/site.css" else path.read_bytes()
            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
            if name.endswith(".woff2"):
                kind = "font/woff2"
            if kind.startswith("text/"):
                kind += "; charset=utf-8"
            self.files[name] = (data, kind, hashlib.sha256(data).hexdigest()[:12])

    def url(self, name: str) -> str:
        """The address of a file; it changes when the file does."""
        return f"/static/{name}?v={self.files[name][2]}"


def set_up(app: Flask, settings: Settings) -> None:
    """Serve the files and put the headers on every answer."""
    assets = Assets(STATIC)
    app.extensions["coachkit_assets"] = assets
    app.jinja_env.globals["static_url"] = assets.url

    @app.get("/static/<path:name>", endpoint="static_file")
    @public
    def static_file(name: str) -> Response:
        if name not in assets.files:
            abort(404)
        data, kind, stamp = assets.files[name]
        response = make_response(data)
        response.headers["Content-Type"] = kind
        response.set_etag(stamp)
        fresh = request.args.get("v") == stamp
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if fresh else "no-cache"
        response.make_conditional(request)
        return response

    app.wsgi_app = SecureHeaders(app.wsgi_app, secure=settings.secure)  # type: ignore[method-assign]


class SecureHeaders:
    """Puts the security headers on every answer that does not carry its own; errors of the framework included.

    Outside Flask, since that costs a tenth of what setting ten headers on a response object does.
    """

    def __init__(self, wrapped: WSGIApplication, *, secure: bool) -> None:
        self._wrapped = wrapped
        transport = {"Strict-Transport-Security": "max-age=63072000"} if secure else {}
        always = {**HEADERS, **transport, "Cache-Control": "no-store", "Vary": "Cookie"}
        self._headers = [(name, name.lower(), value) for name, value in always.items()]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Callable[[bytes], object]:  # noqa: ANN401
            present = {name.lower() for name, _ in headers}
            missing = [(name, value) for name, lower, value in self._headers if lower not in present]
            return start_response(status, headers + missing, *rest)

        return self._wrapped(environ, start)
