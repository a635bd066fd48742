"""A holder's name changes: the certificate is issued anew, the old one leads to it, and the badge stays the same badge."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from portal.badges import services as badges
from portal.certificates import services
from portal.certificates.models import Certificate
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.delivery import services as delivery
from portal.learning import services as learning
from portal.learning.models import Membership
from portal.notices.models import Notice


@pytest.fixture
def path(person):
    made = learning.create_path(person("instructor"), learning.Info(title="First aid"))
    commit()
    return made


@pytest.fixture
def renamed(certification, person, path):
    """Return a learner who has another name than their certificate, and the certificate."""
    learner = person(name="Aino Virtanen")
    certificate = services.grant(
        certification(), holder=learner, title="First aid", path_public_id=path.public_id, path_version=1, source="m:1"
    )
    learner.name = "Aino Mäkelä"
    commit()
    return learner, certificate


def test_the_new_one_has_the_new_name_and_the_old_one_says_so(renamed, path, sign_in):
    learner, old = renamed
    client = sign_in(path.owner)
    asks = client.get(f"/certificates/{old.public_id}").get_data(as_text=True)
    assert "Issue with the new name" in asks
    answer = client.submit(f"/certificates/{old.public_id}/reissue")
    new = session().scalar(select(Certificate).where(Certificate.replaces_id == old.id))
    assert answer.location == f"/certificates/{new.public_id}"
    assert (new.holder_name, new.issued_at, new.valid_until) == ("Aino Mäkelä", old.issued_at, old.valid_until)
    assert new.number != old.number
    session().refresh(old)
    assert (old.state, old.holder_name) == ("replaced", "Aino Virtanen")
    checked = client.get(f"/check/{old.number}").get_data(as_text=True)
    assert "This certificate was replaced" in checked
    assert new.number in checked
    assert "Mäkelä" not in checked
    assert "This certificate is valid" in client.get(f"/check/{new.number}").get_data(as_text=True)
    mine = sign_in(learner).get("/certificates").get_data(as_text=True)
    assert new.public_id in mine
    assert old.public_id not in mine
    assert list(session().scalars(select(Notice.kind).where(Notice.person_id == learner.id))) == [
        "achieved",
        "reissued",
    ]


def test_a_repeat_returns_the_first_and_the_membership_follows(renamed, path, certification):
    learner, old = renamed
    version = path.edited
    session().add(Membership(path_id=path.id, person_id=learner.id, version_id=version.id, certificate_id=old.id))
    commit()
    first = services.reissue(old, by=path.owner)
    assert services.reissue(old, by=path.owner) is first
    commit()
    assert session().scalar(select(func.count()).select_from(Certificate)) == 2
    assert session().scalar(select(Membership.certificate_id)) == first.id


def test_the_badge_stays_one_badge(app, renamed, path):
    learner, old = renamed
    address, through = learner.addresses[0], delivery.offered().key
    with app.test_request_context(method="POST"):
        services.earn(old, address=address, through=through)
        new = services.reissue(old, by=path.owner)
        commit()
    so_far = services.earned(new)
    assert so_far.award is not None
    assert not services.may_be_earned(new, so_far)
    assert not services.may_be_earned(old, services.earned(old))
    services.revoke(new, reason="By mistake.", by=path.owner)
    commit()
    assert badges.live_award(new.badge_source) is None
    assert badges.last_award(old.badge_source).revoked_at is not None
    with pytest.raises(Refused):
        services.revoke(old, reason="By mistake.", by=path.owner)


def test_a_second_change_of_name_is_issued_from_the_second(renamed, path):
    learner, old = renamed
    second = services.reissue(old, by=path.owner)
    learner.name = "Aino Virtanen-Mäkelä"
    commit()
    third = services.reissue(second, by=path.owner)
    commit()
    assert [row.id for row in services.history_of(second)] == [third.id, second.id, old.id]
    assert third.badge_source == second.badge_source == old.badge_source


@pytest.mark.parametrize("why", ["same name", "revoked"])
def test_what_cannot_be_issued_anew_says_why(renamed, path, why):
    learner, old = renamed
    if why == "same name":
        learner.name = old.holder_name
    else:
        services.revoke(old, reason="By mistake.", by=path.owner)
    commit()
    with pytest.raises(Refused):
        services.reissue(old, by=path.owner)
    with pytest.raises(Refused):
        services.ask_for_new_name(old)


def test_only_those_who_look_after_it_issue_it_anew(renamed, person, sign_in):
    learner, old = renamed
    page = f"/certificates/{old.public_id}/reissue"
    for who in (learner, person(), person("instructor")):
        assert sign_in(who).get(page).status_code in {403, 404}
    stranger = sign_in(person())
    ask = f"/certificates/{old.public_id}/new-name"
    assert stranger.post(ask, data={"csrf_token": stranger.token("/profile")}).status_code == 404
    assert sign_in(person("administrator")).get(page).status_code == 200
