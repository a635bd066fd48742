"""Backpack Connect against a backpack of somebody else: consent, pushing, rotating, and everything that goes wrong."""

from __future__ import annotations

import threading
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from portal.badges import services as badges
from portal.core import jobs, outbound
from portal.core.clock import now
from portal.core.db import commit, session
from portal.delivery import connections
from portal.delivery import jobs as delivery_jobs
from portal.delivery.couriers import connect
from portal.delivery.couriers.courier import Outcome
from portal.delivery.models import Connection, ConsentRequest, Reason, Sending, SendingState
from portal.notices.models import Notice


def later(clock, **delta) -> None:
    clock(now() + timedelta(**delta))


def test_send_asks_for_permission_once_and_the_worker_carries_the_badge(offered, learner, run_jobs):
    someone = learner()
    assert someone.send().location == someone.earn_page
    assert "needs your permission" in someone.page()
    assert offered.pushes == []
    answer = someone.press("allow")
    assert answer.location.startswith(f"{offered.url}/access?")
    back = offered.consent(answer.location)
    assert someone.client.get(back).location == someone.earn_page
    assert "on its way" in someone.page()
    run_jobs()
    award = badges.live_award(someone.certificate.badge_source)
    assert offered.badges == [badges.assertion_v1_url(award)]
    page = someone.page()
    assert f"Sent to {urlsplit(offered.url).netloc}" in page
    assert "Show it in my transcript" in page


def test_a_second_badge_needs_no_second_permission(connected, offered, person, run_jobs):
    from tests.earning import certificate

    run_jobs()
    second = certificate(connected.person, source="membership:other", title="Another")
    connected.certificate, connected.earn_page = second, f"/certificates/{second.public_id}/earn"
    connected.send()
    assert connected.sending.state == "due"
    run_jobs()
    assert connected.sending.state == "sent"
    assert len(offered.badges) == 2


def test_the_answer_no_on_the_consent_page_sends_nothing_and_can_be_changed(offered, learner, run_jobs):
    someone = learner()
    someone.send()
    back = offered.consent(someone.press("allow").location, allow=False)
    assert someone.client.get(back).location == someone.earn_page
    assert "It was not allowed" in someone.page()
    run_jobs()
    assert offered.pushes == []
    someone.client.get(offered.consent(someone.press("allow").location))
    run_jobs()
    assert someone.sending.state == "sent"


def test_any_number_of_clicks_and_tabs_make_one_award_and_one_sending(connected, offered, run_jobs):
    for _click in range(5):
        connected.client.post(
            connected.earn_page,
            data={
                "csrf_token": connected.client.token(connected.earn_page),
                "address": connected.person.addresses[0].public_id,
                "backpack": "mozilla",
            },
        )
    run_jobs()
    assert session().query(Sending).count() == 1
    assert len(offered.badges) == 1


def test_the_tokens_are_encrypted_and_the_nonce_is_stored_as_a_digest(connected, offered):
    row = session().query(Connection).one()
    assert offered.access.encode() not in row.tokens
    assert offered.refresh.encode() not in row.tokens
    assert connections.tokens_of(row) == connections.Tokens(access=offered.access, refresh=offered.refresh)
    assert len(session().query(ConsentRequest).one().digest) == 64


def test_a_nonce_is_good_once(offered, learner):
    someone = learner()
    someone.send()
    back = offered.consent(someone.press("allow").location)
    someone.client.get(back)
    stolen = back.replace(offered.access, "another")
    answer = someone.client.get(stolen)
    assert answer.location == "/backpacks"
    row = session().query(Connection).one()
    assert connections.tokens_of(row).access == offered.access


def test_a_nonce_is_good_in_its_own_session_alone(offered, learner, sign_in, client):
    someone = learner()
    someone.send()
    back = offered.consent(someone.press("allow").location)
    stranger = learner()
    for other in (stranger.client, sign_in(someone.person), client):
        assert other.get(back).status_code in {302, 303}
    assert session().query(Connection).count() == 0
    someone.client.get(back)
    assert session().query(Connection).one().person_id == someone.person.id


def test_a_nonce_is_too_old_after_half_an_hour(offered, learner, clock):
    someone = learner()
    someone.send()
    back = offered.consent(someone.press("allow").location)
    later(clock, minutes=31)
    assert someone.client.get(back).location == "/backpacks"
    assert session().query(Connection).count() == 0


def test_the_way_back_leaves_no_token_in_the_address_bar_or_a_referrer(offered, learner):
    someone = learner()
    someone.send()
    answer = someone.client.get(offered.consent(someone.press("allow").location))
    assert "token" not in answer.location
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "query",
    [
        "",
        "access_token=a",
        "access_token=a&refresh_token=b",
        "access_token=a&refresh_token=b&api_root=https://evil.example/api",
        "access_token=a&refresh_token=b&api_root=javascript:alert(1)",
        "access_token=a&refresh_token=b&api_root=http://[",
        "access_token=&refresh_token=&api_root={url}/api",
        "access_token={long}&refresh_token=b&api_root={url}/api",
    ],
)
def test_a_return_that_makes_no_sense_connects_nothing(offered, learner, query):
    someone = learner()
    someone.send()
    address = someone.press("allow").location
    callback = urlsplit(parse_qs(urlsplit(address).query)["callback"][0]).path
    answer = someone.client.get(f"{callback}?{query.format(url=offered.url, long='x' * 5000)}")
    assert answer.location == someone.earn_page
    assert session().query(Connection).count() == 0
    assert someone.sending.state == "needs_permission"


