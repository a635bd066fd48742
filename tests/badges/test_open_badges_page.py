"""Administration › Open Badges: naming the issuer, choosing the backpack, and the test of itself."""

from __future__ import annotations

import io
import threading

import pytest
from werkzeug.serving import make_server

from portal.badges import self_test, services
from portal.core.db import commit, session
from portal.delivery import services as delivery
from tests.conftest import test_settings

PATH = "/administration/open-badges"
GOOD = {
    "name": "Academy of Fjords", "url": "https://academy.example/", "email": "Badges@Academy.example", "description": "By the water.",
    "collection_keyword": "Valamis", "backpack_kind": "builtin", "backpack_url": "",
}  # fmt: skip


@pytest.fixture
def admin(person, sign_in):
    return sign_in(person("administrator"))


def test_an_administrator_names_the_issuer(admin):
    answer = admin.submit(PATH, GOOD, follow_redirects=True)
    assert "Saved." in answer.text
    session().expire_all()
    row = services.issuer()
    assert (row.name, row.url, row.email, row.description) == (
        "Academy of Fjords",
        "https://academy.example/",
        "badges@academy.example",
        "By the water.",
    )
    assert delivery.settings().collection_keyword == "Valamis"
    assert 'value="Academy of Fjords"' in admin.get(PATH).text


@pytest.mark.parametrize("role", ["learner", "instructor"])
def test_nobody_else_opens_or_saves_the_page(person, sign_in, role):
    client = sign_in(person(role))
    assert client.get(PATH).status_code == 403
    token = client.token("/check-badge")
    for path in (PATH, f"{PATH}/self-test"):
        assert client.post(path, data={**GOOD, "csrf_token": token}).status_code == 403
    assert services.issuer() is None


def test_a_guest_is_led_to_sign_in(client):
    assert "/sign-in" in client.get(PATH).headers["Location"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "Fill in this field."),
        ("name", "x" * 201, "at most 200"),
        ("url", "", "Fill in this field."),
        ("url", "academy.example", "whole web address"),
        ("url", "javascript:alert(1)", "whole web address"),
        ("email", "", "Fill in this field."),
        ("email", "nobody", "Enter an e-mail address"),
        ("collection_keyword", "", "Fill in this field."),
        ("backpack_kind", "carrier pigeon", "Not a valid choice"),
        ("description", "x" * 2001, "at most"),
    ],
)
def test_an_unfit_value_is_refused_beside_its_field_and_nothing_is_saved(admin, field, value, words):
    answer = admin.submit(PATH, {**GOOD, field: value})
    assert answer.status_code == 422
    assert words in answer.text
    session().expire_all()
    assert services.issuer() is None


def test_another_backpack_needs_its_address_and_nothing_is_half_saved(admin):
    answer = admin.submit(PATH, {**GOOD, "backpack_kind": "mozilla"})
    assert answer.status_code == 422
    session().expire_all()
    assert services.issuer() is None


def test_a_logo_must_be_a_png_whatever_it_is_called(admin, picture):
    answer = admin.submit(PATH, {**GOOD, "logo": (io.BytesIO(picture("JPEG")), "logo.png")})
    assert answer.status_code == 422
    assert "This picture is a JPEG" in answer.text
    assert admin.submit(PATH, {**GOOD, "logo": (io.BytesIO(picture()), "logo.png")}).status_code == 303
    session().expire_all()
    key = services.issuer().logo_key
    assert key.endswith(".png")
    assert admin.submit(PATH, GOOD).status_code == 303
    session().expire_all()
    assert services.issuer().logo_key == key
    assert admin.submit(PATH, {**GOOD, "remove_logo": "y"}).status_code == 303
    session().expire_all()
    assert services.issuer().logo_key is None


def test_hostile_and_foreign_texts_come_back_as_they_were_typed(admin, client):
    name = '<script>alert(1)</script> "学院" العربية'
    assert admin.submit(PATH, {**GOOD, "name": name}).status_code == 303
    assert "<script>alert" not in admin.get(PATH).text
    assert client.get("/badges/issuer").get_json(force=True)["name"] == name


def test_the_list_says_what_is_missing(admin):
    assert admin.get(PATH).text.count("(missing)") >= 3
    admin.submit(PATH, GOOD)
    assert 'The issuer has a name <span class="visually-hidden">(done)' in admin.get(PATH).text


def test_the_button_says_what_another_backpack_offers_and_saves_nothing(admin):
    answer = admin.submit(
        PATH, {**GOOD, "backpack_kind": "mozilla", "backpack_url": "https://portal.example/backpack", "look": "1"}
    )
    assert answer.status_code == 200
    assert "What this backpack offers" in answer.text
    assert "Displayer API" in answer.text
    assert services.issuer() is None
    private = admin.submit(PATH, {**GOOD, "backpack_url": "http://127.0.0.1:1/", "look": "1"})
    assert "private address" in private.text
    assert admin.submit(PATH, {**GOOD, "backpack_url": "nonsense", "look": "1"}).status_code == 422


def test_the_test_of_itself_asks_for_an_issuer_first(admin):
    assert admin.submit(f"{PATH}/self-test", on=PATH).status_code == 409


class TestOverTheNetwork:
    """The portal served on a port of this machine, tested through that port."""

    @pytest.fixture
    def settings(self, tmp_path):
        self.server = None

        def present(environ, start):
            return self.app(environ, start)

        server = make_server("127.0.0.1", 0, present, threaded=True)
        self.port = server.server_port
        self.server = server
        return test_settings(tmp_path, base_url=f"http://localhost:{self.port}")

    @pytest.fixture
    def served(self, app):
        self.app = app.wsgi_app
        thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        thread.start()
        yield app
        self.server.shutdown()
        self.server.server_close()

    def test_every_object_is_in_order(self, served, give, admin):
        give()
        answer = admin.submit(f"{PATH}/self-test", on=PATH)
        assert answer.text.count(">in order<") == 11, answer.text
        assert "not in order" not in answer.text

    def test_a_wall_in_front_is_told_with_advice(self, served, give):
        give()
        asked = self_test.targets()
        commit()
        self.app = lambda _environ, start: (start("200 OK", [("Content-Type", "text/html")]), [b"<h1>Sign in</h1>"])[1]
        assert all(
            "web page came instead" in found.text and "sign-in" in found.advice for found in self_test.run(asked)
        )

    def test_a_proxy_that_changes_the_type_or_redirects_is_told(self, served, give):
        give()
        asked = self_test.targets()
        commit()
        self.app = lambda _environ, start: (
            start("200 OK", [("Content-Type", "application/ld+json; charset=utf-8")]),
            [b"{}"],
        )[1]
        assert "charset" in self_test.run(asked)[0].text
        self.app = lambda environ, start: (start("302 Found", [("Location", f"http://127.0.0.1:{self.port}/")]), [b""])[
            1
        ]
        assert not any(found.ok for found in self_test.run(asked))

    def test_nobody_answering_is_told(self, app, issuer):
        asked = self_test.targets()
        commit()
        self.server.server_close()
        assert all(not found.ok and "firewall" in found.advice for found in self_test.run(asked))
