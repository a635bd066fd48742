"""Groups of people: the one of everybody keeps itself, and whoever goes by a group hears of each change."""

import pytest

from portal.accounts import providers
from portal.accounts.models import GroupKind
from portal.accounts.services import groups, invitations, people
from portal.core.db import commit, session
from portal.core.errors import Refused


class Listener:
    """Somebody who goes by groups, and remembers what they heard."""

    def __init__(self):
        self.heard, self.uses = [], []

    def group_changed(self, group_id, person_ids):
        self.heard.append((group_id, list(person_ids)))

    def uses_of(self, group_id):
        return self.uses


@pytest.fixture
def listener():
    before = providers.follower()
    made = Listener()
    providers.set_group_follower(made)
    yield made
    providers.set_group_follower(before)


@pytest.fixture
def team(app):
    made = groups.create_group("Team Blue", GroupKind.GROUP)
    commit()
    return made


def names(group, text=""):
    return [one.name for one in session().scalars(groups.members_of(group, text))]


def test_people_come_and_go_and_followers_hear_who(app, person, team, listener):
    ada, bob = person(name="Ada"), person(name="Bob", address="b@example.org")
    assert groups.add_to_group(team, [bob.id, ada.id, bob.id]) == 2
    assert groups.add_to_group(team, [ada.id]) == 0
    assert names(team) == ["Ada", "Bob"]
    assert names(team, "B@EXAMPLE") == ["Bob"]
    assert [group.name for group in groups.groups_of(ada)] == ["Team Blue"]
    assert groups.counts_of([team]) == {team.id: 2}
    assert groups.remove_from_group(team, [ada.id, 999_999]) == 1
    assert listener.heard == [(team.id, [ada.id, bob.id]), (team.id, [ada.id])]


def test_everybody_is_in_the_group_of_everybody_once_invited_and_until_deactivated(app, person, listener):
    boss = person("administrator")
    ina = invitations.invite("Ina", "ina@example.org", "learner", by=boss)
    everybody = groups.everybody()
    assert names(everybody) == ["Ina"], "the others come with the job"
    while groups.mend_everybody():
        pass
    assert set(names(everybody)) == {"Ina", boss.name}
    people.deactivate(ina, by=boss)
    assert names(everybody) == [boss.name]
    people.reactivate(ina)
    assert set(names(everybody)) == {"Ina", boss.name}
    assert listener.heard[-1] == (everybody.id, [ina.id])


def test_the_job_puts_everybody_right(app, person, run_jobs):
    ada, gone = person(name="Ada"), person(name="Gone")
    run_jobs()
    assert names(groups.everybody()) == ["Ada", "Gone"]
    gone.active = False
    commit()
    run_jobs()
    assert names(groups.everybody()) == ["Ada"]
    assert groups.groups_of(ada)[0].label == "Everybody"


def test_whoever_is_opened_again_counts_in_their_groups_again(app, person, team, listener):
    boss, ada = person("administrator"), person(name="Ada")
    groups.add_to_group(team, [ada.id])
    people.deactivate(ada, by=boss)
    assert names(team) == ["Ada"], "a closed account stays in its group"
    assert list(session().scalars(groups.active_members(team.id))) == []
    listener.heard.clear()
    people.reactivate(ada)
    assert (team.id, [ada.id]) in listener.heard


def test_the_group_of_everybody_is_not_changed_by_hand(app, person):
    everybody = groups.everybody()
    for verb in (
        lambda: groups.add_to_group(everybody, [person().id]),
        lambda: groups.remove_from_group(everybody, []),
        lambda: groups.rename_group(everybody, "Us", GroupKind.GROUP),
        lambda: groups.delete_group(everybody),
    ):
        with pytest.raises(Refused, match="by itself"):
            verb()


def test_two_groups_never_have_one_name(app, team):
    with pytest.raises(Refused, match="this name already"):
        groups.create_group("team BLUE", GroupKind.GROUP)
    other = groups.create_group("Team Red", GroupKind.ORGANISATION)
    with pytest.raises(Refused, match="this name already"):
        groups.rename_group(other, "Team Blue", GroupKind.GROUP)
    groups.rename_group(other, "TEAM red", GroupKind.GROUP)
    assert other.name == "TEAM red"


def test_a_group_that_is_used_is_not_deleted_and_says_by_what(app, team, listener):
    listener.uses = ["Data literacy", "Welcome", "Safety", "Law"]
    with pytest.raises(Refused, match="Data literacy, Welcome, Safety and 1 other"):
        groups.delete_group(team)
    listener.uses = []
    groups.delete_group(team)
    assert session().scalars(groups.groups("Team Blue")).first() is None


def test_ten_thousand_people_come_to_a_group_at_once(app, team, listener):
    from sqlalchemy import insert

    from portal.accounts.models import Person
    from portal.core import ids

    session().execute(insert(Person), [{"name": f"P {n}", "public_id": ids.public_id()} for n in range(10_000)])
    numbers = list(session().scalars(people.all_people().with_only_columns(Person.id)))
    assert groups.add_to_group(team, numbers) == 10_000
    assert groups.add_to_group(team, numbers) == 0
    assert len(listener.heard) == 1
    assert groups.remove_from_group(team, numbers) == 10_000
