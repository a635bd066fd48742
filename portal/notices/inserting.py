"""Inserts that leave alone what is there: what two workers or two clicks do at once is done once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from portal.core.db import session


def insert_into(model: type[Any]) -> Any:
    """Return an INSERT into the table of a model that knows ON CONFLICT, for the database in use."""
    table = model.__table__
    assert isinstance(table, Table)
    dialect = postgresql if session().get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(table)
