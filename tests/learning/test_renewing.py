"""Renewing a certificate: a year later, by all steps or chosen ones, in time and late, and what stays of the old one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from portal.badges import services as badges
from portal.certificates import services as certificates
from portal.certificates.models import Certificate
from portal.core.clock import now
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.delivery import services as delivery
from portal.learning import services
from portal.learning.models import Membership
from portal.learning.services.renewing import begin_renewal
from tests.learning.conftest import do_all, png_key

START = datetime(2026, 11, 24, 9, tzinfo=UTC)
TERM = {
    "certification": True, "validity_kind": "period", "validity_count": 1, "validity_unit": "years",
    "warning_count": 30, "renewal": True, "renewal_count": 2, "renewal_unit": "months",
}  # fmt: skip


@pytest.fixture
def holder(clock, make_path, person):
    """Return a way to a learner who completed a path that expires: `holder(**info)` gives path, learner, certificate."""

    def make(**info):
        clock(START)
        steps = info.pop("steps", ("page", "page", "page"))
        path, learner = make_path(steps=steps, **{**TERM, **info}), person()
        membership = services.join(path, learner)
        do_all(membership)
        return path, learner, membership.certificate

    return make


def press(client, address, page):
    """Press a button that stands on a page."""
    return client.post(address, data={"csrf_token": client.token(page)}, follow_redirects=True)


def all_of(learner):
    return list(
        session().scalars(select(Certificate).where(Certificate.holder_id == learner.id).order_by(Certificate.id))
    )


def test_a_certificate_is_renewed_across_a_year(holder, clock, sign_in, run_jobs):
    path, learner, old = holder()
    client, page = sign_in(learner), f"/certificates/{old.public_id}"
    assert b"Renew" not in client.get(page).data
    renew = f"/learning-paths/{path.public_id}/renew"
    assert b"You can renew this certificate from" in press(client, renew, page).data

    clock(datetime(2027, 10, 1, tzinfo=UTC))
    run_jobs()
    client = sign_in(learner)
    assert b'action="' + renew.encode() in client.get(page).data
    assert b"Renew: Data literacy" in client.get("/").data
    assert b"The renewal has begun" in press(client, renew, page).data
    assert b"0 of 3 steps done" in client.get(f"/learning-paths/{path.public_id}").data
    assert b"Go on renewing" in client.get(page).data
    assert session().get(Certificate, old.id).state == "valid"

    clock(datetime(2027, 11, 3, 12, tzinfo=UTC))
    session().expire_all()
    membership = services.membership_of(learner, path)
    do_all(membership)
    first, second = all_of(learner)
    assert (first.replaced_as, second.replaces_id) == ("renewal", first.id)
    assert first.number != second.number
    assert second.issued_at == membership.completed_at
    assert second.valid_until == first.valid_until.replace(year=2028), "renewed in time it goes on from the old end"
    assert membership.certificate_id == second.id

    client = sign_in(learner)
    shown = client.get("/certificates").get_data(as_text=True)
    assert shown.count("<article") == 1
    assert f"/certificates/{first.public_id}" in shown
    transcript = client.get("/transcript").get_data(as_text=True)
    assert transcript.count("<article") == 2
    assert transcript.count("Renewed") == 1
    history = client.get(f"/certificates/{second.public_id}").get_data(as_text=True)
    assert first.number in history
    checked = client.get(f"/check/{first.number}").get_data(as_text=True)
    assert "This certificate is valid" in checked
    assert "It was renewed on" in checked
    assert second.number in checked
    clock(datetime(2027, 12, 1, tzinfo=UTC))
    assert "has expired" in client.get(f"/check/{first.number}").get_data(as_text=True)
    assert "is valid" in client.get(f"/check/{second.number}").get_data(as_text=True)


def test_whoever_renews_late_gets_a_year_from_then_on(holder, clock):
    path, learner, _old = holder()
    clock(datetime(2028, 1, 10, 8, tzinfo=UTC))
    membership = begin_renewal(path, learner)
    do_all(membership)
    assert membership.certificate.valid_until == datetime(2029, 1, 10, 8, 0, tzinfo=UTC).replace(
        second=membership.completed_at.second, minute=membership.completed_at.minute
    )


def test_only_the_chosen_steps_are_done_again(holder, clock):
    path, learner, _old = holder()
    chosen = path.published.steps[1].key
    services.save_info(
        path, services.Info(title="Data literacy", **TERM, renewal_repeats="chosen", renewal_keys=(chosen,))
    )
    services.publish(path)
    commit()
    clock(datetime(2027, 10, 1, tzinfo=UTC))
    membership = begin_renewal(path, learner)
    commit()
    standing = services.progress_of(membership)
    assert (standing.done, standing.total, standing.next_key) == (2, 3, chosen)
    assert len(all_of(learner)) == 1
    services.hand_in(membership, chosen)
    commit()
    assert len(all_of(learner)) == 2
    assert membership.completed_at is not None


def test_where_no_chosen_step_is_left_everything_is_done_again(holder, clock):
    path, learner, _old = holder()
    services.save_info(
        path, services.Info(title="Data literacy", **TERM, renewal_repeats="chosen", renewal_keys=("gone",))
    )
    services.publish(path)
    commit()
    clock(datetime(2027, 10, 1, tzinfo=UTC))
    assert services.progress_of(begin_renewal(path, learner)).done == 0


def test_beginning_twice_begins_once(holder, clock):
    path, learner, _old = holder()
    clock(datetime(2027, 10, 1, tzinfo=UTC))
    first = begin_renewal(path, learner)
    services.hand_in(first, path.published.steps[0].key)
    commit()
    again = begin_renewal(path, learner)
    assert (again.id, again.round, services.progress_of(again).done) == (first.id, 2, 1)


def test_the_new_certificate_has_a_badge_of_its_own(app, holder, clock, issuer):
    path, learner, old = holder(open_badges=True, badge_name="B", badge_description="D", cover_key=png_key())
    address, through = learner.addresses[0], delivery.offered().key
    with app.test_request_context(method="POST"):
        certificates.earn(old, address=address, through=through)
        commit()
    clock(datetime(2027, 10, 1, tzinfo=UTC))
    membership = begin_renewal(path, learner)
    do_all(membership)
    new = membership.certificate
    assert certificates.may_be_earned(new, certificates.earned(new))
    with app.test_request_context(method="POST"):
        certificates.earn(new, address=address, through=through)
        commit()
    before, after = badges.live_award(old.badge_source), badges.live_award(new.badge_source)
    assert before.id != after.id
    assert after.expires_at == new.valid_until > before.expires_at
    assert new.number in after.evidence_url


@pytest.mark.parametrize("ended", ["revoked", "inactive", "no certificate", "not open"])
def test_what_cannot_be_renewed_says_why(holder, clock, person, ended):
    path, learner, old = holder()
    clock(datetime(2027, 10, 1, tzinfo=UTC))
    if ended == "revoked":
        certificates.revoke(old, reason="By mistake.", by=person("administrator"))
    elif ended == "inactive":
        services.deactivate(path)
    elif ended == "no certificate":
        services.save_info(path, services.Info(title="Data literacy"))
        services.publish(path)
    else:
        clock(START + timedelta(days=1))
    commit()
    with pytest.raises(Refused):
        begin_renewal(path, learner)
    assert session().scalar(select(func.max(Membership.round))) == 1


def test_a_date_that_was_over_before_the_renewal_does_not_fail_it(holder, clock):
    path, learner, _old = holder()
    services.draft_of(path).steps[0].due_at = START + timedelta(days=3)
    path.draft.steps[0].strict = True
    commit()
    services.publish(path)
    commit()
    clock(datetime(2027, 10, 1, tzinfo=UTC))
    membership = begin_renewal(path, learner)
    do_all(membership)
    assert len(all_of(learner)) == 2


def test_others_cannot_renew_what_is_not_theirs(holder, clock, person, sign_in):
    path, _learner, _old = holder()
    clock(datetime(2027, 10, 1, tzinfo=UTC))
    stranger = sign_in(person())
    answer = press(stranger, f"/learning-paths/{path.public_id}/renew", f"/learning-paths/{path.public_id}")
    assert b"no certificate of this learning path that you could renew" in answer.data
    assert now().year == 2027
