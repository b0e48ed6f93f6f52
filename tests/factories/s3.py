"""A small S3 store over loopback. It checks every signature by the published rules; a wrong one gets 403."""

from __future__ import annotations

import hashlib
import hmac
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ACCESS, SECRET, REGION = "AKIDTESSEL", "a secret of the store", "eu-test-1"
SHOWN = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<access>[^/]+)/(?P<scope>\d{8}/[^/]+/s3/aws4_request), "
    r"SignedHeaders=(?P<names>[a-z0-9;-]+), Signature=(?P<signature>[0-9a-f]{64})"
)


class Bucket(ThreadingHTTPServer):
    """Objects by path; `broken` makes it answer 500."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.objects: dict[str, bytes] = {}
        self.refused: list[str] = []
        self.broken = False

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Bucket
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args: object) -> None:
        """Nothing is printed."""

    def _signed(self, body: bytes) -> bool:
        shown = SHOWN.fullmatch(self.headers.get("Authorization", ""))
        if shown is None or shown["access"] != ACCESS:
            return False
        names = shown["names"].split(";")
        if not {"host", "x-amz-content-sha256", "x-amz-date"} <= set(names):
            return False
        if self.headers["x-amz-content-sha256"] != hashlib.sha256(body).hexdigest():
            return False
        canonical = "\n".join(
            [
                self.command,
                self.path,
                "",
                *(f"{name}:{self.headers[name].strip()}" for name in names),
                "",
                shown["names"],
                self.headers["x-amz-content-sha256"],
            ]
        )
        stamp = self.headers["x-amz-date"]
        text = "\n".join(["AWS4-HMAC-SHA256", stamp, shown["scope"], hashlib.sha256(canonical.encode()).hexdigest()])
        key = b"AWS4" + SECRET.encode()
        for part in shown["scope"].split("/"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        wanted = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        return shown["scope"].startswith(f"{stamp[:8]}/{REGION}/") and hmac.compare_digest(wanted, shown["signature"])

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        code, found = 200, b""
        if self.server.broken:
            code = 500
        elif not self._signed(body):
            self.server.refused.append(f"{self.command} {self.path}")
            code = 403
        elif self.command == "PUT":
            self.server.objects[self.path] = body
        elif self.command == "DELETE":
            self.server.objects.pop(self.path, None)
            code = 204
        elif self.path in self.server.objects:
            found = self.server.objects[self.path]
        else:
            code = 404
        self.send_response(code)
        self.send_header("Content-Length", str(len(found)))
        self.end_headers()
        self.wfile.write(found)

    do_GET = do_PUT = do_DELETE = _answer  # noqa: N815  as the standard library calls them


@contextmanager
def bucket() -> Iterator[Bucket]:
    server = Bucket()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
