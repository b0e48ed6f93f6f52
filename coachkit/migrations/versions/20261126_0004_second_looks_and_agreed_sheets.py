"""Second looks and agreed sheets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from coachkit.platform.db import UTCDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("agreement",
    sa.Column("attempt_id", sa.Integer(), nullable=False),
    sa.Column("criteria", sa.JSON(), nullable=False),
    sa.Column("asked_at", UTCDateTime(), nullable=False),
    sa.Column("answered_by", sa.Integer(), nullable=True),
    sa.Column("answered_at", UTCDateTime(), nullable=True),
    sa.Column("dissent", sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_agreement_answered_by"), ondelete="SET NULL"),
    sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_agreement_attempt_id"), ondelete="CASCADE"),
    sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_agreement"))
    )
    op.create_index(op.f("ix_agreement_answered_by"), "agreement", ["answered_by"], unique=False)

    op.create_table("second_look",
    sa.Column("attempt_id", sa.Integer(), nullable=False),
    sa.Column("coach_id", sa.Integer(), nullable=True),
    sa.Column("asked_by", sa.Integer(), nullable=True),
    sa.Column("drawn", sa.Boolean(), nullable=False),
    sa.Column("asked_at", UTCDateTime(), nullable=False),
    sa.Column("due_at", UTCDateTime(), nullable=False),
    sa.Column("lapsed_at", UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_second_look_asked_by"), ondelete="SET NULL"),
    sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_second_look_attempt_id"), ondelete="CASCADE"),
    sa.ForeignKeyConstraint(["coach_id"], ["person.id"], name=op.f("fk_second_look_coach_id"), ondelete="SET NULL"),
    sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_second_look"))
    )
    op.create_index(op.f("ix_second_look_asked_by"), "second_look", ["asked_by"], unique=False)
    op.create_index(op.f("ix_second_look_coach_id"), "second_look", ["coach_id"], unique=False)



def downgrade() -> None:
    op.drop_index(op.f("ix_second_look_coach_id"), table_name="second_look")
    op.drop_index(op.f("ix_second_look_asked_by"), table_name="second_look")

    op.drop_table("second_look")
    op.drop_index(op.f("ix_agreement_answered_by"), table_name="agreement")

    op.drop_table("agreement")
