"""A learner's pages, and who may not open what."""

from __future__ import annotations

import pytest
from sqlalchemy import event, func, select

from portal.accounts.models import Person
from portal.certificates.models import Certificate
from portal.core.clock import now
from portal.core.db import commit, db, session
from portal.learning import services
from portal.learning.models import Membership, StepRecord
from tests.learning.conftest import do_all


@pytest.fixture
def learner(person):
    return person(name="Anna Virtanen")


@pytest.fixture
def reader(learner, sign_in):
    return sign_in(learner)


def _own(path, *rest):
    return "/".join((f"/learning-paths/{path.public_id}", *rest))


def test_a_guest_is_led_to_the_sign_in_page(client, app):
    if "accounts.sign_in" not in app.view_functions:
        pytest.skip("there is no sign-in page yet")
    for address in ("/", "/learning-paths", "/authoring/learning-paths"):
        answer = client.get(address)
        assert answer.status_code == 302
        assert "/sign-in" in answer.location


def test_a_learner_joins_works_through_and_gets_the_certificate(reader, learner, make_path):
    path = make_path(certification=True, title="Data literacy", description="**Charts**")
    first, second = path.published.steps
    html = reader.get(_own(path)).get_data(as_text=True)
    assert "Join" in html
    assert reader.get(_own(path, "steps", first.key)).status_code == 404
    reader.post(_own(path, "join"), data={"csrf_token": reader.token(_own(path))})
    html = reader.get(_own(path)).get_data(as_text=True)
    assert "0 of 2 steps done" in html
    assert "Continue" in html
    answer = reader.submit(_own(path, "steps", first.key))
    assert answer.location.endswith(second.key)
    assert "1 of 2 steps done" in reader.get("/").get_data(as_text=True)
    answer = reader.submit(_own(path, "steps", second.key))
    assert answer.location.endswith(_own(path))
    certificate = session().scalars(select(Certificate)).one()
    html = reader.get(_own(path)).get_data(as_text=True)
    assert "Certificate achieved" in html
    assert f"/certificates/{certificate.public_id}" in html
    assert "2 of 2 steps done" in html
    assert "Certificate achieved" in reader.get("/?state=done").get_data(as_text=True)


def test_sending_mark_as_done_again_changes_nothing(reader, learner, make_path):
    path = make_path(certification=True, steps=("page", "page"))
    services.join(path, learner)
    commit()
    address = _own(path, "steps", path.published.steps[0].key)
    token = reader.token(address)
    for _again in range(3):
        assert reader.post(address, data={"csrf_token": token}).status_code == 303
    assert session().scalar(select(func.count(StepRecord.id))) == 1


def test_a_form_without_its_token_changes_nothing(reader, learner, make_path):
    path = make_path()
    services.join(path, learner)
    commit()
    for address in (_own(path, "steps", path.published.steps[0].key), _own(path, "join"), _own(path, "leave")):
        assert reader.post(address).status_code == 400
    assert session().scalar(select(func.count(StepRecord.id))) == 0


def test_a_learner_asks_and_reads_what_the_instructor_said(reader, learner, person, sign_in, make_path):
    instructor = person("instructor")
    path = make_path(instructor, steps=("confirmation",), certification=True)
    membership = services.join(path, learner)
    commit()
    step = _own(path, "steps", path.published.steps[0].key)
    answer = reader.submit(step, {"note": "x" * 2001})
    assert answer.status_code == 422
    assert "x" * 2001 in answer.get_data(as_text=True)
    reader.submit(step, {"note": "I showed <b>Ben</b>"})
    assert "Waiting for an instructor" in reader.get(step).get_data(as_text=True)
    writer = sign_in(instructor)
    html = writer.get("/authoring/review").get_data(as_text=True)
    assert "Anna Virtanen" in html
    decide = f"/authoring/members/{membership.public_id}/steps/{path.published.steps[0].key}"
    assert "I showed &lt;b&gt;Ben" in writer.get(decide).get_data(as_text=True)
    answer = writer.submit(decide, {"action": "return", "comment": ""})
    assert answer.status_code == 422
    assert 'id="comment-errors"' in answer.get_data(as_text=True)
    writer.submit(decide, {"action": "return", "comment": "Show Clara too."})
    assert "Show Clara too." in reader.get(step).get_data(as_text=True)
    reader.submit(step, {"note": "Shown."})
    assert writer.submit(f"{decide}?from=review", {"action": "confirm", "comment": "Good."}).location.endswith(
        "/review"
    )
    assert "Good." in reader.get(step).get_data(as_text=True)
    assert session().scalar(select(func.count(Certificate.id))) == 1
    assert "Nothing waits for you" in writer.get("/authoring/review").get_data(as_text=True)


