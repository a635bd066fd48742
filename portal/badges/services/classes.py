"""Freezing what a badge says: the same content is the same badge class, other content is another one."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.badges.achievement_types import TYPES
from portal.badges.composing import achievement_of, class_of
from portal.badges.models import BadgeClass
from portal.core import clock, ids
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.openbadges import model, ob11, ob20, ob30
from portal.openbadges.documents import Document, stable_bytes
from portal.openbadges.errors import Unfit, Unreadable
from portal.openbadges.examining import members
from portal.openbadges.model import Alignment
from portal.openbadges.ob30.canonical import canonicalise
from portal.openbadges.ob30.contexts import CREDENTIALS_V2, OPEN_BADGES, default_contexts
from portal.openbadges.text import check_address, check_text, is_web_address

TAGS = 20
ALIGNMENTS = 20
LONGEST_ADDRESS = 2_000
EARLIER = 5
_OWN_TYPE = re.compile(r"ext:[A-Za-z0-9._|-]{1,36}")


@dataclass(frozen=True, kw_only=True)
class Definition:
    """What a badge is to say. `series` names what stays the same when the text changes, such as a learning path."""

    name: str
    description: str
    image_key: str
    criteria: str = ""
    tags: tuple[str, ...] = ()
    alignments: tuple[Alignment, ...] = ()
    achievement_type: str = ""
    image_alt: str = ""
    language: str = "en"
    series: str = ""

    @property
    def content_hash(self) -> str:
        """The SHA-256 of everything the badge says, in hex."""
        text = json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def check_definition(definition: Definition) -> None:
    """Refuse a definition that no badge may have; raises Refused, naming the field."""
    if not definition.name.strip():
        raise Refused(_("Give the badge a name."), field="name")
    if not definition.description.strip():
        raise Refused(_("Describe the badge in a sentence or two."), field="description")
    if not definition.image_key.endswith(".png"):
        raise Refused(_("Open Badges need a PNG picture."), field="image")
    if len(definition.tags) > TAGS:
        raise Refused(_("Use at most %(most)s tags.", most=TAGS), field="tags")
    try:
        for field in ("name", "description", "criteria", "image_alt"):
            check_text(getattr(definition, field), field)
        for tag in definition.tags:
            check_text(tag, "tags")
    except Unfit as error:
        raise Refused(_(error.text, **error.params), field=error.field) from error
    check_type(definition.achievement_type)
    check_alignments(definition.alignments)


def check_type(name: str) -> None:
    """Refuse a type that is neither one of 3.0 nor an extension of it; raises Refused with field achievement_type."""
    if name and name not in TYPES and not _OWN_TYPE.fullmatch(name):
        raise Refused(
            _("Choose one of the types, or enter one of your own as ext: and letters, such as ext:Quest."),
            field="achievement_type",
        )


def check_alignments(alignments: Sequence[Alignment]) -> None:
    """Refuse what no badge may say of frameworks; raises Refused with a field such as `alignments-0-url`."""
    if len(alignments) > ALIGNMENTS:
        raise Refused(_("Use at most %(most)s frameworks.", most=ALIGNMENTS), field="alignments")
    known: set[str] = set()
    for number, alignment in enumerate(alignments):
        place = f"alignments-{number}"
        if not alignment.name.strip():
            raise Refused(_("Say what the badge corresponds to there."), field=f"{place}-name")
        try:
            for name in ("name", "framework", "code", "description"):
                check_text(getattr(alignment, name), f"{place}-{name}")
            check_address(alignment.url, f"{place}-url")
        except Unfit as error:
            raise Refused(_(error.text, **error.params), field=error.field) from error
        if not _is_plain_address(alignment.url):
            raise Refused(_("Enter a whole web address, such as https://example.org."), field=f"{place}-url")
        if alignment.url in known:
            raise Refused(_("This address stands here already."), field=f"{place}-url")
        known.add(alignment.url)


def _is_plain_address(address: str) -> bool:
    """Whether an address leads to a page of the web, and nowhere by a name and password in it."""
    return is_web_address(address) and "@" not in urlsplit(address).netloc and len(address) <= LONGEST_ADDRESS


def freeze(definition: Definition) -> BadgeClass:
    """Return the badge class that says exactly this, making it where there is none yet.

    The same definition always gives the same row; any difference gives a new row with a new public address, and the next
    `number` in its series. Raises Refused as `check_definition` does.
    """
    check_definition(definition)
    found = _by_hash(definition.content_hash)
    if found is not None:
        return found
    row = _row_of(definition)
    try:
        with session().begin_nested():
            session().add(row)
    except IntegrityError:
        found = _by_hash(definition.content_hash)
        if found is None:
            raise
        return found
    return row


def _by_hash(content_hash: str) -> BadgeClass | None:
    return session().scalar(select(BadgeClass).where(BadgeClass.content_hash == content_hash))


def _row_of(definition: Definition) -> BadgeClass:
    values: dict[str, Any] = asdict(definition)
    earlier = _earlier(definition.series)
    row = BadgeClass(
        **{**values, "tags": list(definition.tags), "alignments": list(values["alignments"])},
        public_id=ids.public_id(),
        content_hash=definition.content_hash,
        number=int(earlier[0][1]) + 1 if earlier else 1,
        earlier=earlier,
        frozen_at=clock.now(),
    )
    said = class_of(row)
    row.document_v1 = stable_bytes(ob11.badge_class(said))
    row.document_v2 = stable_bytes(ob20.badge_class(said))
    row.document_v3 = stable_bytes(ob30.achievement(achievement_of(row)))
    _check_signable(achievement_of(row))
    return row


def can_go_along(endorsement: Document, row: BadgeClass) -> bool:
    """Whether an endorsement with a proof can stand inside the credentials of a badge class without making them unfit."""
    contexts = members.contexts(endorsement)
    complete = all(isinstance(endorsement.get(name), str) for name in ("id", "name", "validFrom"))
    if not complete or contexts[:2] != [CREDENTIALS_V2, OPEN_BADGES] or not isinstance(endorsement.get("proof"), list):
        return False
    try:
        canonicalise(_trial(replace(achievement_of(row), endorsements=(endorsement,))), default_contexts())
    except (Unfit, Unreadable):
        return False
    return True


def _trial(said: model.BadgeClass) -> Document:
    """Compose a credential of a badge class to see whether it can be signed."""
    trial = model.Assertion(
        id=said.id,
        id_v3=said.id_v3,
        subject_id=said.id,
        badge=said,
        recipient=model.Recipient(address="", salt=""),
        issued_at=clock.now(),
    )
    return ob30.credential(trial)


def _check_signable(said: model.BadgeClass) -> None:
    """Refuse what could not be signed later, beside the field that it comes from: a trial credential is canonicalised."""
    try:
        canonicalise(_trial(said), default_contexts())
    except Unfit as error:
        field = next(
            (name for name in ("name", "description", "criteria", "alignments") if name[:5] in error.field), None
        )
        raise Refused(_(error.text, **error.params), field=field) from error


def _earlier(series: str) -> list[list[str]]:
    """Return public id, number and language of the last versions of a series, the newest first."""
    if not series:
        return []
    rows = session().execute(
        select(BadgeClass.public_id, BadgeClass.number, BadgeClass.language)
        .where(BadgeClass.series == series)
        .order_by(BadgeClass.number.desc())
        .limit(EARLIER)
    )
    return [[public_id, str(number), language] for public_id, number, language in rows]


def badge_class_by_public_id(public_id: str) -> BadgeClass | None:
    """Return the badge class of a public id, or None."""
    return session().scalar(select(BadgeClass).where(BadgeClass.public_id == public_id))
