"""What jobs and commands need besides the database: settings, mail, documents, PDF."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from email.message import EmailMessage

from flask import current_app
from jinja2 import Environment
from sqlalchemy.orm import Session

from coachkit.platform.files import FileStore
from coachkit.platform.library import Shelf
from coachkit.platform.mail import Mailer
from coachkit.platform.pdf import PdfRenderer, Signer
from coachkit.platform.settings import Settings


@dataclass(frozen=True, slots=True)
class Tools:
    """Made once per process by the composition root."""

    settings: Settings
    mailer: Mailer
    documents: Environment
    """Templates without a request, for mails and reports."""
    renderer: PdfRenderer
    signer: Signer | None
    """Where a key is configured."""
    files: FileStore


def tools() -> Tools:
    """The tools of the running application."""
    found: Tools = current_app.extensions["coachkit_tools"]
    return found


def shelf() -> Shelf:
    """The libraries by version, for jobs."""
    found: Shelf = current_app.extensions["coachkit_shelf"]
    return found


def send(session: Session, mails: Iterable[EmailMessage]) -> None:
    """Commit, then send: others write while the mail server takes its time."""
    ready = tuple(mails)
    session.commit()
    for mail in ready:
        tools().mailer.send(mail)
