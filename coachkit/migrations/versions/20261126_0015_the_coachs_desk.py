"""Claims, absences, what is put aside, private notes, and what learners say to feedback."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_absence_days")),
        sa.ForeignKeyConstraint(["coach_id"], ["person.id"], name=op.f("fk_absence_coach_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absence_coach_id"), ["coach_id"], unique=False)

    op.create_table(
        "private_note",
        sa.Column("coach_id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["coach_id"], ["person.id"], name=op.f("fk_private_note_coach_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["person.id"], name=op.f("fk_private_note_learner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("coach_id", "learner_id", name=op.f("pk_private_note")),
    )
    op.create_table(
        "claim",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sends_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_claim_attempt_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["coach_id"], ["person.id"], name=op.f("fk_claim_coach_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_claim")),
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claim_coach_id"), ["coach_id"], unique=False)

    op.create_table(
        "put_aside",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_put_aside_attempt_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["coach_id"], ["person.id"], name=op.f("fk_put_aside_coach_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("attempt_id", "coach_id", name=op.f("pk_put_aside")),
    )
    op.create_table(
        "usefulness",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("useful", sa.Integer(), nullable=True),
        sa.Column("fits", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("useful in (0, 1) and fits in (0, 1)", name=op.f("ck_usefulness_taps")),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_usefulness_attempt_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_usefulness_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_usefulness")),
    )
    with op.batch_alter_table("usefulness", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_usefulness_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("usefulness", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_usefulness_person_id"))

    op.drop_table("usefulness")
    op.drop_table("put_aside")
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claim_coach_id"))

    op.drop_table("claim")
    op.drop_table("private_note")
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_absence_coach_id"))

    op.drop_table("absence")
