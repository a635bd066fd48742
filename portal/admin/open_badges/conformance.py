"""Administration › Open Badges: what the standards ask of an issuer and of a displayer, and what the portal does for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.admin.blueprint import bp
from portal.core.i18n import _
from portal.web.pages import page
from portal.web.policy import Permission
from portal.web.stamps import requires

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@dataclass(frozen=True)
class Requirement:
    """One thing that a standard asks, and the answer of this portal."""

    asked: str
    done: str
    met: bool = True


@bp.get("/administration/open-badges/conformance")
@requires(Permission.ADMIN_OPEN_BADGES)
def conformance() -> ResponseReturnValue:
    """Show the requirements of 2.0 and 3.0, and what is done for each."""
    parts = [
        (_("Open Badges 2.0, issuer"), _issuer_2()),
        (_("Open Badges 2.0, displayer"), _displayer_2()),
        (_("Open Badges 3.0, issuer"), _issuer_3()),
        (_("Open Badges 3.0, displayer"), _displayer_3()),
    ]
    return page("admin/conformance.html", parts=parts)


def _issuer_2() -> list[Requirement]:
    return [
        Requirement(
            _("Assertion, BadgeClass and Profile stand at stable addresses over HTTPS, without sign-in."),
            _("Each has its own address; the bytes of assertions and badge classes never change after they are given."),
        ),
        Requirement(
            _("The documents answer as JSON-LD; a human page may stand at the same address."),
            _("application/ld+json by default, application/json and text/html by negotiation."),
        ),
        Requirement(
            _("The recipient is identified by an e-mail address, hashed with a salt where it is to be private."),
            _("SHA-256 over the lower-cased address and a random salt for each award."),
        ),
        Requirement(
            _("A badge is baked into its picture (PNG or SVG)."),
            _(
                "The assertion is put into a PNG as an uncompressed iTXt chunk. There is no SVG form, since badges have PNG pictures here."
            ),
        ),
        Requirement(
            _("A badge can be revoked: hosted ones answer 410, signed ones stand in the RevocationList."),
            _("Both, with the reason; nothing personal is left in the answer."),
        ),
        Requirement(
            _("Signed badges are a compact JWS whose key the Profile names."),
            _("RS256, with a CryptographicKey at its own address; former keys stay published."),
        ),
        Requirement(
            _("Expiry, evidence, narrative, tags and alignment are carried where there are any."),
            _(
                "Expiry and the first evidence come from the certificate, tags and alignment from the badge; what learners say, and reviewed work that they publish, from the Earn badge window."
            ),
        ),
        Requirement(
            _("A badge class tells its language, its version and the versions it is related to."),
            _("All three; each version has its own address for ever, and the page of each says what changed."),
        ),
        Requirement(
            _("Endorsements by others are verified before they are shown."),
            _(
                "Signature, issuer, dates, revocation and what is endorsed, when they are added and every week. They stand at addresses of their own; the documents do not name them, so that a stranger's fault cannot break a badge."
            ),
        ),
    ]


def _displayer_2() -> list[Requirement]:
    return [
        Requirement(
            _("A badge is imported from a baked picture, a document or an address."),
            _("“Import badge” in the backpack, and “Check a badge”, take all of them."),
        ),
        Requirement(
            _("A badge is verified before it is shown as valid, its recipient compared with the person's addresses."),
            _("The backpack accepts a badge only for a verified address of its owner; the page says what was checked."),
        ),
        Requirement(
            _(
                "Name, description, criteria, issuer, dates and evidence are shown; expired and revoked badges are marked."
            ),
            _("On the page of every badge, in share pages and in the transcript."),
        ),
    ]


def _issuer_3() -> list[Requirement]:
    return [
        Requirement(
            _("An award is an OpenBadgeCredential of the VC Data Model 2.0 with the contexts in their order."),
            _("Every award has one; it is checked in safe mode before it is signed."),
        ),
        Requirement(
            _("The credential is signed with a Data Integrity proof or as a VC-JWT."),
            _("Both: eddsa-rdfc-2022 and RS256. Signed once when the badge is given, stored, served as stored."),
        ),
        Requirement(
            _("The issuer is identified by an address or a DID whose keys can be found."),
            _("did:web at /.well-known/did.json, with present and former keys; the JWT names a bare JWK."),
        ),
        Requirement(
            _("Revocation is published by a status method."),
            _("A Bitstring Status List of 131,072 places taken at random, in both forms, signed anew on every change."),
        ),
        Requirement(
            _("The credential is baked into its picture."),
            _("PNG with the keyword openbadgecredential, for both forms. There is no SVG form, as in 2.0."),
        ),
        Requirement(
            _("Achievements have an image, criteria, type, tags, language, version, related versions and alignment."),
            _("All of them, where the badge says them; they are fixed when the learning path is published."),
        ),
        Requirement(
            _("Results refer to a description of what they mean."),
            _("A grade is a Percent from 0 to 100, described once for each achievement; learners can leave it out."),
        ),
        Requirement(
            _("Endorsements are verifiable credentials of their own, in the achievement or as tokens."),
            _(
                "Those that hold are put into every credential that is signed while they do: with their proof into both forms, as tokens into the VC-JWT alone."
            ),
        ),
    ]


def _displayer_3() -> list[Requirement]:
    return [
        Requirement(
            _("Credentials are read as a file, a picture, a token or from an address."),
            _("“Check a badge” takes all of them."),
        ),
        Requirement(
            _("Proof, key, issuer, dates and status are verified."),
            _(
                "Data Integrity (eddsa-rdfc-2022, ecdsa-rdfc-2019, Ed25519Signature2020) and VC-JWT (RS256, ES256, EdDSA); did:web, did:key, did:jwk and https keys."
            ),
        ),
        Requirement(
            _("What the credential says is shown: achievement, criteria, issuer, dates, evidence, alignment."),
            _("On the page “Check a badge”."),
        ),
        Requirement(
            _("Credentials are received and handed out over the Open Badges 3.0 API."),
            _("This is not offered yet."),
            met=False,
        ),
    ]
