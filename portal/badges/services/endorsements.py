"""Endorsements by other issuers: checked before they are kept, checked anew every week, public while they stand."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from portal.badges import addresses
from portal.badges.composing import PROVED, TOKEN
from portal.badges.models import BadgeClass, Endorsement
from portal.badges.services.classes import can_go_along
from portal.core import clock, ids
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.core.jobs import release
from portal.openbadges.documents import stable_bytes
from portal.openbadges.verifying import Outcome, Report, verify
from portal.web.badge_checks import rows_of, spoken
from portal.web.badge_fetcher import BadgeFetcher

if TYPE_CHECKING:
    from portal.accounts.models import Person
    from portal.openbadges.documents import Document

MOST = 20
LARGEST = 200_000
EVERY = timedelta(days=7)
AFTER_NO_ANSWER = timedelta(days=1)
PATIENCE = timedelta(days=30)
"""How long an endorsement stays public while nobody answers who could say whether it still holds."""
_LARGEST_CARRIED = 32_000
_LONGEST_NAME = 255


@dataclass(frozen=True)
class Checked:
    """What somebody handed in, and what the verifier found."""

    body: bytes
    report: Report


def check(source: str | bytes) -> Checked:
    """Check what may be an endorsement: JSON, a JWT, a picture with one of them inside, or its address.

    Reads the web, so it must be called outside a transaction; never raises for what it contains.
    """
    body = source.encode() if isinstance(source, str) else source
    return Checked(body, verify(source, BadgeFetcher(), now=clock.now()))


def add(checked: Checked, badge: BadgeClass | None, *, by: Person) -> Endorsement:
    """Keep an endorsement of a badge class, or of the issuer where `badge` is None, that was found to be right; flushed.

    Raises Refused where it is none, where a check did not pass, where it endorses something else, where it comes from
    this issuer itself, or where it is kept already. (Open Badges 2.0, Endorsement; 3.0, EndorsementCredential.)
    """
    report = checked.report
    _refuse_unfit(report, badge)
    document = _document_of(report)
    digest = hashlib.sha256(document).hexdigest()
    same = select(Endorsement.id).where(_of(badge), Endorsement.content_hash == digest)
    if session().scalar(same) is not None:
        raise Refused(_("This endorsement stands here already."), field="document")
    if (session().scalar(select(func.count()).select_from(Endorsement).where(_of(badge))) or 0) >= MOST:
        raise Refused(_("There are %(most)s endorsements here already. Remove one first.", most=MOST), field="document")
    content = report.badge
    assert content is not None
    moment = clock.now()
    row = Endorsement(
        public_id=ids.public_id(),
        badge_class_id=badge.id if badge else None,
        body=checked.body,
        document=document,
        content_hash=digest,
        standard=report.standard,
        form=report.form,
        identifier=report.address,
        target=content.badge_id,
        issuer_id=content.issuer_id,
        issuer_name=content.issuer_name[:_LONGEST_NAME],
        issuer_url=content.issuer_url,
        comment=content.description,
        issued_at=content.issued_at,
        expires_at=content.expires_at,
        carried=badge is not None and _goes_along(report, badge),
        checks=rows_of(report),
        added_at=moment,
        added_by_id=by.id,
        verified_at=moment,
        not_before=moment + EVERY,
        leased_until=moment,
    )
    session().add(row)
    session().flush()
    return row


def _of(badge: BadgeClass | None) -> Any:
    return Endorsement.badge_class_id.is_(None) if badge is None else Endorsement.badge_class_id == badge.id


def _document_of(report: Report) -> bytes:
    document = report.token.encode() if report.token else stable_bytes(report.document or {})
    if len(document) > LARGEST:
        raise Refused(_("This endorsement is too large to be kept."), field="document")
    return document


def _refuse_unfit(report: Report, badge: BadgeClass | None) -> None:
    """Raise Refused with the reason in words that its keeper understands."""
    structure = report.check("structure")
    if structure is not None and structure.code == "structure.ok":
        raise Refused(_("This is a badge, not an endorsement of one."), field="document")
    wrong = next((check for check in report.checks if check.outcome is Outcome.FAILED), None)
    unclear = next((check for check in report.checks if check.outcome is Outcome.NOT_POSSIBLE), None)
    if wrong is not None:
        raise Refused(
            _("This endorsement does not hold. %(reason)s", reason=spoken(wrong.text, wrong.params)), field="document"
        )
    if unclear is not None or report.badge is None:
        reason = spoken(unclear.text, unclear.params) if unclear else ""
        raise Refused(
            _("This endorsement cannot be checked now, so it was not kept. %(reason)s", reason=reason), field="document"
        )
    if report.badge.issuer_id in _own_names():
        raise Refused(
            _("This endorsement comes from yourself. Only what others say of a badge is shown."), field="document"
        )
    if report.badge.badge_id not in _names(badge):
        raise Refused(
            _(
                "This endorses something else: %(what)s. Ask its author to endorse %(this)s.",
                what=report.badge.badge_id[:200] or "?",
                this=_names(badge)[0],
            ),
            field="document",
        )


def _names(badge: BadgeClass | None) -> list[str]:
    """Return the identifiers under which something may be endorsed, the one to be asked for first."""
    if badge is None:
        return [addresses.issuer(), addresses.did(), addresses.issuer_v1()]
    name = badge.public_id
    return [addresses.achievement(name), addresses.badge_class(name), addresses.badge_class_v1(name)]


def _own_names() -> list[str]:
    return _names(None)


def _goes_along(report: Report, badge: BadgeClass) -> bool:
    """Whether an endorsement can be put into credentials: it must be one of 3.0 of the very achievement in them.

    Otherwise a stranger's document could make the learners' credentials unfit for strict readers.
    """
    assert report.badge is not None
    if report.standard != "3.0" or report.badge.badge_id != addresses.achievement(badge.public_id):
        return False
    if report.form == TOKEN:
        return len(report.token) <= _LARGEST_CARRIED
    document: Document = report.document or {}
    return report.form == PROVED and len(stable_bytes(document)) <= _LARGEST_CARRIED and can_go_along(document, badge)


def endorsements_of(badge: BadgeClass | None) -> list[Endorsement]:
    """Return everything that is kept for a badge class, or for the issuer where `badge` is None, the newest first."""
    return list(session().scalars(select(Endorsement).where(_of(badge)).order_by(Endorsement.id.desc())))


def standing(badge: BadgeClass | None) -> list[Endorsement]:
    """Return what of it the public may see."""
    return [row for row in endorsements_of(badge) if row.stands]


def carried() -> dict[int, list[Endorsement]]:
    """Return what goes along with credentials that are signed now, by the inner number of the badge class."""
    found: dict[int, list[Endorsement]] = {}
    statement = select(Endorsement).where(Endorsement.carried, Endorsement.failed_at.is_(None)).order_by(Endorsement.id)
    for row in session().scalars(statement.options(undefer(Endorsement.document))):
        if row.stands and row.badge_class_id is not None:
            found.setdefault(row.badge_class_id, []).append(row)
    return found


def endorsement_by_public_id(public_id: str) -> Endorsement | None:
    """Return the endorsement of a public id, or None."""
    return session().scalar(select(Endorsement).where(Endorsement.public_id == public_id))


def remove(row: Endorsement) -> None:
    """Forget an endorsement; what was signed with it goes on to carry it."""
    session().delete(row)
    session().flush()


def note(row: Endorsement, report: Report) -> None:
    """Write down what a fresh check found, and when to check next; flushed.

    What failed is not public any more, and is looked at again later, since an issuer may put right what was wrong. What
    could not be checked stays as it was for 30 days.
    """
    moment = clock.now()
    passed, unclear = report.valid, report.outcome is Outcome.NOT_POSSIBLE
    if passed:
        row.verified_at, row.failed_at = moment, None
    elif not unclear or moment - row.verified_at > PATIENCE:
        row.failed_at = row.failed_at or moment
    if passed or not unclear or row.failed_at is not None:
        row.checks = rows_of(report)
    release(row, again_at=moment + (AFTER_NO_ANSWER if unclear else EVERY))
    session().flush()
