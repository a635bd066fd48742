"""A path as one file: everything it says with its pictures and files, to be taken to another installation."""

from __future__ import annotations

import json
import re
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import IO, Any, BinaryIO, cast

from jsonschema import Draft202012Validator

from portal.accounts.models import Person
from portal.core import pictures, storage
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.learning.goals.assignment.files import TASK_FILE, Kept, keep_bytes
from portal.learning.goals.assignment.types import GROUPS
from portal.learning.goals.assignment.types import LARGEST as LARGEST_TASK_FILE
from portal.learning.goals.captions import check_captions
from portal.learning.goals.registry import KINDS, kind_of
from portal.learning.goals.sniffing import sniff
from portal.learning.models import GROUP, LearningPath, PathVersion, Step
from portal.learning.rules import Rules
from portal.learning.services import authoring, badge_details, steps
from portal.learning.services.authoring import Info
from portal.openbadges.model import Alignment

FORMAT = "laurel learning path"
VERSION = 1
PAGE = "path.json"
FILES = "files/"
MEGABYTE = 1024 * 1024
LARGEST = 300 * MEGABYTE
LARGEST_PAGE = 8 * MEGABYTE
MOST_FILES = 500
PIECE = 1024 * 1024
_KEY = re.compile(r"[0-9a-f]{64}\.[a-z0-9]{2,6}")
_UNKNOWN_HERE = frozenset({"template"})
_TEXT = {"type": "string", "maxLength": 50_000}
_SHORT = {"type": "string", "maxLength": 200}
_NUMBER = {"type": ["integer", "null"], "minimum": 0, "maximum": 1_000_000}
_SCHEMA = {
    "type": "object",
    "required": ["format", "version", "info", "steps"],
    "properties": {
        "format": {"const": FORMAT},
        "version": {"const": VERSION},
        "ordered": {"type": "boolean"},
        "approved": {"type": "boolean"},
        "tags": {"type": "array", "maxItems": 20, "items": {"type": "string", "maxLength": 40}},
        "info": {
            "type": "object",
            "required": ["title"],
            "properties": {
                "title": {**_SHORT, "minLength": 1},
                "description": _TEXT,
                "language": {"type": "string", "maxLength": 20},
                "cover_key": {"type": ["string", "null"], "maxLength": 80},
                "cover_alt": {"type": "string", "maxLength": 255},
                "certification": {"type": "boolean"},
                "validity_kind": {"enum": ["permanent", "period", "date"]},
                "valid_zone": {"type": "string", "maxLength": 60},
                "valid_day": {"type": ["string", "null"], "maxLength": 10},
                "renewal_repeats": {"enum": ["all", "chosen"]},
                "renewal_keys": {"type": "array", "maxItems": 200, "items": {"type": "string", "maxLength": 22}},
                "badge_name": _SHORT,
                "badge_description": {"type": "string", "maxLength": 2000},
                "badge_criteria": _TEXT,
                "badge_tags": {"type": "array", "maxItems": 20, "items": {"type": "string", "maxLength": 40}},
                **dict.fromkeys(("validity_count", "warning_count", "renewal_count"), _NUMBER),
                **{
                    name: {"enum": ["days", "weeks", "months", "years"]}
                    for name in ("validity_unit", "warning_unit", "renewal_unit")
                },
                **{name: {"type": "boolean"} for name in ("valid_yearly", "renewal", "open_badges")},
            },
        },
        "badge": {
            "type": "object",
            "properties": {
                "achievement_type": {"type": "string", "maxLength": 40},
                "language": {"type": "string", "maxLength": 20},
                "alignments": {"type": "array", "maxItems": 50, "items": {"type": "object"}},
            },
        },
        "steps": {
            "type": "array",
            "maxItems": steps.MOST_STEPS,
            "items": {
                "type": "object",
                "required": ["key", "kind", "title", "content"],
                "properties": {
                    "key": {"type": "string", "minLength": 1, "maxLength": 22},
                    "parent": {"type": ["string", "null"], "maxLength": 22},
                    "kind": {"type": "string", "maxLength": 30},
                    "title": {**_SHORT, "minLength": 1},
                    "mandatory": {"type": "boolean"},
                    "strict": {"type": "boolean"},
                    "limit_unit": {"enum": ["days", "weeks", "months", "years"]},
                    "due_at": {"type": ["string", "null"], "maxLength": 40},
                    "content": {"type": "object"},
                    **dict.fromkeys(("minutes", "points", "limit_count", "needed"), _NUMBER),
                },
            },
        },
    },
}


