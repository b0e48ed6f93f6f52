"""Alembic's entry: runs the migrations on the connection that `platform.schema` hands over."""

from alembic import context

connection = context.config.attributes["connection"]
metadata = context.config.attributes["metadata"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    include_name=context.config.attributes["include_name"],
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
