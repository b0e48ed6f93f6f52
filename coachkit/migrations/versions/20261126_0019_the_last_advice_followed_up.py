"""The last advice followed up."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('feedback_note', schema=None) as batch_op:
        batch_op.add_column(sa.Column('advice_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('fixed', sa.String(length=10), nullable=True))
        batch_op.create_index(batch_op.f('ix_feedback_note_advice_id'), ['advice_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_feedback_note_advice_id'), 'attempt', ['advice_id'], ['id'], ondelete='SET NULL')
        batch_op.create_check_constraint(batch_op.f('ck_feedback_note_fixed'), "fixed in ('yes', 'partly', 'not-seen')")


def downgrade() -> None:
    with op.batch_alter_table('feedback_note', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_feedback_note_fixed'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_feedback_note_advice_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_feedback_note_advice_id'))
        batch_op.drop_column('fixed')
        batch_op.drop_column('advice_id')
