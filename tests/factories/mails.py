"""The mails that a test's instance has written to its folder."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

from flask import Flask

from coachkit.platform import jobs


def sent(app: Flask) -> list[EmailMessage]:
    """Do the waiting work, then read every mail there is, oldest first."""
    with app.app_context():
        jobs.run_waiting()
    folder = app.config["COACHKIT"].instance / "mail"
    files = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns) if folder.exists() else []
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]


def link_in(mail: EmailMessage) -> str:
    """The address in a mail, without the site's own part."""
    found = re.search(r"http://127\.0\.0\.1:8000(/\S+)", mail.get_content())
    assert found, mail.get_content()
    return found[1]
