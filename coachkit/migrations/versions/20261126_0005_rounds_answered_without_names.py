"""rounds answered without names"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inquiry_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("begun_by", sa.Integer(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tally", sa.JSON(), nullable=False),
        sa.Column("answered", sa.JSON(), nullable=False),
        sa.Column("remarks", sa.JSON(), nullable=False),
        sa.Column("cio", sa.JSON(), nullable=False),
        sa.Column("cio_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind in ('readiness', 'pulse')", name=op.f("ck_inquiry_round_kind")),
        sa.ForeignKeyConstraint(
            ["begun_by"], ["person.id"], name=op.f("fk_inquiry_round_begun_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["cio_id"], ["person.id"], name=op.f("fk_inquiry_round_cio_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry_round")),
    )
    with op.batch_alter_table("inquiry_round", schema=None) as batch_op:
        batch_op.create_index(
            "ix_inquiry_round_one_open",
            ["kind"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "inquiry_link",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("for_group", sa.String(length=10), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["inquiry_round.id"], name=op.f("fk_inquiry_link_round_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_inquiry_link")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("inquiry_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inquiry_link_round_id"), ["round_id"], unique=False)

    with op.batch_alter_table("readiness", schema=None) as batch_op:
        batch_op.add_column(sa.Column("steps", sa.JSON(), server_default="{}", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("readiness", schema=None) as batch_op:
        batch_op.drop_column("steps")

    with op.batch_alter_table("inquiry_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inquiry_link_round_id"))

    op.drop_table("inquiry_link")
    with op.batch_alter_table("inquiry_round", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_inquiry_round_one_open",
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.drop_table("inquiry_round")
