"""Claims of second views."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from coachkit.platform.db import UTCDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "second_claim",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=False),
        sa.Column("taken_at", UTCDateTime(), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.Column("sends_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_second_claim_attempt_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["coach_id"], ["person.id"], name=op.f("fk_second_claim_coach_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_second_claim")),
    )
    op.create_index(op.f("ix_second_claim_coach_id"), "second_claim", ["coach_id"])
    with op.batch_alter_table("put_aside", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=8), server_default="coach", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("put_aside", schema=None) as batch_op:
        batch_op.drop_column("kind")
    op.drop_table("second_claim")
