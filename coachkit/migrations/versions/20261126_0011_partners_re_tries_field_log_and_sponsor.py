"""partners, re-tries, field log and sponsor"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "adjustment",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("more_time", sa.Boolean(), nullable=False),
        sa.Column("written", sa.Boolean(), nullable=False),
        sa.Column("no_camera", sa.Boolean(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_adjustment_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_adjustment")),
    )
    op.create_table(
        "sponsor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shows_plans", sa.Boolean(), nullable=False),
        sa.Column("hours", sa.String(length=200), nullable=False),
        sa.Column("dates", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["learner_id"], ["person.id"], name=op.f("fk_sponsor_learner_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sponsor_person_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sponsor")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sponsor_token_hash")),
    )
    with op.batch_alter_table("sponsor", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sponsor_learner_id"), ["learner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sponsor_person_id"), ["person_id"], unique=False)

    op.create_table(
        "partner_invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("felt", sa.Text(), nullable=False),
        sa.Column("noticed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_partner_invitation_attempt_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_partner_invitation_person_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_partner_invitation_token_hash")),
    )
    with op.batch_alter_table("partner_invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_partner_invitation_attempt_id"), ["attempt_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_partner_invitation_person_id"), ["person_id"], unique=False)

    op.create_table(
        "retry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.String(length=60), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_retry_attempt_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_retry_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retry")),
    )
    with op.batch_alter_table("retry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_retry_attempt_id"), ["attempt_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_retry_person_id"), ["person_id"], unique=False)

    op.create_table(
        "field_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("situation", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("witness", sa.String(length=12), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_field_entry_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_field_entry_plan_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_entry")),
    )
    with op.batch_alter_table("field_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_field_entry_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_field_entry_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "partner_time",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", sa.String(length=80), nullable=False),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["partner_invitation.id"], name=op.f("fk_partner_time_invitation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_time")),
    )
    with op.batch_alter_table("partner_time", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_partner_time_invitation_id"), ["invitation_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("partner_time", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_partner_time_invitation_id"))

    op.drop_table("partner_time")
    with op.batch_alter_table("field_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_field_entry_plan_id"))
        batch_op.drop_index(batch_op.f("ix_field_entry_person_id"))

    op.drop_table("field_entry")
    with op.batch_alter_table("retry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_retry_person_id"))
        batch_op.drop_index(batch_op.f("ix_retry_attempt_id"))

    op.drop_table("retry")
    with op.batch_alter_table("partner_invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_partner_invitation_person_id"))
        batch_op.drop_index(batch_op.f("ix_partner_invitation_attempt_id"))

    op.drop_table("partner_invitation")
    with op.batch_alter_table("sponsor", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sponsor_person_id"))
        batch_op.drop_index(batch_op.f("ix_sponsor_learner_id"))

    op.drop_table("sponsor")
    op.drop_table("adjustment")
