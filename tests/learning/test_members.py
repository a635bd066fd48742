"""The Members page of a path and what hangs on it: finding, adding many, writing, exporting, one member, and who may."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.accounts.models import GroupKind
from portal.accounts.services import groups
from portal.certificates.models import Certificate
from portal.core.clock import now
from portal.core.db import commit, session
from portal.learning import services
from portal.learning.audience_models import PathMessage
from portal.learning.models import Membership, Status, StepEvent
from portal.notices.models import Notice
from tests.learning.conftest import do_all


@pytest.fixture
def teacher(person):
    return person("instructor", name="Nadia Haddad")


@pytest.fixture
def client(sign_in, teacher):
    return sign_in(teacher)


@pytest.fixture
def path(make_path, teacher):
    return make_path(teacher)


def at(path, rest=""):
    return f"/authoring/learning-paths/{path.public_id}/members{rest}"


def words(response):
    return " ".join(response.get_data(as_text=True).split())


def joined(path, *people, **values):
    rows = [services.add_member(path, one) for one in people]
    for row in rows:
        for name, value in values.items():
            setattr(row, name, value)
    commit()
    return rows


def listed(client, path, **asked):
    """Return the names that the table shows, in order."""
    text = client.get(at(path), query_string=asked).get_data(as_text=True)
    table = text.partition("<tbody>")[2].partition("</tbody>")[0]
    return [part.partition("</a>")[0].partition(">")[2] for part in table.split("<a ")[1:]]


def test_members_are_found_filtered_and_put_in_order(client, path, person):
    ada, bob, carl = (person(name=name, address=f"{name}@example.org".lower()) for name in ("Ada", "Bob", "Carl"))
    _, (b,), (c,) = (joined(path, one) for one in (ada, bob, carl))
    b.status, b.done, b.total, b.mandatory = Status.OVERDUE, 1, 2, True
    c.active_at = now() - timedelta(days=9)
    c.joined_at = now() - timedelta(days=10)
    team = groups.create_group("Team", GroupKind.GROUP)
    groups.add_to_group(team, [carl.id])
    commit()
    assert listed(client, path) == ["Ada", "Bob", "Carl"]
    assert listed(client, path, sort="-name") == ["Carl", "Bob", "Ada"]
    assert listed(client, path, sort="-progress")[0] == "Bob"
    assert listed(client, path, sort="joined")[0] == "Carl"
    assert listed(client, path, sort="active")[0] == "Carl"
    assert listed(client, path, q="bob@example") == ["Bob"]
    assert listed(client, path, status="overdue") == ["Bob"]
    assert listed(client, path, duty="voluntary") == ["Ada", "Carl"]
    assert listed(client, path, group=team.public_id) == ["Carl"]
    assert listed(client, path, status="nonsense", sort="; drop") == ["Ada", "Bob", "Carl"]
    assert "No member fits" in words(client.get(at(path, "?q=nobody")))


def test_who_is_expiring_or_expired_is_found_by_the_certificate(client, make_path, person, teacher):
    path = make_path(teacher, certification=True, cover_key="0" * 64 + ".png", validity_kind="period", validity_count=1)
    rows = joined(path, person(name="Ada"), person(name="Bob"), person(name="Carl"))
    for row in rows[:2]:
        do_all(row)
    certificates = [session().get(Certificate, row.certificate_id) for row in rows[:2]]
    certificates[0].warn_at = now() - timedelta(days=1)
    certificates[1].valid_until = now() - timedelta(days=1)
    commit()
    assert listed(client, path, status="expiring") == ["Ada"]
    assert listed(client, path, status="expired") == ["Bob"]
    assert listed(client, path, status="completed") == ["Ada", "Bob"]
    shown = words(client.get(at(path)))
    assert "Expiring (1)" in shown
    assert "Expired (1)" in shown
    assert "Completed (2)" in shown


def test_a_file_of_500_lines_with_20_bad_ones_is_looked_at_then_added_as_a_whole(client, path, person, run_jobs):
    lines = ["E-mail,Name"]
    for n in range(480):
        person(name=f"Learner {n:03}", address=f"l{n}@example.org")
        lines.append(f"l{n}@example.org,Learner {n:03}")
    lines += [f"nobody{n}@example.org,Nobody" for n in range(20)]
    data = {"text": "", "mandatory": "y", "file": (io.BytesIO("\n".join(lines).encode("utf-8-sig")), "people.csv")}
    answer = client.submit(at(path, "/list"), data, content_type="multipart/form-data")
    preview = answer.headers["Location"]
    shown = words(client.get(preview))
    assert "20 lines need to be corrected" in shown
    assert "Add 480 members" in shown
    assert "will be mandatory" in shown
    assert len(client.get(preview + "/wrong.csv").get_data(as_text=True).strip().splitlines()) == 21
    assert listed(client, path) == [], "nothing is done yet"
    done = client.submit(preview, {}, on=preview, follow_redirects=True)
    assert "goes on in the background" in words(done)
    assert "still to be seen to 480 people" in words(done)
    run_jobs()
    commit()
    members = session().scalars(select(Membership).where(Membership.path_id == path.id)).all()
    assert len(members) == 480
    assert all(row.mandatory and row.by_person and row.total == 2 for row in members)
    told = select(func.count()).select_from(Notice).where(Notice.kind == "joined")
    assert session().scalar(told) == 480


def test_a_short_list_is_done_at_once_and_a_list_that_cannot_be_read_is_kept_in_the_form(client, path, person):
    person(name="Ada", address="ada@example.org")
    answer = client.submit(at(path, "/list"), {"text": "Ada <ada@example.org>"}, content_type="multipart/form-data")
    preview = answer.headers["Location"]
    assert "ada@example.org" in words(client.get(at(path, "/list?again=" + preview.rpartition("/")[2])))
    assert "1 person is a member now" in words(client.submit(preview, {}, on=preview, follow_redirects=True))
    assert listed(client, path) == ["Ada"]
    refused = client.submit(at(path, "/list"), {"text": " , "}, content_type="multipart/form-data")
    assert refused.status_code == 422
    assert "There is no address in this list" in words(refused)


def test_a_group_is_added_made_mandatory_and_removed(client, path, person):
    team = groups.create_group("Team Blue", GroupKind.GROUP)
    groups.add_to_group(team, [person(name="Ada").id])
    commit()
    page = at(path, "/groups")
    assert "No groups yet" in words(client.get(page))
    answer = client.submit(page, {"group": team.public_id}, follow_redirects=True)
    assert "The people of Team Blue are members now" in words(answer)
    assert listed(client, path) == ["Ada"]
    client.submit(f"{page}/{team.public_id}/duty", {"duty": "mandatory"}, on=page)
    assert listed(client, path, duty="mandatory") == ["Ada"]
    assert client.submit(page, {"group": "unknown"}).status_code == 422
    client.submit(f"{page}/{team.public_id}/remove", {}, on=f"{page}/{team.public_id}/remove")
    assert listed(client, path) == []
    assert client.get(f"{page}/{team.public_id}/remove").status_code == 404


def test_the_table_is_taken_home_as_csv_without_formulas(client, path, person):
    joined(path, person(name="=HYPERLINK(1)", address="ada@example.org"), person(name="Bob"))
    answer = client.get(at(path, "/export.csv?q=ada"))
    assert answer.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert rows[0][:3] == ["Name", "E-mail", "Status"]
    assert rows[1][:6] == ["'=HYPERLINK(1)", "ada@example.org", "In progress", "0", "2", "0"]
    assert len(rows) == 2


def test_a_message_goes_to_those_who_are_ticked_or_to_all_that_the_list_shows(client, path, person, run_jobs):
    ada, bob, carl = person(name="Ada"), person(name="Bob"), person(name="Carl")
    a, b, _c = joined(path, ada, bob, carl)
    page = at(path, "/message")
    token = client.token(at(path))
    shown = client.post(page, data={"csrf_token": token, "compose": "1", "member": [a.public_id, b.public_id]})
    assert "To 2 members" in words(shown)
    assert "Ada, Bob" in words(shown)
    empty = client.post(page, data={"csrf_token": token, "compose": "1"}, follow_redirects=True)
    assert "Nobody is ticked" in words(empty)
    bad = client.post(page, data={"csrf_token": token, "member": a.public_id, "subject": "Kept", "text": " "})
    assert bad.status_code == 422
    assert 'value="Kept"' in words(bad)
    data = {"csrf_token": token, "member": a.public_id, "subject": "Room 4", "text": "We meet\n\nin room 4."}
    assert "on its way to 1 member" in words(client.post(page, data=data, follow_redirects=True))
    assert "Send to 3 members" in words(client.get(page))
    client.post(page, data={"csrf_token": token, "subject": "To all", "text": "Hello."})
    run_jobs()
    commit()
    told = session().execute(select(Notice.person_id, Notice.content).where(Notice.kind == "message")).all()
    assert sorted(row.person_id for row in told) == sorted([ada.id, ada.id, bob.id, carl.id])
    session().query(PathMessage).update({"state": "due"})
    run_jobs()
    number = select(func.count()).select_from(Notice).where(Notice.kind == "message")
    assert session().scalar(number) == 4, "a repeat tells nobody twice"
    assert "Room 4" in words(client.get(at(path, "/messages")))


def test_members_who_are_ticked_are_removed(client, path, person):
    a, _b = joined(path, person(name="Ada"), person(name="Bob"))
    answer = client.submit(at(path, "/remove"), {"member": a.public_id}, on=at(path), follow_redirects=True)
    assert "1 member is removed" in words(answer)
    assert listed(client, path) == ["Bob"]
    assert "Nobody is ticked" in words(client.submit(at(path, "/remove"), {}, on=at(path), follow_redirects=True))


def test_one_member_is_shown_step_by_step_and_decided_on(client, path, person, clock):
    ada, bob, carl = person(name="Ada"), person(name="Bob"), person(name="Carl")
    _a, b, _c = joined(path, ada, bob, carl)
    page = f"/authoring/members/{b.public_id}"
    shown = words(client.get(page))
    assert "Member 2 of 3" in shown
    assert "Previous member" in shown
    assert "Next member" in shown
    keys = [step.key for step in path.published.steps]
    refused = client.submit(f"{page}/steps/{keys[0]}/set", {"action": "failed", "comment": ""})
    assert refused.status_code == 422
    assert "Say why" in words(refused)
    refused = client.submit(f"{page}/steps/{keys[0]}/set", {"action": "done", "grade": "1000"})
    assert "number from 0 to 100" in words(refused)
    client.submit(f"{page}/steps/{keys[0]}/set", {"action": "done", "grade": "87,5", "comment": "Well done."})
    client.submit(f"{page}/steps/{keys[1]}/set", {"action": "failed", "comment": "Not there."})
    shown = words(client.get(page))
    assert "87.5 %" in shown
    assert "Well done." in shown
    assert "Not there." in shown
    assert listed(client, path, status="failed") == ["Bob"]
    past = client.submit(f"{page}/another-try", {"until": "2001-01-01"})
    assert past.status_code == 422
    assert "still to come" in words(past)
    assert client.submit(f"{page}/another-try", {"until": "nonsense"}).status_code == 422
    until = (now() + timedelta(days=20)).date()
    answer = client.submit(
        f"{page}/another-try", {"until": until.isoformat(), "comment": "Go on."}, follow_redirects=True
    )
    assert "Bob has another try" in words(answer)
    assert listed(client, path, status="failed") == []
    whats = session().scalars(select(StepEvent.what).order_by(StepEvent.id)).all()
    assert list(whats) == ["accepted", "failed", "another_try"]
    session().expire_all()
    assert session().get(Membership, b.id).extended_until.date() >= until
    client.submit(f"{page}/duty", {"duty": "mandatory"}, on=page)
    assert "cannot leave this learning path by themselves" in words(client.get(page))


def test_the_way_to_the_next_member_keeps_to_what_the_list_shows(client, path, person):
    a, b, c = joined(path, person(name="Ada"), person(name="Bob"), person(name="Carl"))
    b.status = Status.OVERDUE
    a.status = c.status = Status.FAILED
    commit()
    shown = words(client.get(f"/authoring/members/{a.public_id}?status=failed"))
    assert "Member 1 of 2" in shown
    assert c.public_id in shown
    assert b.public_id not in shown


def test_who_must_be_on_a_path_sees_it_and_is_told_why_they_cannot_leave(path, person, sign_in, teacher):
    ada = person(name="Ada")
    services.add_member(path, ada, by=teacher, mandatory=True)
    commit()
    client = sign_in(ada)
    page = f"/learning-paths/{path.public_id}"
    shown = words(client.get(page))
    assert "Mandatory" in shown
    assert f"{page}/leave" not in shown
    assert "Mandatory" in words(client.get("/"))
    assert "mandatory for you" in words(client.get(f"{page}/leave"))
    answer = client.post(f"{page}/leave", data={"csrf_token": client.token("/profile")}, follow_redirects=True)
    assert "mandatory for you" in words(answer)
    assert services.active_membership(ada, path) is not None


@pytest.mark.parametrize("who", ["another instructor", "a member", "a learner", "a member of another path"])
def test_the_pages_of_members_are_for_those_who_look_after_the_path(who, path, person, sign_in, make_path):
    member = joined(path, person(name="Ada"))[0]
    key = path.published.steps[0].key
    asking = {
        "another instructor": lambda: person("instructor"),
        "a member": lambda: member.person,
        "a learner": person,
        "a member of another path": lambda: joined(make_path(), person())[0].person,
    }[who]()
    client = sign_in(asking)
    token = client.token("/profile")
    one = f"/authoring/members/{member.public_id}"
    both = [at(path, "/add"), at(path, "/groups"), at(path, "/list"), at(path, "/message"), f"{one}/steps/{key}/set"]
    both += [f"{one}/another-try", f"{one}/remove"]
    for address in [at(path), at(path, "/export.csv"), at(path, "/messages"), one, *both]:
        assert client.get(address).status_code in {403, 404}, address
    for address in [at(path, "/remove"), f"{one}/duty", *both]:
        assert client.post(address, data={"csrf_token": token}).status_code in {403, 404}, address
    assert services.active_membership(member.person, path) is not None


def test_nobody_reaches_a_member_who_left_or_a_list_of_somebody_else(client, path, person, sign_in):
    member = joined(path, person(name="Ada", address="ada@example.org"))[0]
    services.leave(member)
    commit()
    assert client.get(f"/authoring/members/{member.public_id}").status_code == 404
    answer = client.submit(at(path, "/list"), {"text": "ada@example.org"}, content_type="multipart/form-data")
    preview = answer.headers["Location"]
    assert client.get(preview).status_code == 200
    assert sign_in(person("administrator")).get(preview).status_code == 404
