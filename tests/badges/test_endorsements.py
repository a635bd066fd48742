"""Endorsements by other issuers: checked before they are kept and every week, shown while they hold, carried by what is signed later."""

from __future__ import annotations

import io
import json
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from portal.badges import services
from portal.badges.models import Endorsement
from portal.badges.services import endorsements
from portal.core.clock import now
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.openbadges import baking, model, ob20, ob30
from portal.openbadges.documents import stable_bytes
from portal.openbadges.keys import Ed25519Pair
from portal.openbadges.verifying import verify
from portal.web.badge_fetcher import BadgeFetcher
from tests.badges.serving import ORIGIN, serving
from tests.conftest import picture_bytes
from tests.conftest import test_settings as settings_for
from tests.judges import judge_di, judge_ob2

SILENT = 0
BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
ISSUED = datetime(2026, 1, 2, tzinfo=UTC)
PAIR = Ed25519Pair.generate()
DID = f"did:key:{PAIR.public.multibase()}"
SIGNER = ob30.Signer(PAIR, f"{DID}#{PAIR.public.multibase()}")


@pytest.fixture
def settings(tmp_path):
    return replace(settings_for(tmp_path), allowed_private_hosts=frozenset({"127.0.0.1"}))


def guild(**values: str) -> model.Profile:
    known = {"id": "https://guild.example/issuer", "did": DID, "url": "https://guild.example/"}
    return model.Profile(name="Guild of Helpers", email="guild@guild.example", **{**known, **values})


def achievement(badge) -> str:
    return f"{ORIGIN}/badges/achievements/{badge.public_id}"


def proved(endorsed: str, comment: str = "We *ask* for it.", **more: Any) -> bytes:
    said = ob30.endorsement(
        guild(), identifier="urn:uuid:7b8f1c1e-0000-4000-8000-000000000001", endorsed=endorsed, comment=comment,
        issued_at=ISSUED,
    )  # fmt: skip
    return stable_bytes(SIGNER.sign({**said, **more}, created=ISSUED))


@pytest.fixture
def admin(person):
    return person("administrator")


def home(badge) -> str:
    return f"/badges/classes/{badge.public_id}/endorsements"


def add(client, badge, document: bytes | str, **more: Any):
    text = document.decode() if isinstance(document, bytes) else document
    return client.submit(home(badge), {"document": text, **more})


def public_page(client, badge) -> str:
    return client.get(f"/badges/classes/{badge.public_id}", headers={"Accept": BROWSER}).text


def only() -> Endorsement:
    session().expire_all()
    row = session().query(Endorsement).one()
    commit()
    return row


def test_a_pasted_endorsement_is_checked_and_shown_to_everybody_with_its_checks(
    issuer, badge_class, admin, sign_in, client
):
    answer = add(sign_in(admin), badge_class, proved(achievement(badge_class)))
    assert answer.status_code == 303
    page = public_page(client, badge_class)
    for words in ("Guild of Helpers", "<em>ask</em>", "The signature (eddsa-rdfc-2022) is right", "did:key:"):
        assert words in page, words
    row = only()
    document = client.get(f"/badges/endorsements/{row.public_id}")
    assert document.mimetype == "application/vc+ld+json"
    assert document.headers["Access-Control-Allow-Origin"] == "*"
    assert verify(document.data, BadgeFetcher(), now=now()).valid


@pytest.mark.parametrize("kind", ["json", "png", "svg"])
def test_an_endorsement_comes_as_a_file_or_inside_a_picture(issuer, badge_class, admin, sign_in, kind):
    text = proved(achievement(badge_class))
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><circle r="4"/></svg>'
    body = {
        "json": text,
        "png": baking.bake_png(picture_bytes(), text, baking.KEYWORD_OB3),
        "svg": baking.bake_svg(svg, text.decode(), baking.KEYWORD_OB3),
    }[kind]
    answer = sign_in(admin).submit(home(badge_class), {"file": (io.BytesIO(body), f"endorsement.{kind}")})
    assert answer.status_code == 303
    assert (only().body, only().document) == (body, text)


