"""decisions with plan, forecast and duties"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evidence_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purpose_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("skill_id", sa.String(length=40), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["person.id"], name=op.f("fk_evidence_request_asked_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_evidence_request_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["purpose_id"], ["purpose.id"], name=op.f("fk_evidence_request_purpose_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_request")),
        sa.UniqueConstraint(
            "purpose_id", "person_id", "skill_id", name=op.f("uq_evidence_request_purpose_id_person_id_skill_id")
        ),
    )
    with op.batch_alter_table("evidence_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_request_asked_by"), ["asked_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_request_person_id"), ["person_id"], unique=False)

    op.create_table(
        "decision_duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=14), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("outside_name", sa.String(length=120), nullable=False),
        sa.Column("outside_email", sa.String(length=254), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("named_by", sa.Integer(), nullable=True),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("link_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("link_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("visit_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("visit_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('second-signer', 'appeal-reader', 'hr')", name=op.f("ck_decision_duty_kind")),
        sa.ForeignKeyConstraint(
            ["named_by"], ["person.id"], name=op.f("fk_decision_duty_named_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_decision_duty_person_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["decision_record.id"], name=op.f("fk_decision_duty_record_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_duty")),
    )
    with op.batch_alter_table("decision_duty", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_duty_named_by"), ["named_by"], unique=False)
        batch_op.create_index(
            "ix_decision_duty_one_open",
            ["record_id", "kind"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_decision_duty_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_duty_record_id"), ["record_id"], unique=False)

    op.create_table(
        "forecast",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("statement", sa.String(length=300), nullable=False),
        sa.Column("chance", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.CheckConstraint("chance between 1 and 99", name=op.f("ck_forecast_chance")),
        sa.ForeignKeyConstraint(
            ["record_id"], ["decision_record.id"], name=op.f("fk_forecast_record_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_forecast")),
    )
    with op.batch_alter_table("forecast", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_forecast_due_on"), ["due_on"], unique=False)

    op.create_table(
        "retrospective",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("came_true", sa.Boolean(), nullable=False),
        sa.Column("what_happened", sa.Text(), nullable=False),
        sa.Column("sound", sa.Boolean(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["decision_record.id"], name=op.f("fk_retrospective_record_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["person.id"], name=op.f("fk_retrospective_written_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_retrospective")),
    )
    with op.batch_alter_table("retrospective", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_retrospective_written_by"), ["written_by"], unique=False)

    op.create_table(
        "decision_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("duty_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind in ('signature', 'answer', 'appeal', 'ruling', 'note')", name=op.f("ck_decision_word_kind")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_decision_word_author_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["duty_id"], ["decision_duty.id"], name=op.f("fk_decision_word_duty_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["decision_record.id"], name=op.f("fk_decision_word_record_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_word")),
    )
    with op.batch_alter_table("decision_word", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_word_author_id"), ["author_id"], unique=False)
        batch_op.create_index(
            "ix_decision_word_once",
            ["record_id", "kind"],
            unique=True,
            sqlite_where=sa.text("kind <> 'note'"),
            postgresql_where=sa.text("kind <> 'note'"),
        )
        batch_op.create_index(batch_op.f("ix_decision_word_record_id"), ["record_id"], unique=False)

    with op.batch_alter_table("decision_record", schema=None) as batch_op:
        batch_op.add_column(sa.Column("work_reason_who", sa.String(length=120), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("plan", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("coach_hours", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("protected_hours", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("offered", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("offered_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("record_hash", sa.String(length=64), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("library_version", sa.String(length=64), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("decision_record", schema=None) as batch_op:
        batch_op.drop_column("library_version")
        batch_op.drop_column("record_hash")
        batch_op.drop_column("offered_on")
        batch_op.drop_column("offered")
        batch_op.drop_column("protected_hours")
        batch_op.drop_column("coach_hours")
        batch_op.drop_column("plan")
        batch_op.drop_column("work_reason_who")

    with op.batch_alter_table("decision_word", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_word_record_id"))
        batch_op.drop_index(
            "ix_decision_word_once", sqlite_where=sa.text("kind <> 'note'"), postgresql_where=sa.text("kind <> 'note'")
        )
        batch_op.drop_index(batch_op.f("ix_decision_word_author_id"))

    op.drop_table("decision_word")
    with op.batch_alter_table("retrospective", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_retrospective_written_by"))

    op.drop_table("retrospective")
    with op.batch_alter_table("forecast", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_forecast_due_on"))

    op.drop_table("forecast")
    with op.batch_alter_table("decision_duty", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_duty_record_id"))
        batch_op.drop_index(batch_op.f("ix_decision_duty_person_id"))
        batch_op.drop_index(
            "ix_decision_duty_one_open",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_decision_duty_named_by"))

    op.drop_table("decision_duty")
    with op.batch_alter_table("evidence_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_request_person_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_request_asked_by"))

    op.drop_table("evidence_request")
