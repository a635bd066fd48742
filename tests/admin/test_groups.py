"""Administration, Groups: making them, filling them one by one and by lists, and who may."""

from __future__ import annotations

import io

import pytest

from portal.accounts.models import GroupKind, PeopleList
from portal.accounts.services import groups, person_by_address
from portal.core.db import commit, session

LIST = "/administration/groups"


@pytest.fixture
def admin(sign_in, person):
    return sign_in(person("administrator", name="Bea Boss"))


@pytest.fixture
def team(app):
    made = groups.create_group("Team Blue", GroupKind.GROUP)
    commit()
    return made


def path(group, rest=""):
    return f"{LIST}/{group.public_id}{rest}"


def names(group):
    commit()
    return [one.name for one in session().scalars(groups.members_of(group))]


def words(response):
    return " ".join(response.get_data(as_text=True).split())


def test_a_group_is_made_filled_renamed_and_deleted(admin, person):
    ada = person(name="Ada Lovelace", address="ada@example.org")
    assert "No groups yet" in words(admin.get(LIST))
    made = admin.submit(f"{LIST}/new", {"name": "Team Blue", "kind": "group"}, follow_redirects=True)
    assert "Nobody is in this group yet" in words(made)
    team = session().scalars(groups.groups("Team Blue")).one()
    assert "Add Ada Lovelace" in words(admin.get(path(team, "/add?q=ada@")))
    answer = admin.submit(
        path(team, "/add"), {"person": ada.public_id, "q": "ada"}, on=path(team, "/add"), follow_redirects=True
    )
    assert "Ada Lovelace is in the group now" in words(answer)
    assert names(team) == ["Ada Lovelace"]
    assert "Ada Lovelace" in words(admin.get(path(team, "?q=lovelace")))
    assert "Nobody found" in words(admin.get(path(team, "?q=nobody")))
    answer = admin.submit(path(team, "/rename"), {"name": "Team Red", "kind": "organisation"}, follow_redirects=True)
    assert "Team Red" in words(answer)
    answer = admin.submit(path(team, "/remove"), {}, on=path(team), follow_redirects=True)
    assert "Nobody is ticked" in words(answer)
    admin.submit(path(team, "/remove"), {"person": ada.public_id}, on=path(team))
    assert names(team) == []
    answer = admin.submit(path(team, "/delete"), {}, follow_redirects=True)
    assert "The group Team Red is deleted" in words(answer)


def test_a_name_that_is_taken_or_missing_is_said_beside_the_field(admin, team):
    answer = admin.submit(f"{LIST}/new", {"name": "TEAM BLUE", "kind": "group"})
    assert answer.status_code == 422
    assert "There is a group with this name already" in words(answer)
    assert 'value="TEAM BLUE"' in words(answer)
    assert admin.submit(f"{LIST}/new", {"name": "  ", "kind": "group"}).status_code == 422
    assert admin.submit(path(team, "/rename"), {"name": "", "kind": "group"}).status_code == 422


def test_everybody_is_shown_and_explained_but_not_changed(admin, run_jobs):
    run_jobs()
    everybody = groups.everybody()
    commit()
    assert "Every active account" in words(admin.get(LIST))
    shown = words(admin.get(path(everybody)))
    assert "Bea Boss" in shown
    assert "Add many" not in shown
    for rest in ("/add", "/list", "/rename", "/delete"):
        assert admin.get(path(everybody, rest)).status_code == 404


@pytest.fixture
def five_hundred(person):
    """Return a CSV of 500 lines, of which 20 are wrong, and make the people of the others."""
    lines = ["Name;E-mail"]
    for n in range(480):
        person(name=f"Learner {n:03}", address=f"l{n}@example.org")
        lines.append(f"Learner {n:03};l{n}@example.org")
    lines += [f"Nobody {n};nobody{n}@example.org" for n in range(10)]
    lines += [f"Wrong {n};wrong at example" for n in range(5)]
    lines += [f"Again {n};L{n}@Example.org" for n in range(5)]
    return "\r\n".join(lines)


