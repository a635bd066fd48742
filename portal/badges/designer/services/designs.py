"""Designs and their versions: made, saved, restored, renamed, copied, and used for a path."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Select, select, update

from portal.badges.designer import documents
from portal.badges.designer.models import BadgeDesign, BadgeDesignVersion
from portal.badges.designer.providers import uses
from portal.badges.designer.shapes import UNITS
from portal.core import pictures
from portal.core.clock import now
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _

if TYPE_CHECKING:
    from portal.accounts.models import Person
    from portal.badges.designer.documents import Document

# Autosaves of one person within this time become one version of the history.
SITTING = timedelta(minutes=10)
PICTURE_RULES = pictures.PictureRules(
    formats=("PNG",), min_side=UNITS, max_side=UNITS, max_bytes=4 * pictures.MEGABYTE, field="picture"
)


class Outdated(Refused):
    """Somebody else saved the design since it was opened: nothing was written."""

    def __init__(self, design: BadgeDesign) -> None:
        who = design.changed_by.name if design.changed_by else _("somebody else")
        super().__init__(
            _(
                "%(name)s changed this badge while you worked on it. Nothing was overwritten: "
                "save yours as a copy, or open the newer one.",
                name=who,
            )
        )


@dataclass(frozen=True, kw_only=True)
class Saving:
    """What is saved: the checked document, the PNG drawn from it (1,024 px, or none yet), and whether on purpose."""

    document: Document
    picture: bytes | None = None
    deliberate: bool = False


def design_by_public_id(public_id: str) -> BadgeDesign | None:
    """Return the design with this public id, or None."""
    return session().scalar(select(BadgeDesign).where(BadgeDesign.public_id == public_id))


def newest(design: BadgeDesign) -> BadgeDesignVersion:
    """Return the newest version of a design."""
    return version_of(design, design.number) or _raise_missing(design)


def _raise_missing(design: BadgeDesign) -> BadgeDesignVersion:
    raise LookupError(f"design {design.public_id} has no version {design.number}")


def version_of(design: BadgeDesign, number: int) -> BadgeDesignVersion | None:
    """Return one version of a design, or None."""
    return session().scalar(
        select(BadgeDesignVersion).where(BadgeDesignVersion.design_id == design.id, BadgeDesignVersion.number == number)
    )


def history(design: BadgeDesign) -> Select[BadgeDesignVersion]:
    """Return the versions of a design, newest first."""
    return (
        select(BadgeDesignVersion)
        .where(BadgeDesignVersion.design_id == design.id)
        .order_by(BadgeDesignVersion.number.desc())
    )


def document_of(version: BadgeDesignVersion) -> Document:
    """Return the document of a version, brought up to the present form; raises Refused where it cannot be."""
    return documents.read(version.document.encode())


def create(saving: Saving, by: Person) -> BadgeDesign:
    """Make a design from its first document and return it; raises Refused where the picture cannot be kept."""
    key = _keep(saving.picture)
    document = saving.document
    design = BadgeDesign(name=document["name"], alt=document["alt"], created_by_id=by.id, picture_key=key)
    _touch(design, by)
    session().add(design)
    session().flush()
    _add_version(design, saving, key, by)
    return design


def save(design: BadgeDesign, saving: Saving, *, base: int, by: Person) -> BadgeDesign:
    """Save a design that was opened at revision `base`.

    Raises Outdated where it was saved meanwhile, and Refused where the picture cannot be kept; then nothing is written.
    """
    key = _keep(saving.picture)
    claimed = session().execute(
        update(BadgeDesign)
        .where(BadgeDesign.id == design.id, BadgeDesign.revision == base)
        .values(revision=BadgeDesign.revision + 1)
        .execution_options(synchronize_session=False)
    )
    session().refresh(design)
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise Outdated(design)
    design.name, design.alt = saving.document["name"], saving.document["alt"]
    design.picture_key = key or design.picture_key
    version = newest(design)
    if _continues(version, by):
        _fill(version, saving, key, by)
    else:
        design.number += 1
        _add_version(design, saving, key, by)
    _touch(design, by)
    session().flush()
    return design


def _continues(version: BadgeDesignVersion, by: Person) -> bool:
    return not version.pinned and version.author_id == by.id and now() - version.started_at < SITTING


def _touch(design: BadgeDesign, by: Person) -> None:
    design.changed_by_id, design.changed_by, design.changed_at = by.id, by, now()


def _add_version(design: BadgeDesign, saving: Saving, key: str | None, by: Person) -> None:
    version = BadgeDesignVersion(design_id=design.id, number=design.number)
    _fill(version, saving, key, by)
    session().add(version)
    session().flush()


def _fill(version: BadgeDesignVersion, saving: Saving, key: str | None, by: Person) -> None:
    version.document = documents.write(saving.document)
    version.alt = saving.document["alt"]
    version.picture_key = key
    version.author_id, version.saved_at = by.id, now()
    version.pinned = saving.deliberate


def _keep(data: bytes | None) -> str | None:
    if data is None:
        return None
    picture = pictures.check(data, PICTURE_RULES)
    if not picture.square:
        raise Refused(_("The picture of a badge is square, %(side)s pixels wide.", side=UNITS), field="picture")
    return pictures.keep(picture)


def restore(design: BadgeDesign, version: BadgeDesignVersion, by: Person) -> BadgeDesign:
    """Make an older version the newest again; the ones between stay in the history."""
    document = document_of(version)
    newest(design).pinned = True
    design.number += 1
    design.revision += 1
    design.name, design.alt = document["name"], document["alt"]
    design.picture_key = version.picture_key or design.picture_key
    _add_version(design, Saving(document=document, deliberate=True), version.picture_key, by)
    _touch(design, by)
    session().flush()
    return design


def rename(design: BadgeDesign, name: str, by: Person) -> BadgeDesign:
    """Give a design another name: a version of its own, so that whoever is drawing on it is told."""
    version = newest(design)
    document = {**document_of(version), "name": name}
    version.pinned = True
    design.number += 1
    design.revision += 1
    design.name = name
    _add_version(design, Saving(document=document, deliberate=True), version.picture_key, by)
    _touch(design, by)
    session().flush()
    return design


def clone(design: BadgeDesign, name: str, by: Person) -> BadgeDesign:
    """Make a copy of a design under another name; it has a history of its own."""
    version = newest(design)
    copy = create(Saving(document={**document_of(version), "name": name}, deliberate=True), by)
    copy.picture_key = design.picture_key
    newest(copy).picture_key = version.picture_key
    session().flush()
    return copy


def use_for_path(design: BadgeDesign, path_public_id: str, by: Person) -> str:
    """Make the newest picture of a design the picture of a path; the version is kept as it is from now on.

    Returns the address of the path's Info. Raises Refused where the design has no picture or no alternative text yet.
    """
    version = newest(design)
    if version.picture_key is None:
        raise Refused(_("This badge has no picture yet. Open it in the designer and save it."))
    if not version.alt.strip():
        raise Refused(_("Describe the badge in words first: people who cannot see it need its alternative text."))
    version.pinned = True
    session().flush()
    return uses().apply(path_public_id, version.picture_key, version.alt, by)


def keep_for_picture(picture_key: str) -> int:
    """Keep for ever the versions that a picture was drawn from; returns how many.

    For whoever publishes what uses the picture: awards point at a design version that never changes.
    """
    found = session().scalars(select(BadgeDesignVersion).where(BadgeDesignVersion.picture_key == picture_key)).all()
    for version in found:
        version.pinned = True
    session().flush()
    return len(found)
