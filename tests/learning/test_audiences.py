"""Members through groups and long lists: who is on a path because of what, as groups change."""

import pytest
from sqlalchemy import func, insert, select

from portal.accounts import providers
from portal.accounts.models import GroupKind, Person
from portal.accounts.services import groups, people
from portal.core import ids
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.learning import services
from portal.learning.audience_models import AudienceWork
from portal.learning.models import Membership
from portal.learning.services import audiences
from portal.notices.models import Notice
from tests.learning.conftest import do_all


@pytest.fixture(autouse=True)
def followed():
    before = providers.follower()
    providers.set_group_follower(audiences.PathsFollowGroups())
    yield
    providers.set_group_follower(before)


@pytest.fixture
def boss(person):
    return person("administrator", name="Bea Boss")


@pytest.fixture
def path(make_path, boss):
    return make_path(boss)


@pytest.fixture
def team(app):
    made = groups.create_group("Team Blue", GroupKind.GROUP)
    commit()
    return made


def on(path):
    commit()
    statement = (
        select(Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.path_id == path.id, Membership.left_at.is_(None))
        .order_by(Person.name)
    )
    return list(session().scalars(statement))


def told(kind="joined"):
    commit()
    return session().scalar(select(func.count()).select_from(Notice).where(Notice.kind == kind))


def crowd(number):
    """Make people, and return their inner numbers."""
    rows = [{"name": f"P {n:05}", "public_id": ids.public_id()} for n in range(number)]
    session().execute(insert(Person), rows)
    commit()
    return list(session().scalars(select(Person.id).where(Person.name.startswith("P "))))


def test_whoever_comes_to_a_group_joins_its_paths_and_leaves_with_it(person, path, team, boss):
    ada, bob = person(name="Ada"), person(name="Bob")
    groups.add_to_group(team, [ada.id])
    assert audiences.add_group(path, team, by=boss)
    assert on(path) == ["Ada"]
    groups.add_to_group(team, [bob.id])
    assert on(path) == ["Ada", "Bob"]
    groups.remove_from_group(team, [ada.id])
    assert on(path) == ["Bob"]
    groups.add_to_group(team, [ada.id])
    assert on(path) == ["Ada", "Bob"]
    audiences.remove_group(path, team)
    assert on(path) == []
    assert told() >= 2


def test_whoever_is_in_by_another_way_stays(person, path, team, boss):
    ada, bob, carl = person(name="Ada"), person(name="Bob"), person(name="Carl")
    other = groups.create_group("Other", GroupKind.GROUP)
    services.join(path, ada)
    groups.add_to_group(team, [ada.id, bob.id, carl.id])
    groups.add_to_group(other, [bob.id])
    audiences.add_group(path, team, by=boss)
    audiences.add_group(path, other, by=boss)
    services.add_member(path, carl, by=boss)
    assert on(path) == ["Ada", "Bob", "Carl"]
    groups.remove_from_group(team, [ada.id, bob.id, carl.id])
    assert on(path) == ["Ada", "Bob", "Carl"]
    groups.remove_from_group(other, [bob.id])
    assert on(path) == ["Ada", "Carl"]


def test_a_certificate_stays_whatever_the_group_does(person, make_path, team, boss):
    path = make_path(boss, certification=True, cover_key="0" * 64 + ".png")
    ada = person(name="Ada")
    groups.add_to_group(team, [ada.id])
    audiences.add_group(path, team, by=boss)
    membership = services.active_membership(ada, path)
    do_all(membership)
    certificate = membership.certificate_id
    assert certificate is not None
    groups.remove_from_group(team, [ada.id])
    assert on(path) == []
    assert services.membership_of(ada, path).certificate_id == certificate
    groups.add_to_group(team, [ada.id])
    again = services.active_membership(ada, path)
    assert again.completed_at is not None
    assert again.certificate_id == certificate


def test_whoever_left_by_themselves_is_not_brought_back_by_the_group_they_left_from(person, path, team, boss):
    ada, bob = person(name="Ada"), person(name="Bob")
    groups.add_to_group(team, [ada.id])
    audiences.add_group(path, team, by=boss)
    services.leave_oneself(services.active_membership(ada, path))
    groups.add_to_group(team, [bob.id])
    audiences.add_group(path, team, by=boss)
    assert on(path) == ["Bob"]
    groups.remove_from_group(team, [ada.id])
    groups.add_to_group(team, [ada.id])
    assert on(path) == ["Ada", "Bob"], "coming to the group anew counts"


