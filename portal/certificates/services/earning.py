"""The badge of a certificate: earned and sent, given to another address, shown in the transcript."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import url_for

from portal.badges import services as badges
from portal.certificates.models import Certificate, CertificateState
from portal.certificates.services import works
from portal.certificates.services.checking import check_url
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.delivery import services as delivery
from portal.delivery.models import SendingState
from portal.delivery.reading import services as reading

if TYPE_CHECKING:
    from portal.accounts.models import EmailAddress
    from portal.badges.models import Award
    from portal.certificates.models import PublishedWork
    from portal.delivery.models import Sending


@dataclass(frozen=True, kw_only=True)
class Earned:
    """What became of a certificate's badge so far: nothing, an award, and where its sending stands."""

    award: Award | None = None
    sending: Sending | None = None
    revoked: bool = False
    offered: Award | None = None
    """An award that was given without being asked for, and waits for the learner's yes."""

    @property
    def in_a_backpack(self) -> bool:
        """Whether a backpack has accepted it."""
        return self.sending is not None and SendingState(self.sending.state).accepted

    @property
    def may_be_replaced(self) -> bool:
        """Whether it may still be given to another address instead."""
        return self.award is not None and delivery.may_be_replaced(self.sending)


def earned(certificate: Certificate) -> Earned:
    """Return what became of the badge of a certificate."""
    last = badges.last_award(certificate.badge_source)
    if last is None:
        return Earned()
    if not last.live:
        return Earned(revoked=last.revoked_at is not None)
    if last.offered:
        return Earned(offered=last)
    return Earned(award=last, sending=delivery.sending_of(last))


def may_be_earned(certificate: Certificate, so_far: Earned) -> bool:
    """Whether the badge can be earned now: there is one, the certificate is valid, and it was not given yet."""
    return (
        certificate.badge_class_id is not None
        and certificate.state.holds
        and so_far.award is None
        and not so_far.revoked
    )


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a learner wants their badge to say besides: in their own words, which reviewed work, and whether the grade."""

    narrative: str = ""
    works: tuple[str, ...] = ()
    grade: bool = True


def earn(
    certificate: Certificate, *, address: EmailAddress, through: str, subject_id: str = "", said: Said | None = None
) -> Sending:
    """Issue the badge of a certificate to one of its holder's verified addresses, and have it sent to a backpack.

    `through` is the key of a backpack, `subject_id` the learner's own DID where the badge is to name it, `said` what it
    says besides. Any number of calls make one award and one sending; a later call returns the
    first one's. Raises Refused, naming `address` or `backpack` where one of them is the reason.
    """
    so_far = earned(certificate)
    if so_far.award is None and not may_be_earned(certificate, so_far):
        raise Refused(_why_not(certificate))
    assert certificate.badge_class is not None
    said = said or Said()
    chosen = works.prepare(certificate, said.works) if so_far.award is None else []
    award = badges.award(
        certificate.badge_class,
        to=certificate.holder,
        address=address,
        source=certificate.badge_source,
        evidence_url=check_url(certificate),
        expires_at=certificate.valid_until,
        subject_id=subject_id,
        story=_story(certificate, said, chosen),
    )
    works.keep(chosen, award)
    return delivery.send(award, through, back_to=url_for("certificates.earn", certificate=certificate))


def _story(certificate: Certificate, said: Said, chosen: list[PublishedWork]) -> badges.Story:
    grade = certificate.grade if said.grade else None
    return badges.Story(
        narrative=said.narrative.strip(),
        evidence=tuple(works.as_evidence(work) for work in chosen),
        result=badges.percent(grade) if grade is not None else None,
    )


def _why_not(certificate: Certificate) -> str:
    if certificate.badge_class_id is None:
        return _("This certificate comes without a badge.")
    if certificate.state == CertificateState.EXPIRED:
        return _("This certificate has expired, so its badge cannot be earned any more.")
    if certificate.state == CertificateState.REPLACED:
        return _("This certificate was replaced by one with a new name. Earn the badge there.")
    if certificate.state == CertificateState.REVOKED:
        return _("This certificate was revoked, so its badge cannot be earned any more.")
    return _("This badge was revoked, so it cannot be earned again.")


def replace(certificate: Certificate, *, address: EmailAddress, through: str) -> Sending:
    """Give the badge to another verified address instead, and have it sent; the earlier one answers 410 from then on.

    Raises Refused where a backpack has accepted it, or is just being asked to.
    """
    so_far = earned(certificate)
    if so_far.award is None:
        raise Refused(_("This badge was not sent yet."))
    if so_far.award.recipient_address == address.address:
        raise Refused(_("The badge goes to this address already."), field="address")
    delivery.give_up(so_far.award)
    award = badges.replace(so_far.award, address)
    return delivery.send(award, through, back_to=url_for("certificates.earn", certificate=certificate))


def show_in_transcript(certificate: Certificate) -> str:
    """Have the transcript read anew for ten minutes, and return the address of the backpack's form for a new collection.

    The built-in backpack's form is filled in already; another backpack is opened at its front door.
    """
    so_far = earned(certificate)
    if so_far.award is None or so_far.sending is None:
        raise Refused(_("Send the badge to your backpack first."))
    reading.watch(certificate.holder, minutes=10)
    sending = so_far.sending
    if not sending.built_in:
        return sending.backpack_url
    query = {
        "name": _("%(word)s collection", word=delivery.settings().collection_keyword),
        "public": "1",
        "badge": badges.assertion_v1_url(so_far.award),
    }
    return f"{sending.backpack_url}/collections/new?{urlencode(query)}"
