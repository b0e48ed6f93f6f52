"""Starting a server on a free port and asking it from outside."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(
    target: str, environment: dict[str, str], *, workers: int = 2
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """A granian process group serving `target`; killed with its children at the end."""
    port = free_port()
    process = start(target, environment, port, workers=workers)
    try:
        yield port, process
    finally:
        stop(process)


def start(target: str, environment: dict[str, str], port: int, *, workers: int = 2) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--workers",
        str(workers),
        "--blocking-threads",
        "1",
        "--no-log",
        "--respawn-failed-workers",
        target,
    ]
    full = {**os.environ, "COACHKIT_QUIET": "1", "PYTHONPATH": str(Path(__file__).parents[2]), **environment}
    process = subprocess.Popen(
        command, env=full, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(target, port)
    except BaseException:
        stop(process)
        raise
    return process


def _wait_for(target: str, port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(f"{target} does not answer.")


def stop(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, 9)
    process.wait()


class Client:
    """One browser over real HTTP, without following redirects."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookie = ""
        self.token = ""
        self._connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, data: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, location and body. Raises OSError or HTTPException where the server went away."""
        body = urlencode(data) if data is not None else None
        headers = {"Cookie": self.cookie} if self.cookie else {}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            self._connection = None
            raise
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self.cookie = value.split(";", 1)[0]
        return answer.status, answer.headers.get("Location", ""), text

    def sign_in(self, email: str, password: str) -> None:
        _status, _where, page = self.ask("GET", "/sign-in")
        status, _where, _page = self.ask(
            "POST", "/sign-in", {"csrf_token": TOKEN.findall(page)[0], "email": email, "password": password}
        )
        if status != 303:
            raise RuntimeError(f"{email} cannot sign in: {status}")
        _status, _where, page = self.ask("GET", "/account")
        self.token = TOKEN.findall(page)[0]

    def post(self, path: str, **data: str) -> tuple[int, str, str]:
        return self.ask("POST", path, {"csrf_token": self.token, **{k.replace("__", "-"): v for k, v in data.items()}})
