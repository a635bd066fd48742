"""The backpack's pages: My badges and Collections, by menu, by drag and by keyboard."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import event

from portal.backpack import services
from portal.core.db import commit, db
from tests.backpack.conftest import ADDRESS

HOME, NEW = "/backpack", "/backpack/collections/new"


def names(badges):
    return [badge.name for badge in badges]


def statements(client, path):
    seen = []
    listen = lambda *args: seen.append(args[2])  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", listen)
    assert client.get(path).status_code == 200
    event.remove(db.engine, "before_cursor_execute", listen)
    return len(seen)


def test_a_guest_signs_in_first(client):
    assert client.get(HOME).status_code == 302


def test_an_empty_backpack_says_how_to_begin(signed_in):
    page = signed_in.get(HOME).text
    for words in ("My badges", "Collections", "New collection", "Import badge", "No badges yet", "No collections yet"):
        assert words in page


def test_a_collection_is_made_with_name_description_and_public(signed_in, all_collections):
    answer = signed_in.submit(NEW, {"name": "  Valamis   collection ", "description": "Mine\nand yours", "public": "y"})
    assert answer.status_code == 303
    [made] = all_collections()
    assert (made.name, made.description, made.public) == ("Valamis collection", "Mine\nand yours", True)
    page = signed_in.get(HOME).text
    for words in (
        "Valamis collection",
        "Public",
        "Rename Valamis collection",
        "Share Valamis collection",
        "Delete Valamis collection",
    ):
        assert words in page


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "\x00\x01"])
def test_a_name_that_is_none_is_refused_beside_the_field(signed_in, all_collections, name):
    answer = signed_in.submit(NEW, {"name": name})
    assert answer.status_code == 422
    assert "has-error" in answer.text
    assert all_collections() == []


def test_names_of_every_script_and_hostile_ones_are_shown_as_they_are(signed_in, collect, learner, hold):
    badge = hold(learner, badge_name="<img src=x onerror=alert(1)>", badge_description="</p><script>alert(2)</script>")
    collect(learner, "<script>alert(3)</script> 学習", [badge])
    for path in (HOME, f"/backpack/badges/{badge.public_id}"):
        page = signed_in.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    assert "学習" in signed_in.get(HOME).text


def test_the_prefilled_form_needs_one_click_more(signed_in, learner, hold, all_collections):
    badge = hold(learner)
    address = f"{NEW}?name=Valamis+collection&public=1&badge={badge.assertion_url}"
    page = signed_in.get(address).text
    assert 'value="Valamis collection"' in page
    assert re.search(r'name="public"[^>]*checked|checked[^>]*name="public"', page)
    assert "Data literacy" in page
    fields = {"name": "Valamis collection", "public": "y", "badge": badge.assertion_url}
    assert signed_in.submit(NEW, fields, on=address).status_code == 303
    [made] = all_collections()
    assert made.public
    assert names(services.contents_of(made)) == ["Data literacy"]


def test_the_prefilled_form_finds_the_other_form_of_the_same_badge(signed_in, learner, hold, issuer):
    badge = hold(learner)
    badge.assertion_url = issuer.base + "/assertions/x/v1.json"
    commit()
    assert "Data literacy" in signed_in.get(f"{NEW}?badge={issuer.base}/assertions/x").text


def test_the_prefilled_form_says_when_the_badge_is_not_here(signed_in, person, hold):
    other = hold(person("learner", address="two@fjords.example"), "2")
    for address in (other.assertion_url, "https://x.example/", "x" * 3000):
        page = signed_in.get(NEW, query_string={"badge": address, "name": "x" * 400}).text
        assert "not in your backpack" in page
        assert "Data literacy" not in page


def test_a_badge_is_put_into_a_collection_by_the_menu(signed_in, learner, hold, collect):
    badge, collection = hold(learner), collect(learner)
    page = signed_in.get(HOME).text
    assert f'id="move-{badge.public_id}"' in page
    assert f'data-drag-form="move-{badge.public_id}"' in page
    assert f'data-drop-target="{collection.public_id}"' in page
    add = f"/backpack/badges/{badge.public_id}/add"
    answer = signed_in.submit(add, {"collection": collection.public_id}, on=HOME, follow_redirects=True)
    assert "is now in" in answer.text
    assert names(services.contents_of(collection)) == ["Data literacy"]
    again = signed_in.submit(add, {"collection": collection.public_id}, on=HOME, follow_redirects=True)
    assert "already" in again.text
    assert len(services.contents_of(collection)) == 1


def test_dragging_gets_a_page_with_the_collections_to_take_over(signed_in, learner, hold, collect):
    badge, collection = hold(learner), collect(learner)
    answer = signed_in.submit(
        f"/backpack/badges/{badge.public_id}/add", {"collection": collection.public_id}, on=HOME,
        headers={"X-Requested-With": "fetch"}, follow_redirects=True,
    )  # fmt: skip
    assert re.search(r'id="collections"[^>]*data-refresh|data-refresh[^>]*id="collections"', answer.text)
    assert 'alt="Data literacy"' in answer.text


def test_a_badge_may_be_in_several_collections(signed_in, learner, hold, collect):
    badge = hold(learner)
    first, second, third = (collect(learner, name) for name in ("One", "Two", "Three"))
    services.add_badge(third, badge)
    commit()
    move = f"/backpack/badges/{badge.public_id}/move"
    page = signed_in.get(move).text
    assert page.count('type="checkbox"') == 3
    assert page.count(" checked") == 1
    signed_in.submit(move, {"collection": [first.public_id, second.public_id]})
    assert [len(services.contents_of(each)) for each in (first, second, third)] == [1, 1, 0]
    assert signed_in.submit(move, {"collection": ["nonsense"]}).status_code == 404
    signed_in.submit(move, {})
    assert [len(services.contents_of(each)) for each in (first, second)] == [0, 0]


def test_the_order_is_kept_and_changed_by_buttons_and_by_dragging(signed_in, learner, hold, collect):
    badges = [hold(learner, str(n), name=name) for n, name in enumerate("ABCD")]
    collection = collect(learner, badges=badges)
    path = f"/backpack/collections/{collection.public_id}"

    def put(badge, **how):
        return signed_in.submit(f"{path}/order", {"item": badge.public_id, **how}, on=path)

    put(badges[0], direction="down")
    assert names(services.contents_of(collection)) == list("BACD")
    put(badges[3], position="1")
    assert names(services.contents_of(collection)) == list("DBAC")
    put(badges[3], direction="up")
    put(badges[2], position="99")
    assert names(services.contents_of(collection)) == list("DBAC")
    for how in ({}, {"direction": "sideways"}, {"position": "-1"}, {"position": "9" * 30}):
        assert put(badges[0], **how).status_code == 400
    assert signed_in.submit(f"{path}/take-out", {"item": badges[1].public_id}, on=path).status_code == 303
    assert names(services.contents_of(collection)) == list("DAC")
    put(badges[0], direction="down")
    assert names(services.contents_of(collection)) == list("DCA")
    page = signed_in.get(path).text
    assert page.index("Move D up") < page.index("Move C up") < page.index("Move A up")


def test_removing_a_badge_takes_it_out_of_every_collection(signed_in, learner, hold, collect, held):
    badges = [hold(learner, str(n), name=name) for n, name in enumerate("ABC")]
    collection = collect(learner, badges=badges)
    path = f"/backpack/badges/{badges[1].public_id}/remove"
    assert "Remove this badge" in signed_in.get(path).text
    assert len(held()) == 3
    assert signed_in.submit(path).status_code == 303
    assert names(services.contents_of(collection)) == list("AC")
    services.move_badge(collection, badges[2], 0)
    assert names(services.contents_of(collection)) == list("CA")


def test_a_collection_is_renamed_made_public_and_deleted(signed_in, learner, hold, collect, all_collections, held):
    collection = collect(learner, badges=[hold(learner)], public=False)
    path = f"/backpack/collections/{collection.public_id}"
    assert signed_in.submit(f"{path}/edit", {"name": "New name", "description": "", "public": "y"}).status_code == 303
    assert (all_collections()[0].name, all_collections()[0].public) == ("New name", True)
    assert signed_in.submit(f"{path}/edit", {"name": ""}).status_code == 422
    assert all_collections()[0].name == "New name"
    assert "deleted" in signed_in.submit(f"{path}/delete", follow_redirects=True).text
    assert all_collections() == []
    assert len(held()) == 1


def test_a_backpack_holds_a_bounded_number_of_collections(signed_in, learner, collect, monkeypatch):
    monkeypatch.setattr("portal.backpack.services.collections.MOST_COLLECTIONS", 2)
    collect(learner, "One")
    collect(learner, "Two")
    answer = signed_in.submit(NEW, {"name": "Three"})
    assert answer.status_code == 422
    assert "at most 2" in answer.text


def test_a_full_backpack_costs_as_many_statements_as_a_small_one(app, signed_in, learner, hold, collect):
    collect(learner, badges=[hold(learner, "a")])
    few = statements(signed_in, HOME)
    badges = [hold(learner, str(n)) for n in range(30)]
    for n in range(15):
        collect(learner, f"Collection {n}", badges[: n + 1])
    assert statements(signed_in, HOME) == few
    page = signed_in.get(HOME).text
    assert "and 7 more" in page
    assert "page=2" in page


def test_the_page_of_a_badge_says_what_was_checked_and_checks_again(signed_in, learner, hold, issuer, held):
    badge = hold(learner)
    path = f"/backpack/badges/{badge.public_id}"
    page = signed_in.get(path).text
    for words in (
        "What was checked",
        ADDRESS,
        "Academy of Fjords",
        "The issuer has not revoked the badge",
        badge.assertion_url,
    ):
        assert words in page
    issuer.put("/assertion-1", {"revoked": True, "revocationReason": "A mistake"}, status=410)
    assert signed_in.submit(f"{path}/check", on=path).status_code == 303
    assert held()[0].revoked
    assert "A mistake" in signed_in.get(path).text
    assert "Revoked by the issuer" in signed_in.get(HOME).text


def test_an_expired_badge_is_marked(signed_in, learner, hold):
    badge = hold(learner, expires="2026-06-01T00:00:00Z")
    assert "Expired" in signed_in.get(f"/backpack/badges/{badge.public_id}").text


@pytest.mark.parametrize("role", ["learner", "instructor", "administrator"])
def test_nobody_else_sees_or_touches_a_badge_or_a_collection(
    app, learner, hold, collect, person, sign_in, role, held, all_collections
):
    badge = hold(learner)
    collection = collect(learner, badges=[badge])
    stranger = person(role, address="stranger@fjords.example")
    own = collect(stranger, "Own")
    client = sign_in(stranger)
    token = client.token("/backpack/import")
    b, c = f"/backpack/badges/{badge.public_id}", f"/backpack/collections/{collection.public_id}"
    for path in (b, f"{b}/remove", f"{b}/move", c, f"{c}/edit", f"{c}/delete", f"{c}/share"):
        assert client.get(path).status_code == 404, path
    data = {
        "csrf_token": token,
        "collection": own.public_id,
        "item": badge.public_id,
        "name": "x",
        "direction": "up",
        "public": "1",
    }
    for path in (
        f"{b}/remove", f"{b}/move", f"{b}/add", f"{b}/check", f"{c}/edit", f"{c}/delete", f"{c}/publish", f"{c}/order", f"{c}/take-out",
    ):  # fmt: skip
        assert client.post(path, data=data).status_code == 404, path
    assert len(held()) == 1
    assert all_collections()[0].name == "Valamis collection"
    assert services.contents_of(own) == []


def test_a_badge_does_not_go_into_somebody_elses_collection(signed_in, learner, hold, collect, person):
    badge = hold(learner)
    foreign = collect(person("learner", address="two@fjords.example"), "Theirs")
    add = f"/backpack/badges/{badge.public_id}/add"
    for chosen in (foreign.public_id, "", "nonsense"):
        assert signed_in.submit(add, {"collection": chosen}, on="/backpack/import").status_code == 404
    assert services.contents_of(foreign) == []
