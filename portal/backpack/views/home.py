"""The backpack itself: My badges, Collections, and the page of one badge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, flash, redirect, request, url_for

from portal.accounts.services import current_person
from portal.backpack import services
from portal.backpack.models import Collection, HeldBadge
from portal.backpack.receipt import judged_again
from portal.backpack.views.blueprint import bp
from portal.core.db import commit
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.web.badge_checks import spoken
from portal.web.limits import limit
from portal.web.pages import page, wants_fragment
from portal.web.paging import paginate
from portal.web.policy import Permission
from portal.web.stamps import requires

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

PER_PAGE = 24
SHOWN_IN_COLLECTION = 8
SHOWN_IN_MENU = 12


@bp.get("")
@requires(Permission.BACKPACK_USE)
def home() -> ResponseReturnValue:
    """Show the person's badges and collections."""
    owner = services.owner_of(current_person())
    collections = services.collections_of(owner)
    return page(
        "backpack/home.html",
        badges=paginate(services.badges_of(owner), per_page=PER_PAGE),
        collections=services.arrange(collections, first=SHOWN_IN_COLLECTION),
        quick=collections[-SHOWN_IN_MENU:],
    )


@bp.get("/badges/<held_badge:badge>")
@requires(Permission.BACKPACK_BADGE, "badge")
def badge(badge: HeldBadge) -> ResponseReturnValue:
    """Show one badge: what it says, what was checked, where it is shown."""
    inside = services.member_collections(badge)
    collections = [each for each in services.collections_of(badge.owner) if each.id in inside]
    checks = [{**check, "words": spoken(check["text"], check["params"])} for check in badge.checks]
    return page("backpack/badge.html", badge=badge, collections=collections, checked=checks)


@bp.post("/badges/<held_badge:badge>/check")
@requires(Permission.BACKPACK_BADGE, "badge")
@limit("backpack-check", "20/minute")
def check_badge(badge: HeldBadge) -> ResponseReturnValue:
    """Check a badge at its source again."""
    url, recipient = badge.assertion_url, badge.recipient
    commit()
    report = judged_again(url, recipient)
    services.record_check(badge, report)
    commit()
    flash(_("The badge was checked again."), "success")
    return redirect(url_for("backpack.badge", badge=badge), 303)


@bp.route("/badges/<held_badge:badge>/remove", methods=["GET", "POST"])
@requires(Permission.BACKPACK_BADGE, "badge")
def remove(badge: HeldBadge) -> ResponseReturnValue:
    """Ask whether to throw a badge away; do it."""
    if request.method == "GET":
        return page("backpack/remove.html", badge=badge)
    name = badge.name
    services.discard(badge)
    commit()
    flash(_("“%(name)s” is no longer in your backpack.", name=name), "success")
    return redirect(url_for("backpack.home"), 303)


@bp.post("/badges/<held_badge:badge>/add")
@requires(Permission.BACKPACK_BADGE, "badge")
def add(badge: HeldBadge) -> ResponseReturnValue:
    """Put a badge into one collection: what dragging sends, and the entries of the Move to… menu."""
    chosen = request.form.get("collection", "")
    collection = next((each for each in services.collections_of(badge.owner) if each.public_id == chosen), None)
    if collection is None:
        abort(404)
    new = services.add_badge(collection, badge)
    commit()
    if not wants_fragment():
        words = {"name": badge.name, "place": collection.name}
        text = _("“%(name)s” is now in “%(place)s”.", **words) if new else _(
            "“%(name)s” was in “%(place)s” already.", **words
        )  # fmt: skip
        flash(text, "success" if new else "info")
    return redirect(url_for("backpack.home"), 303)


@bp.route("/badges/<held_badge:badge>/move", methods=["GET", "POST"])
@requires(Permission.BACKPACK_BADGE, "badge")
def move(badge: HeldBadge) -> ResponseReturnValue:
    """Choose all the collections that a badge is in."""
    collections = services.collections_of(badge.owner)
    inside = services.member_collections(badge)
    if request.method == "GET":
        return page("backpack/move.html", badge=badge, collections=collections, inside=inside, refusal=None)
    chosen = set(request.form.getlist("collection"))
    if not chosen <= {each.public_id for each in collections}:
        abort(404)
    try:
        _move(badge, collections, chosen, inside)
    except Refused as refusal:
        return page(
            "backpack/move.html", badge=badge, collections=collections, inside=inside, refusal=str(refusal.message)
        ), 422
    commit()
    flash(_("The collections of “%(name)s” are saved.", name=badge.name), "success")
    return redirect(url_for("backpack.home"), 303)


def _move(badge: HeldBadge, collections: list[Collection], chosen: set[str], inside: set[int]) -> None:
    for collection in collections:
        wanted = collection.public_id in chosen
        if wanted and collection.id not in inside:
            services.add_badge(collection, badge)
        elif not wanted and collection.id in inside:
            services.remove_badge(collection, badge)
