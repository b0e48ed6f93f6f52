"""A real SMTP server in this process, which keeps what it is given and can be told to break off."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_string, policy
from email.message import EmailMessage


class MailServer:
    """Speaks enough SMTP for `smtplib`, one talk after another."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.taken: list[EmailMessage] = []
        self.away = False
        self.before_yes: Callable[[], None] = lambda: None
        """Called when a mail has been taken and before that is said."""
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                talk, _ = self._socket.accept()
            except OSError:
                return
            with talk, talk.makefile("rw", encoding="utf-8", newline="\r\n") as lines:
                try:
                    self._talk(lines)
                except (OSError, ValueError):
                    continue

    def _talk(self, lines) -> None:
        def say(text: str) -> None:
            lines.write(f"{text}\r\n")
            lines.flush()

        if self.away:
            say("421 come back later")
            return
        say("220 here")
        while order := lines.readline().strip():
            if order.upper() == "DATA":
                say("354 go on")
                text = ""
                while (line := lines.readline().rstrip("\r\n")) != ".":
                    text += line.removeprefix(".") + "\n"
                self.taken.append(message_from_string(text, policy=policy.default))
                self.before_yes()
            say("221 bye" if order.upper() == "QUIT" else "250 ok")
            if order.upper() == "QUIT":
                return

    def end(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(10)


@contextmanager
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    try:
        yield server
    finally:
        server.end()
