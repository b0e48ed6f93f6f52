"""licences to rate"""

import sqlalchemy as sa
from alembic import op

from coachkit.platform.db import UTCDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "licence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=False),
        sa.Column("skill_id", sa.String(length=80), nullable=False),
        sa.Column("rubric", sa.Text(), nullable=False),
        sa.Column("granted_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["coach_id"], ["person.id"], name=op.f("fk_licence_coach_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence")),
    )
    with op.batch_alter_table("licence") as batch_op:
        batch_op.create_index("ix_licence_coach", ["coach_id", "skill_id"], unique=False)
    with op.batch_alter_table("rating_sheet") as batch_op:
        batch_op.add_column(sa.Column("licensed", sa.Boolean(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("rating_sheet") as batch_op:
        batch_op.drop_column("licensed")
    op.drop_table("licence")
