"""Alembic's entry: runs the versions on the connection that `db.migrate` hands over. No address, no settings here."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