def test_what_does_not_hold_is_refused_with_the_reason_and_nothing_typed_is_lost(
    issuer, badge_class, admin, sign_in, give
):
    client = sign_in(admin)
    good = proved(achievement(badge_class))
    other = proved("https://elsewhere.example/badge")
    ours = stable_bytes(
        services.keys.proof_key().signer.sign(
            ob30.endorsement(
                guild(did="did:web:portal.example"), identifier="urn:uuid:7b8f1c1e-0000-4000-8000-000000000002",
                endorsed=achievement(badge_class), comment="We like ourselves", issued_at=ISSUED,
            ),
            created=ISSUED,
        )
    )  # fmt: skip
    over = proved(achievement(badge_class), validUntil="2026-02-01T00:00:00Z")
    commit()
    for document, reason in (
        (good.replace(b"ask", b"beg"), "The signature is wrong"),
        (other, "This endorses something else: https://elsewhere.example/badge"),
        (ours, "comes from yourself"),
        (over, "has expired"),
        (give().document_v3, "This is a badge, not an endorsement"),
        (b"{}", "not a badge of a kind that can be checked"),
        (b"hello", "neither an address"),
    ):
        answer = add(client, badge_class, document)
        assert answer.status_code == 422
        assert reason in answer.text, (reason, answer.text)
        assert document.decode()[:20].replace('"', "&#34;") in answer.text
    assert client.submit(home(badge_class), {}).status_code == 422
    assert session().query(Endorsement).count() == 0


def test_the_same_endorsement_is_kept_once(issuer, badge_class, admin, sign_in):
    client = sign_in(admin)
    assert add(client, badge_class, proved(achievement(badge_class))).status_code == 303
    answer = add(client, badge_class, proved(achievement(badge_class)))
    assert (answer.status_code, "stands here already" in answer.text) == (422, True)


def test_only_those_who_keep_a_badge_say_which_endorsements_it_has(issuer, badge_class, person, sign_in, client, admin):
    assert client.get(home(badge_class)).status_code == 302
    assert sign_in(person()).get(home(badge_class)).status_code == 403
    assert sign_in(person("instructor")).get(home(badge_class)).status_code == 404
    assert sign_in(person("instructor")).get("/badges/issuer/endorsements").status_code == 403
    add(sign_in(admin), badge_class, proved(achievement(badge_class)))
    row = only().public_id
    stranger = sign_in(person("instructor"))
    for what in ("check", "remove"):
        assert stranger.submit(f"/badges/endorsements/{row}/{what}", on="/profile").status_code == 404
    assert home(badge_class) not in public_page(sign_in(person()), badge_class)
    assert home(badge_class) in public_page(sign_in(admin), badge_class)


def test_credentials_signed_later_carry_it_and_those_signed_before_stay_as_they_are(
    issuer, badge_class, admin, sign_in, give, person
):
    before = give()
    kept = before.document_v3, before.document_v3_jwt, before.badge_class.document_v3
    add(sign_in(admin), badge_class, proved(achievement(badge_class)))
    assert only().carried
    after = give(to=person(address="ada@example.org"))
    said = json.loads(after.document_v3)["credentialSubject"]["achievement"]
    assert [item["issuer"]["name"] for item in said["endorsement"]] == ["Guild of Helpers"]
    assert verify(after.document_v3, BadgeFetcher(), now=now(), addresses=["ada@example.org"]).valid
    assert verify(after.document_v3_jwt, BadgeFetcher(), now=now(), addresses=["ada@example.org"]).valid
    again = services.award_by_public_id(before.public_id)
    assert (again.document_v3, again.document_v3_jwt, again.badge_class.document_v3) == kept


def test_what_would_make_credentials_unfit_for_strict_readers_is_shown_but_not_carried(
    issuer, badge_class, admin, sign_in, give, person, client
):
    said = ob30.endorsement(
        guild(), identifier="urn:uuid:7b8f1c1e-0000-4000-8000-000000000003", endorsed=achievement(badge_class),
        comment="Good.", issued_at=ISSUED,
    )  # fmt: skip
    del said["name"]
    add(sign_in(admin), badge_class, stable_bytes(SIGNER.sign(said, created=ISSUED)))
    assert not only().carried
    assert "Guild of Helpers" in public_page(client, badge_class)
    assert b"endorsement" not in give().document_v3


def test_removing_ends_it_for_the_public(issuer, badge_class, admin, sign_in, client):
    keeper = sign_in(admin)
    add(keeper, badge_class, proved(achievement(badge_class)))
    row = only().public_id
    assert keeper.submit(f"/badges/endorsements/{row}/remove", on=home(badge_class)).status_code == 303
    assert "Guild of Helpers" not in public_page(client, badge_class)
    assert client.get(f"/badges/endorsements/{row}").status_code == 404


def test_an_endorsement_of_the_issuer_stands_on_the_issuers_page(issuer, admin, sign_in, client):
    keeper = sign_in(admin)
    answer = keeper.submit("/badges/issuer/endorsements", {"document": proved("did:web:portal.example").decode()})
    assert answer.status_code == 303
    assert "Guild of Helpers" in client.get("/badges/issuer", headers={"Accept": BROWSER}).text
    assert "endorsement" not in client.get("/badges/issuer").get_json(force=True)


