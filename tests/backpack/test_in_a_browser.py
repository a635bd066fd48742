"""The backpack's windows and dragging in Chromium, between two sites that are really two."""

from __future__ import annotations

import json
import socket
import threading
from dataclasses import replace

import pytest
from flask.sessions import SecureCookieSessionInterface
from werkzeug.serving import make_server

from portal.accounts.services import passwords
from portal.backpack import services
from portal.core.db import commit, db
from tests.backpack.conftest import ADDRESS
from tests.browser.conftest import browser_type_launch_args, faults  # noqa: F401 - fixtures
from tests.conftest import test_settings as settings_for

pytestmark = pytest.mark.browser
PASSWORD = "a long enough password"


@pytest.fixture
def settings(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return replace(
        settings_for(tmp_path), base_url=f"http://localhost:{port}", allowed_private_hosts=frozenset({"127.0.0.1"})
    )


@pytest.fixture
def served(app, settings):
    port = int(settings.base_url.rpartition(":")[2])
    server = make_server("127.0.0.1", port, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield settings.base_url
    server.shutdown()


@pytest.fixture
def window(browser, app, served, learner):
    """Return an opener of browser windows: signed in as the learner, or not."""
    opened = []

    def make(*, signed_in=True, **options):
        context = browser.new_context(
            base_url=served, reduced_motion="reduce", viewport={"width": 1280, "height": 900}, **options
        )
        context.set_default_timeout(10_000)
        opened.append(context)
        if signed_in:
            serializer = SecureCookieSessionInterface().get_signing_serializer(app)
            value = serializer.dumps({"_user_id": learner.get_id(), "_fresh": True})
            context.add_cookies(
                [{"name": app.config["SESSION_COOKIE_NAME"], "value": value, "url": served, "sameSite": "Lax"}]
            )
        commit()
        return context.new_page()

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def issuing(issuer, served):
    """Serve a page of the foreign issuer with a button that hands badges over."""

    def serve(urls, *, how="issue", headers=None, before=""):
        script = f"""
            {before}
            document.querySelector("button").addEventListener("click", () => OpenBadges.{how}({json.dumps(urls)},
              (errors, successes) => {{ document.querySelector("output").textContent = JSON.stringify({{ errors, successes }}); }}));
        """
        page = (
            f'<!doctype html><html lang="en"><title>Issuer</title><script src="{served}/backpack/issuer.js"></script>'
            f"<body><button>Give it to me</button><output></output><script>{script}</script></body></html>"
        )
        return issuer.put("/page", page.encode(), "text/html", headers=headers or {})

    return serve


def outcome(page):
    page.wait_for_function("() => document.querySelector('output').textContent")
    return json.loads(page.locator("output").text_content())


def test_another_site_hands_a_badge_over_in_a_window(window, issuer, issuing, held):
    url = issuer.award(ADDRESS)
    page = window()
    page.goto(issuing([url]))
    with page.expect_popup() as opened:
        page.get_by_role("button").click()
    popup = opened.value
    popup.get_by_role("button", name="Accept").click()
    assert outcome(page) == {"errors": [], "successes": [url]}
    popup.get_by_role("button", name="Close this window").click()
    assert [badge.assertion_url for badge in held()] == [url]


def test_declining_and_closing_are_told_apart(window, issuer, issuing, held):
    url = issuer.award(ADDRESS)
    page = window()
    for closes, expected in (
        (False, {"errors": [{"assertion": url, "reason": "DENIED"}], "successes": []}),
        (True, {"errors": [], "successes": []}),
    ):
        page.goto(issuing([url]))
        with page.expect_popup() as opened:
            page.get_by_role("button").click()
        if closes:
            opened.value.wait_for_load_state()
            opened.value.close()
        else:
            opened.value.get_by_role("button", name="Decline").click()
        assert outcome(page) == expected
    assert held() == []


def test_sign_in_in_the_window_keeps_the_opener(window, issuer, issuing, learner):
    passwords.store(learner, passwords.hashed(PASSWORD))
    commit()
    url = issuer.award(ADDRESS)
    page = window(signed_in=False)
    page.goto(issuing([url]))
    with page.expect_popup() as opened:
        page.get_by_role("button").click()
    popup = opened.value
    popup.get_by_label("E-mail").fill(ADDRESS)
    popup.locator("input[type=password]").fill("not this one at all")
    popup.get_by_role("button", name="Sign in").click()
    popup.locator("input[type=password]").fill(PASSWORD)
    popup.get_by_role("button", name="Sign in").click()
    popup.get_by_role("button", name="Accept").click()
    assert outcome(page)["successes"] == [url]


def test_a_sandboxed_page_without_an_origin_hears_the_result(window, issuer, issuing):
    url = issuer.award(ADDRESS)
    page = window()
    policy = "sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox"
    page.goto(issuing([url], headers={"Content-Security-Policy": policy}))
    with page.expect_popup() as opened:
        page.get_by_role("button").click()
    opened.value.get_by_role("button", name="Accept").click()
    assert outcome(page)["successes"] == [url]


@pytest.mark.parametrize("how", ["issue", "issue_no_modal"])
def test_where_windows_are_blocked_the_page_itself_goes_there(window, issuer, issuing, held, how):
    page = window()
    page.goto(issuing([issuer.award(ADDRESS)], how=how, before="window.open = () => null;"))
    page.get_by_role("button").click()
    page.get_by_role("button", name="Accept").click()
    page.get_by_role("heading", name="In your backpack", level=1).wait_for()
    assert len(held()) == 1


def test_consent_leads_back_to_the_other_site(window, issuer):
    issuer.put("/back", b"<!doctype html><title>Back</title><h1>Thanks</h1>", "text/html")
    page = window()
    for button, part in (("Allow", "access_token="), ("Do not allow", "error=access_denied")):
        page.goto(f"/backpack/access?callback={issuer.base}/back?n=1&scope=issue")
        with page.expect_request(lambda request: request.url.startswith(issuer.base)) as asked:
            page.get_by_role("button", name=button, exact=True).click()
        assert part in asked.value.url


def test_a_badge_is_dragged_with_the_mouse_and_with_the_keyboard(window, learner, hold, collect):
    badges = [hold(learner, str(n), name=name) for n, name in enumerate(("First aid", "Fire safety"))]
    collection = collect(learner, "Valamis collection")
    page = window()
    page.goto("/backpack")
    place = page.get_by_role("region", name="Collections").locator("[data-drop-target]").bounding_box()
    start = page.locator(f"[data-draggable='{badges[0].public_id}'] img").bounding_box()
    page.mouse.move(start["x"] + 40, start["y"] + 40)
    page.mouse.down()
    page.mouse.move(start["x"] + 60, start["y"] + 60, steps=3)
    page.mouse.move(place["x"] + 80, place["y"] + place["height"] / 2, steps=10)
    page.mouse.up()
    page.get_by_role("region", name="Collections").get_by_alt_text("First aid").wait_for()
    handle = page.locator(f"[data-draggable='{badges[1].public_id}'] [data-drag-handle]")
    handle.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.get_by_role("region", name="Collections").get_by_alt_text("Fire safety").wait_for()
    db.session.rollback()
    assert [badge.name for badge in services.contents_of(collection)] == ["First aid", "Fire safety"]
    commit()


def test_without_scripts_the_menu_does_the_same(window, learner, hold, collect):
    hold(learner)
    collect(learner, "Valamis collection")
    page = window(java_script_enabled=False)
    page.goto("/backpack")
    page.get_by_role("button", name="Move to…").click()
    page.get_by_role("button", name="Valamis collection", exact=True).click()
    page.get_by_role("region", name="Collections").get_by_alt_text("Data literacy").wait_for()


def test_another_site_frames_a_shared_collection_and_not_the_backpack(window, served, issuer, learner, hold, collect):
    collection = collect(learner, badges=[hold(learner)])
    share = f"{served}/backpack/shared/{collection.share_id}"
    page = window(signed_in=False)
    frames = f'<!doctype html><title>x</title><iframe name="a" src="{share}/embed"></iframe><iframe name="b" src="{share}"></iframe>'
    page.goto(issuer.put("/frames", frames.encode(), "text/html"))
    page.frame_locator("iframe[name=a]").get_by_role("heading", name="Valamis collection").wait_for()
    assert page.frame_locator("iframe[name=b]").get_by_role("heading", name="Valamis collection").count() == 0


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_on_the_pages_of_the_backpack(window, issuer, learner, hold, collect, faults, dark, width):  # noqa: F811
    badges = [hold(learner, str(n), name=name) for n, name in enumerate(("First aid", "Fire safety", "Data literacy"))]
    collection = collect(learner, badges=badges[:2], description="What I can do")
    private = collect(learner, "Empty", public=False)
    services.allow_portal(learner, issuer.base, "issue")
    url = issuer.award(ADDRESS, "9")
    page = window(color_scheme="dark" if dark else "light")
    page.set_viewport_size({"width": width, "height": 900})
    b, c = f"/backpack/badges/{badges[0].public_id}", f"/backpack/collections/{collection.public_id}"
    for path in (
        "/backpack", b, f"{b}/move", f"{b}/remove", c, f"{c}/edit", f"{c}/share", f"{c}/delete", "/backpack/import",
        f"/backpack/collections/{private.public_id}", f"/backpack/collections/{private.public_id}/share",
        "/backpack/collections/new?name=Valamis&public=1&badge=" + badges[0].assertion_url, "/backpack/portals",
        f"/backpack/shared/{collection.share_id}", f"/backpack/shared/{collection.share_id}/embed",
        f"/backpack/access?callback={issuer.base}/back&scope=issue", f"/backpack/issuer/window?assertion={url}",
        f"/backpack/issuer/window?assertion={url}&assertion={badges[0].assertion_url}&assertion={issuer.base}/none&assertion={issuer.award(ADDRESS, '8')}",
    ):  # fmt: skip
        page.goto(path)
        assert faults(page) == [], path
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), path
