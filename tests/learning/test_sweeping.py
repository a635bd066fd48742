"""Files that nothing names any more go after a day; what anything names, in whatever version, stays."""

from __future__ import annotations

import hashlib
import io
import os
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from portal.accounts.models import Person
from portal.app import create_app
from portal.core import storage
from portal.core.clock import now
from portal.core.db import commit, db, session
from portal.learning import jobs, packing, services
from portal.learning.models import Upload
from portal.learning.services import sweeping
from tests.conftest import test_settings
from tests.learning.conftest import png_key
from tests.neighbours import postgres


def stored(words, kind="application/pdf"):
    """Store a file two days ago; return its key."""
    key = storage.put(f"%PDF-1.7 {words}".encode(), kind)
    grow_old(key)
    return key


def grow_old(key, days=2):
    moment = (now() - timedelta(days=days)).timestamp()
    os.utime(storage._storage()._path(key), (moment, moment))


def content(key, captions=()):
    return {
        "text": "", "source": "upload", "file": {"key": key, "type": "application/pdf", "name": "a.pdf", "size": 9},
        "_captions": [{"key": one, "language": "en"} for one in captions], "link": "", "done_when": "marked", "percent": 90,
    }  # fmt: skip


def with_file(make_path, owner, key, *, publish=True):
    path = make_path(owner, steps=(), publish=False)
    step = services.add_step(path, "file", title="Plan", content=content(key))
    if publish:
        services.publish(path)
    commit()
    return path, step.key


def left(*keys):
    return [storage.has(key) for key in keys]


def test_what_nothing_names_goes_after_a_day(app):
    gone, fresh = stored("gone"), storage.put(b"%PDF-1.7 fresh", "application/pdf")
    jobs.remove_unnamed_files()
    assert left(gone, fresh) == [False, True]


def test_what_any_version_of_a_path_names_stays(make_path, person):
    owner = person("instructor")
    first, second, third, captions, draft = (stored(words) for words in ("1", "2", "3", "captions", "draft"))
    path, key = with_file(make_path, owner, first)
    services.save_step(path, key, title="Plan", mandatory=True, minutes=None, content=content(second, [captions]))
    services.publish(path)
    services.save_step(path, key, title="Plan", mandatory=True, minutes=None, content=content(third))
    with_file(make_path, owner, draft, publish=False)
    commit()
    jobs.remove_unnamed_files()
    assert left(first, second, third, captions, draft) == [True] * 5
    services.remove_step(path, key)
    commit()
    jobs.remove_unnamed_files()
    assert left(first, second, third) == [True, True, False]


def test_a_copy_and_the_import_of_an_export_keep_what_they_name(app, make_path, person):
    owner, key = person("instructor"), stored("shared")
    path, _step = with_file(make_path, owner, key, publish=False)
    packed = packing.pack(path)
    copied = services.clone(path, owner)
    services.delete_path(path)
    commit()
    jobs.remove_unnamed_files()
    assert storage.has(key)
    services.delete_path(copied)
    commit()
    session().expunge_all()
    owner = session().get_one(Person, owner.id)
    with app.test_request_context(method="POST"):
        packing.unpack(packing.read(packed), owner)
        commit()
    jobs.remove_unnamed_files()
    assert storage.has(key)


def test_what_a_learner_sent_and_what_any_other_text_names_stays(make_path, person):
    owner = person("instructor")
    draft, told, written = stored("draft"), stored("evidence"), stored("written")
    path = make_path(owner, steps=("page",))
    membership = services.join(path, person())
    step = membership.version.steps[0].key
    session().add(
        Upload(
            person_id=membership.person_id, membership_id=membership.id, step_key=step, key=draft, name="a.pdf",
            type="application/pdf", size=9, sha256="0" * 64,
        )
    )  # fmt: skip
    services.hand_in(membership, step).evidence = {"files": [{"key": told}]}
    services.save_info(path, services.Info(title="Data", description=f"[Here](/files/{written})"))
    commit()
    jobs.remove_unnamed_files()
    assert left(draft, told, written) == [True] * 3


def test_pictures_and_what_the_portal_made_stay(app):
    picture = png_key()
    made = f"{hashlib.sha256(b'certificate 1').hexdigest()}.pdf"
    storage.keep_as(made, b"%PDF-1.7 a certificate")
    for key in (picture, made):
        grow_old(key)
    jobs.remove_unnamed_files()
    assert left(picture, made) == [True, True]


def test_what_is_sent_again_counts_as_new(app):
    key = stored("again")
    assert storage.put(b"%PDF-1.7 again", "application/pdf") == key
    jobs.remove_unnamed_files()
    assert storage.has(key)
    grow_old(key)
    assert not sweeping.is_named(key)
    assert storage.renew(key)  # somebody sends the form that carries it, between the look and the end
    assert not sweeping.remove_unnamed(key)
    assert storage.has(key)


def test_a_form_that_was_open_too_long_says_so_and_names_nothing_that_is_gone(make_path, person, sign_in):
    owner = person("instructor")
    path = make_path(owner)
    client, new = sign_in(owner), f"/authoring/learning-paths/{path.public_id}/steps/new/file"
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(new).get_data(as_text=True))[1]
    sent = {"csrf_token": token, "title": "", "source": "upload", "done_when": "marked"}
    held = client.post(new, data={**sent, "file": (io.BytesIO(b"%PDF-1.7 late"), "late.pdf")})
    assert held.status_code == 422
    kept = re.search(r'name="kept"[^>]*value="([^"]+)"', held.get_data(as_text=True))[1]
    key = f"{hashlib.sha256(b'%PDF-1.7 late').hexdigest()}.pdf"
    grow_old(key)
    jobs.remove_unnamed_files()
    assert not storage.has(key)
    answer = client.post(new, data={**sent, "title": "Late", "kept": kept})
    assert answer.status_code == 422
    assert "Choose it again" in answer.get_data(as_text=True)


@pytest.mark.postgres
def test_the_same_on_postgresql(tmp_path):
    with postgres() as address:
        app = create_app(replace(test_settings(tmp_path), database_url=address))
        with app.app_context():
            db.metadata.create_all(db.engine)
            gone, told = stored("gone"), stored("told")
            owner = Person(name="Owner", role="instructor")
            session().add(owner)
            session().flush()
            path = services.create_path(owner, services.Info(title="Plans"))
            services.add_step(path, "file", title="Plan", content=content(told))
            commit()
            jobs.remove_unnamed_files()
            assert left(gone, told) == [False, True]
            db.session.remove()
            db.engine.dispose()