@pytest.fixture
def elsewhere():
    """A host of somebody else's that answers what it is told to."""
    answers: dict[str, tuple[int, bytes]] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = answers.get(self.path, (404, b"nothing"))
            if status == SILENT:
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Content-Type", "application/ld+json")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", answers
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def hosted(issuer, badge_class, elsewhere, admin, sign_in):
    """An endorsement of 2.0 that was added, and what its host answers."""
    origin, answers = elsewhere
    author = guild(id=f"{origin}/issuer", url=f"{origin}/")
    document = ob20.endorsement(
        author, identifier=f"{origin}/e1", endorsed=f"{ORIGIN}/badges/classes/{badge_class.public_id}",
        comment="We ask for it.", issued_at=ISSUED,
    )  # fmt: skip
    answers["/issuer"] = 200, stable_bytes(ob20.profile(author))
    answers["/e1"] = 200, stable_bytes(document)
    assert add(sign_in(admin), badge_class, f"{origin}/e1").status_code == 303
    return answers


def test_an_endorsement_of_2_0_is_added_by_its_address(hosted, badge_class, client):
    assert only().standard == "2.0"
    assert not only().carried
    assert client.get(f"/badges/endorsements/{only().public_id}").mimetype == "application/ld+json"
    assert "We ask for it." in public_page(client, badge_class)


def test_one_that_was_taken_back_vanishes_within_the_week_and_its_keeper_sees_why(
    hosted, badge_class, client, run_jobs, clock, admin, sign_in
):
    row = only().public_id
    gone = {"@context": "https://w3id.org/openbadges/v2", "revoked": True, "revocationReason": "We erred."}
    hosted["/e1"] = 410, stable_bytes(gone)
    run_jobs()
    assert "We ask for it." in public_page(client, badge_class)
    clock(now() + timedelta(days=7, minutes=1))
    run_jobs()
    assert "We ask for it." not in public_page(client, badge_class)
    assert client.get(f"/badges/endorsements/{row}").status_code == 410
    page = sign_in(admin).get(home(badge_class)).text
    assert "Not shown" in page
    assert "We erred." in page


def test_one_whose_host_is_silent_stays_for_thirty_days_and_comes_back_when_it_answers(
    hosted, badge_class, client, run_jobs, clock, admin, sign_in
):
    answer, begun = hosted["/issuer"], now()
    hosted["/issuer"] = SILENT, b""
    for days, shown in ((8, True), (29, True), (32, False)):
        clock(begun + timedelta(days=days))
        run_jobs()
        assert ("We ask for it." in public_page(client, badge_class)) is shown, days
    hosted["/issuer"] = answer
    keeper = sign_in(admin)
    done = keeper.submit(f"/badges/endorsements/{only().public_id}/check", on=home(badge_class), follow_redirects=True)
    assert "still holds" in done.text
    assert "We ask for it." in public_page(client, badge_class)


def test_an_expired_endorsement_is_not_shown_from_that_moment_on(issuer, badge_class, admin, sign_in, client, clock):
    ends = (now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    add(sign_in(admin), badge_class, proved(achievement(badge_class), validUntil=ends))
    assert "Guild of Helpers" in public_page(client, badge_class)
    clock(now() + timedelta(days=3))
    assert "Guild of Helpers" not in public_page(client, badge_class)


def test_a_comment_cannot_carry_markup(issuer, badge_class, admin, sign_in, client):
    add(
        sign_in(admin),
        badge_class,
        proved(achievement(badge_class), "<script>alert(1)</script>[x](javascript:alert(1))"),
    )
    page = public_page(client, badge_class)
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_there_is_an_end_to_their_number(issuer, badge_class, admin):
    for number in range(endorsements.MOST):
        endorsements.add(endorsements.check(proved(achievement(badge_class), f"No. {number}")), badge_class, by=admin)
        commit()
    checked = endorsements.check(proved(achievement(badge_class), "One more"))
    with pytest.raises(Refused):
        endorsements.add(checked, badge_class, by=admin)


@pytest.mark.judges
def test_others_accept_credentials_that_carry_endorsements(app, issuer, badge_class, admin, give, person):
    endorsements.add(endorsements.check(proved(achievement(badge_class))), badge_class, by=admin)
    commit()
    story = services.Story(
        narrative="I did *it*.",
        evidence=(model.Evidence(url=f"{ORIGIN}/check-badge?work", name="A plan", genre="Reviewed work"),),
        result=services.percent(87.5),
    )
    award = give(to=person(address="ada@example.org"), evidence_url=f"{ORIGIN}/check-badge", story=story)
    with serving(app) as origins:
        verdict = judge_di(json.loads(award.document_v3), origins=origins)
        assert verdict, verdict.reasons
        verdict = judge_ob2(services.assertion_url(award), origins, recipient="ada@example.org")
        assert verdict, verdict.reasons
        verdict = judge_ob2(award.document_signed.decode(), origins, recipient="ada@example.org")
        assert verdict, verdict.reasons
