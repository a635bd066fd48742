"""Backpack Connect, the person's side: another portal asks to push badges, the person allows it, and can end it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from flask import Response, flash, redirect, request, url_for

from portal.accounts.services import current_person
from portal.backpack import services
from portal.backpack.displaying import origin_of
from portal.backpack.models import PortalGrant
from portal.backpack.views.blueprint import bp
from portal.core.db import commit
from portal.core.i18n import _
from portal.core.settings import address_of, settings
from portal.web.headers import widen
from portal.web.limits import limit
from portal.web.pages import page
from portal.web.paging import paginate
from portal.web.policy import Permission
from portal.web.stamps import requires

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

SCOPES = frozenset({"issue"})
LONGEST = 1_500


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A portal's question: where to return to, and what it wants to do."""

    callback: str
    origin: str
    scopes: str

    @property
    def host(self) -> str:
        """The portal's host and port, as the person reads it."""
        return urlsplit(self.origin).netloc

    def back(self, **answer: str | int) -> str:
        """Return the callback's address with the answer in its query."""
        return self.callback + ("&" if urlsplit(self.callback).query else "?") + urlencode(answer)


def _asked() -> Asked | None:
    """Read and check the question; None where it cannot be put to the person."""
    callback = request.values.get("callback", "")
    scopes = [word for word in request.values.get("scope", "").replace(" ", ",").split(",") if word]
    origin = origin_of(callback) if len(callback) <= LONGEST and callback.isprintable() and "\\" not in callback else ""
    if not origin or not scopes or not set(scopes) <= SCOPES:
        return None
    parts = urlsplit(callback)
    if parts.fragment or "#" in callback or "@" in parts.netloc or not _reached_safely(origin):
        return None
    return Asked(callback=callback, origin=origin, scopes=",".join(dict.fromkeys(scopes)))


def _reached_safely(origin: str) -> bool:
    """Tokens travel in the address: in the open they go to this portal itself and to the hosts that settings allow alone."""
    parts = urlsplit(origin)
    if parts.scheme == "https" or not settings().production:
        return True
    return origin == settings().origin or (parts.hostname or "") in settings().allowed_private_hosts


@bp.route("/access", methods=["GET", "POST"])
@requires(Permission.BACKPACK_USE)
@limit("backpack-access", "60/minute")
def connect_access() -> ResponseReturnValue:
    """Ask whether a portal may push badges; send the person back to it with the answer."""
    asked = _asked()
    if asked is None:
        return page("backpack/cannot_ask.html"), 400
    widen("form-action", asked.origin)
    person = current_person()
    if request.method == "GET":
        return page("backpack/access.html", asked=asked, addresses=services.addresses_of(person))
    if request.form.get("decision") != "allow":
        return _leave(asked.back(error="access_denied"))
    tokens = services.allow_portal(person, asked.origin, asked.scopes)
    commit()
    return _leave(
        asked.back(
            access_token=tokens.access,
            refresh_token=tokens.refresh,
            expires=tokens.expires,
            api_root=address_of("backpack.home") + "/api",
        )
    )


def _leave(address: str) -> Response:
    response = redirect(address, 303)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    assert isinstance(response, Response)
    return response


@bp.get("/portals")
@requires(Permission.BACKPACK_USE)
def portals() -> ResponseReturnValue:
    """List the portals that may push badges."""
    owner = services.owner_of(current_person())
    return page("backpack/portals.html", portals=paginate(services.portals_of(owner)))


@bp.post("/portals/<allowed_portal:grant>/revoke")
@requires(Permission.BACKPACK_PORTAL, "grant")
def revoke(grant: PortalGrant) -> ResponseReturnValue:
    """End what a portal is allowed."""
    services.revoke_portal(grant)
    commit()
    flash(_("%(portal)s can no longer put badges into your backpack.", portal=urlsplit(grant.origin).netloc), "success")
    return redirect(url_for("backpack.portals"), 303)
