"""Calibration runs, which are never changed, and what the newest of them says about each learner."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from coachkit.platform.db import Base, Id


class CalibrationRun(Base):
    """One calibration. It names people by pseudonym only, so that erasing somebody takes the meaning away."""

    __tablename__ = "calibration_run"

    id: Mapped[Id]
    """The number that every figure names."""
    made_at: Mapped[datetime]
    as_of: Mapped[date]
    cause: Mapped[str] = mapped_column(String(10))
    """`night`, `asked`, or `first`."""
    model_version: Mapped[str] = mapped_column(String(40))
    library_version: Mapped[str] = mapped_column(ForeignKey("library_snapshot.version"))
    inputs_hash: Mapped[str] = mapped_column(String(64))
    """Over everything that the result depends on."""
    rows_hash: Mapped[str] = mapped_column(String(64))
    """Over the ratings alone: the same again needs no new run."""
    counts: Mapped[dict[str, Any]]
    gates: Mapped[dict[str, Any]]
    report: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    """What the lead coach reads: coaches, criteria, agreement, rows left out, proposals."""
    result: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    """The calibration itself as compressed canonical JSON."""
    result_hash: Mapped[str] = mapped_column(String(64))
    """Over that JSON."""

    __table_args__ = (CheckConstraint("cause in ('night', 'asked', 'first')", name="cause"),)


class CurrentMeasure(Base):
    """What the newest calibration says about one learner, as plain figures and words."""

    __tablename__ = "current_measure"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("calibration_run.id"), index=True)
    as_of: Mapped[date]
    made_at: Mapped[datetime]
    data: Mapped[dict[str, Any]]
