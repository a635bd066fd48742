"""Tells the certificates which reviewed work stands behind them, so that its learner can publish it with the badge."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import joinedload

from portal.certificates.models import Certificate
from portal.certificates.providers import Submission
from portal.core import storage
from portal.core.db import session
from portal.core.markdown import without_controls
from portal.core.settings import address_of
from portal.learning.models import Membership, PathVersion, RecordState, Step, StepRecord

KIND = "assignment"
LARGEST = 200_000
MOST_FILES = 10
_SOURCE = re.compile(r"membership:([A-Za-z0-9_-]+)(?::(\d+))?")


class WorkOfMembers:
    """The learning paths, as certificates know the work that was done on them."""

    def evidence_of(self, certificate: Certificate) -> list[Submission]:
        """Return the assignments that were accepted in the round of the membership that earned a certificate."""
        named = _SOURCE.fullmatch(certificate.source)
        if named is None:
            return []
        public_id, number = named.group(1), int(named.group(2) or 1)
        statement = (
            select(StepRecord, Step)
            .join(Membership, Membership.id == StepRecord.membership_id)
            .join(PathVersion, PathVersion.id == Membership.version_id)
            .join(Step, and_(Step.version_id == PathVersion.id, Step.key == StepRecord.step_key))
            .where(
                Membership.public_id == public_id,
                Membership.person_id == certificate.holder_id,
                StepRecord.round == number,
                StepRecord.state == RecordState.DONE,
                Step.kind == KIND,
            )
            .order_by(Step.position)
            .options(joinedload(StepRecord.membership).joinedload(Membership.path))
        )
        return [_submission(record, step) for record, step in session().execute(statement)]


def _submission(record: StepRecord, step: Step) -> Submission:
    handed_in = record.evidence.get("handed_in")
    work = handed_in[-1] if isinstance(handed_in, list) and handed_in else record.evidence
    return Submission(
        key=record.public_id,
        title=step.title,
        text=_cleaned(work.get("text")),
        url=address_of("learning.step", path=record.membership.path, key=step.key),
        files=tuple(_texts(work.get("files"))),
    )


def _cleaned(text: object) -> str:
    return without_controls(text).strip() if isinstance(text, str) else ""


def _texts(files: object) -> list[tuple[str, str]]:
    """Return the plain text files among what was handed in; every other kind stays with its instructor."""
    found: list[tuple[str, str]] = []
    for file in files if isinstance(files, list) else []:
        text = _text_of(file) if len(found) < MOST_FILES else None
        if text:
            found.append((str(file.get("name", ""))[:200], text))
    return found


def _text_of(file: Any) -> str | None:
    if not isinstance(file, dict) or not str(file.get("type", "")).lower().startswith("text/plain"):
        return None
    key = file.get("key")
    if not isinstance(key, str) or not storage.has(key):
        return None
    data = storage.read(key)
    if len(data) > LARGEST:
        return None
    try:
        return without_controls(data.decode("utf-8-sig")).strip()
    except UnicodeDecodeError:
        return None
