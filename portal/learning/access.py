"""Who may do what to which object of this room, and how an address finds it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from portal.accounts.models import Person
from portal.certificates.models import GrantBatch
from portal.core.db import session
from portal.learning.models import ActivityKey, EventDate, LearningPath, Membership, Upload
from portal.learning.services import (
    active_membership,
    category_by_public_id,
    edits,
    instructs,
    may_see,
    path_by_public_id,
    reviews,
)
from portal.learning.services.events import date_by_public_id
from portal.learning.xapi.keys import key_by_public_id
from portal.web.policy import Permission


def _membership(public_id: str) -> Membership | None:
    return session().scalar(select(Membership).where(Membership.public_id == public_id))


def _may_see(person: Person, path: LearningPath) -> bool:
    """Show a published path to those whom it is for, any path to its members and to those who look after it."""
    return may_see(person, path) or instructs(person, path)


def _may_learn(person: Person, path: LearningPath) -> bool:
    return active_membership(person, path) is not None


def _may_decide(person: Person, membership: Membership) -> bool:
    return membership.left_at is None and reviews(person, membership.path)


def _may_change_date(person: Person, date: EventDate) -> bool:
    return edits(person, date.path)


def _may_change_key(person: Person, key: ActivityKey) -> bool:
    return edits(person, key.path)


def _may_say_who_came(person: Person, date: EventDate) -> bool:
    return reviews(person, date.path)


def _upload(public_id: str) -> Upload | None:
    return session().scalar(select(Upload).where(Upload.public_id == public_id))


def _may_see_upload(person: Person, upload: Upload) -> bool:
    """Show a file to the learner who put it there and, once it is handed in, to those who review the path."""
    if upload.person_id == person.id:
        return True
    return upload.handed_in_at is not None and reviews(person, upload.membership.path)


def _grant_batch(public_id: str) -> GrantBatch | None:
    return session().scalar(select(GrantBatch).where(GrantBatch.public_id == public_id))


def _may_see_grants(person: Person, batch: GrantBatch) -> bool:
    path = path_by_public_id(batch.path_public_id)
    return person.may(Permission.ADMIN_PEOPLE) if path is None else instructs(person, path)


LOADERS: dict[str, Callable[[str], Any]] = {
    "learning_path": path_by_public_id,
    "category": category_by_public_id,
    "membership": _membership,
    "grant_batch": _grant_batch,
    "upload": _upload,
    "event_date": date_by_public_id,
    "activity_key": key_by_public_id,
}
RULES: dict[Permission, Callable[[Any, Any], bool]] = {
    Permission.CATEGORY_MANAGE: lambda _person, _category: True,
    Permission.PATH_SEE: _may_see,
    Permission.PATH_JOIN: _may_see,
    Permission.PATH_LEARN: _may_learn,
    Permission.PATH_EDIT: edits,
    Permission.PATH_PUBLISH: edits,
    Permission.PATH_MEMBERS: instructs,
    Permission.CERTIFICATE_GRANT: instructs,
    Permission.CERTIFICATE_GRANT_BATCH: _may_see_grants,
    Permission.STEP_CONFIRM: _may_decide,
    Permission.UPLOAD_SEE: _may_see_upload,
    Permission.EVENT_DATE: _may_change_date,
    Permission.EVENT_ATTENDANCE: _may_say_who_came,
    Permission.ACTIVITY_KEY: _may_change_key,
}
