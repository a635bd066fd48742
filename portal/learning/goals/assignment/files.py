"""The files of an assignment: stored by what they hold, and carried by its form while something else is corrected."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from portal.core import ids, storage
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.learning.goals.assignment.types import FIELD, LARGEST, checked, clean_name
from portal.learning.models import Membership, Upload

LONGEST_ID = 22
TASK_FILE = ".upload"


@dataclass(frozen=True)
class Kept:
    """A file that is stored: where, and what it is called. `size` is in bytes."""

    key: str
    name: str
    type: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Carried:
    """A file as a form shows it: `value` is what the form sends back, `upload` its row where it has one."""

    value: str
    name: str
    size: int
    upload: str | None = None


def keep(file: FileStorage, groups: Iterable[str]) -> Kept:
    """Check a file and store it; raise Refused, beside `files`, where it cannot be taken."""
    return keep_bytes(file.filename or "", file.stream.read(LARGEST + 1), groups)


def keep_bytes(called: str, data: bytes, groups: Iterable[str]) -> Kept:
    """Check what a file holds and store it; raise Refused, beside `files`, where it cannot be taken.

    It is stored under a name that the portal shows nowhere but through its row.
    """
    name = clean_name(called)
    data, kind = checked(name, data, groups)
    digest = hashlib.sha256(data).hexdigest()
    key = f"{digest}{TASK_FILE}"
    storage.keep_as(key, data)
    return Kept(key, name, kind, len(data), digest)


def _seal(place: str) -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt=f"file of an assignment: {place}")


def _place(membership: Membership, step_key: str) -> str:
    return f"{membership.public_id} {step_key}"


def sealed(membership: Membership, step_key: str, kept: Kept) -> str:
    """Return a stored file as a form of this member's step carries it; it is worth nothing anywhere else."""
    return str(_seal(_place(membership, step_key)).dumps(asdict(kept)))


def _unsealed(membership: Membership, step_key: str, value: str) -> Kept | None:
    try:
        return Kept(**_seal(_place(membership, step_key)).loads(value))
    except BadSignature:
        return None


def uploads_of(membership: Membership, step_key: str) -> dict[str, Upload]:
    """Return a member's files for a step by public id."""
    statement = select(Upload).where(Upload.membership_id == membership.id, Upload.step_key == step_key)
    return {upload.public_id: upload for upload in session().scalars(statement)}


def taken(membership: Membership, step_key: str, values: Sequence[str]) -> list[Upload]:
    """Return the files that a form carries, those that came anew as rows of their own; what is not the member's is left out."""
    present = uploads_of(membership, step_key)
    found: dict[str, Upload] = {}
    for value in values:
        upload = present.get(value) if len(value) <= LONGEST_ID else _new(membership, step_key, value)
        if upload is not None:
            found.setdefault(upload.key + upload.name, upload)
    return list(found.values())


def _new(membership: Membership, step_key: str, value: str) -> Upload | None:
    kept = _unsealed(membership, step_key, value)
    if kept is None:
        return None
    if not storage.renew(kept.key):
        gone = _("“%(name)s” was sent more than a day ago and is not stored any more. Choose it again.", name=kept.name)
        raise Refused(gone, field=FIELD)
    upload = Upload(
        public_id=ids.public_id(),
        person_id=membership.person_id,
        membership_id=membership.id,
        step_key=step_key,
        **asdict(kept),
    )
    session().add(upload)
    return upload


def carried(membership: Membership, step_key: str, values: Iterable[str]) -> list[Carried]:
    """Return the files that a form carries, as it shows them again."""
    present = uploads_of(membership, step_key)
    shown = []
    for value in values:
        if value in present:
            shown.append(Carried(value, present[value].name, present[value].size, value))
        elif (
            len(value) > LONGEST_ID
            and (kept := _unsealed(membership, step_key, value)) is not None
            and storage.has(kept.key)
        ):
            shown.append(Carried(value, kept.name, kept.size))
    return shown


def said_of(upload: Upload) -> dict[str, Any]:
    """Return what evidence says of a file."""
    return {
        "upload": upload.public_id,
        "name": upload.name,
        "type": upload.type,
        "size": upload.size,
        "key": upload.key,
    }


def refuse_too_many(count: int, most: int) -> None:
    """Raise Refused where more files are handed in than asked for."""
    if count > most:
        raise Refused(_("Hand in at most %(most)s files. Remove some first.", most=most), field=FIELD)


def task_files(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the files that an assignment gives to its learners: id, key, name, type and size in bytes each."""
    return [file for file in content.get("files") or [] if isinstance(file, dict)]
