"""Taking awards back, looking after one's own, the keys that sign, and the page on conformance."""

from __future__ import annotations

import pytest
from sqlalchemy import literal, select

from portal.accounts.models import EmailAddress
from portal.badges import providers, services
from portal.badges.models import Award
from portal.badges.services import keys
from portal.core.clock import now
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.notices.models import Mail
from portal.openbadges.verifying import verify
from portal.web.badge_fetcher import BadgeFetcher

AWARDS = "/badges/awards"
KEYS = "/administration/open-badges/keys"


class OneOf:
    """Keepers for a test: the sources that begin with a person's number are theirs."""

    def sources_kept_by(self, person):
        return select(literal(f"certificate:of-{person.id}"))


@pytest.fixture
def keepers():
    before = providers._keepers
    providers.set_award_keepers(OneOf())
    yield
    providers.set_award_keepers(before)


@pytest.fixture
def admin(person, sign_in):
    return sign_in(person("administrator"))


def fresh(row: Award) -> Award:
    session().expire_all()
    return session().get(Award, row.id)


def test_an_administrator_revokes_many_at_once_and_the_holders_are_told(admin, give, person):
    one, two, kept = give(to=person(address="ada@example.org")), give(to=person()), give(to=person())
    answer = admin.submit(
        AWARDS, {"chosen": [one.public_id, two.public_id], "reason": "Given by mistake."}, follow_redirects=True
    )
    assert "2 badges were revoked." in answer.text
    assert [fresh(row).live for row in (one, two, kept)] == [False, False, True]
    assert fresh(one).revocation_reason == "Given by mistake."
    assert {mail.to_address for mail in session().scalars(select(Mail).where(Mail.template == "badge_revoked"))} >= {
        "ada@example.org"
    }


def test_a_revocation_without_a_reason_or_a_choice_is_refused_and_the_choice_is_kept(admin, give):
    row = give()
    answer = admin.submit(AWARDS, {"chosen": [row.public_id], "reason": " "})
    assert answer.status_code == 422
    assert " checked" in answer.text
    assert fresh(row).live
    assert "Tick the badges" in admin.submit(AWARDS, {"reason": "x"}).text
    assert admin.submit(AWARDS, {"chosen": [row.public_id], "reason": "x" * 501}).status_code == 422


def test_an_instructor_sees_and_revokes_the_awards_of_their_paths_alone(keepers, give, person, sign_in):
    teacher, holder = person("instructor"), person(name="Ada Lovelace")
    mine = give(to=holder, source=f"certificate:of-{teacher.id}")
    other = give(to=person(name="Eve Other"))
    client = sign_in(teacher)
    html = client.get(AWARDS).text
    assert "Ada Lovelace" in html
    assert "Eve Other" not in html
    assert client.submit(AWARDS, {"chosen": [other.public_id], "reason": "No."}).status_code == 404
    assert client.submit(AWARDS, {"chosen": [mine.public_id, other.public_id], "reason": "No."}).status_code == 404
    assert fresh(mine).live
    assert client.submit(AWARDS, {"chosen": [mine.public_id], "reason": "A mistake."}).status_code == 303
    assert not fresh(mine).live
    assert services.may_revoke(teacher, fresh(mine))
    assert not services.may_revoke(teacher, fresh(other))


def test_a_learner_opens_no_page_of_those_who_look_after_awards(person, sign_in, give):
    client = sign_in(person())
    for path in (AWARDS, KEYS, f"{KEYS}/x", "/administration/open-badges/conformance"):
        assert client.get(path).status_code == 403
    token = client.token("/check-badge")
    for path in (AWARDS, KEYS, f"{KEYS}/x/compromised"):
        assert client.post(path, data={"csrf_token": token}).status_code == 403


def test_the_list_of_awards_is_searched_and_hostile_names_are_harmless(admin, give, person):
    give(to=person(name="<script>alert(1)</script>"))
    give(to=person(name="Grace"))
    assert "<script>alert" not in admin.get(AWARDS).text
    html = admin.get(f"{AWARDS}?q=grac").text
    assert "Grace" in html
    assert "alert(1)" not in html
    assert "Nothing found" in admin.get(f"{AWARDS}?q=%25").text


def test_the_list_of_awards_costs_the_same_for_ten_and_for_many(admin, give, person, app):
    from sqlalchemy import event

    from portal.core.db import db

    counted = []
    event.listen(db.engine, "before_cursor_execute", lambda *arguments: counted.append(arguments[2]))

    def statements() -> int:
        counted.clear()
        assert admin.get(AWARDS).status_code == 200
        return len(counted)

    give(to=person())
    few = statements()
    for _ in range(12):
        give(to=person())
    assert statements() == few


