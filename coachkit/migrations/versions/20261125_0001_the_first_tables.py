"""the first tables"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("actor", sa.String(length=32), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("object", sa.String(length=80), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_event")),
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_event_action"), ["action"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_event_actor"), ["actor"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_event_subject"), ["subject"], unique=False)

    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "cohort",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort")),
        sa.UniqueConstraint("name", name=op.f("uq_cohort_name")),
    )
    op.create_table(
        "library_snapshot",
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("files", sa.LargeBinary(), nullable=False),
        sa.Column("reader", sa.String(length=64), nullable=False),
        sa.Column("reading", sa.LargeBinary(), nullable=True),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_library_snapshot")),
    )
    with op.batch_alter_table("library_snapshot", schema=None) as batch_op:
        batch_op.create_index("ix_library_snapshot_one_current", ["current"], unique=True, sqlite_where=sa.text('"current"'), postgresql_where=sa.text('"current"'))

    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("args", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_done_at"), ["done_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_not_before"), ["not_before"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("pseudonym", sa.String(length=32), nullable=False),
        sa.Column("unit", sa.String(length=120), nullable=False),
        sa.Column("track", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("track in ('it', 'business')", name=op.f("ck_person_track")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
        sa.UniqueConstraint("pseudonym", name=op.f("uq_person_pseudonym")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "throttle",
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_throttle")),
    )
    op.create_table(
        "access_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("viewer_id", sa.Integer(), nullable=True),
        sa.Column("viewer_role", sa.String(length=20), nullable=False),
        sa.Column("what", sa.String(length=120), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_access_record_person_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["viewer_id"], ["person.id"], name=op.f("fk_access_record_viewer_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_record")),
    )
    with op.batch_alter_table("access_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_record_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_access_record_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_access_record_viewer_id"), ["viewer_id"], unique=False)

    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("scenario_id", sa.String(length=40), nullable=False),
        sa.Column("parallel", sa.Boolean(), nullable=False),
        sa.Column("library_version", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=True),
        sa.Column("focus", sa.JSON(), nullable=False),
        sa.Column("cue", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("partner_name", sa.String(length=120), nullable=False),
        sa.Column("played_on", sa.Date(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind in ('practice', 'official')", name=op.f("ck_attempt_kind")),
        sa.ForeignKeyConstraint(["coach_id"], ["person.id"], name=op.f("fk_attempt_coach_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["learner_id"], ["person.id"], name=op.f("fk_attempt_learner_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["library_version"], ["library_snapshot.version"], name=op.f("fk_attempt_library_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempt_coach_id"), ["coach_id"], unique=False)
        batch_op.create_index("ix_attempt_learner", ["learner_id", "created_at"], unique=False)
        batch_op.create_index("ix_attempt_waiting", ["submitted_at", "revealed_at"], unique=False)

    op.create_table(
        "calibration_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("cause", sa.String(length=10), nullable=False),
        sa.Column("model_version", sa.String(length=40), nullable=False),
        sa.Column("library_version", sa.String(length=64), nullable=False),
        sa.Column("inputs_hash", sa.String(length=64), nullable=False),
        sa.Column("rows_hash", sa.String(length=64), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("gates", sa.JSON(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("result", sa.LargeBinary(), nullable=False),
        sa.Column("result_hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("cause in ('night', 'asked', 'first')", name=op.f("ck_calibration_run_cause")),
        sa.ForeignKeyConstraint(["library_version"], ["library_snapshot.version"], name=op.f("fk_calibration_run_library_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_run")),
    )
    op.create_table(
        "card_review",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.String(length=80), nullable=False),
        sa.Column("stability", sa.Double(), nullable=False),
        sa.Column("difficulty", sa.Double(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.CheckConstraint("rating between 1 and 4", name=op.f("ck_card_review_rating")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_card_review_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "card_id", name=op.f("pk_card_review")),
    )
    with op.batch_alter_table("card_review", schema=None) as batch_op:
        batch_op.create_index("ix_card_review_due", ["person_id", "due_at"], unique=False)

    op.create_table(
        "coaching",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("coach_id <> learner_id", name=op.f("ck_coaching_not_oneself")),
        sa.ForeignKeyConstraint(["coach_id"], ["person.id"], name=op.f("fk_coaching_coach_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["learner_id"], ["person.id"], name=op.f("fk_coaching_learner_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coaching")),
    )
    with op.batch_alter_table("coaching", schema=None) as batch_op:
        batch_op.create_index("ix_coaching_coach", ["coach_id", "until"], unique=False)
        batch_op.create_index("ix_coaching_learner", ["learner_id", "until"], unique=False)

    op.create_table(
        "cohort_member",
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_cohort_member_cohort_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_cohort_member_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("cohort_id", "person_id", name=op.f("pk_cohort_member")),
    )
    with op.batch_alter_table("cohort_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cohort_member_person_id"), ["person_id"], unique=False)

    op.create_table(
        "decision_basis",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_decision_basis_recorded_by"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_basis")),
    )
    op.create_table(
        "dialogue_play",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("dialogue_id", sa.String(length=80), nullable=False),
        sa.Column("library_version", sa.String(length=64), nullable=False),
        sa.Column("path", sa.JSON(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["library_version"], ["library_snapshot.version"], name=op.f("fk_dialogue_play_library_version")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_dialogue_play_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dialogue_play")),
    )
    with op.batch_alter_table("dialogue_play", schema=None) as batch_op:
        batch_op.create_index("ix_dialogue_play_person", ["person_id", "dialogue_id"], unique=False)

    op.create_table(
        "ladder_step",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("skill_id", sa.String(length=80), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("step in ('observe', 'co-lead', 'lead-with-coach', 'lead')", name=op.f("ck_ladder_step_step")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_ladder_step_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "skill_id", name=op.f("pk_ladder_step")),
    )
    op.create_table(
        "login",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("user_agent", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_login_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_token_hash")),
    )
    with op.batch_alter_table("login", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_person_id"), ["person_id"], unique=False)

    op.create_table(
        "one_time",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_one_time_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time")),
        sa.UniqueConstraint("purpose", "token_hash", name=op.f("uq_one_time_purpose_token_hash")),
    )
    with op.batch_alter_table("one_time", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_one_time_person_id"), ["person_id"], unique=False)

    op.create_table(
        "purpose",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=14), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("role_name", sa.String(length=120), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('development', 'role-decision')", name=op.f("ck_purpose_kind")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_purpose_created_by"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purpose")),
    )
    op.create_table(
        "quiz_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("module_id", sa.String(length=40), nullable=False),
        sa.Column("item_id", sa.String(length=60), nullable=False),
        sa.Column("option_id", sa.String(length=60), nullable=False),
        sa.Column("correct", sa.Boolean(), nullable=False),
        sa.Column("library_version", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["library_version"], ["library_snapshot.version"], name=op.f("fk_quiz_answer_library_version")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_quiz_answer_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_answer")),
    )
    with op.batch_alter_table("quiz_answer", schema=None) as batch_op:
        batch_op.create_index("ix_quiz_answer_person_module", ["person_id", "module_id", "item_id"], unique=False)

    op.create_table(
        "readiness",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(length=12), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("result in ('not-yet', 'conditional', 'ready')", name=op.f("ck_readiness_result")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_readiness_recorded_by"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readiness")),
    )
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("pdf", sa.LargeBinary(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("engine", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["about_id"], ["person.id"], name=op.f("fk_report_about_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_report_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("number", name=op.f("uq_report_number")),
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_about_id"), ["about_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_person_id"), ["person_id"], unique=False)

    op.create_table(
        "report_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("started_by", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_report_batch_cohort_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["started_by"], ["person.id"], name=op.f("fk_report_batch_started_by"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_batch")),
    )
    with op.batch_alter_table("report_batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_batch_cohort_id"), ["cohort_id"], unique=False)

    op.create_table(
        "role_grant",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_grant_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "role", name=op.f("pk_role_grant")),
    )
    op.create_table(
        "search_index",
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["version"], ["library_snapshot.version"], name=op.f("fk_search_index_version"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_search_index")),
    )
    op.create_table(
        "section_note",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("module_id", sa.String(length=40), nullable=False),
        sa.Column("section_id", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_section_note_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "module_id", "section_id", name=op.f("pk_section_note")),
    )
    op.create_table(
        "section_read",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("module_id", sa.String(length=40), nullable=False),
        sa.Column("section_id", sa.String(length=60), nullable=False),
        sa.Column("section_hash", sa.String(length=64), nullable=False),
        sa.Column("known", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_section_read_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "module_id", "section_id", name=op.f("pk_section_read")),
    )
    op.create_table(
        "submit_key",
        sa.Column("key", sa.String(length=43), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("endpoint", sa.String(length=80), nullable=False),
        sa.Column("location", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_submit_key_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("key", "person_id", name=op.f("pk_submit_key")),
    )
    with op.batch_alter_table("submit_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submit_key_at"), ["at"], unique=False)

    op.create_table(
        "current_measure",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_current_measure_person_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["run_id"], ["calibration_run.id"], name=op.f("fk_current_measure_run_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_current_measure")),
    )
    with op.batch_alter_table("current_measure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_current_measure_run_id"), ["run_id"], unique=False)

    op.create_table(
        "decision_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purpose_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("alternatives", sa.Text(), nullable=False),
        sa.Column("dissent", sa.Text(), nullable=False),
        sa.Column("work_reason", sa.Text(), nullable=False),
        sa.Column("work_reason_on", sa.Date(), nullable=True),
        sa.Column("against_wish", sa.Boolean(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.Column("snapshot_hash", sa.String(length=64), nullable=False),
        sa.Column("readiness_id", sa.Integer(), nullable=True),
        sa.Column("amends_id", sa.Integer(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("outcome in ('confirm', 'develop', 'move', 'replace', 'defer')", name=op.f("ck_decision_record_outcome")),
        sa.ForeignKeyConstraint(["amends_id"], ["decision_record.id"], name=op.f("fk_decision_record_amends_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_decision_record_decided_by"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_decision_record_person_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["purpose_id"], ["purpose.id"], name=op.f("fk_decision_record_purpose_id")),
        sa.ForeignKeyConstraint(["readiness_id"], ["readiness.id"], name=op.f("fk_decision_record_readiness_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_record")),
        sa.UniqueConstraint("amends_id", name=op.f("uq_decision_record_amends_id")),
        sa.UniqueConstraint("purpose_id", "person_id", "amends_id", name=op.f("uq_decision_record_purpose_id_person_id_amends_id")),
    )
    with op.batch_alter_table("decision_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_record_decided_by"), ["decided_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_record_person_id"), ["person_id"], unique=False)

    op.create_table(
        "feedback_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_feedback_note_attempt_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["coach_id"], ["person.id"], name=op.f("fk_feedback_note_coach_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_note")),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_feedback_note_attempt_id")),
    )
    with op.batch_alter_table("feedback_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feedback_note_coach_id"), ["coach_id"], unique=False)

    op.create_table(
        "learner_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_learner_answer_attempt_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_learner_answer_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learner_answer")),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_learner_answer_attempt_id")),
    )
    with op.batch_alter_table("learner_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_learner_answer_person_id"), ["person_id"], unique=False)

    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("cue", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("witness", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_plan_attempt_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_plan_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
    )
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_attempt_id"), ["attempt_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_person_id"), ["person_id"], unique=False)

    op.create_table(
        "purpose_person",
        sa.Column("purpose_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_purpose_person_person_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["purpose_id"], ["purpose.id"], name=op.f("fk_purpose_person_purpose_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("purpose_id", "person_id", name=op.f("pk_purpose_person")),
    )
    with op.batch_alter_table("purpose_person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_purpose_person_person_id"), ["person_id"], unique=False)

    op.create_table(
        "purpose_viewer",
        sa.Column("purpose_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_purpose_viewer_person_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["purpose_id"], ["purpose.id"], name=op.f("fk_purpose_viewer_purpose_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("purpose_id", "person_id", name=op.f("pk_purpose_viewer")),
    )
    op.create_table(
        "rating_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("rater_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind in ('self', 'coach', 'second', 'agreed')", name=op.f("ck_rating_sheet_kind")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_rating_sheet_attempt_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["rater_id"], ["person.id"], name=op.f("fk_rating_sheet_rater_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_sheet")),
        sa.UniqueConstraint("attempt_id", "kind", name=op.f("uq_rating_sheet_attempt_id_kind")),
    )
    with op.batch_alter_table("rating_sheet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rating_sheet_rater_id"), ["rater_id"], unique=False)

    op.create_table(
        "release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purpose_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_release_person_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["purpose_id"], ["purpose.id"], name=op.f("fk_release_purpose_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
    )
    with op.batch_alter_table("release", schema=None) as batch_op:
        batch_op.create_index("ix_release_one_open", ["purpose_id", "person_id"], unique=True, sqlite_where=sa.text("withdrawn_at IS NULL"), postgresql_where=sa.text("withdrawn_at IS NULL"))
        batch_op.create_index(batch_op.f("ix_release_person_id"), ["person_id"], unique=False)

    op.create_table(
        "report_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('waiting', 'made', 'failed', 'cancelled')", name=op.f("ck_report_item_state")),
        sa.ForeignKeyConstraint(["batch_id"], ["report_batch.id"], name=op.f("fk_report_item_batch_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_report_item_person_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_report_item_report_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_item")),
        sa.UniqueConstraint("batch_id", "person_id", name=op.f("uq_report_item_batch_id_person_id")),
        sa.UniqueConstraint("report_id", name=op.f("uq_report_item_report_id")),
    )
    with op.batch_alter_table("report_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_item_person_id"), ["person_id"], unique=False)

    op.create_table(
        "role_line",
        sa.Column("purpose_id", sa.Integer(), nullable=False),
        sa.Column("skill_id", sa.String(length=40), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.CheckConstraint("level between 1 and 5", name=op.f("ck_role_line_level")),
        sa.ForeignKeyConstraint(["purpose_id"], ["purpose.id"], name=op.f("fk_role_line_purpose_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("purpose_id", "skill_id", name=op.f("pk_role_line")),
    )
    op.create_table(
        "search_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("words", sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql"), nullable=True),
        sa.ForeignKeyConstraint(["version"], ["search_index.version"], name=op.f("fk_search_entry_version"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entry")),
    )
    with op.batch_alter_table("search_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_search_entry_version"), ["version"], unique=False)
        batch_op.create_index("ix_search_entry_words", ["words"], unique=False, postgresql_using="gin")

    op.create_table(
        "note_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("situation", sa.Text(), nullable=False),
        sa.Column("behaviour", sa.Text(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("next_try", sa.Text(), nullable=False),
        sa.CheckConstraint("kind in ('keep', 'change')", name=op.f("ck_note_part_kind")),
        sa.ForeignKeyConstraint(["note_id"], ["feedback_note.id"], name=op.f("fk_note_part_note_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_part")),
        sa.UniqueConstraint("note_id", "kind", name=op.f("uq_note_part_note_id_kind")),
    )
    op.create_table(
        "rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.String(length=60), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("not_observed", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("predicted_level", sa.Integer(), nullable=True),
        sa.Column("predicted_not_observed", sa.Boolean(), nullable=False),
        sa.CheckConstraint("level between 1 and 5", name=op.f("ck_rating_level")),
        sa.CheckConstraint("not (not_observed and level is not null)", name=op.f("ck_rating_level_or_not_observed")),
        sa.CheckConstraint("predicted_level between 1 and 5", name=op.f("ck_rating_predicted_level")),
        sa.ForeignKeyConstraint(["sheet_id"], ["rating_sheet.id"], name=op.f("fk_rating_sheet_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
        sa.UniqueConstraint("sheet_id", "criterion_id", name=op.f("uq_rating_sheet_id_criterion_id")),
    )
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rating_criterion_id"), ["criterion_id"], unique=False)

    keep_the_chain()


def keep_the_chain() -> None:
    """The database itself refuses to change or delete an audit event."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(f"CREATE TRIGGER audit_event_no_{verb.lower()} BEFORE {verb} ON audit_event BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END")
        return
    op.execute("CREATE FUNCTION audit_event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'audit events are append-only'; END $$")
    op.execute("CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event FOR EACH STATEMENT EXECUTE FUNCTION audit_event_append_only()")


def downgrade() -> None:
    """The first tables are not taken away: that would be deleting everything."""
    raise NotImplementedError