def test_who_must_be_on_a_path_cannot_leave_it_by_themselves(person, path, team, boss):
    ada, bob = person(name="Ada"), person(name="Bob")
    groups.add_to_group(team, [ada.id])
    audiences.add_group(path, team, by=boss, mandatory=True)
    services.add_member(path, bob, by=boss, mandatory=True)
    for one in (ada, bob):
        with pytest.raises(Refused, match="mandatory for you"):
            services.leave_oneself(services.active_membership(one, path))
    with pytest.raises(Refused, match="Team Blue"):
        services.oblige(services.active_membership(ada, path), mandatory=False)
    services.oblige(services.active_membership(bob, path), mandatory=False)
    audiences.add_group(path, team, by=boss, mandatory=False)
    for one in (ada, bob):
        services.leave_oneself(services.active_membership(one, path))
    assert on(path) == []


def test_a_group_that_a_path_goes_by_cannot_be_deleted(path, team, boss):
    audiences.add_group(path, team, by=boss)
    with pytest.raises(Refused, match="Data literacy"):
        groups.delete_group(team)
    audiences.remove_group(path, team)
    groups.delete_group(team)


def test_everybody_comes_and_goes_with_their_accounts(person, path, boss):
    while groups.mend_everybody():
        pass
    audiences.add_group(path, groups.everybody(), by=boss)
    assert on(path) == ["Bea Boss"]
    ada = person(name="Ada")
    groups.mend_everybody()
    assert on(path) == ["Ada", "Bea Boss"]
    people.deactivate(ada, by=boss)
    assert on(path) == ["Bea Boss"]
    people.reactivate(ada)
    assert on(path) == ["Ada", "Bea Boss"]


def test_a_closed_account_in_a_group_joins_when_it_is_opened(person, path, team, boss):
    ada = person(name="Ada", active=False)
    groups.add_to_group(team, [ada.id])
    audiences.add_group(path, team, by=boss)
    assert on(path) == []
    people.reactivate(ada)
    assert on(path) == ["Ada"]


def test_big_groups_and_long_lists_are_done_by_the_worker_and_each_is_told_once(path, team, boss, run_jobs):
    numbers = crowd(600)
    groups.add_to_group(team, numbers)
    assert not audiences.add_group(path, team, by=boss, mandatory=True)
    commit()
    assert on(path) == []
    assert audiences.count_to_do(path) == 600
    run_jobs()
    assert len(on(path)) == 600
    assert audiences.count_to_do(path) == 0
    member = session().scalars(select(Membership).limit(1)).one()
    assert (member.done, member.total, member.mandatory, member.by_person) == (0, 2, True, False)
    assert told() == 600
    chosen = session().scalars(select(Person).where(Person.id.in_(numbers[:300]))).all()
    assert not audiences.add_people(path, chosen, by=boss)
    run_jobs()
    assert told() == 600, "who is there already is not told again"
    groups.remove_from_group(team, numbers)
    run_jobs()
    assert len(on(path)) == 300


def test_work_that_was_killed_half_way_is_done_again_without_harm(path, team, boss, run_jobs):
    groups.add_to_group(team, crowd(260))
    audiences.add_group(path, team, by=boss)
    commit()
    first = session().scalars(select(AudienceWork).order_by(AudienceWork.id)).first()
    audiences._carry_out(path, first.person_ids, by_person=False, mandatory=False, by=boss)
    commit()  # and here the worker was killed, before the row was deleted
    run_jobs()
    assert len(on(path)) == 260
    assert told() == 260


def test_nobody_is_added_to_what_was_never_published(make_path, person, team, boss):
    path = make_path(boss, publish=False)
    with pytest.raises(Refused, match="Publish this learning path first"):
        audiences.add_group(path, team, by=boss)
    with pytest.raises(Refused, match="Publish this learning path first"):
        audiences.add_people(path, [person()], by=boss)