def test_a_file_of_500_lines_with_20_bad_ones_is_shown_line_by_line_and_nothing_is_half_done(admin, team, five_hundred):
    groups.add_to_group(team, [person_by_address("l7@example.org").id])
    data = {"text": "", "file": (io.BytesIO(five_hundred.encode("utf-16")), "people.csv")}
    answer = admin.submit(path(team, "/list"), data, content_type="multipart/form-data")
    assert answer.status_code == 303
    preview = answer.headers["Location"]
    shown = words(admin.get(preview))
    assert "20 lines need to be corrected" in shown
    assert "Add 479 people" in shown
    assert "Is in the group already" in shown
    wrong = words(admin.get(preview + "?show=wrong"))
    assert wrong.count("Nobody has confirmed this address") == 10
    assert wrong.count("This is not an e-mail address") == 5
    assert wrong.count("stands in line") == 5
    assert len(names(team)) == 1, "nothing is done yet"
    pages = "".join(words(admin.get(f"{preview}?page={number}")) for number in range(1, 6))
    assert all(f"Learner {n:03}" in pages for n in range(480))
    file = admin.get(preview + "/wrong.csv")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert len(file.get_data(as_text=True).strip().splitlines()) == 21
    again = words(admin.get(path(team, "/list?again=" + preview.rpartition("/")[2])))
    assert "l479@example.org" in again, "what was given stands in the form again"
    done = admin.submit(preview, {}, on=preview, follow_redirects=True)
    assert "479 people are added" in words(done)
    assert len(names(team)) == 480
    assert admin.get(preview).status_code == 404


def test_a_list_that_cannot_be_read_is_refused_and_what_was_typed_is_kept(admin, team):
    answer = admin.submit(path(team, "/list"), {"text": " ;; "}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "There is no address in this list" in words(answer)
    data = {"text": "kept@example.org", "file": (io.BytesIO(b"PK\x03\x04xlsx"), "people.xlsx")}
    answer = admin.submit(path(team, "/list"), data, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "Save it as CSV" in words(answer)
    assert "kept@example.org" in words(answer)


def test_a_list_with_nobody_new_offers_nothing_to_add(admin, team):
    answer = admin.submit(path(team, "/list"), {"text": "a@b.zz"}, content_type="multipart/form-data")
    shown = words(admin.get(answer.headers["Location"]))
    assert "Correct the list" in shown
    assert "Add 1 person" not in shown
    assert "No such line" in words(admin.get(answer.headers["Location"] + "?show=new"))


def test_a_list_is_shown_to_its_maker_alone_and_for_its_group_alone(admin, team, sign_in, person):
    person(address="ada@example.org")
    answer = admin.submit(path(team, "/list"), {"text": "ada@example.org"}, content_type="multipart/form-data")
    preview = answer.headers["Location"]
    other = groups.create_group("Other", GroupKind.GROUP)
    commit()
    colleague = sign_in(person("administrator"))
    assert colleague.get(preview).status_code == 404
    assert admin.get(preview.replace(team.public_id, other.public_id)).status_code == 404
    kept = session().query(PeopleList).one().public_id
    assert "ada@example.org" not in words(colleague.get(path(team, f"/list?again={kept}")))


@pytest.mark.parametrize("role", ["learner", "instructor"])
def test_groups_are_for_administrators_alone(sign_in, person, team, role):
    client = sign_in(person(role))
    token = client.token("/profile")
    for rest in ("", "/add", "/list", "/rename", "/delete"):
        assert client.get(path(team, rest)).status_code == 403
    for rest in ("/add", "/remove", "/list", "/rename", "/delete"):
        assert client.post(path(team, rest), data={"csrf_token": token}).status_code == 403
    assert client.get(LIST).status_code == 403
    assert client.get(f"{LIST}/new").status_code == 403
