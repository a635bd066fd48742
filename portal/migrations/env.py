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


def sqlite_connection(connection):
    """Return the driver's own connection where the database is SQLite, else None; nothing is begun by asking."""
    return connection.connection.dbapi_connection if connection.dialect.name == "sqlite" else None


with database.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        render_item=render_item,
        include_object=include_object,
        **current_app.extensions["migrate"].configure_args,
    )
    # SQLite changes a table by making it anew. While it holds to foreign keys, dropping the old table would take along
    # every row that leads to it; so they are looked at once, before all of it is committed.
    own = sqlite_connection(connection)
    if own is not None:
        own.execute("PRAGMA foreign_keys=OFF")
    with context.begin_transaction():
        context.run_migrations()
    if own is not None and own.in_transaction:
        broken = own.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            connection.rollback()
            message = f"Nothing was migrated: these rows would lead nowhere: {broken[:5]}"
            raise RuntimeError(message)
    connection.commit()
    if own is not None:
        own.execute("PRAGMA foreign_keys=ON")
