"""Contests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from coachkit.platform.db import UTCDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=True),
        sa.Column("outsider", sa.String(length=120), nullable=False),
        sa.Column("outsider_email", sa.String(length=254), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("not_observed", sa.Boolean(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("kind in ('rating', 'note', 'sentence')", name=op.f("ck_contest_kind")),
        sa.CheckConstraint("outcome in ('kept', 'changed', 'removed')", name=op.f("ck_contest_outcome")),
        sa.CheckConstraint("level between 1 and 5", name=op.f("ck_contest_level")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_contest_attempt_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_contest_person_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["person.id"], name=op.f("fk_contest_reviewer_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_contest_token_hash")),
    )
    op.create_index(op.f("ix_contest_attempt_id"), "contest", ["attempt_id"], unique=False)
    op.create_index("ix_contest_person", "contest", ["person_id", "opened_at"], unique=False)
    op.create_index(op.f("ix_contest_reviewer_id"), "contest", ["reviewer_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_contest_reviewer_id"), table_name="contest")
    op.drop_index("ix_contest_person", table_name="contest")
    op.drop_index(op.f("ix_contest_attempt_id"), table_name="contest")

    op.drop_table("contest")
