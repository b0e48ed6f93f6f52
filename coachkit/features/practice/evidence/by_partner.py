"""A partner says in person, through the link, whether the talk may be recorded."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.domain.assessment import agreement
from coachkit.features.accounts.queries import pseudonym_of
from coachkit.features.practice.evidence import agreements
from coachkit.features.practice.evidence.models import RecordingAgreement
from coachkit.features.practice.evidence.service import end_recordings
from coachkit.features.practice.models import Attempt
from coachkit.features.practice.partner.service import Guest
from coachkit.platform import audit, clock
from coachkit.platform.errors import InvalidError, NotFoundError


def own_yes(session: Session, invitation_id: int) -> RecordingAgreement | None:
    """What this partner has agreed to, if it stands."""
    query = select(RecordingAgreement).where(
        RecordingAgreement.invitation_id == invitation_id, RecordingAgreement.taken_back_at.is_(None)
    )
    return session.scalars(query).first()


def answer(session: Session, came: Guest, *, yes: bool, text_version: int) -> None:
    """Yes or no, as often as the partner thinks again. A no ends every agreement and every recording of the attempt."""
    attempt = session.get_one(Attempt, came.attempt.id, with_for_update=True, populate_existing=True)
    session.refresh(came.invitation, with_for_update=True)
    if came.invitation.token_hash is None:  # ended a moment ago
        raise NotFoundError
    if text_version != agreement.CURRENT:
        raise InvalidError({"recording": "The text has changed since you opened this page. Please read it again."})
    standing = own_yes(session, came.invitation.id)
    if not yes:
        agreements.end_all(session, attempt.id)
        end_recordings(session, attempt.id)
    elif standing is None:
        session.add(
            RecordingAgreement(
                attempt_id=attempt.id,
                name=came.invitation.name,
                learner=False,
                invitation_id=came.invitation.id,
                text_version=text_version,
                agreed_at=clock.now(),
                taken_back_at=None,
            )
        )
    came.invitation.no_recording_at = None if yes else clock.now()
    what, subject = f"recording:partner-{'agrees' if yes else 'refuses'}", pseudonym_of(session, attempt.learner_id)
    audit.record(session, None, what, subject=subject, about=f"partner:{came.invitation.id}", text=text_version)
    session.flush()
