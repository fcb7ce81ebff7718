"""How does Alembic reach the database? By the connection that migrating.py holds, in its transaction."""

from alembic import context

from storage.tables import SQLModel

context.configure(connection=context.config.attributes["connection"], target_metadata=SQLModel.metadata)
with context.begin_transaction():
    context.run_migrations()
