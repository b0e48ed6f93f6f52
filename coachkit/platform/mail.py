"""Sending a mail. Without a mail server, mails are written as files, so that nothing is lost and nothing leaves."""

from __future__ import annotations

import hmac
import smtplib
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Protocol

from coachkit.platform import clock
from coachkit.platform.settings import Settings

POLICY = default.clone(max_line_length=900)
"""Addresses in a header stay in one piece; folded, mail programs would not follow them."""


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


def compose(settings: Settings, to: str, subject: str, text: str, *, same: str = "", stop: str = "") -> EmailMessage:
    """A plain-text message. Line breaks in an address or a subject are refused by the library.

    `same` names what the mail is about: sent again after a crash, it has the same Message-ID, so that whoever receives
    it twice can tell. `stop` is the address that ends such mails with one click.
    """
    message = EmailMessage(POLICY)
    message["From"], message["To"], message["Subject"] = settings.mail_from, to, subject
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = _id_of(settings, same) if same else make_msgid(domain="coachkit.invalid")
    if stop:
        message["List-Unsubscribe"] = f"<{stop}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(text)
    return message


def _id_of(settings: Settings, same: str) -> str:
    key = f"{settings.base_url} {same}".encode()
    return f"<{hmac.new(settings.secret_key.encode(), key, 'sha256').hexdigest()[:32]}@coachkit.invalid>"
