"""Runs the migrations on the connection that :mod:`..migrate` hands over, inside its transaction.

There is no offline mode and no URL: the key of an encrypted database never stands in a configuration.
"""

from __future__ import annotations

from alembic import context

from danvan_desktop.store.migrate import owned_here
from danvan_desktop.store.schema import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    include_object=owned_here,
    transaction_per_migration=False,
    transactional_ddl=False,  # the caller has begun, and commits when the checks after the upgrade hold
)
context.run_migrations()