def test_leaving_is_asked_about_and_keeps_the_certificate(reader, learner, make_path):
    path = make_path(certification=True)
    do_all(services.join(path, learner))
    assert "certificate stays yours" in reader.get(_own(path, "leave")).get_data(as_text=True)
    assert reader.submit(_own(path, "leave")).status_code == 303
    assert reader.get(_own(path, "leave")).status_code == 404
    assert session().scalar(select(func.count(Certificate.id))) == 1
    assert "Join" in reader.get(_own(path)).get_data(as_text=True)


def test_an_unpublished_path_does_not_exist_for_learners(reader, person, sign_in, make_path):
    path = make_path(publish=False)
    assert reader.get(_own(path)).status_code == 404
    assert reader.post(_own(path, "join"), data={"csrf_token": "x"}).status_code in {400, 404}
    token = reader.token("/learning-paths") if "<form" in reader.get("/learning-paths").get_data(as_text=True) else ""
    assert reader.post(_own(path, "join"), data={"csrf_token": token}).status_code == 404
    assert session().scalar(select(func.count(Membership.id))) == 0


def test_a_step_of_another_version_or_path_leads_nowhere(reader, learner, make_path):
    path, other = make_path(), make_path(title="Other")
    services.join(path, learner)
    added = services.add_step(path, "page", title="Draft step", content={"text": "Secret draft"})
    commit()
    for key in (added.key, other.published.steps[0].key, "x" * 22, "..", "%00"):
        assert reader.get(_own(path, "steps", key)).status_code == 404


def test_a_learner_has_no_business_in_authoring(reader, learner, make_path):
    path = make_path()
    membership = services.join(path, learner)
    commit()
    base = f"/authoring/learning-paths/{path.public_id}"
    step = path.published.steps[0].key
    for address in (
        "/authoring/learning-paths", "/authoring/learning-paths/new", "/authoring/review", base, f"{base}/steps",
        f"{base}/steps/new/page", f"{base}/steps/{step}", f"{base}/members", f"{base}/members/add", f"{base}/preview",
        f"{base}/instructors", f"{base}/deactivate", f"/authoring/members/{membership.public_id}",
        f"/authoring/members/{membership.public_id}/steps/{step}",
    ):  # fmt: skip
        assert reader.get(address).status_code == 403, address
    token = reader.token(_own(path))
    for address in (
        f"{base}/publish",
        f"{base}/steps/{step}/move",
        f"{base}/members/add",
        f"/authoring/members/{membership.public_id}/steps/{step}",
    ):
        assert reader.post(address, data={"csrf_token": token, "direction": "up"}).status_code == 403, address


def test_another_instructors_paths_and_members_do_not_exist(person, sign_in, learner, make_path):
    owner, helper, stranger, admin = (
        person("instructor"),
        person("instructor"),
        person("instructor"),
        person("administrator"),
    )
    path = make_path(owner, publish=False)
    services.add_instructor(path, helper)
    services.publish(path)
    services.add_step(path, "page", title="Draft step", content={"text": "Secret draft"})
    membership = services.join(path, learner)
    commit()
    base = f"/authoring/learning-paths/{path.public_id}"
    step = path.published.steps[0].key
    addresses = [
        base, f"{base}/steps", f"{base}/steps/{step}", f"{base}/members", f"{base}/members/add", f"{base}/preview",
        f"{base}/preview/steps/{step}", f"{base}/deactivate", f"{base}/discard", f"/authoring/members/{membership.public_id}",
        f"/authoring/members/{membership.public_id}/steps/{step}", f"/authoring/members/{membership.public_id}/remove",
    ]  # fmt: skip
    for address in addresses:
        assert sign_in(stranger).get(address).status_code == 404, address
        for who in (owner, helper, admin):
            assert sign_in(who).get(address).status_code == 200, address
    outsider = sign_in(stranger)
    token = outsider.token("/authoring/learning-paths/new")
    for address in (
        f"{base}/publish",
        f"{base}/discard",
        f"{base}/steps/{step}/move",
        f"{base}/instructors",
        f"{base}/activate",
        base,
    ):
        assert outsider.post(address, data={"csrf_token": token, "person": stranger.public_id}).status_code == 404, (
            address
        )
    assert path.public_id not in outsider.get("/authoring/learning-paths").get_data(as_text=True)
    assert path.public_id in sign_in(admin).get("/authoring/learning-paths").get_data(as_text=True)


def test_only_the_owner_names_co_instructors(person, sign_in, make_path):
    owner, helper, other, learner = person("instructor"), person("instructor"), person("instructor"), person()
    path = make_path(owner)
    services.add_instructor(path, helper)
    commit()
    base = f"/authoring/learning-paths/{path.public_id}"
    assistant, boss = sign_in(helper), sign_in(owner)
    assert assistant.get(f"{base}/instructors").status_code == 403
    token = assistant.token(base)
    assert (
        assistant.post(f"{base}/instructors", data={"csrf_token": token, "person": other.public_id}).status_code == 403
    )
    assert (
        assistant.post(f"{base}/instructors/remove", data={"csrf_token": token, "person": other.public_id}).status_code
        == 403
    )
    boss.submit(f"{base}/instructors", {"person": other.public_id})
    boss.submit(f"{base}/instructors", {"person": learner.public_id})
    session().expire_all()
    assert set(path.instructors) == {helper, other}
    assert boss.submit(f"{base}/instructors", {"person": "nobody"}).status_code == 404
    answer = assistant.post(f"{base}/instructors/remove", data={"csrf_token": token, "person": helper.public_id})
    assert answer.location.endswith("/authoring/learning-paths")
    assert assistant.get(base).status_code == 404


