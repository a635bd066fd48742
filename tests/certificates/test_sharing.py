"""A certificate shown to others: its picture, the link to LinkedIn, what other sites show; and to whom it is not shown."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

from portal.certificates import services
from portal.core.db import commit
from tests import earning


def test_the_picture_of_a_certificate_is_for_whoever_may_see_it(person, sign_in, client):
    learner = person()
    certificate = earning.certificate(learner)
    address = f"/certificates/{certificate.public_id}/certificate.svg"
    answer = sign_in(learner).get(address)
    assert answer.data.startswith(b"<svg")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    again = sign_in(learner).get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert sign_in(person("administrator")).get(address).status_code == 200
    for other in (person(), person("instructor")):
        assert sign_in(other).get(address).status_code == 404
    assert client.get(address).status_code == 302


def test_the_holders_own_link_shows_the_certificate_and_no_other_does(person, client):
    certificate = earning.certificate(person(name="Aino-Sofia Mäkelä"))
    shared = f"/check/{certificate.number}/{certificate.share_secret}"
    page = client.get(shared).get_data(as_text=True)
    assert f"{shared}/certificate.svg" in page
    answer = client.get(f"{shared}/certificate.svg")
    assert answer.data.startswith(b"<svg")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert client.get(f"/check/{certificate.number}/{'x' * 43}/certificate.svg").status_code == 404
    assert client.get(f"/check/unknown/{certificate.share_secret}/certificate.svg").status_code == 404
    assert "certificate.svg" not in client.get(f"/check/{certificate.number}").get_data(as_text=True)
    services.publish_name(certificate, published=True)
    commit()
    wrong = client.get(f"/check/{certificate.number}/{'x' * 43}/certificate.svg")
    assert wrong.status_code == 404, "the code in the picture holds the secret of the link"


def test_other_sites_are_told_what_it_is_and_the_name_only_where_it_is_published(person, client):
    certificate = earning.certificate(person(name="Aino <b>Mäkelä"))
    address = f"/check/{certificate.number}"
    for page in (client.get(address), client.get(f"{address}/{certificate.share_secret}")):
        head = page.get_data(as_text=True).partition("</head>")[0]
        assert f'<meta property="og:image" content="https://portal.example{address}/picture.png">' in head
        assert '<meta name="twitter:card" content="summary_large_image">' in head
        assert f'<meta property="og:url" content="https://portal.example{address}">' in head
        assert "Aino" not in head
        assert certificate.share_secret not in head
    nameless = client.get(f"{address}/picture.png")
    assert nameless.content_type == "image/png"
    assert nameless.headers["Cache-Control"].startswith("public")
    services.publish_name(certificate, published=True)
    commit()
    assert "Aino &lt;b&gt;Mäkelä completed" in client.get(address).get_data(as_text=True)
    named = client.get(f"{address}/picture.png").data
    assert named != nameless.data
    services.publish_name(certificate, published=False)
    commit()
    assert client.get(f"{address}/picture.png").data == nameless.data
    assert client.get("/check/unknown/picture.png").status_code == 404


def test_linkedin_gets_its_form_filled_in_by_the_holder_alone(person, sign_in):
    learner = person()
    certificate = earning.certificate(learner)
    certificate.issued_at = datetime(2026, 11, 12, tzinfo=UTC)
    certificate.valid_until = datetime(2028, 2, 29, tzinfo=UTC)
    certificate.path_title = "Daten & Fakten 証"
    commit()
    client, address = sign_in(learner), f"/certificates/{certificate.public_id}/linkedin"
    for page in ("", "/share"):
        assert "Add to LinkedIn" in client.get(f"/certificates/{certificate.public_id}{page}").get_data(as_text=True)
    answer = client.get(address)
    assert answer.status_code == 302
    parts = urlsplit(answer.location)
    assert (parts.netloc, parts.path) == ("www.linkedin.com", "/profile/add")
    said = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert said == {
        "startTask": "CERTIFICATION_NAME", "name": "Daten & Fakten 証", "organizationName": certificate.issuer_name,
        "issueYear": "2026", "issueMonth": "11", "expirationYear": "2028", "expirationMonth": "2",
        "certUrl": services.share_url(certificate), "certId": certificate.number,
    }  # fmt: skip
    assert sign_in(person("administrator")).get(address).status_code == 404
    certificate.valid_until = datetime(2026, 1, 1, tzinfo=UTC)
    commit()
    assert client.get(address).status_code == 404
    assert "Add to LinkedIn" not in client.get(f"/certificates/{certificate.public_id}").get_data(as_text=True)
