"""The public documents: what was issued, as it was stored, for anybody who asks, and the same as pages for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort
from flask_login import current_user

from portal.badges import addresses, composing, publishing, services
from portal.badges.access import may_endorse
from portal.badges.achievement_types import type_in_words
from portal.badges.blueprint import bp
from portal.badges.forms_of_an_award import forms_of
from portal.badges.services import endorsements
from portal.badges.services.keys import token_key_addresses
from portal.badges.views import answers
from portal.badges.views.answers import HTML, JSON, LD_JSON
from portal.core import storage
from portal.core.i18n import language_name
from portal.openbadges import ob11, ob20
from portal.openbadges.baking import KEYWORD_OB2, bake_png
from portal.openbadges.documents import Document, stable_bytes
from portal.web.badge_checks import spoken
from portal.web.pages import page
from portal.web.policy import Permission
from portal.web.stamps import public

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.badges.models import BadgeClass, IssuerProfile

LEAST_IMAGE = 256


@bp.get("/badges/assertions/<public_id>")
@public
def assertion(public_id: str) -> ResponseReturnValue:
    """Answer with the 2.0 assertion, or with the page that shows it."""
    kind = answers.wanted()
    if kind == HTML:
        return assertion_page(public_id)
    found = publishing.published(publishing.ASSERTION, public_id)
    if found is None:
        return answers.missing(varies=True)
    if found.gone:
        return answers.gone(publishing.stub(public_id, found.reason), kind, varies=True)
    return answers.document(found.body, kind, varies=True)


def assertion_page(public_id: str) -> ResponseReturnValue:
    """Show an award to people, whichever of its addresses they came to."""
    award = services.award_by_public_id(public_id)
    if award is None or award.offered_at is not None:
        abort(404)
    html = page(
        "badges/assertion.html",
        award=award,
        badge=award.badge_class,
        issuer=services.issuer(),
        address=addresses.assertion(public_id),
        picture=addresses.badge_class_image(award.badge_class.public_id),
        forms=forms_of(award),
        type_in_words=type_in_words(award.badge_class.achievement_type),
    )
    return answers.human(html, 200 if award.live else 410)


@bp.get("/badges/assertions/<public_id>/v1.json")
@public
def assertion_v1(public_id: str) -> ResponseReturnValue:
    """Answer with the 1.1 assertion, as a Mozilla Backpack wants it."""
    found = publishing.published(publishing.ASSERTION_V1, public_id)
    if found is None:
        return answers.missing()
    if found.gone:
        return answers.gone(publishing.stub(public_id, found.reason, v1=True), JSON)
    return answers.document(found.body, JSON)


@bp.get("/badges/assertions/<public_id>/image.png")
@public
def assertion_image(public_id: str) -> ResponseReturnValue:
    """Answer with the badge's picture and the 2.0 assertion in it; put together now, never stored."""
    found = publishing.published(publishing.ASSERTION, public_id)
    if found is None:
        return answers.missing()
    if found.gone:
        return answers.gone(publishing.stub(public_id, found.reason), LD_JSON)
    return answers.baked(found, KEYWORD_OB2)


@bp.get("/badges/classes/<public_id>")
@public
def badge_class(public_id: str) -> ResponseReturnValue:
    """Answer with the 2.0 BadgeClass, or with the page that shows it."""
    kind = answers.wanted()
    if kind == HTML:
        return answers.human(_class_page(public_id))
    found = publishing.published(publishing.CLASS, public_id)
    return answers.missing(varies=True) if found is None else answers.document(found.body, kind, varies=True)


def _class_page(public_id: str) -> str:
    badge = services.badge_class_by_public_id(public_id)
    if badge is None:
        abort(404)
    return page(
        "badges/badge_class.html",
        badge=badge,
        issuer=services.issuer(),
        address=addresses.badge_class(public_id),
        picture=addresses.badge_class_image(public_id),
        versions=services.versions_of(badge),
        endorsements=endorsements.standing(badge),
        may_endorse=_may_endorse(badge),
        type_in_words=type_in_words(badge.achievement_type),
        language_name=language_name(badge.language),
        spoken=spoken,
    )


def _may_endorse(badge: BadgeClass) -> bool:
    return current_user.is_authenticated and may_endorse(current_user, badge)


@bp.get("/badges/classes/<public_id>/v1.json")
@public
def badge_class_v1(public_id: str) -> ResponseReturnValue:
    """Answer with the 1.1 badge class."""
    found = publishing.published(publishing.CLASS_V1, public_id)
    return answers.missing() if found is None else answers.document(found.body, JSON)


@bp.get("/badges/classes/<public_id>/image.png")
@public
def badge_class_image(public_id: str) -> ResponseReturnValue:
    """Answer with the badge's picture; a Mozilla Backpack refuses one of less than 256 bytes, so that is filled up."""
    key = publishing.class_image_key(public_id)
    if key is None:
        return answers.missing()
    return answers.picture(key, lambda: _picture(key))


def _picture(key: str) -> bytes:
    data = storage.read(key)
    return bake_png(data, " " * LEAST_IMAGE, "Comment") if len(data) < LEAST_IMAGE else data


@bp.get("/badges/criteria/<public_id>")
@public
def criteria(public_id: str) -> ResponseReturnValue:
    """Show what a badge is given for."""
    return _class_page(public_id)


@bp.get("/badges/issuer")
@public
def issuer() -> ResponseReturnValue:
    """Answer with the 2.0 Profile, or with the page that leads to the issuer's own web site."""
    kind = answers.wanted()
    row = services.issuer()
    if row is None:
        if kind == HTML:
            abort(404)
        return answers.missing(varies=True)
    if kind == HTML:
        may = current_user.is_authenticated and current_user.may(Permission.ADMIN_OPEN_BADGES)
        said = endorsements.standing(None)
        return answers.human(page("badges/issuer.html", issuer=row, endorsements=said, may_endorse=may, spoken=spoken))
    return answers.document(stable_bytes(_profile(row)), kind, varies=True, seconds=60)


def _profile(row: IssuerProfile) -> Document:
    """Compose the Profile; where keys were rotated, `publicKey` lists all whose signatures count."""
    known = token_key_addresses()
    said = ob20.profile(composing.profile_of(row, "-" if known else ""))
    return said | {"publicKey": known if len(known) > 1 else known[0]} if known else said


@bp.get("/badges/issuer/v1.json")
@public
def issuer_v1() -> ResponseReturnValue:
    """Answer with the 1.1 issuer."""
    row = services.issuer()
    if row is None:
        return answers.missing()
    return answers.document(stable_bytes(ob11.issuer(composing.profile_of(row))), JSON)
