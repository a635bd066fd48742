"""Awards on PostgreSQL: races for one award, and the public documents as the driver alone reads them."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from portal.accounts.models import EmailAddress, Person
from portal.badges import publishing, services
from portal.badges.jobs import sign_older_awards
from portal.badges.models import Award
from portal.core import pictures
from portal.core.clock import now
from portal.core.db import commit, db, session
from tests.conftest import picture_bytes

pytestmark = pytest.mark.postgres


@pytest.fixture
def app(app_on_postgres):
    yield app_on_postgres
    publishing.reader().dispose()


@pytest.fixture
def ready(app):
    services.save_issuer(name="Academy", url="https://academy.example/", email="badges@academy.example")
    key = pictures.keep(pictures.check(picture_bytes()))
    badge = services.freeze(services.Definition(name="First aid", description="Knows it.", image_key=key))
    person = Person(name="Ada")
    person.addresses.append(
        EmailAddress(address="a@b.example", verified_address="a@b.example", verified_at=now(), is_primary=True)
    )
    session().add(person)
    services.ensure_keys()
    commit()
    return badge.id, person.id


def test_any_number_of_clicks_at_once_makes_one_live_award(app, ready):
    from portal.badges.models import BadgeClass

    made, failed = [], []
    together = threading.Barrier(8)

    def click():
        with app.app_context():
            badge, person = session().get(BadgeClass, ready[0]), session().get(Person, ready[1])
            together.wait()
            try:
                row = services.award(badge, to=person, address=person.addresses[0], source="certificate:1")
                commit()
                made.append(row.public_id)
            except Exception as error:  # noqa: BLE001 - whatever it is, it must not happen
                failed.append(error)
            db.session.remove()

    threads = [threading.Thread(target=click) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert len(made) == 8
    assert len(set(made)) == 1
    assert len(session().scalars(select(Award)).all()) == 1


def test_what_is_published_is_read_and_ends(app, ready):
    from portal.badges.models import BadgeClass

    badge, person = session().get(BadgeClass, ready[0]), session().get(Person, ready[1])
    row = services.award(badge, to=person, address=person.addresses[0], source="certificate:2")
    commit()
    client = app.test_client()
    paths = [
        f"/badges/assertions/{row.public_id}{end}"
        for end in ("", "/v1.json", "/image.png", "/signed.jws", "/signed.png")
    ]
    paths.append(f"/badges/credentials/{row.public_id}")
    assert [client.get(path).status_code for path in paths] == [200] * len(paths)
    assert client.get(paths[0]).data == row.document_v2
    row.signed_at = row.document_v3 = None
    commit()
    sign_older_awards()
    assert client.get(paths[-1]).status_code == 200
    services.revoke(services.live_award("certificate:2"), reason="Given by mistake.")
    commit()
    assert [client.get(path).status_code for path in paths] == [410] * len(paths)


def test_a_connection_that_broke_is_made_anew(app, ready):
    from portal.badges.models import BadgeClass

    badge = session().get(BadgeClass, ready[0])
    path = f"/badges/classes/{badge.public_id}"
    client = app.test_client()
    assert client.get(path).status_code == 200
    commit()
    with db.engine.connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        )
    assert client.get(path).status_code == 200
    publishing.reader().dispose()