def pack(path: LearningPath) -> IO[bytes]:
    """Return a path as its editor says it, as a ZIP file at its beginning, with every picture and file that it shows.

    Nothing about people is in it. What is bound to this installation (the certificate template, groups, prerequisites) is
    left out.
    """
    version = path.edited
    page = _page_of(path, version)
    text = json.dumps(page, ensure_ascii=False, indent=1)
    packed = tempfile.TemporaryFile()  # noqa: SIM115 - its reader closes it
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(PAGE, text)
        for key in sorted(set(_KEY.findall(text))):
            if storage.has(key):
                with storage.open_stored(key) as source, archive.open(FILES + key, "w", force_zip64=True) as target:
                    while piece := source.read(PIECE):
                        target.write(piece)
    packed.seek(0)
    return packed


def _page_of(path: LearningPath, version: PathVersion) -> dict[str, Any]:
    info = asdict(authoring.info_of(version))
    for name in _UNKNOWN_HERE:
        info.pop(name, None)
    info["valid_day"] = info["valid_day"].isoformat() if info["valid_day"] else None
    details = badge_details.badge_details_of(version)
    return {
        "format": FORMAT,
        "version": VERSION,
        "info": info,
        "ordered": version.ordered,
        "approved": version.approved,
        "tags": [tag.word for tag in path.tags],
        "badge": asdict(details),
        "steps": [_step_of(step) for step in version.steps],
    }


def _step_of(step: Step) -> dict[str, Any]:
    return {
        "key": step.key,
        "parent": step.parent_key,
        "kind": step.kind,
        "title": step.title,
        "mandatory": step.mandatory,
        "minutes": step.minutes,
        "points": step.points,
        "needed": step.needed,
        "limit_count": step.limit_count,
        "limit_unit": step.limit_unit,
        "due_at": step.due_at.isoformat() if step.due_at else None,
        "strict": step.strict,
        "content": step.content,
    }


