"""The pages of certificates: the list, the certificate, its PDF, sharing, revoking, the public check."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import event

from portal.certificates import services
from portal.certificates.models import Certificate
from portal.certificates.providers import NoPaths, set_path_provider
from portal.core.clock import now
from portal.core.db import commit, db, session
from tests import earning


def path_of(certificate, rest: str = "") -> str:
    return f"/certificates/{certificate.public_id}{rest}"


def test_an_empty_list_says_what_will_stand_there(person, sign_in):
    page = sign_in(person()).get("/certificates").get_data(as_text=True)
    assert "No certificate yet" in page
    assert 'href="/learning-paths"' in page


def test_the_list_shows_cover_title_dates_and_what_has_expired(person, sign_in, clock):
    learner = person()
    earning.certificate(learner, source="m:1", title="Lasts", validity_kind="permanent")
    earning.certificate(
        learner, source="m:2", title="Ends", validity_kind="period", validity_count=1, validity_unit="days"
    )
    client = sign_in(learner)
    page = client.get("/certificates").get_data(as_text=True)
    assert "Permanent" in page
    assert "Valid through" in page
    assert "Expired" not in page
    clock(now() + timedelta(days=2))
    assert "Expired" in client.get("/certificates").get_data(as_text=True)


def test_the_list_costs_the_same_number_of_statements_however_long_it_is(person, sign_in):
    learner = person()
    settings = earning.certification()
    client = sign_in(learner)

    def statements() -> int:
        counted = 0

        def count(*_args) -> None:
            nonlocal counted
            counted += 1

        event.listen(db.engine, "before_cursor_execute", count)
        client.get("/certificates")
        event.remove(db.engine, "before_cursor_execute", count)
        return counted

    def grant(first: int, last: int) -> None:
        for number in range(first, last):
            services.grant(
                settings, holder=learner, title="T", path_public_id="p", path_version=1, source=f"m:{number}"
            )
        commit()

    grant(0, 3)
    few = statements()
    grant(3, 200)
    assert statements() == few


def test_the_certificate_says_everything_and_its_address_is_shared_without_the_name(person, sign_in):
    learner = person(name="Aino-Sofia Mäkelä <b>")
    certificate = earning.certificate(learner)
    page = sign_in(learner).get(path_of(certificate)).get_data(as_text=True)
    for words in ("Certificate of completion", "Aino-Sofia Mäkelä &lt;b&gt;", earning.TITLE, certificate.number):
        assert words in page
    for control in ("Earn badge", "Download PDF", "Print", "Share"):
        assert control in page
    assert f"https://portal.example/check/{certificate.number}" in page
    assert certificate.share_secret not in page, "only the picture of the code carries it"


def test_strangers_find_nothing_and_those_who_answer_for_it_do(person, sign_in, client):
    certificate = earning.certificate(person())
    stranger, other, boss = person(), person("instructor"), person("administrator")
    for rest in ("", "/certificate.pdf"):
        assert sign_in(stranger).get(path_of(certificate, rest)).status_code == 404
        assert sign_in(other).get(path_of(certificate, rest)).status_code == 404
        assert sign_in(boss).get(path_of(certificate, rest)).status_code == 200
        assert client.get(path_of(certificate, rest)).status_code == 302
    for rest in ("/earn", "/share", "/badge.png"):
        assert sign_in(stranger).get(path_of(certificate, rest)).status_code == 404
        assert sign_in(boss).get(path_of(certificate, rest)).status_code == 404, "it is the holder's alone"
    assert sign_in(stranger).get(path_of(certificate, "/revoke")).status_code == 403
    assert sign_in(other).get(path_of(certificate, "/revoke")).status_code == 404
    assert sign_in(stranger).get("/certificates/unknown").status_code == 404


@pytest.mark.parametrize("rest", ["/earn", "/earn/address", "/show", "/share", "/revoke"])
def test_nothing_is_done_without_a_csrf_token_or_for_a_stranger(person, sign_in, rest):
    learner = person()
    certificate = earning.certificate(learner)
    assert sign_in(learner).post(path_of(certificate, rest)).status_code == 400
    boss = sign_in(person())
    token = boss.token("/certificates")
    assert boss.post(path_of(certificate, rest), data={"csrf_token": token}).status_code in {403, 404}


def test_an_instructor_of_the_path_sees_and_revokes_it(person, sign_in, client):
    class Paths(NoPaths):
        def instructs(self, person, path_public_id):
            return person.name == "Owner" and path_public_id == "abc"

    certificate = earning.certificate(person())
    owner, other = person("instructor", name="Owner"), person("instructor")
    from portal.certificates import providers

    before = providers.paths()
    set_path_provider(Paths())
    try:
        signed_in = sign_in(owner)
        page = signed_in.get(path_of(certificate)).get_data(as_text=True)
        assert "Revoke certificate" in page
        assert "Earn badge" not in page
        answer = signed_in.submit(path_of(certificate, "/revoke"), {"reason": " "})
        assert answer.status_code == 422
        assert "Fill in this field." in answer.get_data(as_text=True)
        assert signed_in.submit(path_of(certificate, "/revoke"), {"reason": "x" * 501}).status_code == 422
        assert signed_in.submit(path_of(certificate, "/revoke"), {"reason": "<i>A mistake</i> 誤り"}).status_code == 303
        assert sign_in(other).get(path_of(certificate)).status_code == 404
    finally:
        set_path_provider(before)
    page = client.get(f"/check/{certificate.number}").get_data(as_text=True)
    assert "This certificate was revoked" in page
    assert "&lt;i&gt;A mistake&lt;/i&gt; 誤り" in page


def test_the_public_check_hides_the_name_until_it_is_published_or_the_link_says_so(person, sign_in, client):
    learner = person(name="Aino-Sofia Mäkelä")
    certificate = earning.certificate(learner)
    bare, shared = f"/check/{certificate.number}", f"/check/{certificate.number}/{certificate.share_secret}"
    answer = client.get(bare)
    assert "This certificate is valid" in answer.get_data(as_text=True)
    assert "Aino" not in answer.get_data(as_text=True)
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Aino-Sofia Mäkelä" in client.get(shared).get_data(as_text=True)
    wrong = client.get(bare + "/" + "x" * 43).get_data(as_text=True)
    assert "Aino" not in wrong
    assert "does not fit" in wrong
    assert "Aino" not in client.get(bare + "/ä").get_data(as_text=True)
    signed_in = sign_in(learner)
    page = signed_in.get(path_of(certificate, "/share")).get_data(as_text=True)
    assert f"https://portal.example{shared}" in page
    signed_in.submit(path_of(certificate, "/share"), {"name_published": "y"})
    assert "Aino-Sofia Mäkelä" in client.get(bare).get_data(as_text=True)
    signed_in.submit(path_of(certificate, "/share"), {})
    assert "Aino" not in client.get(bare).get_data(as_text=True)


def test_the_public_check_says_what_has_expired(person, client, clock):
    certificate = earning.certificate(person(), validity_kind="period", validity_count=1, validity_unit="weeks")
    clock(now() + timedelta(days=8))
    assert "This certificate has expired" in client.get(f"/check/{certificate.number}").get_data(as_text=True)


def test_a_number_is_asked_for_and_found_however_it_is_typed(person, client):
    certificate = earning.certificate(person())
    assert "Certificate number" in client.get("/check").get_data(as_text=True)
    typed = certificate.number.lower().replace("-", " ")
    assert client.get("/check", query_string={"number": typed}).location == f"/check/{certificate.number}"
    for nonsense in ("", "ABCD", "x" * 100, "<script>", "王小明"):
        answer = client.get("/check", query_string={"number": nonsense})
        assert answer.status_code == 422
        assert "<script>alert" not in answer.get_data(as_text=True)
    assert client.get("/check/AAAA-BBBB-CCCC-DDDD").status_code == 404


def test_guessing_numbers_is_slowed_down(client):
    answers = [client.get(f"/check/AAAA-BBBB-CCCC-{number:04}").status_code for number in range(1000, 1035)]
    assert answers[-1] == 429


def test_numbers_and_secrets_cannot_be_guessed(person):
    learner = person()
    made = [earning.certificate(learner, source=f"m:{number}") for number in range(3)]
    assert len({row.number for row in made}) == 3
    assert all(re.fullmatch(r"([2-9A-HJ-NP-Z]{4}-){3}[2-9A-HJ-NP-Z]{4}", row.number) for row in made)
    assert all(len(row.share_secret) >= 43 for row in made)


@pytest.mark.parametrize(
    "name",
    [
        "Aino-Sofia Mäkelä",
        '#eval("1") *b* _i_ $x$ `c` <lbl> @ref \\ // #include "/etc/passwd"',
        '"}; {"name": "other',
        "محمد علي",
        "王小明",
        "Ж" * 200,
        "W" * 200,
        "\u202eevil",
    ],
)
def test_the_pdf_takes_any_name_as_a_name(person, sign_in, name):
    learner = person(name=name)
    certificate = earning.certificate(learner)
    answer = sign_in(learner).get(path_of(certificate, "/certificate.pdf"))
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert b"pdfuaid" in answer.data
    assert len(re.findall(rb"/Type\s*/Page\b", answer.data)) == 1, "it stays on one page"
    assert certificate.number in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("cover", ["JPEG", "WEBP", None])
def test_the_pdf_takes_any_cover(person, sign_in, cover):
    from portal.core import pictures
    from tests.conftest import picture_bytes

    learner = person()
    row = earning.certificate(learner, open_badges=False)
    row.cover_key = (
        pictures.keep(pictures.check(picture_bytes(cover, (800, 300)), pictures.COVER_RULES)) if cover else None
    )
    commit()
    assert sign_in(learner).get(path_of(row, "/certificate.pdf")).data.startswith(b"%PDF-")
    assert sign_in(learner).get(path_of(row)).status_code == 200


def test_a_certificate_without_a_badge_offers_none(person, sign_in):
    learner = person()
    certificate = earning.certificate(learner, open_badges=False)
    assert "Earn badge" not in sign_in(learner).get(path_of(certificate)).get_data(as_text=True)
    assert "without a badge" in sign_in(learner).get(path_of(certificate, "/earn")).get_data(as_text=True)
    assert session().query(Certificate).count() == 1
