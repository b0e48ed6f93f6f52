"""Phrases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from coachkit.platform.db import UTCDateTime

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('phrase',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coach_id', sa.Integer(), nullable=False),
    sa.Column('criterion_id', sa.String(length=60), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('saved_at', UTCDateTime(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coach_id'], ['person.id'], name=op.f('fk_phrase_coach_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_phrase'))
    )
    with op.batch_alter_table('phrase', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_phrase_coach_id'), ['coach_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('phrase', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_phrase_coach_id'))

    op.drop_table('phrase')