def read(file: BinaryIO) -> dict[str, Any]:
    """Read what was packed, store its pictures and files, and return its page with the keys that they have here.

    Nothing is changed in the database. Raises Refused, naming `file`, where it is no packed path, is damaged or too large.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            _refuse_large(archive)
            page = json.loads(_read_whole(archive, PAGE, LARGEST_PAGE))
            _refuse_invalid(page)
            keys: dict[str, str] = {}
            page = _with_task_files(page, archive, keys)
            keys |= _stored(archive, page)
    except (
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        RuntimeError,
        NotImplementedError,
        OSError,
        RecursionError,
    ) as error:
        raise _unreadable() from error
    return cast("dict[str, Any]", _with_keys(page, keys))


def _unreadable() -> Refused:
    return Refused(
        _("This file is no exported learning path, or it is damaged. Choose one that “Export” made."), field="file"
    )


def _refuse_large(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if len(entries) > MOST_FILES + 1 or sum(entry.file_size for entry in entries) > LARGEST:
        raise Refused(
            _("This file holds more than %(most)s MB, or too many files.", most=LARGEST // MEGABYTE), field="file"
        )


def _read_whole(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    with archive.open(name) as entry:
        data = entry.read(most + 1)
    if len(data) > most:
        raise _unreadable()
    return data


def _refuse_invalid(page: Any) -> None:
    if any(Draft202012Validator(_SCHEMA).iter_errors(page)):
        raise _unreadable()
    known = {kind.name for kind in KINDS} | {GROUP}
    strange = next((step["kind"] for step in page["steps"] if step["kind"] not in known), None)
    if strange is not None:
        raise Refused(_("This learning path has steps of a kind that this portal does not know."), field="file")


def _stored(archive: zipfile.ZipFile, page: Any) -> dict[str, str]:
    """Store the files of the archive that the page names; return the key that each has here, by its key there."""
    named = set(_KEY.findall(json.dumps(page)))
    there = {key for key in named if FILES + key in archive.NameToInfo and not key.endswith(TASK_FILE)}
    return {key: _store(archive, FILES + key) for key in sorted(there)}


def _with_task_files(value: Any, archive: zipfile.ZipFile, keys: dict[str, str]) -> Any:
    """Store what assignments give to their learners, which is checked by its name, and put it into what was packed.

    Its keys are those of here: they are added to `keys` as they are. A file that did not come along is left out.
    """
    if isinstance(value, list):
        return [_with_task_files(item, archive, keys) for item in value if not _is_lost(item, archive)]
    if not isinstance(value, dict):
        return value
    if not _is_task_file(value):
        return {name: _with_task_files(item, archive, keys) for name, item in value.items()}
    kept = _task_file(archive, value)
    keys[kept.key] = kept.key
    return {**value, **asdict(kept)}


def _is_task_file(value: Any) -> bool:
    return isinstance(value, dict) and str(value.get("key", "")).endswith(TASK_FILE)


def _is_lost(value: Any, archive: zipfile.ZipFile) -> bool:
    return _is_task_file(value) and FILES + value["key"] not in archive.NameToInfo


def _task_file(archive: zipfile.ZipFile, said: Mapping[str, Any]) -> Kept:
    data = _read_whole(archive, FILES + said["key"], LARGEST_TASK_FILE)
    try:
        return keep_bytes(str(said.get("name", "")), data, GROUPS)
    except Refused as error:
        raise Refused(error.message, field="file") from error


def _store(archive: zipfile.ZipFile, name: str) -> str:
    with tempfile.SpooledTemporaryFile(max_size=8 * MEGABYTE) as copy:
        with archive.open(name) as entry:
            left = LARGEST
            while piece := entry.read(min(PIECE, left + 1)):
                left -= len(piece)
                if left < 0:
                    raise _unreadable()
                copy.write(piece)
        copy.seek(0)
        held = cast("BinaryIO", copy)
        kind = sniff(held)
        if kind is not None:
            return storage.put_from(held, kind)
        held.seek(0)
        data = held.read(2 * pictures.COVER_RULES.max_bytes)
        if name.endswith(".vtt"):
            return storage.put(check_captions(data), "text/vtt")
        rules = pictures.PictureRules(formats=("PNG", "JPEG", "WEBP"), min_side=1, field="file")
        return pictures.keep(pictures.check(data, rules))


def _with_keys(value: Any, keys: Mapping[str, str]) -> Any:
    """Put the keys of here into what was packed; a key that came without its file leads nowhere, and is taken out."""
    if isinstance(value, str):
        return _KEY.sub(lambda found: keys.get(found[0], ""), value)
    if isinstance(value, list):
        return [_with_keys(item, keys) for item in value]
    if isinstance(value, dict):
        return {str(name): _with_keys(item, keys) for name, item in value.items()}
    return value


def unpack(page: Mapping[str, Any], owner: Person) -> LearningPath:
    """Make a new path of what `read` returned, as a draft of its new owner. Flushed.

    Raises Refused, naming `file`, where a step says something that its kind does not understand.
    """
    try:
        path = authoring.create_path(owner, _info(page["info"]))
        draft = authoring.draft_of(path)
        draft.ordered, draft.approved = bool(page.get("ordered")), bool(page.get("approved"))
        keys = _add_steps(path, page["steps"])
        draft.certification.renewal_keys = [keys[key] for key in page["info"].get("renewal_keys", ()) if key in keys]
        _add_details(path, page.get("badge") or {})
    except Refused as error:
        raise Refused(error.message, field="file") from error
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise _unreadable() from error
    session().flush()
    return path


def _info(said: Mapping[str, Any]) -> Info:
    known = {field.name for field in fields(Info)} - _UNKNOWN_HERE - {"renewal_keys"}
    values = {name: value for name, value in said.items() if name in known}
    if values.get("valid_day"):
        values["valid_day"] = date.fromisoformat(values["valid_day"])
    values["cover_key"] = values.get("cover_key") or None
    values["badge_tags"] = tuple(values.get("badge_tags", ()))
    return Info(**values)


def _add_steps(path: LearningPath, said: list[Mapping[str, Any]]) -> dict[str, str]:
    """Add the steps, each of whose groups comes before it; return the key that each has here."""
    keys: dict[str, str] = {}
    for entry in said:
        content = _content(entry["kind"], entry["content"])
        due = datetime.fromisoformat(entry["due_at"]) if entry.get("due_at") else None
        rules = Rules(
            points=entry.get("points"),
            limit_count=entry.get("limit_count"),
            limit_unit=entry.get("limit_unit", "days"),
            due_at=due if due is not None and due.tzinfo is not None else None,
            strict=bool(entry.get("strict")),
            needed=entry.get("needed"),
        )
        made = steps.add_step(
            path,
            entry["kind"],
            title=entry["title"],
            content=content,
            mandatory=bool(entry.get("mandatory", True)),
            minutes=entry.get("minutes"),
            rules=rules,
            parent=keys[entry["parent"]] if entry.get("parent") else None,
        )
        keys[entry["key"]] = made.key
    return keys


def _content(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a kind makes of content from outside: what it puts into its form and takes out again."""
    if kind == GROUP:
        return {}
    form = kind_of(kind).form(formdata=None)
    kind_of(kind).fill(form, content)
    return kind_of(kind).content_of(form)


def _add_details(path: LearningPath, said: Mapping[str, Any]) -> None:
    names = {field.name for field in fields(Alignment)}
    alignments = tuple(
        Alignment(**{name: str(value) for name, value in item.items() if name in names})
        for item in said.get("alignments", ())
    )
    details = badge_details.BadgeDetails(
        achievement_type=said.get("achievement_type", ""), language=said.get("language", ""), alignments=alignments
    )
    badge_details.save_badge_details(path, details)
