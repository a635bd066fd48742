"""Renewing a certificate: its holder does the path again, or chosen steps of it, in a round of its own."""

from __future__ import annotations

from sqlalchemy import select

from portal.accounts.models import Person
from portal.certificates.models import Certificate, Repeats
from portal.core.clock import now
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _, date
from portal.learning.models import LearningPath, Membership, PathState, PathVersion, RecordState, Status, StepRecord
from portal.learning.services.carrying import look_back
from portal.learning.services.doing import hold, remember
from portal.learning.services.members import join, membership_of
from portal.learning.services.settling import progress_of, settle

COPIED = (
    "step_key", "content_hash", "state", "grade", "attempts", "note", "evidence", "handed_in_at", "done_at",
    "decided_by_id", "decided_at", "comment",
)  # fmt: skip


def renewable_certificate(person: Person, path: LearningPath) -> Certificate | None:
    """Return the certificate of a path that somebody would renew: the newest that counts; None where there is none."""
    return session().scalar(
        select(Certificate)
        .where(
            Certificate.holder_id == person.id,
            Certificate.path_public_id == path.public_id,
            Certificate.revoked_at.is_(None),
            Certificate.replaced_at.is_(None),
        )
        .order_by(Certificate.issued_at.desc(), Certificate.id.desc())
        .limit(1)
    )


def may_be_renewed(certificate: Certificate, path: LearningPath) -> bool:
    """Whether a certificate can be renewed now: its renewal is open, and the path is active and gives certificates."""
    version = path.published
    return (
        certificate.renewable
        and path.state == PathState.PUBLISHED
        and version is not None
        and version.certification.enabled
    )


def renewing(certificate: Certificate, path: LearningPath) -> Membership | None:
    """Return the membership on which a certificate is being renewed; None where that has not begun."""
    return session().scalar(
        select(Membership).where(
            Membership.path_id == path.id,
            Membership.person_id == certificate.holder_id,
            Membership.certificate_id == certificate.id,
            Membership.completed_at.is_(None),
            Membership.left_at.is_(None),
        )
    )


def begin_renewal(path: LearningPath, person: Person) -> Membership:
    """Begin the renewal of somebody's certificate: a new round of the published version; a repeat changes nothing. Flushed.

    Where chosen steps are repeated, what was done of the others counts on in the new round. Completing it grants the new
    certificate. Raises Refused where there is nothing to renew, renewal is not open, or the path is not active.
    """
    certificate = renewable_certificate(person, path)
    if certificate is None or certificate.renewal_opens_at is None:
        raise Refused(_("There is no certificate of this learning path that you could renew."))
    if certificate.renewal_opens_at > now():
        when = date(certificate.renewal_opens_at)
        raise Refused(_("You can renew this certificate from %(when)s on.", when=when))
    if not may_be_renewed(certificate, path):
        raise Refused(_("This learning path is not open at present, so the certificate cannot be renewed now."))
    membership = membership_of(person, path) or join(path, person)
    hold(membership)
    if membership.completed_at is None and membership.certificate_id == certificate.id and membership.left_at is None:
        return membership
    _new_round(membership, certificate, path)
    return membership


def _new_round(membership: Membership, certificate: Certificate, path: LearningPath) -> None:
    version = path.published
    assert version is not None
    before = membership.round
    membership.version = version
    membership.certificate = certificate
    membership.by_person = membership.by_person or membership.left_at is not None
    membership.left_at = membership.completed_at = membership.extended_until = None
    membership.approved_at = membership.approved_by_id = None
    membership.started_at = membership.active_at = now()
    membership.status = Status.IN_PROGRESS
    membership.round = before + 1
    _carry_over(membership, version, before)
    session().flush()
    remember(membership, None, "renewal", by_id=membership.person_id)
    settle(membership)
    look_back(membership)


def _carry_over(membership: Membership, version: PathVersion, before: int) -> None:
    """Let what was done of the steps that are not repeated count in the present round too.

    Nobody renews by doing nothing: where that would be enough, as in a group of which some are, everything is repeated.
    """
    repeated = keys_to_repeat(version)
    if repeated is None:
        return
    for record in list(membership.records):
        if record.round == before and record.state == RecordState.DONE and record.step_key not in repeated:
            copied = StepRecord(round=membership.round, **{name: getattr(record, name) for name in COPIED})
            membership.records.append(copied)
    if progress_of(membership).fulfilled:
        membership.records = [record for record in membership.records if record.round != membership.round]


def keys_to_repeat(version: PathVersion) -> set[str] | None:
    """Return the keys of the steps that a renewal asks for again; None where those are all.

    Where no chosen step that counts is left in the version, everything is repeated.
    """
    settings = version.certification
    if settings.renewal_repeats != Repeats.CHOSEN:
        return None
    chosen = set(settings.renewal_keys or ())
    return chosen if chosen & {step.key for step in version.mandatory_steps} else None
