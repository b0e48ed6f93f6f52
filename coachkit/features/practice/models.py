"""Attempts at role-plays, and the sheets on which two people rate them without seeing each other's."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from coachkit.platform.db import Base, Id


class Attempt(Base):
    """One role-play by one learner, pinned to the library version that he saw."""

    __tablename__ = "attempt"

    id: Mapped[Id]
    learner_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    scenario_id: Mapped[str] = mapped_column(String(40))
    parallel: Mapped[bool] = mapped_column(default=False)
    """Whether it plays the scenario's parallel form."""
    library_version: Mapped[str] = mapped_column(ForeignKey("library_snapshot.version"))
    kind: Mapped[str] = mapped_column(String(10))
    """`practice` or `official`; chosen before it starts, never changed."""
    coach_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    """Practice: the coach whom the learner invites, if any. Official: the coach to whom it was handed over, if any."""
    focus: Mapped[list[str]]
    """Up to two criterion ids that the learner chose before playing."""
    cue: Mapped[str] = mapped_column(Text, default="")
    """«If …» of the plan made before playing."""
    act: Mapped[str] = mapped_column(Text, default="")
    """«… then I will».”"""
    partner_name: Mapped[str] = mapped_column(String(120), default="")
    played_on: Mapped[date | None]
    evidence: Mapped[str] = mapped_column(Text, default="")
    """What was said: transcript or the learner's own account. Both raters read it."""
    filed: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether a file or a recording stands beside the text, or instead of it."""
    watched: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether a coach who watched has put into words something that she saw. The words are hers, and sealed."""
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    revealed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    """Raised at every change; a stale tab is told so."""

    __table_args__ = (
        CheckConstraint("kind in ('practice', 'official')", name="kind"),
        Index("ix_attempt_learner", "learner_id", "created_at"),
        Index("ix_attempt_waiting", "submitted_at", "revealed_at"),
    )

    @property
    def official(self) -> bool:
        return self.kind == "official"

    @property
    def has_evidence(self) -> bool:
        """Whether there is something to rate: words, a file, a recording, or what a coach noted who watched. None of
        them is asked for in particular.
        """
        return self.can_be_read or self.watched

    @property
    def can_be_read(self) -> bool:
        """Whether somebody who was not there finds something to read or to hear."""
        return bool(self.evidence.strip()) or self.filed


class RatingSheet(Base):
    """One rater's levels and evidence lines for one attempt. Sealed until both sides have locked theirs."""

    __tablename__ = "rating_sheet"

    id: Mapped[Id]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"))
    rater_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    """`self`, `coach`, `second` or `agreed`."""
    saved_at: Mapped[datetime]
    locked_at: Mapped[datetime | None]
    licensed: Mapped[bool | None]
    """Official, locked, not the learner's own: its rater held every licence that it took. None: not asked then."""
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("kind in ('self', 'coach', 'second', 'agreed')", name="kind"),
        UniqueConstraint("attempt_id", "kind"),
    )


class Rating(Base):
    """One criterion on one sheet. A draft may be incomplete; a locked sheet may not."""

    __tablename__ = "rating"

    id: Mapped[Id]
    sheet_id: Mapped[int] = mapped_column(ForeignKey("rating_sheet.id", ondelete="CASCADE"))
    criterion_id: Mapped[str] = mapped_column(String(60), index=True)
    level: Mapped[int | None]
    """1–5, or none where not observed or not yet chosen."""
    not_observed: Mapped[bool] = mapped_column(default=False)
    evidence: Mapped[str] = mapped_column(Text, default="")
    predicted_level: Mapped[int | None]
    """Self sheets: what the learner expects the coach to see."""
    predicted_not_observed: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        CheckConstraint("level between 1 and 5", name="level"),
        CheckConstraint("predicted_level between 1 and 5", name="predicted_level"),
        CheckConstraint("not (not_observed and level is not null)", name="level_or_not_observed"),
        UniqueConstraint("sheet_id", "criterion_id"),
    )


class RatingChange(Base):
    """A rating changed after the reveal, by whoever gave it, with new evidence. Only added to; the original stays."""

    __tablename__ = "rating_change"

    id: Mapped[Id]
    sheet_id: Mapped[int] = mapped_column(ForeignKey("rating_sheet.id", ondelete="CASCADE"), index=True)
    criterion_id: Mapped[str] = mapped_column(String(60))
    level: Mapped[int | None]
    not_observed: Mapped[bool] = mapped_column(default=False)
    evidence: Mapped[str] = mapped_column(Text)
    """What was not on the sheet before."""
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("level between 1 and 5", name="level"),
        CheckConstraint("not (not_observed and level is not null)", name="level_or_not_observed"),
    )


class AttemptReturn(Base):
    """A coach gave an attempt back, not rated: it could not be, as it was. It is no rating and counts nowhere."""

    __tablename__ = "attempt_return"

    id: Mapped[Id]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), index=True)
    coach_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    why: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class SecondLook(Base):
    """A second coach was asked to rate an official attempt, blind to the first and to the learner."""

    __tablename__ = "second_look"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True)
    coach_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    """The lead coach who asked; nobody where the attempt was drawn."""
    drawn: Mapped[bool]
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    """Until then the learner waits for it; afterwards the views are shown without it."""
    lapsed_at: Mapped[datetime | None]


class DialoguePlay(Base):
    """One play of a branching dialogue, as the moves that were made. It belongs to whoever plays, alone."""

    __tablename__ = "dialogue_play"

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    dialogue_id: Mapped[str] = mapped_column(String(80))
    library_version: Mapped[str] = mapped_column(ForeignKey("library_snapshot.version"))
    path: Mapped[list[str]]
    """Ids of the choices, in order. Where the play stands is told anew from them each time."""
    seed: Mapped[int]
    """Decides in which order the moves are shown."""
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_dialogue_play_person", "person_id", "dialogue_id"),)


class LadderStep(Base):
    """How far somebody says he has come with a skill: observing, co-leading, leading with a coach, leading."""

    __tablename__ = "ladder_step"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    skill_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    step: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]

    __table_args__ = (CheckConstraint("step in ('observe', 'co-lead', 'lead-with-coach', 'lead')", name="step"),)
