"""Comments on moments of an attempt."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from coachkit.platform.db import UTCDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('evidence_comment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('attempt_id', sa.Integer(), nullable=False),
    sa.Column('coach_id', sa.Integer(), nullable=True),
    sa.Column('criterion_id', sa.String(length=60), nullable=False),
    sa.Column('passage', sa.Integer(), nullable=True),
    sa.Column('evidence_id', sa.Integer(), nullable=True),
    sa.Column('seconds', sa.Integer(), nullable=True),
    sa.Column('excerpt', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('at', UTCDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('(passage is null) <> (seconds is null)', name=op.f('ck_evidence_comment_one_place')),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempt.id'], name=op.f('fk_evidence_comment_attempt_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coach_id'], ['person.id'], name=op.f('fk_evidence_comment_coach_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['evidence_id'], ['evidence_file.id'], name=op.f('fk_evidence_comment_evidence_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence_comment'))
    )
    with op.batch_alter_table('evidence_comment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evidence_comment_attempt_id'), ['attempt_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_evidence_comment_coach_id'), ['coach_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_evidence_comment_evidence_id'), ['evidence_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('evidence_comment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_evidence_comment_evidence_id'))
        batch_op.drop_index(batch_op.f('ix_evidence_comment_coach_id'))
        batch_op.drop_index(batch_op.f('ix_evidence_comment_attempt_id'))

    op.drop_table('evidence_comment')
