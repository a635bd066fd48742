"""Administration › Open Badges: the keys that sign, and what each of them signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, flash, redirect, url_for

from portal.admin.blueprint import bp
from portal.badges.services import keys, statuses
from portal.core.db import commit
from portal.core.i18n import _
from portal.web.pages import page
from portal.web.paging import paginate
from portal.web.policy import Permission
from portal.web.stamps import requires

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.badges.models import SigningKey


@bp.get("/administration/open-badges/keys")
@requires(Permission.ADMIN_OPEN_BADGES)
def signing_keys() -> ResponseReturnValue:
    """List the keys, present and former."""
    return page("admin/signing_keys.html", rows=keys.all_keys(), counts=keys.counts_by_key())


@bp.post("/administration/open-badges/keys")
@requires(Permission.ADMIN_OPEN_BADGES)
def rotate_keys() -> ResponseReturnValue:
    """Make new keys; the old ones verify what they signed."""
    keys.rotate()
    commit()
    flash(_("New keys sign from now on. What the old keys signed stays valid."), "success")
    return redirect(url_for("admin.signing_keys"), 303)


@bp.get("/administration/open-badges/keys/<public_id>")
@requires(Permission.ADMIN_OPEN_BADGES)
def signing_key(public_id: str) -> ResponseReturnValue:
    """List the awards that a key signed."""
    row = _found(public_id)
    return page("admin/signing_key.html", row=row, found=paginate(keys.awards_signed_with(row)))


@bp.post("/administration/open-badges/keys/<public_id>/compromised")
@requires(Permission.ADMIN_OPEN_BADGES)
def mark_key_compromised(public_id: str) -> ResponseReturnValue:
    """Say that somebody else may have a key: what it signed does not count any more."""
    keys.mark_compromised(_found(public_id))
    statuses.sign_all_anew()
    commit()
    flash(_("The key is marked as compromised. What it signed does not pass a check any more."), "success")
    return redirect(url_for("admin.signing_key", public_id=public_id), 303)


def _found(public_id: str) -> SigningKey:
    row = keys.key_by_public_id(public_id)
    if row is None:
        abort(404)
    return row
