"""Withdrawn reports, released editions, signatures"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.add_column(sa.Column("purpose_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("signed_by", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_report_purpose_id"), ["purpose_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_report_purpose_id"), "purpose", ["purpose_id"], ["id"], ondelete="CASCADE"
        )
    with op.batch_alter_table("report_batch", schema=None) as batch_op:
        batch_op.add_column(sa.Column("purpose_id", sa.Integer(), nullable=True))
        batch_op.alter_column("cohort_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.create_index(batch_op.f("ix_report_batch_purpose_id"), ["purpose_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_report_batch_purpose_id"), "purpose", ["purpose_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_report_batch_of_one_thing"), "(cohort_id is null) <> (purpose_id is null)"
        )


def downgrade() -> None:
    """Not built: what was printed for a purpose would lose its purpose."""
    raise NotImplementedError