def test_the_return_leads_nowhere_but_to_pages_of_the_portal(offered, learner):
    someone = learner()
    someone.send()
    back = offered.consent(someone.press("allow").location) + "&next=https://evil.example&back_to=//evil.example"
    assert someone.client.get(back).location == someone.earn_page


def test_an_expired_token_is_exchanged_and_both_rotate(connected, offered, run_jobs):
    offered.expire()
    run_jobs()
    assert connected.sending.state == "sent"
    assert offered.refreshes == 1
    row = session().query(Connection).one()
    assert connections.tokens_of(row) == connections.Tokens(access=offered.access, refresh=offered.refresh)


def test_a_permission_withdrawn_in_the_backpack_is_asked_for_again(connected, offered, run_jobs):
    offered.revoke()
    run_jobs()
    assert connected.sending.state == "needs_permission"
    assert "was withdrawn or is too old" in connected.page()
    assert connected.client.get("/backpacks").get_data(as_text=True).count("Disconnect") == 0
    connected.client.get(offered.consent(connected.press("allow").location))
    run_jobs()
    assert connected.sending.state == "sent"


def test_a_badge_that_is_there_already_is_said_to_be_there(connected, offered, run_jobs):
    offered.badges.append(badges.assertion_v1_url(badges.live_award(connected.certificate.badge_source)))
    commit()
    run_jobs()
    assert connected.sending.state == "already_there"
    assert "Already in" in connected.page()


def test_a_push_whose_answer_never_came_is_repeated_and_the_badge_is_there_once(
    connected, offered, run_jobs, clock, monkeypatch
):
    monkeypatch.setattr(connect, "PUSH_SECONDS", 0.5)
    offered.take_and_forget_to_answer = 1
    run_jobs()
    assert connected.sending.state == "due"
    assert "did not answer in time" in connected.page()
    later(clock, minutes=1)
    run_jobs()
    assert connected.sending.state == "sent"
    assert len(offered.badges) == 1


