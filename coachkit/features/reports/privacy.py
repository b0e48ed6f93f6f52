"""What this room holds about a person: to take away, or to destroy."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session, undefer

from coachkit.features.reports.models import Report

TABLES = {"report": ("person_id", "about_id")}


def export_person(session: Session, person_id: int) -> dict[str, Any]:
    """Every issued report, as its object; a coach's sheets about learners are those learners' to take away."""
    own = and_(Report.person_id == person_id, Report.about_id.is_(None))
    query = (
        select(Report)
        .where(or_(own, Report.about_id == person_id))
        .order_by(Report.id)
        .options(undefer(Report.document))
    )
    return {"reports": [json.loads(report.document) for report in session.scalars(query)]}


def erase_person(session: Session, person_id: int) -> None:
    """The reports and their files go; a paper that is out there can no longer be verified."""
    session.execute(delete(Report).where(or_(Report.person_id == person_id, Report.about_id == person_id)))
