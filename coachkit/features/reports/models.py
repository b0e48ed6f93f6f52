"""The append-only record of reports that were issued."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column

from coachkit.platform.db import Base, Id

WAITING, MADE, FAILED, CANCELLED = "waiting", "made", "failed", "cancelled"


class Report(Base):
    """One printed document: its frozen object, and the PDF once it is made."""

    __tablename__ = "report"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(20), default="progress")
    """`progress`, `released`, or one of `kinds.KINDS`."""
    number: Mapped[str] = mapped_column(String(20), unique=True)
    """Printed on it."""
    code: Mapped[str] = mapped_column(String(20))
    """Random; opens the verify page."""
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    """Whose it is: the learner, or whoever asked for a kit or a session sheet."""
    about_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    """The learner whom somebody else's sheet is about."""
    purpose_id: Mapped[int | None] = mapped_column(ForeignKey("purpose.id", ondelete="CASCADE"), index=True)
    """Within which purpose it was printed; whoever may not open that any more may not open the document either."""
    issued_at: Mapped[datetime]
    document: Mapped[str] = deferred(mapped_column(Text))
    """The report object as JSON: page, PDF and attachment are made from it."""
    pdf: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    sha256: Mapped[str] = mapped_column(String(64), default="")
    pages: Mapped[int] = mapped_column(default=0)
    engine: Mapped[str] = mapped_column(String(200), default="")
    """Versions of what made the bytes."""
    made_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(Text, default="")
    """Why it could not be made, in a sentence for the person."""
    signed_by: Mapped[str] = mapped_column(String(200), default="")
    """Whose signature the file carries, and the certificate's fingerprint; empty for none."""
    withdrawn_at: Mapped[datetime | None]
    """When whoever issued it took it back. For good: he may issue another one."""


class ReportBatch(Base):
    """Reports asked for together: a cohort's own ones, or the released editions of a purpose."""

    __tablename__ = "report_batch"

    id: Mapped[Id]
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"), index=True)
    purpose_id: Mapped[int | None] = mapped_column(ForeignKey("purpose.id", ondelete="CASCADE"), index=True)
    started_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    """Nobody: the command line."""
    started_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("(cohort_id is null) <> (purpose_id is null)", name="of_one_thing"),)


class ReportItem(Base):
    """One person's report in a batch; it is made at most once."""

    __tablename__ = "report_item"

    id: Mapped[Id]
    batch_id: Mapped[int] = mapped_column(ForeignKey("report_batch.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(10))
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id", ondelete="SET NULL"), unique=True)
    """Set in the transaction that keeps the frozen report, so that a second worker prints the same one."""
    problem: Mapped[str] = mapped_column(Text, default="")
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("batch_id", "person_id"),
        CheckConstraint("state in ('waiting', 'made', 'failed', 'cancelled')", name="state"),
    )
