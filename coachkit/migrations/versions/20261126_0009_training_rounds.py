"""training rounds"""

import sqlalchemy as sa
from alembic import op

from coachkit.platform.db import UTCDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "training_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=False),
        sa.Column("skill_id", sa.String(length=80), nullable=False),
        sa.Column("rubric", sa.Text(), nullable=False),
        sa.Column("library_version", sa.String(length=64), nullable=False),
        sa.Column("sample_ids", sa.JSON(), nullable=False),
        sa.Column("started_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["coach_id"], ["person.id"], name=op.f("fk_training_round_coach_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["library_version"], ["library_snapshot.version"], name=op.f("fk_training_round_library_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_round")),
    )
    with op.batch_alter_table("training_round") as batch_op:
        batch_op.create_index("ix_training_round_coach", ["coach_id", "skill_id"], unique=False)
        batch_op.create_index(
            "ix_training_round_one_open",
            ["coach_id", "skill_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "sample_rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("sample_id", sa.String(length=80), nullable=False),
        sa.Column("criterion_id", sa.String(length=60), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("not_observed", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("rated_at", UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("level between 1 and 5", name=op.f("ck_sample_rating_level")),
        sa.CheckConstraint("not_observed = (level is null)", name=op.f("ck_sample_rating_level_or_not_observed")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["training_round.id"], name=op.f("fk_sample_rating_round_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_rating")),
        sa.UniqueConstraint(
            "round_id", "sample_id", "criterion_id", name=op.f("uq_sample_rating_round_id_sample_id_criterion_id")
        ),
    )


def downgrade() -> None:
    op.drop_table("sample_rating")
    with op.batch_alter_table("training_round") as batch_op:
        batch_op.drop_index(
            "ix_training_round_one_open",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index("ix_training_round_coach")

    op.drop_table("training_round")
