"""What each co-instructor may do is chosen when they are named, shown on the Members page, and changed there."""

from __future__ import annotations

import re

import pytest

from portal.core.db import commit, session
from portal.learning import services


@pytest.fixture
def owned(make_path, person):
    owner = person("instructor")
    return owner, make_path(owner), person("instructor", name="Sofia Nyman")


def base_of(path):
    return f"/authoring/learning-paths/{path.public_id}"


@pytest.mark.parametrize(
    ("rights", "edits", "reviews"), [("both", True, True), ("edit", True, False), ("review", False, True)]
)
def test_rights_are_chosen_when_somebody_is_named(owned, sign_in, rights, edits, reviews):
    owner, path, helper = owned
    client = sign_in(owner)
    page = client.get(f"{base_of(path)}/instructors").text
    assert "What Sofia Nyman may do" in page
    client.submit(f"{base_of(path)}/instructors", {"person": helper.public_id, "rights": rights})
    session().expire_all()
    assert services.edits(helper, path) is edits
    assert services.reviews(helper, path) is reviews


def test_rights_are_shown_and_changed(owned, sign_in):
    owner, path, helper = owned
    client = sign_in(owner)
    client.submit(f"{base_of(path)}/instructors", {"person": helper.public_id, "rights": "review"})
    assert "Co-instructor: reviews work" in client.get(f"{base_of(path)}/members").text
    answer = client.submit(f"{base_of(path)}/instructors", {"person": helper.public_id, "rights": "edit"})
    assert answer.status_code == 303
    page = client.get(f"{base_of(path)}/members").text
    assert "Co-instructor: edits the path" in page
    assert "What Sofia Nyman may do is changed." in page


def test_no_right_at_all_is_refused(owned, sign_in):
    owner, path, helper = owned
    client = sign_in(owner)
    client.submit(f"{base_of(path)}/instructors", {"person": helper.public_id, "rights": "nothing"})
    assert "Choose what Sofia Nyman may do" in client.get(f"{base_of(path)}/instructors").text
    session().expire_all()
    assert not services.instructs(helper, path)


def test_a_co_instructor_sees_what_they_may_do_and_changes_nothing(owned, sign_in):
    owner, path, helper = owned
    sign_in(owner).submit(f"{base_of(path)}/instructors", {"person": helper.public_id, "rights": "review"})
    client = sign_in(helper)
    page = client.get(f"{base_of(path)}/members").text
    assert "Co-instructor: reviews work" in page
    assert "What Sofia Nyman may do" not in page


def _links(page):
    return {link for link in re.findall(r'href="(/[^"#]*)"', page) if not link.startswith("/assets")}


@pytest.mark.parametrize("rights", ["edit", "review"])
def test_no_link_of_a_co_instructor_leads_nowhere(owned, person, sign_in, rights):
    _owner, path, helper = owned
    services.add_instructor(path, helper, may_edit=rights == "edit", may_review=rights == "review")
    membership = services.join(path, person())
    services.hand_in(membership, membership.version.tasks[0].key)
    services.add_step(path, "page", title="Unpublished", content={"text": "Later."})
    commit()
    client = sign_in(helper)
    for address in ("/authoring/learning-paths", f"{base_of(path)}/members", f"/learning-paths/{path.public_id}"):
        for link in _links(client.get(address).text):
            assert client.get(link.replace("&amp;", "&")).status_code < 400, f"{address} leads to {link}"
