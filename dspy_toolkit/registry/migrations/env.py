"Alembic's side of a migration: the connection comes from whoever opens the registry, in a transaction that is already begun."
from alembic import context

from dspy_toolkit.registry.tables import metadata

context.configure(
    connection=context.config.attributes['connection'], target_metadata=metadata,
    transactional_ddl=True,  # SQLite's tables can be changed inside a transaction, though Alembic does not count on it
    render_as_batch=True)  # a constraint of SQLite is changed by copying the table
with context.begin_transaction(): context.run_migrations()
