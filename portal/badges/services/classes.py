"""Freezing what a badge says: the same content is the same badge class, other content is another one."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.badges.composing import achievement_of, class_of
from portal.badges.models import BadgeClass
from portal.core import clock, ids
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.openbadges import model, ob11, ob20, ob30
from portal.openbadges.documents import stable_bytes
from portal.openbadges.errors import Unfit
from portal.openbadges.model import Alignment
from portal.openbadges.ob30.canonical import canonicalise
from portal.openbadges.ob30.contexts import default_contexts
from portal.openbadges.text import check_address, check_text

TAGS = 20
EARLIER = 5


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
    """Refuse a definition that no badge may have; raises Refused with field name, description, criteria, tags or image."""
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
        for alignment in definition.alignments:
            check_address(alignment.url, "alignments")
            for text in (alignment.name, alignment.framework, alignment.code, alignment.description):
                check_text(text, "alignments")
    except Unfit as error:
        raise Refused(_(error.text, **error.params), field=error.field) from error


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


def _check_signable(said: model.BadgeClass) -> None:
    """Refuse what could not be signed later, beside the field that it comes from: a trial credential is canonicalised."""
    trial = model.Assertion(
        id=said.id,
        id_v3=said.id_v3,
        subject_id=said.id,
        badge=said,
        recipient=model.Recipient(address="", salt=""),
        issued_at=clock.now(),
    )
    try:
        canonicalise(ob30.credential(trial), default_contexts())
    except Unfit as error:
        field = next(
            (name for name in ("name", "description", "criteria", "alignments") if name[:5] in error.field), None
        )
        raise Refused(_(error.text, **error.params), field=field) from error


def _earlier(series: str) -> list[list[str]]:
    """Return public id and number of the last versions of a series, the newest first."""
    if not series:
        return []
    rows = session().execute(
        select(BadgeClass.public_id, BadgeClass.number)
        .where(BadgeClass.series == series)
        .order_by(BadgeClass.number.desc())
        .limit(EARLIER)
    )
    return [[public_id, str(number)] for public_id, number in rows]


def badge_class_by_public_id(public_id: str) -> BadgeClass | None:
    """Return the badge class of a public id, or None."""
    return session().scalar(select(BadgeClass).where(BadgeClass.public_id == public_id))
