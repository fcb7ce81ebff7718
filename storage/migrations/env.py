"""How does Alembic reach the database? By the connection that migrating.py holds, in its transaction."""

from alembic import context
from sqlmodel import SQLModel

import storage.tables  # noqa: F401  the tables that the metadata then knows

context.configure(connection=context.config.attributes["connection"], target_metadata=SQLModel.metadata)
with context.begin_transaction():
    context.run_migrations()