def test_an_instructor_adds_and_removes_members(person, sign_in, learner, make_path):
    owner = person("instructor")
    path = make_path(owner)
    base = f"/authoring/learning-paths/{path.public_id}"
    writer = sign_in(owner)
    assert "Anna Virtanen" in writer.get(f"{base}/members/add?q=virta").get_data(as_text=True)
    writer.submit(f"{base}/members/add", {"person": learner.public_id, "q": "virta"}, on=f"{base}/members/add?q=virta")
    writer.post(
        f"{base}/members/add", data={"person": learner.public_id, "csrf_token": writer.token(f"{base}/members/add")}
    )
    membership = session().scalars(select(Membership)).one()
    assert "0 of 2 steps done" in writer.get(f"{base}/members").get_data(as_text=True)
    assert writer.submit(f"/authoring/members/{membership.public_id}/remove").status_code == 303
    assert "Anna Virtanen is no longer a member." in writer.get(f"{base}/members").get_data(as_text=True)
    assert "Anna Virtanen" not in writer.get(f"{base}/members").get_data(as_text=True)
    assert writer.get(f"/authoring/members/{membership.public_id}").status_code == 404


def test_the_catalogue_is_searched_sorted_and_paged(reader, person, make_path):
    owner = person("instructor")
    for number in range(15):
        make_path(owner, title=f"Path {number:02}", steps=("page",))
    html = reader.get("/learning-paths?sort=title").get_data(as_text=True)
    assert "Path 00" in html
    assert "Path 13" not in html
    assert "Path 13" in reader.get("/learning-paths?sort=title&page=2").get_data(as_text=True)
    html = reader.get("/learning-paths?q=th+07").get_data(as_text=True)
    assert "Path 07" in html
    assert "Path 08" not in html
    assert "Nothing found" in reader.get("/learning-paths?q=%25").get_data(as_text=True)


def _statements(app, client, address):
    counted = []

    def count(_connection, _cursor, statement, *_rest):
        counted.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        assert client.get(address).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    return len(counted)


def _many(owner, path, learner, count):
    """Put `count` further people on a path and `count` further paths beside it, quickly."""
    people = [Person(name=f"Person {number}", role="learner") for number in range(count)]
    session().add_all(people)
    session().flush()
    key, said = path.published.steps[0].key, path.published.steps[0].content_hash
    memberships = [Membership(path_id=path.id, person_id=who.id, version_id=path.published.id) for who in people]
    session().add_all(memberships)
    session().flush()
    session().add_all(
        StepRecord(membership_id=row.id, step_key=key, content_hash=said, state="waiting", handed_in_at=now())
        for row in memberships
    )
    for number in range(count):
        other = services.create_path(owner, services.Info(title=f"Other {number}", certification=True))
        services.add_step(other, "page", title="One", content={"text": "One"})
        services.publish(other)
        services.join(other, learner)
    commit()


def test_the_number_of_statements_does_not_grow_with_the_lists(app, person, learner, sign_in, make_path):
    owner = person("instructor")
    path = make_path(owner, steps=("confirmation", "page"))
    services.join(path, learner)
    commit()
    base = f"/authoring/learning-paths/{path.public_id}"
    pages = [
        (learner, "/"), (learner, "/learning-paths"), (learner, f"/learning-paths/{path.public_id}"),
        (owner, "/authoring/learning-paths"), (owner, base), (owner, f"{base}/members"), (owner, f"{base}/members/add"),
        (owner, f"{base}/members?state=waiting"), (owner, "/authoring/review"),
    ]  # fmt: skip
    _many(owner, path, learner, 10)
    few = {address: _statements(app, sign_in(who), address) for who, address in pages}
    _many(owner, path, learner, 990)
    many = {address: _statements(app, sign_in(who), address) for who, address in pages}
    assert many == few
    assert max(many.values()) <= 24, many


def test_a_path_with_two_hundred_steps_costs_no_more_than_a_short_one(app, person, learner, sign_in, make_path):
    owner = person("instructor")
    short, long = make_path(owner), make_path(owner, steps=("page",) * 200)
    for path in (short, long):
        services.join(path, learner)
    commit()
    for who, address in ((learner, "/learning-paths/{}"), (owner, "/authoring/learning-paths/{}/steps")):
        costs = {_statements(app, sign_in(who), address.format(path.public_id)) for path in (short, long)}
        assert len(costs) == 1
