"""The forms in which an award is published: where each stands, as what, and what it is for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.badges import addresses
from portal.core.i18n import _

if TYPE_CHECKING:
    from portal.badges.models import Award


@dataclass(frozen=True, kw_only=True)
class AwardForm:
    """One form: its address, its media type, its name, and in one line what it is for."""

    url: str
    kind: str
    title: str
    purpose: str
    file_name: str = ""
    file_url: str = ""
    """Where the file is downloaded from, where the address itself answers browsers with a page."""

    @property
    def download(self) -> str:
        """The address to download the file from; empty for a form that is no file."""
        return (self.file_url or self.url) if self.file_name else ""

    @property
    def is_picture(self) -> bool:
        """Whether it is a picture with the badge inside."""
        return self.kind == "image/png"


def forms_of(row: Award) -> list[AwardForm]:
    """Return the forms of an award; the signed ones only once they are made."""
    name = row.public_id
    hosted = [
        AwardForm(
            url=addresses.assertion(name),
            kind="application/ld+json",
            title=_("Open Badges 2.0, hosted"),
            purpose=_("The address that most badge services ask for."),
        ),
        AwardForm(
            url=addresses.assertion_image(name),
            kind="image/png",
            title=_("Picture with Open Badges 2.0, hosted"),
            purpose=_("For backpacks and services that take a badge as a picture."),
            file_name="badge.png",
        ),
    ]
    return hosted if row.signed_at is None else [*hosted, *_signed(name), *_credential(name)]


def _signed(name: str) -> list[AwardForm]:
    return [
        AwardForm(
            url=addresses.signed(name),
            kind="application/jose",
            title=_("Open Badges 2.0, signed"),
            purpose=_("Can be checked even where this portal cannot be reached, by its signature."),
            file_name="badge.jws",
        ),
        AwardForm(
            url=addresses.signed_image(name),
            kind="image/png",
            title=_("Picture with Open Badges 2.0, signed"),
            purpose=_("The same as a picture."),
            file_name="badge-signed.png",
        ),
    ]


def _credential(name: str) -> list[AwardForm]:
    return [
        AwardForm(
            url=addresses.credential(name),
            kind="application/vc+ld+json",
            title=_("Open Badges 3.0, Data Integrity"),
            purpose=_("For digital wallets: a verifiable credential with a proof inside."),
            file_name="credential.json",
            file_url=addresses.credential_file(name),
        ),
        AwardForm(
            url=addresses.credential_jwt(name),
            kind="application/vc+jwt",
            title=_("Open Badges 3.0, JWT"),
            purpose=_("For digital wallets that take a verifiable credential as a signed token."),
            file_name="credential.jwt",
        ),
        AwardForm(
            url=addresses.credential_image(name),
            kind="image/png",
            title=_("Picture with Open Badges 3.0, Data Integrity"),
            purpose=_("A picture for wallets that read 3.0 badges from pictures."),
            file_name="badge-3.png",
        ),
        AwardForm(
            url=addresses.credential_jwt_image(name),
            kind="image/png",
            title=_("Picture with Open Badges 3.0, JWT"),
            purpose=_("The same with the signed token inside."),
            file_name="badge-3-jwt.png",
        ),
    ]
