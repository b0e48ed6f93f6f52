"""Changes of ratings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from coachkit.platform.db import UTCDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rating_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.String(length=60), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("not_observed", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("level between 1 and 5", name=op.f("ck_rating_change_level")),
        sa.CheckConstraint(
            "not (not_observed and level is not null)", name=op.f("ck_rating_change_level_or_not_observed")
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["rating_sheet.id"], name=op.f("fk_rating_change_sheet_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_change")),
    )
    op.create_index(op.f("ix_rating_change_sheet_id"), "rating_change", ["sheet_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_rating_change_sheet_id"), table_name="rating_change")

    op.drop_table("rating_change")
