"""The database: one declarative base, one session, one way to commit."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from flask import Flask, g, has_request_context, request
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, Engine, MetaData, String, TypeDecorator, event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from portal.core import ids

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LOCK_SECONDS = 15


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, stored as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive datetimes, store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "An instant without a time zone cannot be stored: use portal.core.clock.now()."
            raise ValueError(message)
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give back an aware datetime in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of every row."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: UtcDateTime}  # noqa: RUF012


class PublicIdMixin:
    """A row with an inner number and a public id that cannot be guessed."""

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=ids.public_id)


db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})
migrate = Migrate()


def session() -> Session:
    """Return the session of the running request, job or command."""
    return cast("Session", db.session())


def commit() -> None:
    """End the unit of work: only views, jobs and commands call this."""
    session().commit()


def hold(row: object) -> None:
    """Hold a row for the running transaction, and read it anew: nobody else changes it meanwhile. Flushes first."""
    session().flush()
    # Of this table alone: PostgreSQL refuses to lock what an outer join may leave out.
    session().refresh(row, with_for_update={"of": type(row)})


def begin_writing() -> None:
    """Turn a GET into one that may write: for the protocol callbacks stamped @callback alone."""
    session().rollback()
    g.laurel_writing = True


def may_write() -> bool:
    """Whether the running unit of work may change rows: everything but a safe request may."""
    if has_request_context() and request.method in SAFE_METHODS:
        return bool(g.get("laurel_writing", False))
    return True


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    # SQLite's own lower() knows ASCII alone: a search in Greek or Cyrillic would mind the case.
    connection.create_function("lower", 1, _lower, deterministic=True)
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        f"busy_timeout={LOCK_SECONDS * 1000}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if may_write() else "BEGIN")


def _guard_reads(held: Session, _context: object, _instances: object) -> None:
    if may_write():
        return
    if held.new or held.deleted or any(held.is_modified(row) for row in held.dirty):
        message = "A GET writes nothing: make this a POST, or stamp a protocol callback with @callback."
        raise RuntimeError(message)


def init_app(app: Flask) -> None:
    """Attach the database, its migrations and its guards to an app."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    options: dict[str, Any] = {"pool_pre_ping": True}
    if url.startswith("postgresql"):
        options["connect_args"] = {"options": f"-c lock_timeout={LOCK_SECONDS}s"}
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", options)
    db.init_app(app)
    migrate.init_app(app, db, directory="portal/migrations", render_as_batch=True, compare_type=True)
    with app.app_context():
        prepare_engine(db.engine)


def prepare_engine(engine: Engine) -> None:
    """Give an SQLite engine real transactions: see docs/adr/0002."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)


event.listen(Session, "before_flush", _guard_reads)
