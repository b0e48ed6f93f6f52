"""Returned attempts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from coachkit.platform.db import UTCDateTime

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('attempt_return',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('attempt_id', sa.Integer(), nullable=False),
    sa.Column('coach_id', sa.Integer(), nullable=True),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempt.id'], name=op.f('fk_attempt_return_attempt_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coach_id'], ['person.id'], name=op.f('fk_attempt_return_coach_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attempt_return'))
    )
    with op.batch_alter_table('attempt_return', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attempt_return_attempt_id'), ['attempt_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attempt_return_coach_id'), ['coach_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('attempt_return', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attempt_return_coach_id'))
        batch_op.drop_index(batch_op.f('ix_attempt_return_attempt_id'))

    op.drop_table('attempt_return')
