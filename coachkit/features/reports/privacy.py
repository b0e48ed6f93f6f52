"""What this room holds about a person: to take away, or to destroy."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.orm import Session, undefer

from coachkit.features.reports.models import Report, ReportBatch, ReportItem

TABLES = {
    "report": ("person_id", "about_id"),
    "report_batch": ("started_by",),
    "report_item": ("person_id",),
}


def export_person(session: Session, person_id: int) -> dict[str, Any]:
    """Every issued report, as its object; a coach's sheets about learners are those learners' to take away."""
    own = and_(Report.person_id == person_id, Report.about_id.is_(None))
    query = (
        select(Report)
        .where(or_(own, Report.about_id == person_id))
        .order_by(Report.id)
        .options(undefer(Report.document))
    )
    items = session.scalars(select(ReportItem).where(ReportItem.person_id == person_id).order_by(ReportItem.id))
    return {
        "reports": [json.loads(report.document) for report in session.scalars(query)],
        "made_for_a_cohort": [
            {"state": item.state, "finished_at": item.finished_at and item.finished_at.isoformat()} for item in items
        ],
    }


def erase_person(session: Session, person_id: int) -> None:
    """The reports and their files go; a paper that is out there can no longer be verified."""
    session.execute(update(ReportBatch).where(ReportBatch.started_by == person_id).values(started_by=None))
    session.execute(delete(ReportItem).where(ReportItem.person_id == person_id))
    session.execute(delete(Report).where(or_(Report.person_id == person_id, Report.about_id == person_id)))
