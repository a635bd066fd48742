"""Files that no row names any more: replaced, removed, or uploaded into a form that nobody sent.

Pictures stay for ever: their addresses are public, and badges and mails that left the portal show them. So does what the
portal made itself, such as the PDF of a certificate: its key says from what, not what it holds.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import JSON, String, Text, cast, exists, or_, select, text

from portal.accounts.models import ForgottenFile
from portal.core import storage
from portal.core.clock import now
from portal.core.db import Base, session
from portal.learning.models import Step, StepRecord, Upload

GRACE = timedelta(days=1)
ROWS = 500
_KEPT = frozenset({"png", "jpg", "webp", "svg", "json"})
_KEY = re.compile(r"[0-9a-f]{64}\.[0-9a-z]+")
_FORGOTTEN = ForgottenFile.__tablename__
_PLACES: tuple[Any, ...] = (Step.content, Upload.key, StepRecord.evidence)
"""Where the files of steps are named first; whatever names one elsewhere has it from here."""


def usual_names() -> Iterator[set[str]]:
    """Return what the usual places name, the keys of some rows at a time: the caller commits between them."""
    for column in _PLACES:
        row, last = column.class_, 0
        while True:
            statement = select(row.id, cast(column, Text)).where(row.id > last).order_by(row.id).limit(ROWS)
            rows = session().execute(statement).all()
            yield {key for _number, said in rows for key in _KEY.findall(said or "")}
            if len(rows) < ROWS:
                break
            last = rows[-1][0]


def old_files(known: Collection[str]) -> Iterator[str]:
    """Return the keys of files that are older than a day, hold what their key says, and are not among `known` ones."""
    for key in storage.keys_before(now() - GRACE):
        wanted = _KEY.fullmatch(key) and key.rpartition(".")[2] not in _KEPT and key not in known
        if wanted and storage.holds_itself(key):
            yield key


def is_named(key: str) -> bool:
    """Whether any text of any row has a key in it; bytes are sealed or signed documents, which name no such files."""
    return any(_has(table, table.columns, key) for table in Base.metadata.sorted_tables if table.name != _FORGOTTEN)


def remove_unnamed(key: str) -> bool:
    """Delete a file that `is_named` has not found, unless it was named or renewed since; whether it was deleted.

    Whoever writes to the usual places waits until the caller commits, so that nothing is named between the look and the
    end of the file.
    """
    if session().get_bind().dialect.name == "postgresql":
        tables = ", ".join(column.class_.__tablename__ for column in _PLACES)
        session().execute(text(f"LOCK TABLE {tables} IN SHARE MODE"))
    if any(_has(column.class_.__table__, [column], key) for column in _PLACES):
        return False
    return storage.remove_old(key, now() - GRACE)


def _has(table: Any, columns: Iterable[Any], key: str) -> bool:
    stem = key.partition(".")[0]
    conditions = [cast(column, Text).contains(stem) for column in columns if isinstance(column.type, (String, JSON))]
    return bool(conditions and session().scalar(select(exists().select_from(table).where(or_(*conditions)))))
