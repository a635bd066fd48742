"""A learner's whole transcript as PDF: certificates, learning paths with what they took and gave, badges with pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portal.certificates.models import Certificate, CertificateState, Replacement
from portal.certificates.paper.typesetting import typeset_pdf
from portal.certificates.paper.words import Words
from portal.core import storage
from portal.core.clock import now
from portal.core.i18n import _, date, language, ngettext
from portal.learning.models import Membership, Status

if TYPE_CHECKING:
    from portal.accounts.models import Person

LAYOUT = Path(__file__).resolve().parent / "transcript.typ"
NOTHING = "–"


@dataclass(frozen=True, kw_only=True)
class Transcript:
    """What a transcript says: whose it is, from whom, and what stands in its three parts."""

    learner: Person
    issuer: str
    certificates: Sequence[Certificate]
    memberships: Sequence[Membership]
    collections: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What a path took and gave: minutes of study, points of how many, and the grade in percent where there is one."""

    minutes: int
    points: int
    of_points: int
    grade: float | None


def taken(membership: Membership, certificate: Certificate | None) -> Taken:
    """Return what a path took and gave; the certificate's grade stands before that of the steps."""
    steps = [step for step in membership.version.tasks if step.mandatory]
    graded = [
        record.grade
        for record in membership.records
        if record.grade is not None and record.round == membership.round and record.done_at is not None
    ]
    grade = certificate.grade if certificate is not None and certificate.grade is not None else None
    if grade is None and graded:
        grade = sum(graded) / len(graded)
    return Taken(
        minutes=sum(step.minutes or 0 for step in steps),
        points=membership.points,
        of_points=sum(step.points or 0 for step in membership.version.tasks),
        grade=grade,
    )


def transcript_pdf(transcript: Transcript) -> bytes:
    """Return a transcript as a tagged PDF (ISO 14289-1, PDF/UA-1) in the reader's language."""
    words = Words(language())
    pictures = _pictures(transcript.collections)
    granted = {certificate.id: certificate for certificate in transcript.certificates}
    rows = [(row, taken(row, granted.get(row.certificate_id or 0))) for row in transcript.memberships]
    title = _("Transcript of %(name)s", name=transcript.learner.name)
    data = {
        "language": language().partition("-")[0],
        "title": title,
        "issuer": transcript.issuer,
        "made": _("As of %(date)s", date=date(now())),
        "footer": title,
        "page": _("Page {number} of {total}"),
        "none": _("None."),
        "figures": _figures(transcript, rows, words),
        "certificates_title": _("Certificates"),
        "certificates_header": [_("Learning path"), _("Issued"), _("Valid through"), _("Grade"), _("Number")],
        "certificates": [_certificate(row, words) for row in transcript.certificates],
        "paths_title": _("Learning paths"),
        "paths_header": [_("Learning path"), _("State"), _("Dates"), _("Points"), _("Time"), _("Grade")],
        "paths": [_path(row, took, words) for row, took in rows],
        "badges_title": _("Open Badges"),
        "collections": [_collection(one, pictures) for one in transcript.collections],
    }
    return typeset_pdf(LAYOUT, data, pictures)


def _figures(transcript: Transcript, rows: Sequence[tuple[Membership, Taken]], words: Words) -> list[tuple[str, str]]:
    standing = [one for one in transcript.certificates if one.state.holds]
    done = [took for row, took in rows if row.completed_at is not None]
    badges = {badge.get("url") or badge.get("name") for one in transcript.collections for badge in one["badges"]}
    minutes, points = sum(took.minutes for took in done), sum(took.points for took in done)
    figures = [
        (str(len(standing)), ngettext("valid certificate", "valid certificates", len(standing))),
        (str(len(done)), ngettext("learning path completed", "learning paths completed", len(done))),
        (str(len(badges)), ngettext("badge", "badges", len(badges))),
    ]
    if points:
        figures.append((str(points), ngettext("point", "points", points)))
    if minutes:
        figures.append((words.time(minutes), _("of study")))
    return figures


def _certificate(certificate: Certificate, words: Words) -> dict[str, str]:
    marks = {
        CertificateState.EXPIRED: _("Expired"),
        CertificateState.REVOKED: _("Revoked"),
        CertificateState.REPLACED: _("Replaced"),
    }
    mark = marks.get(certificate.state, "")
    if certificate.replaced_as == Replacement.RENEWAL and certificate.state != CertificateState.REVOKED:
        mark = _("Renewed")
    until = certificate.valid_until
    return {
        "title": certificate.path_title,
        "issued": date(certificate.issued_at, certificate.zone),
        "valid": date(until, certificate.zone) if until else _("Permanent"),
        "grade": NOTHING if certificate.grade is None else words.percent(certificate.grade),
        "number": certificate.number,
        "mark": mark,
    }


def _path(membership: Membership, took: Taken, words: Words) -> dict[str, str]:
    began, ended = date(membership.joined_at), membership.completed_at
    return {
        "title": membership.version.title,
        "state": state_of(membership),
        "dates": _("%(first)s to %(last)s", first=began, last=date(ended))
        if ended
        else _("Since %(date)s", date=began),
        "points": f"{took.points} / {took.of_points}" if took.of_points else NOTHING,
        "time": words.time(took.minutes) if took.minutes else NOTHING,
        "grade": NOTHING if took.grade is None else words.percent(took.grade),
    }


def state_of(membership: Membership) -> str:
    """Return where a member stands on a path, in words."""
    if membership.completed_at is not None:
        return _("Completed")
    words = {
        Status.IN_REVIEW: _("In review"),
        Status.FAILED: _("Failed"),
        Status.OVERDUE: _("Overdue"),
    }
    return words.get(Status(membership.status), _("In progress"))


def _pictures(collections: Sequence[Mapping[str, Any]]) -> dict[str, bytes]:
    """Return the small pictures of badges by their keys; what is not stored any more is left out."""
    found: dict[str, bytes] = {}
    for key in {badge.get("picture") for one in collections for badge in one["badges"]} - {None, ""}:
        small = storage.derived(str(key), "256")
        kept = small if storage.has(small) else str(key)
        if not kept.endswith(".svg") and storage.has(kept):
            found[str(key)] = storage.read(kept)
    return found


def _collection(collection: Mapping[str, Any], pictures: Mapping[str, bytes]) -> dict[str, Any]:
    return {"name": collection["name"], "badges": [_badge(badge, pictures) for badge in collection["badges"]]}


def _badge(badge: Mapping[str, Any], pictures: Mapping[str, bytes]) -> dict[str, Any]:
    name, key = badge.get("name") or _("Badge without a name"), badge.get("picture")
    issued = badge.get("issued_at")
    return {
        "name": name,
        "issuer": _("From %(issuer)s", issuer=badge["issuer"]) if badge.get("issuer") else "",
        "dates": _("Issued %(date)s", date=date(datetime.fromisoformat(issued))) if issued else "",
        "picture": key if key in pictures else None,
        "alt": _("Badge: %(name)s", name=name),
    }