def test_a_worker_killed_between_push_and_record_leaves_one_badge(connected, offered, run_jobs, clock, monkeypatch):
    def killed(*_args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(delivery_jobs, "_record", killed)
        with pytest.raises(KeyboardInterrupt):
            delivery_jobs.carry_badges()
    session().rollback()
    assert len(offered.badges) == 1
    run_jobs()
    assert connected.sending.state == "due", "the dead worker's lease holds for a while"
    later(clock, seconds=delivery_jobs.LEASE_SECONDS + 1)
    run_jobs()
    assert connected.sending.state == "sent"
    assert len(offered.badges) == 1
    assert len(offered.pushes) == 2


def test_two_workers_take_a_sending_once(app, connected, offered):
    def work():
        with app.app_context():
            delivery_jobs.carry_badges()
            session().close()

    commit()
    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert connected.sending.state == "sent"
    assert len(offered.pushes) == 1


def test_a_worker_whose_lease_ran_out_records_nothing(connected, offered, run_jobs, clock):
    slow = jobs.claim(Sending, limit=1, seconds=1)[0]
    session().expunge(slow)
    later(clock, seconds=5)
    run_jobs()
    assert connected.sending.state == "sent"
    delivery_jobs._record(slow, Outcome(state=SendingState.FAILED, reason=Reason.UNREACHABLE))
    assert connected.sending.state == "sent"


@pytest.mark.parametrize(
    ("status", "body", "state", "words"),
    [
        ("400 Bad Request", b'{"message":"image must be png"}', "refused", "does not accept the badge&#39;s picture"),
        ("400 Bad Request", b'{"message":"assertion inaccessible"}', "refused", "cannot read the badge"),
        ("400 Bad Request", b"\xff\xfe not json", "refused", "not valid for you"),
        ("403 Forbidden", b'{"message":"recipient mismatch"}', "refused", "belongs to another e-mail address"),
        ("403 Forbidden", b'{"message":"origin does not match"}', "refused", "does not take badges of this issuer"),
        ("404 Not Found", b"", "failed", "makes no sense"),
        ("302 Found", b"", "failed", "makes no sense"),
    ],
)
def test_each_refusal_is_explained(connected, offered, run_jobs, status, body, state, words):
    offered.answer = lambda: (status, [("Location", "http://10.0.0.1/")] if status.startswith("302") else [], body)
    run_jobs()
    assert connected.sending.state == state
    page = connected.page()
    assert "Could not be sent" in page
    assert words in page
    offered.answer = None
    connected.press("retry")
    run_jobs()
    assert connected.sending.state == "sent"


def test_a_busy_backpack_is_tried_again_not_before_it_says(connected, offered, run_jobs, clock):
    offered.answer = lambda: ("503 Busy", [("Retry-After", "900")], b"")
    run_jobs()
    sending = connected.sending
    assert sending.state == "due"
    assert sending.not_before >= now() + timedelta(seconds=890)
    offered.answer = None
    later(clock, seconds=600)
    run_jobs()
    assert offered.badges == []
    later(clock, seconds=400)
    run_jobs()
    assert connected.sending.state == "sent"


def told_of_failures():
    return session().query(Notice).filter_by(kind="sending_failed").all()


def test_a_backpack_that_stays_down_is_given_up_in_the_end(connected, offered, run_jobs, clock):
    offered.close()
    for _try in range(len(delivery_jobs.PAUSES) + 1):
        run_jobs()
        later(clock, hours=13)
    assert connected.sending.state == "failed"
    (told,) = told_of_failures()
    assert told.person_id == connected.sending.person_id
    assert told.content == {
        "badge": connected.sending.award.badge_class.name,
        "backpack": connected.sending.backpack_name,
    }
    assert told.url == connected.sending.back_to
    page = connected.page()
    assert "the backpack cannot be reached" in page
    assert "Try again" in page


def test_a_backpack_that_floods_is_cut_off(connected, offered, run_jobs):
    offered.answer = lambda: ("201 Created", [], b"x" * 300_000)
    run_jobs()
    assert connected.sending.state == "due"
    assert connected.sending.reason == "not_understood"


def test_a_refresh_that_answers_nonsense_is_no_permission_lost(connected, offered, run_jobs, monkeypatch):
    offered.expire()
    monkeypatch.setattr(offered, "_token", lambda asked: ("200 OK", [], b"[not json"))
    run_jobs()
    assert connected.sending.state == "due"
    assert session().query(Connection).one().holds


def test_no_call_to_a_private_address_is_made_where_it_is_not_allowed(app, connected, run_jobs, monkeypatch):
    from dataclasses import replace

    app.extensions["laurel_settings"] = replace(app.extensions["laurel_settings"], allowed_private_hosts=frozenset())
    run_jobs()
    assert connected.sending.state == "failed"
    assert connected.sending.reason == "private_address"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("120", 120), ("0", 0), ("99999999999", 86_400), ("-5", None), ("soon", None), ("", None), ("Ⅻ", None)],
)
def test_retry_after_is_read_with_care(text, seconds):
    moment = now()
    found = connect.retry_after(text, moment)
    assert found == (None if seconds is None else moment + timedelta(seconds=seconds))


def test_retry_after_may_be_a_date():
    moment = now()
    assert connect.retry_after("Wed, 21 Oct 2015 07:28:00 GMT", moment) == moment
    assert connect.retry_after("Fri, 01 Jan 2100 00:00:00 GMT", moment) == moment + timedelta(days=1)


def test_disconnecting_forgets_the_tokens(connected, offered, run_jobs):
    run_jobs()
    page = connected.client.get("/backpacks").get_data(as_text=True)
    assert "Disconnect" in page
    row = session().query(Connection).one()
    commit()
    answer = connected.client.submit(f"/backpacks/{row.public_id}/disconnect", on="/backpacks")
    assert answer.status_code == 303
    session().expire_all()
    assert session().query(Connection).one().tokens is None
    assert "No backpack is connected yet" in connected.client.get("/backpacks").get_data(as_text=True)


def test_a_stranger_sees_and_ends_nobody_elses_connection(connected, learner):
    row = session().query(Connection).one()
    commit()
    stranger = learner()
    assert stranger.client.submit(f"/backpacks/{row.public_id}/disconnect", on=stranger.earn_page).status_code == 404
    assert "Disconnect" not in stranger.client.get("/backpacks").get_data(as_text=True)


@pytest.mark.parametrize("verb", ["allow", "hand-over", "confirm", "retry"])
def test_a_stranger_does_nothing_to_anothers_sending(connected, learner, verb):
    stranger = learner()
    path = f"/sendings/{connected.sending.public_id}/{verb}"
    assert stranger.client.submit(path, {"accepted": "yes"}, on=stranger.earn_page).status_code == 404
    assert connected.client.post(path, data={"accepted": "yes"}).status_code == 400, "no CSRF token"


def test_a_revoked_award_is_not_sent(connected, offered, run_jobs):
    award = badges.live_award(connected.certificate.badge_source)
    badges.revoke(award, reason="Mistake.")
    commit()
    run_jobs()
    assert offered.pushes == []
    assert connected.sending.state == "failed"
    assert told_of_failures() == [], "the learner hears of the revocation itself"


def test_a_push_inside_a_transaction_is_impossible(connected):
    session().query(Sending).first()
    with pytest.raises(RuntimeError, match="inside a transaction"):
        outbound.fetch("https://example.org/")
