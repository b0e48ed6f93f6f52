"""Sending a mail. Without a mail server, mails are written as files, so that nothing is lost and nothing leaves."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Protocol

from coachkit.platform import clock
from coachkit.platform.settings import Settings


class Mailer(Protocol):
    """Takes one finished message."""

    def send(self, message: EmailMessage) -> None: ...


class SmtpMailer:
    """Hands messages to the configured server."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def send(self, message: EmailMessage) -> None:
        settings = self._settings
        with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=20) as server:
            if settings.smtp_starttls:
                server.starttls()
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
            server.send_message(message)


class FileMailer:
    """Writes messages to a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # the links in it open accounts
        name = str(message["Message-ID"]).strip("<>").split("@", maxsplit=1)[0]
        (self._folder / f"{name}.eml").write_bytes(bytes(message))


def make_mailer(settings: Settings) -> Mailer:
    """The mailer that the settings ask for."""
    return SmtpMailer(settings) if settings.smtp_host else FileMailer(settings.instance / "mail")


def compose(settings: Settings, to: str, subject: str, text: str) -> EmailMessage:
    """A plain-text message. Line breaks in an address or a subject are refused by the library."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.mail_from, to, subject
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = make_msgid(domain="coachkit.invalid")
    message.set_content(text)
    return message
