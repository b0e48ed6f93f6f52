"""Notes of whoever watched count as evidence; a partner agrees to a recording in person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from coachkit.platform.db import UTCDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.add_column(sa.Column("watched", sa.Boolean(), server_default=sa.false(), nullable=False))
    attempt = sa.table("attempt", sa.column("id"), sa.column("watched"))
    seen = sa.table("observation", sa.column("id"), sa.column("attempt_id"))
    note = sa.table("observation_note", sa.column("observation_id"), sa.column("text"))
    noted = sa.select(seen.c.attempt_id).join(note, note.c.observation_id == seen.c.id).where(note.c.text != "")
    op.execute(attempt.update().where(attempt.c.id.in_(noted)).values(watched=sa.true()))
    with op.batch_alter_table("partner_invitation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("no_recording_at", UTCDateTime(), nullable=True))
    with op.batch_alter_table("recording_agreement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("invitation_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_recording_agreement_invitation_id"), ["invitation_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_recording_agreement_invitation_id"),
            "partner_invitation",
            ["invitation_id"],
            ["id"],
            ondelete="SET NULL",
        )


def downgrade() -> None:
    with op.batch_alter_table("recording_agreement", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_recording_agreement_invitation_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_recording_agreement_invitation_id"))
        batch_op.drop_column("invitation_id")
    with op.batch_alter_table("partner_invitation", schema=None) as batch_op:
        batch_op.drop_column("no_recording_at")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_column("watched")
