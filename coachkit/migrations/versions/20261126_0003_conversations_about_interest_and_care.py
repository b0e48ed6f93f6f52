"""conversations about interest and care"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fit_conversation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("own_statement", sa.Text(), nullable=False),
        sa.Column("coach_statement", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("notes_until", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("find_out", sa.Text(), nullable=False),
        sa.Column("find_out_until", sa.Date(), nullable=True),
        sa.Column("next_role", sa.String(length=200), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "outcome in ('', 'continue', 'find-out-more', 'step-aside-by-choice')",
            name=op.f("ck_fit_conversation_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["coach_id"], ["person.id"], name=op.f("fk_fit_conversation_coach_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["person.id"], name=op.f("fk_fit_conversation_learner_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["person.id"], name=op.f("fk_fit_conversation_proposed_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fit_conversation")),
    )
    with op.batch_alter_table("fit_conversation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fit_conversation_coach_id"), ["coach_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_fit_conversation_learner_id"), ["learner_id"], unique=False)

    op.create_table(
        "fit_quote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("about", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("about in ('interest', 'care')", name=op.f("ck_fit_quote_about")),
        sa.CheckConstraint(
            "source in ('preview', 'work-sample', 'past', 'choices', 'log')", name=op.f("ck_fit_quote_source")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["fit_conversation.id"], name=op.f("fk_fit_quote_conversation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_fit_quote_person_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fit_quote")),
    )
    with op.batch_alter_table("fit_quote", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fit_quote_conversation_id"), ["conversation_id"], unique=False)

    op.create_table(
        "fit_share",
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("purpose_id", sa.Integer(), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("statement_attached", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["fit_conversation.id"], name=op.f("fk_fit_share_conversation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["purpose_id"], ["purpose.id"], name=op.f("fk_fit_share_purpose_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conversation_id", "purpose_id", name=op.f("pk_fit_share")),
    )
    with op.batch_alter_table("fit_share", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fit_share_purpose_id"), ["purpose_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("fit_share", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fit_share_purpose_id"))

    op.drop_table("fit_share")
    with op.batch_alter_table("fit_quote", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fit_quote_conversation_id"))

    op.drop_table("fit_quote")
    with op.batch_alter_table("fit_conversation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fit_conversation_learner_id"))
        batch_op.drop_index(batch_op.f("ix_fit_conversation_coach_id"))

    op.drop_table("fit_conversation")