def test_a_holder_takes_every_form_along_and_nobody_else_sees_the_page(give, person, sign_in):
    holder = person()
    row = give(to=holder)
    html = sign_in(holder).get(f"/badges/mine/{row.public_id}").text
    for name in ("v1.json", "signed.jws", "credential.jwt"):
        assert (name in html) is (name != "v1.json")
    assert "First aid" in sign_in(holder).get("/badges/mine").text
    for stranger in (person(), person("administrator")):
        assert sign_in(stranger).get(f"/badges/mine/{row.public_id}").status_code == 404
        assert "First aid" not in sign_in(stranger).get("/badges/mine").text


def test_a_holder_withdraws_publication_after_a_question(give, person, sign_in, client):
    holder = person()
    row = give(to=holder)
    path = f"/badges/mine/{row.public_id}/withdraw"
    assert sign_in(person()).post(path, data={"csrf_token": "x"}).status_code in {400, 404}
    signed_in = sign_in(holder)
    assert signed_in.get(path).status_code == 200
    assert fresh(row).live
    assert "not public any more" in signed_in.submit(path, follow_redirects=True).text
    assert client.get(f"/badges/assertions/{row.public_id}").status_code == 410


def test_a_badge_is_given_anew_to_a_newly_verified_address(give, person, sign_in, client):
    holder = person()
    row = give(to=holder, source="certificate:1")
    new = EmailAddress(
        address="new@example.org", verified_address="new@example.org", verified_at=now(), person_id=holder.id
    )
    foreign = person().addresses[0]
    session().add(new)
    commit()
    signed_in = sign_in(holder)
    page, path = f"/badges/mine/{row.public_id}", f"/badges/mine/{row.public_id}/address"
    assert signed_in.submit(path, {"address": foreign.public_id}, on=page).status_code == 422
    assert signed_in.submit(path, {"address": new.public_id}, on=page).status_code == 303
    fresh_award = services.live_award("certificate:1")
    assert fresh_award.recipient_address == "new@example.org"
    assert fresh(row).replaced_by_id == fresh_award.id
    assert client.get(f"/badges/assertions/{row.public_id}").status_code == 410
    assert client.get(f"/badges/assertions/{fresh_award.public_id}").status_code == 200


def test_a_badge_cannot_be_reinstated(give):
    row = give()
    services.revoke(row, reason="Given by mistake.")
    with pytest.raises(Refused, match="for good"):
        services.reinstate(row)


def test_keys_are_rotated_and_marked_as_compromised_from_the_page(admin, give, person):
    give(to=person())
    assert "signed 1 award" in admin.get(KEYS).text
    old = keys.ensure_keys()
    commit()
    assert "New keys sign from now on" in admin.submit(KEYS, follow_redirects=True).text
    session().expire_all()
    assert {row.id for row in keys.ensure_keys()}.isdisjoint({row.id for row in old})
    commit()
    page = f"{KEYS}/{old[0].public_id}"
    assert "First aid" in admin.get(page).text
    assert "This key is compromised" in admin.submit(f"{page}/compromised", on=page, follow_redirects=True).text
    assert admin.get(f"{KEYS}/unknown").status_code == 404


def test_the_page_of_keys_stands_before_there_are_any(admin):
    assert "No keys yet" in admin.get(KEYS).text


def test_the_page_on_conformance_lists_both_standards(admin):
    html = admin.get("/administration/open-badges/conformance").text
    for words in (
        "Open Badges 2.0, issuer",
        "Open Badges 2.0, displayer",
        "Open Badges 3.0, issuer",
        "Open Badges 3.0, displayer",
    ):
        assert words in html


@pytest.mark.parametrize("revoke_all", [True, False])
def test_an_erased_persons_badges_stay_verifiable_or_end_as_they_choose(give, person, client, revoke_all):
    holder = person(address="ada@example.org")
    row = give(to=holder)
    copy = row.document_v3
    services.forget(holder, revoke_all=revoke_all)
    commit()
    kept = fresh(row)
    assert (kept.person_id, kept.recipient_address) == (None, None)
    answers = {
        path: client.get(f"/badges/{path}").status_code
        for path in (f"assertions/{row.public_id}", f"credentials/{row.public_id}")
    }
    if revoke_all:
        assert answers[f"assertions/{row.public_id}"] == 410
        assert not kept.document_v2
    else:
        assert set(answers.values()) == {200}
        assert kept.document_v3 == copy
    commit()
    report = verify(copy, BadgeFetcher(), now=now())
    assert report.valid is not revoke_all
