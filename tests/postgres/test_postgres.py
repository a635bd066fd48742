"""The same portal on PostgreSQL and Redis: migrations, claims, and the demo academy served."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from flask_migrate import check
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    create_engine,
    func,
    inspect,
    select,
    text,
)

from portal.app import create_app
from portal.certificates.models import Certificate, Certification
from portal.certificates.services.ending import tell_batch
from portal.core import jobs
from portal.core.clock import now
from portal.core.db import commit, db, session
from portal.delivery.reading.models import Reading
from portal.notices.models import Notice
from tests.conftest import test_settings
from tests.neighbours import redis
from tests.serving import Portal

pytestmark = pytest.mark.postgres


@pytest.fixture
def on_postgres(database, tmp_path):
    engine = create_engine(database)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()
    return {"LAUREL_DATABASE_URL": database}


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request, tmp_path):
    """Return a portal without a table, and the address of its database: on SQLite, then on PostgreSQL."""
    environment = request.getfixturevalue("on_postgres") if request.param == "postgresql" else {}
    portal = Portal(tmp_path / "data", environment=environment)
    portal.folder.mkdir()
    return portal, environment.get("LAUREL_DATABASE_URL", f"sqlite:///{portal.folder / 'laurel.db'}")


def test_migrations_go_up_down_and_up_and_match_the_models(bare):
    portal, url = bare
    portal.command("db", "upgrade")
    portal.command("db", "check")
    portal.command("db", "downgrade", "base")
    engine = create_engine(url)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    engine.dispose()
    portal.command("db", "upgrade")
    portal.command("db", "check")


FIRST = "0001"


def _value(column):
    """Return something that a column takes, whatever it stands for."""
    kind = column.type
    if isinstance(kind, DateTime):
        return now().replace(tzinfo=None)
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, LargeBinary):
        return b"x"
    if isinstance(kind, JSON):
        return []
    return 1 if isinstance(kind, Integer | Numeric) else "x"


def _fill(connection):
    """Put a row into every table, each leading to the rows of the others; return the tables by name."""
    tables = MetaData()
    tables.reflect(connection)
    for table in tables.sorted_tables:
        if table.name == "alembic_version":
            continue
        row = {}
        for column in table.columns:
            targets = {key.column.table.name for key in column.foreign_keys}
            if table.name not in targets and (targets or not column.nullable):
                row[column.name] = _value(column)
        connection.execute(table.insert(), row)
    return [table for table in tables.sorted_tables if table.name != "alembic_version"]


def test_what_an_older_portal_holds_survives_the_migrations(bare):
    portal, url = bare
    portal.command("db", "upgrade", FIRST)
    engine = create_engine(url)
    with engine.begin() as connection:
        filled = _fill(connection)
    portal.command("db", "upgrade")
    with engine.begin() as connection:
        for table in filled:
            count = connection.execute(select(func.count()).select_from(table)).scalar()
            assert count == 1, f"A row of {table.name} was lost."
        membership = connection.execute(text("SELECT to_settle, started_at, joined_at FROM membership")).one()
    engine.dispose()
    assert membership.to_settle
    assert membership.started_at == membership.joined_at


ENDS = {"years": 400, "soon": 12, "fortnight": 14, "week": 6, "hours": 0.5, "over": -3, "never": None, "revoked": 400}
TERMS = {
    ("period", 2, "years"): (30, "days"),
    ("period", 1, "months"): (7, "days"),
    ("period", 5, "weeks"): (30, "days"),
    ("period", 7, "days"): (1, "days"),
    ("period", 1, "days"): (None, "days"),
    ("permanent", 2, "years"): (None, "days"),
}


def _older_certificates(connection, moment):
    """Add certificates that end at several times to the one that is there, and settings of several terms."""
    tables = MetaData()
    tables.reflect(connection, only=["certificate", "certification"])
    certificate, certification = tables.tables["certificate"], tables.tables["certification"]
    row = connection.execute(select(certificate)).mappings().one()
    for number, (name, days) in enumerate(ENDS.items(), start=10):
        begun = moment - timedelta(days=200 if name in {"years", "soon", "over", "revoked"} else 0)
        names = dict.fromkeys(("number", "source", "public_id"), name)
        times = {
            "issued_at": begun,
            "valid_until": moment + timedelta(days=days) if days is not None else None,
            "revoked_at": moment if name == "revoked" else None,
        }
        connection.execute(certificate.insert(), dict(row) | names | times | {"id": number})
    row = connection.execute(select(certification)).mappings().one()
    for number, (kind, count, unit) in enumerate(TERMS, start=10):
        term = {"id": number, "validity_kind": kind, "validity_count": count, "validity_unit": unit}
        connection.execute(certification.insert(), dict(row) | term)


def test_holders_of_an_older_portals_certificates_are_warned_before_their_end(bare):
    portal, url = bare
    portal.command("db", "upgrade", FIRST)
    engine = create_engine(url)
    moment = now()
    with engine.begin() as connection:
        _fill(connection)
        connection.execute(text("UPDATE person SET timezone = 'UTC', language = 'en', active = true"))
        _older_certificates(connection, moment.replace(tzinfo=None) if url.startswith("sqlite") else moment)
    engine.dispose()
    portal.command("db", "upgrade")
    app = create_app(replace(test_settings(portal.folder), database_url=url))
    with app.app_context():
        found = {one.number: one for one in session().scalars(select(Certificate)) if one.number in ENDS}
        warned = {name: (one.valid_until - one.warn_at).days for name, one in found.items() if one.warn_at}
        assert warned == {"years": 30, "soon": 30, "fortnight": 7, "week": 1}
        told = {name: one.tell_at for name, one in found.items() if one.tell_at}
        assert told == {name: found[name].warn_at for name in warned} | {"hours": found["hours"].valid_until}
        terms = session().scalars(select(Certification).where(Certification.id >= 10).order_by(Certification.id))
        assert [(term.warning_count, term.warning_unit) for term in terms] == list(TERMS.values())
        while tell_batch():
            commit()
        assert session().scalars(select(Notice.key)).all() == ["certificate:soon:expiring"]
        assert abs(found["years"].tell_at - (found["years"].valid_until - timedelta(days=30))) < timedelta(seconds=1)
        db.engine.dispose()


def test_a_planted_table_without_a_migration_is_found(tmp_path):
    portal = Portal(tmp_path / "data")
    portal.folder.mkdir()
    portal.command("db", "upgrade")
    app = create_app(test_settings(portal.folder))
    with app.app_context():
        planted = Table("planted_by_a_test", db.metadata, Column("id", Integer, primary_key=True))
        try:
            with pytest.raises(SystemExit):
                check()
        finally:
            db.metadata.remove(planted)
            db.engine.dispose()


def test_workers_on_two_threads_never_hold_the_same_row(on_postgres, tmp_path, database):
    app = create_app(replace(test_settings(tmp_path), database_url=database))
    with app.app_context():
        db.metadata.create_all(db.engine)
        session().add_all([_reading(number) for number in range(40)])
        commit()
    taken: list[list[int]] = []

    def work():
        with app.app_context():
            mine = []
            while rows := jobs.claim(Reading, limit=3, seconds=60):
                mine += [row.id for row in rows]
                commit()
            taken.append(mine)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    everything = [number for mine in taken for number in mine]
    assert len(everything) == 40
    assert len(set(everything)) == 40
    with app.app_context():
        db.engine.dispose()


def _reading(number):
    from portal.accounts.models import Person

    person = Person(name=f"Learner {number}")
    session().add(person)
    session().flush()
    return Reading(
        person_id=person.id, address=f"a{number}@example.org", backpack_url="https://b.example", not_before=now()
    )


def test_the_demo_academy_is_served_on_postgresql_with_the_queue_in_redis(on_postgres, tmp_path):
    with redis() as queue:
        portal = Portal(tmp_path / "data", demo=True, environment={**on_postgres, "LAUREL_REDIS_URL": queue})
        portal.prepare()
        portal.start()
        try:
            assert "already" in portal.command("laurel", "demo")
            assert portal.stop() < 10
        finally:
            portal.kill()
