"""How Alembic runs in this portal: on the app's own engine, with names that SQLite can alter in batches."""

from alembic import context
from flask import current_app

from portal.core.db import UtcDateTime

database = current_app.extensions["migrate"].db


def render_item(kind, item, autogen_context):
    """Write the instant's type as plain timestamps with time zones: a migration stands on its own."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def include_object(item, _name, kind, _reflected, _compare_to):
    """Leave out tables that only tests have."""
    return not (kind == "table" and item.info.get("test_only"))


with database.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        render_item=render_item,
        include_object=include_object,
        **current_app.extensions["migrate"].configure_args,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
