"""The Earn badge window: nothing public before Send, one award after it, and another address while nobody has it."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from portal.accounts.models import EmailAddress
from portal.badges import services as badges
from portal.badges.models import Award
from portal.certificates import services
from portal.core.clock import now
from portal.core.db import commit, session
from portal.delivery.models import Sending, SendingState
from portal.delivery.reading.models import Reading
from portal.openbadges.baking import unbake_png
from tests import earning


@pytest.fixture
def learner(person):
    who = person(address="aino@example.org")
    for address, verified in (("aino@work.example", True), ("unproved@example.org", False)):
        who.addresses.append(
            EmailAddress(
                address=address,
                verified_address=address if verified else None,
                verified_at=now() if verified else None,
            )
        )
    commit()
    return who


@pytest.fixture
def certificate(learner):
    return earning.certificate(learner)


def window(certificate) -> str:
    return f"/certificates/{certificate.public_id}/earn"


def send(client, certificate, to, **more):
    return client.submit(window(certificate), {"address": to.public_id, "backpack": "builtin", **more})


def last_sending() -> Sending:
    session().expire_all()
    row = session().query(Sending).order_by(Sending.id.desc()).first()
    commit()
    return row


def test_the_window_shows_what_is_sent_where_before_anything_is_public(learner, certificate, sign_in):
    page = sign_in(learner).get(window(certificate)).get_data(as_text=True)
    for words in ("Data literacy", "Reads and questions figures.", "Academy of Fjords", "Recipient e-mail", "Send to"):
        assert words in page
    assert "aino@example.org" in page
    assert "aino@work.example" in page
    assert "unproved@example.org" not in page
    assert "Your backpack must have the same e-mail address" in page
    assert "Cancel" in page
    assert session().query(Award).count() == 0


def test_send_issues_one_award_and_says_where_it_stands(learner, certificate, sign_in):
    client = sign_in(learner)
    assert send(client, certificate, learner.addresses[1]).location == window(certificate)
    award = session().query(Award).one()
    assert award.recipient_address == "aino@work.example"
    assert award.evidence_url == f"https://portal.example/check/{certificate.number}"
    assert certificate.share_secret not in award.document_v1.decode() + award.document_v2.decode()
    page = client.get(window(certificate)).get_data(as_text=True)
    assert "needs your permission" in page
    assert "For aino@work.example" in page
    assert "Earn badge</a>" not in client.get(f"/certificates/{certificate.public_id}").get_data(as_text=True)


def test_the_badge_ends_with_the_certificate(learner, sign_in):
    certificate = earning.certificate(learner, validity_kind="period", validity_count=1, validity_unit="years")
    send(sign_in(learner), certificate, learner.addresses[0])
    assert session().query(Award).one().expires_at == certificate.valid_until


@pytest.mark.parametrize("choice", [{"address": "x"}, {"backpack": "mozilla"}, {"backpack": "https://evil.example"}, {"address": ""}])  # fmt: skip
def test_a_choice_that_was_not_offered_is_refused_and_nothing_is_issued(learner, certificate, sign_in, choice):
    answer = send(sign_in(learner), certificate, learner.addresses[0], **choice)
    assert answer.status_code == 422
    assert session().query(Award).count() == 0


def test_an_unproved_address_or_anothers_is_refused(learner, certificate, person, sign_in):
    stranger = person()
    for address in (learner.addresses[2], stranger.addresses[0]):
        assert send(sign_in(learner), certificate, address).status_code == 422
    assert session().query(Award).count() == 0


def test_what_has_expired_or_was_revoked_earns_no_badge(learner, person, sign_in, clock):
    ended = earning.certificate(learner, source="m:1", validity_kind="period", validity_count=1, validity_unit="days")
    revoked = earning.certificate(learner, source="m:2")
    services.revoke(revoked, reason="Mistake.", by=person("administrator"))
    commit()
    client = sign_in(learner)
    valid = window(earning.certificate(learner, source="m:3"))
    clock(now() + timedelta(days=2))
    token = client.token(valid)
    for certificate in (ended, revoked):
        data = {"csrf_token": token, "address": learner.addresses[0].public_id, "backpack": "builtin"}
        assert client.post(window(certificate), data=data).status_code == 422
        assert "only while the certificate is valid" in client.get(window(certificate)).get_data(as_text=True)
    assert session().query(Award).count() == 0


def test_revoking_the_certificate_revokes_its_badge_too(learner, certificate, person, sign_in):
    send(sign_in(learner), certificate, learner.addresses[0])
    services.revoke(certificate, reason="Mistake.", by=person("administrator"))
    commit()
    award = session().query(Award).one()
    assert award.revoked_at is not None
    assert "revoked" in sign_in(learner).get(window(certificate)).get_data(as_text=True)


def test_a_badge_that_nobody_has_is_given_to_another_address(learner, certificate, sign_in):
    client = sign_in(learner)
    send(client, certificate, learner.addresses[0])
    answer = client.submit(
        window(certificate) + "/address",
        {"address": learner.addresses[1].public_id, "backpack": "builtin"},
        on=window(certificate),
    )
    assert answer.status_code == 303
    first, second = session().query(Award).order_by(Award.id)
    assert not first.live
    assert second.recipient_address == "aino@work.example"
    assert [row.state for row in session().query(Sending).order_by(Sending.id)] == ["replaced", "needs_permission"]
    assert client.get(urlsplit(badges.assertion_v1_url(first)).path).status_code == 410


@pytest.mark.parametrize("state", [SendingState.SENT, SendingState.ALREADY_THERE, SendingState.HANDED_OVER])
def test_a_badge_that_a_backpack_has_stays_where_it_is(learner, certificate, sign_in, state):
    client = sign_in(learner)
    send(client, certificate, learner.addresses[0])
    token = client.token(window(certificate))
    row = session().query(Sending).one()
    row.state, row.settled_at = state, now()
    commit()
    data = {"csrf_token": token, "address": learner.addresses[1].public_id, "backpack": "builtin"}
    answer = client.post(window(certificate) + "/address", data=data)
    assert answer.status_code == 422
    assert "It cannot be replaced now." in answer.get_data(as_text=True)
    assert session().query(Award).one().live
    assert "another e-mail address instead" not in client.get(window(certificate)).get_data(as_text=True)


def test_a_badge_that_a_worker_holds_is_not_replaced_under_it(learner, certificate, sign_in):
    client = sign_in(learner)
    send(client, certificate, learner.addresses[0])
    token = client.token(window(certificate))
    row = session().query(Sending).one()
    row.state, row.leased_until = SendingState.WAITING, now() + timedelta(minutes=3)
    commit()
    data = {"csrf_token": token, "address": learner.addresses[1].public_id, "backpack": "builtin"}
    assert client.post(window(certificate) + "/address", data=data).status_code == 422


def test_the_badge_can_be_downloaded_copied_and_looked_at(learner, certificate, sign_in):
    client = sign_in(learner)
    path = f"/certificates/{certificate.public_id}/badge.png"
    assert client.get(path).status_code == 404
    send(client, certificate, learner.addresses[0])
    award = session().query(Award).one()
    answer = client.get(path)
    assert answer.mimetype == "image/png"
    assert badges.assertion_url(award) in str(unbake_png(answer.data))
    page = client.get(window(certificate)).get_data(as_text=True)
    for words in ("Download badge", "Copy address", "View as others see it", badges.assertion_url(award)):
        assert words in page


def test_show_it_in_my_transcript_leads_to_the_filled_in_form_and_watches(learner, certificate, sign_in):
    client = sign_in(learner)
    send(client, certificate, learner.addresses[0])
    row = session().query(Sending).one()
    row.state, row.settled_at = SendingState.SENT, now()
    commit()
    path = f"/certificates/{certificate.public_id}/show"
    address = urlsplit(client.submit(path, on=window(certificate)).location)
    assert address.path == "/backpack/collections/new"
    assert parse_qs(address.query) == {
        "name": ["Valamis collection"],
        "public": ["1"],
        "badge": [badges.assertion_v1_url(session().query(Award).one())],
    }
    assert session().query(Reading).count() == 2, "both verified addresses are watched"


def test_show_without_a_badge_says_what_is_missing(learner, certificate, sign_in):
    answer = sign_in(learner).submit(f"/certificates/{certificate.public_id}/show", on=window(certificate))
    assert answer.status_code == 409


def test_without_an_issuer_the_window_says_who_has_to_act(learner, certificate, sign_in):
    session().delete(badges.issuer())
    commit()
    client = sign_in(learner)
    assert "An administrator has to name the issuer first" in client.get(window(certificate)).get_data(as_text=True)


def test_the_whole_way_into_the_built_in_backpack_and_only_over_its_protocol(learner, certificate, sign_in, run_jobs):
    client = sign_in(learner)
    send(client, certificate, learner.addresses[0])
    sending = last_sending()
    consent = client.submit(f"/sendings/{sending.public_id}/allow", on=window(certificate)).location
    assert consent.startswith("https://portal.example/backpack/access?")
    page = client.get(consent.removeprefix("https://portal.example"))
    assert page.status_code == 200
    html = page.get_data(as_text=True)
    fields = dict(_hidden_fields(html))
    answer = client.post(_action(html) or "/backpack/access", data={**fields, "decision": "allow"})
    back = answer.location
    assert back.startswith("https://portal.example/backpacks/return/"), html
    assert client.get(back.removeprefix("https://portal.example")).location == window(certificate)
    run_jobs()
    sending = last_sending()
    assert (sending.state, sending.reason) == ("sent", None)
    assert "Show it in my transcript" in client.get(window(certificate)).get_data(as_text=True)
    assert "Data literacy" in client.get("/backpack").get_data(as_text=True)


def _hidden_fields(html):
    import re

    return re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html)


def _action(html):
    import re

    found = re.search(r'<form[^>]*action="(/backpack/access[^"]*)"', html)
    return found[1].replace("&amp;", "&") if found else None
