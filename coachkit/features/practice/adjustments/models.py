"""Three switches and nothing to write into: where no reason can be kept, none can leak."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from coachkit.platform.db import Base


class Adjustment(Base):
    """What applies to one learner. No row: nothing does."""

    __tablename__ = "adjustment"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    more_time: Mapped[bool] = mapped_column(default=False)
    written: Mapped[bool] = mapped_column(default=False)
    no_camera: Mapped[bool] = mapped_column(default=False)
    set_at: Mapped[datetime]
