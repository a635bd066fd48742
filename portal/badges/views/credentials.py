"""The signed forms of an award at their own addresses, and the pictures with each of them inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.badges import publishing
from portal.badges.blueprint import bp
from portal.badges.views import answers
from portal.badges.views.answers import HTML, JOSE, JSON, LD_JSON, PNG, VC, VC_JWT
from portal.badges.views.public import assertion_page
from portal.openbadges.baking import KEYWORD_OB2, KEYWORD_OB3
from portal.web.stamps import public

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy import Select


@bp.get("/badges/assertions/<public_id>/signed.jws")
@public
def signed(public_id: str) -> ResponseReturnValue:
    """Answer with the signed 2.0 form, a compact JWS."""
    return _answer(publishing.SIGNED, public_id, JOSE)


@bp.get("/badges/assertions/<public_id>/signed.png")
@public
def signed_image(public_id: str) -> ResponseReturnValue:
    """Answer with the picture that has the signed 2.0 form inside."""
    return _answer(publishing.SIGNED, public_id, PNG, KEYWORD_OB2)


@bp.get("/badges/credentials/<public_id>")
@public
def credential(public_id: str) -> ResponseReturnValue:
    """Answer with the 3.0 credential with its Data Integrity proof, as a VC-JWT, or with the human page."""
    kind = answers.wanted(VC, "application/vc", LD_JSON, JSON, VC_JWT, HTML)
    if kind == HTML:
        return assertion_page(public_id)
    statement = publishing.CREDENTIAL_JWT if kind == VC_JWT else publishing.CREDENTIAL
    return _answer(statement, public_id, kind, varies=True)


@bp.get("/badges/credentials/<public_id>/credential.json")
@public
def credential_file(public_id: str) -> ResponseReturnValue:
    """Answer with the 3.0 credential with its Data Integrity proof, also where a browser asks."""
    return _answer(publishing.CREDENTIAL, public_id, VC)


@bp.get("/badges/credentials/<public_id>/credential.jwt")
@public
def credential_jwt(public_id: str) -> ResponseReturnValue:
    """Answer with the 3.0 credential as a VC-JWT."""
    return _answer(publishing.CREDENTIAL_JWT, public_id, VC_JWT)


@bp.get("/badges/credentials/<public_id>/image.png")
@public
def credential_image(public_id: str) -> ResponseReturnValue:
    """Answer with the picture that has the Data Integrity credential inside."""
    return _answer(publishing.CREDENTIAL, public_id, PNG, KEYWORD_OB3)


@bp.get("/badges/credentials/<public_id>/jwt.png")
@public
def credential_jwt_image(public_id: str) -> ResponseReturnValue:
    """Answer with the picture that has the VC-JWT inside."""
    return _answer(publishing.CREDENTIAL_JWT, public_id, PNG, KEYWORD_OB3)


def _answer(
    statement: Select[Any], public_id: str, kind: str, keyword: str = "", *, varies: bool = False
) -> ResponseReturnValue:
    found = publishing.published(statement, public_id)
    if found is None:
        return answers.missing(varies=varies)
    if found.gone:
        return answers.gone(publishing.stub(public_id, found.reason), LD_JSON, varies=varies)
    return answers.baked(found, keyword) if keyword else answers.document(found.body, kind, varies=varies)


@bp.get("/badges/achievements/<public_id>")
@public
def achievement(public_id: str) -> ResponseReturnValue:
    """Answer with the 3.0 achievement of a badge class."""
    kind = answers.wanted(LD_JSON, JSON)
    found = publishing.published(publishing.ACHIEVEMENT, public_id)
    return answers.missing(varies=True) if found is None else answers.document(found.body, kind, varies=True)


@bp.get("/badges/status/<public_id>")
@public
def status_list(public_id: str) -> ResponseReturnValue:
    """Answer with a status list, with its Data Integrity proof or, where that is asked for, as a JWT."""
    kind = answers.wanted(VC, "application/vc", LD_JSON, JSON, VC_JWT, "application/jwt")
    statement = publishing.STATUS_JWT if kind in {VC_JWT, "application/jwt"} else publishing.STATUS
    found = publishing.published(statement, public_id)
    return (
        answers.missing(varies=True) if found is None else answers.document(found.body, kind, varies=True, seconds=60)
    )
