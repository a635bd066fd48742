"""Collections: making them, their page, order, name, publication and end."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from flask import abort, flash, redirect, request, url_for

from portal.accounts.services import current_person
from portal.backpack import services
from portal.backpack.forms import CollectionForm
from portal.backpack.models import NAME, Collection, HeldBadge
from portal.backpack.views.blueprint import bp
from portal.core.db import commit
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.core.settings import address_of
from portal.web.pages import page
from portal.web.policy import Permission
from portal.web.stamps import requires

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.route("/collections/new", methods=["GET", "POST"])
@requires(Permission.BACKPACK_USE)
def new_collection() -> ResponseReturnValue:
    """Make a collection; the address may fill in the name, tick Public and put a badge inside."""
    person = current_person()
    asked = request.values.get("badge", "")
    badge = services.shown_badge(person, asked)
    form = CollectionForm()
    if request.method == "GET":
        form.name.data = " ".join(request.args.get("name", "").split())[:NAME]
        form.public.data = request.args.get("public") == "1"
    elif form.validate_on_submit():
        try:
            collection = services.create_collection(
                person,
                name=form.name.data,
                description=form.description.data or "",
                public=form.public.data,
                badges=[badge] if badge else [],
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            commit()
            flash(_("The collection “%(name)s” is saved.", name=collection.name), "success")
            return redirect(url_for("backpack.home"), 303)
    missing = bool(asked) and badge is None
    return page("backpack/new.html", form=form, badge=badge, missing=missing), 422 if form.errors else 200


@bp.get("/collections/<collection:collection>")
@requires(Permission.BACKPACK_COLLECTION, "collection")
def collection(collection: Collection) -> ResponseReturnValue:
    """Show a collection with its badges in their order."""
    return page("backpack/collection.html", collection=collection, badges=services.contents_of(collection))


@bp.route("/collections/<collection:collection>/edit", methods=["GET", "POST"])
@requires(Permission.BACKPACK_COLLECTION, "collection")
def edit(collection: Collection) -> ResponseReturnValue:
    """Rename a collection, describe it, make it public or private."""
    form = CollectionForm(obj=collection)
    if form.validate_on_submit():
        services.write_collection(
            collection, name=form.name.data, description=form.description.data or "", public=form.public.data
        )
        commit()
        flash(_("The collection “%(name)s” is saved.", name=collection.name), "success")
        return redirect(url_for("backpack.home"), 303)
    return page("backpack/edit.html", collection=collection, form=form), 422 if form.errors else 200


@bp.route("/collections/<collection:collection>/delete", methods=["GET", "POST"])
@requires(Permission.BACKPACK_COLLECTION, "collection")
def delete(collection: Collection) -> ResponseReturnValue:
    """Ask whether to delete a collection; do it."""
    if request.method == "GET":
        return page("backpack/delete.html", collection=collection)
    name = collection.name
    services.delete_collection(collection)
    commit()
    flash(_("The collection “%(name)s” is deleted. Its badges are still in your backpack.", name=name), "success")
    return redirect(url_for("backpack.home"), 303)


@bp.get("/collections/<collection:collection>/share")
@requires(Permission.BACKPACK_COLLECTION, "collection")
def share(collection: Collection) -> ResponseReturnValue:
    """Show how others can see a collection."""
    frame = address_of("backpack.embedded", share_id=collection.share_id)
    return page(
        "backpack/share.html",
        collection=collection,
        link=address_of("backpack.shared", share_id=collection.share_id),
        snippet=f'<iframe src="{frame}" title="{html.escape(collection.name)}" width="100%" height="420"></iframe>',
    )


@bp.post("/collections/<collection:collection>/publish")
@requires(Permission.BACKPACK_COLLECTION, "collection")
def publish(collection: Collection) -> ResponseReturnValue:
    """Make a collection public, or private again."""
    services.publish(collection, public=request.form.get("public") == "1")
    commit()
    return redirect(url_for("backpack.share", collection=collection), 303)


def _inside(collection: Collection, public_id: str) -> HeldBadge:
    badge = next((each for each in services.contents_of(collection) if each.public_id == public_id), None)
    if badge is None:
        abort(404)
    return badge


@bp.post("/collections/<collection:collection>/order")
@requires(Permission.BACKPACK_COLLECTION, "collection")
def order(collection: Collection) -> ResponseReturnValue:
    """Move a badge up or down, or to a place counted from 1."""
    badge = _inside(collection, request.form.get("item", ""))
    place = services.place_of(collection, badge) or 0
    position = request.form.get("position", "")
    step = {"up": place - 1, "down": place + 1}.get(request.form.get("direction", ""))
    if position.isascii() and position.isdecimal() and len(position) < len("1000"):
        step = int(position) - 1
    if step is None:
        abort(400)
    services.move_badge(collection, badge, step)
    commit()
    return redirect(url_for("backpack.collection", collection=collection), 303)


@bp.post("/collections/<collection:collection>/take-out")
@requires(Permission.BACKPACK_COLLECTION, "collection")
def take_out(collection: Collection) -> ResponseReturnValue:
    """Take a badge out of a collection; it stays in the backpack."""
    badge = _inside(collection, request.form.get("item", ""))
    services.remove_badge(collection, badge)
    commit()
    flash(_("“%(name)s” is no longer in this collection. It is still in your backpack.", name=badge.name), "success")
    return redirect(url_for("backpack.collection", collection=collection), 303)
