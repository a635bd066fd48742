"""Reading statements as the Experience API 1.0.3 and 2.0 write them (IEEE 9274.1.1; xAPI-Data.md): strict, and in words."""

from __future__ import annotations

import json
import math
import re
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from portal.core.errors import LaurelError
from portal.core.i18n import _
from portal.learning.goals.outside_forms import is_iri

DEEPEST = 40
LONGEST = 2000
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_SHA1 = re.compile(r"[0-9a-f]{40}", re.IGNORECASE)
_MBOX = re.compile(r"mailto:[^\s<>@]+@[^\s<>@]+")
_LANGUAGE = re.compile(r"[A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8})*")
_DURATION = re.compile(
    r"P(?=.)(?:\d+(?:\.\d+)?W|(?:\d+(?:\.\d+)?Y)?(?:\d+(?:\.\d+)?M)?(?:\d+(?:\.\d+)?D)?"
    r"(?:T(?=.)(?:\d+(?:\.\d+)?H)?(?:\d+(?:\.\d+)?M)?(?:\d+(?:\.\d+)?S)?)?)"
)
_TIMESTAMP = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?([Zz]|[+-]\d{2}(:?\d{2})?)?")
_IDENTIFIERS = ("mbox", "mbox_sha1sum", "openid", "account")
VOIDED = "http://adlnet.gov/expapi/verbs/voided"


class BadStatement(LaurelError):
    """What was sent is no statement, with the reason in words."""


def read_json(data: bytes) -> Any:
    """Return what a JSON text says; raise BadStatement where it is none, is nested too deep, or has numbers that are none."""
    try:
        found = json.loads(data.decode("utf-8"), parse_constant=_no_number)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise BadStatement(_("This is no JSON that can be read.")) from error
    _check_depth(found, 0)
    return found


def _no_number(name: str) -> Any:
    raise ValueError(name)


def _check_depth(value: Any, depth: int) -> None:
    if depth > DEEPEST:
        raise BadStatement(_("The JSON is nested too deep."))
    if isinstance(value, float) and not math.isfinite(value):
        raise BadStatement(_("A number is too large."))
    held = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in held:
        _check_depth(part, depth + 1)


def check_statement(statement: Any) -> dict[str, Any]:
    """Return a statement that follows the standard (xAPI-Data.md, 2.0 to 4.0); raise BadStatement where it does not."""
    document = _object(statement, _("The statement"))
    _only(
        document,
        {
            "id", "actor", "verb", "object", "result", "context", "timestamp", "stored", "authority", "version",
            "attachments",
        },
        _("The statement"),
    )  # fmt: skip
    _no_nulls(document)
    for name in ("actor", "verb", "object"):
        if name not in document:
            raise BadStatement(_("The statement has no “%(name)s”.", name=name))
    if "id" in document:
        check_uuid(document["id"], "id")
    _actor(document["actor"], "actor")
    _verb(document["verb"])
    _target(document["object"], "object")
    if document["verb"]["id"] == VOIDED and document["object"].get("objectType") != "StatementRef":
        raise BadStatement(_("What is voided has to be named by a StatementRef."))
    checks: dict[str, Callable[[Any], object]] = {
        "result": _result,
        "context": lambda value: _context(value, document["object"]),
        "timestamp": lambda value: read_timestamp(value, "timestamp"),
        "stored": lambda value: read_timestamp(value, "stored"),
        "authority": lambda value: _actor(value, "authority"),
        "version": _version,
        "attachments": _attachments,
    }
    for name, check in checks.items():
        if name in document:
            check(document[name])
    return dict(document)


def _object(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadStatement(_("%(where)s has to be a JSON object.", where=where))
    return value


def _only(value: Mapping[str, Any], known: set[str], where: str) -> None:
    for name in value:
        if name not in known:
            raise BadStatement(_("%(where)s has an unknown property “%(name)s”.", where=where, name=name[:80]))


def _no_nulls(value: Any) -> None:
    """Refuse null everywhere but in extensions (xAPI-Data.md, 2.2)."""
    if isinstance(value, dict):
        for name, part in value.items():
            if part is None:
                raise BadStatement(_("“%(name)s” is null: leave it out.", name=name[:80]))
            if name != "extensions":
                _no_nulls(part)
    elif isinstance(value, list):
        for part in value:
            _no_nulls(part)


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str) or len(value) > LONGEST:
        raise BadStatement(_("“%(where)s” has to be a text of at most 2000 characters.", where=where))
    return value


def _iri(value: Any, where: str) -> None:
    if not is_iri(_text(value, where)):
        raise BadStatement(_("“%(where)s” has to be a whole IRI, with its scheme.", where=where))


def check_uuid(value: Any, where: str) -> str:
    """Return a UUID as it is compared; raise BadStatement where a value is none."""
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        raise BadStatement(_("“%(where)s” has to be a UUID.", where=where))
    return str(uuid.UUID(value))


def read_timestamp(value: Any, where: str) -> datetime:
    """Return an instant (ISO 8601, with its time zone; UTC where it names none); raise BadStatement where it is none."""
    text = value if isinstance(value, str) else ""
    if not _TIMESTAMP.fullmatch(text) or text.endswith(("-00:00", "-0000", "-00")):
        raise BadStatement(_("“%(where)s” has to be a timestamp such as 2027-05-03T09:00:00Z.", where=where))
    try:
        found = datetime.fromisoformat(text.upper().replace(",", "."))
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadStatement(_("“%(where)s” has to be a timestamp such as 2027-05-03T09:00:00Z.", where=where)) from error


def _language_map(value: Any, where: str) -> None:
    for language, text in _object(value, where).items():
        if not _LANGUAGE.fullmatch(language) or not isinstance(text, str):
            raise BadStatement(_('“%(where)s” has to be texts by language, such as {"en": "completed"}.', where=where))


def _extensions(value: Any, where: str) -> None:
    for name in _object(value, where):
        _iri(name, where)


def _actor(value: Any, where: str) -> None:
    actor = _object(value, where)
    kind = actor.get("objectType", "Agent")
    if kind not in {"Agent", "Group"}:
        raise BadStatement(_("“%(where)s” has to be an Agent or a Group.", where=where))
    _only(actor, {"objectType", "name", "member", *_IDENTIFIERS} - ({"member"} if kind == "Agent" else set()), where)
    named = [name for name in _IDENTIFIERS if name in actor]
    if len(named) > 1 or (not named and (kind == "Agent" or "member" not in actor)):
        raise BadStatement(
            _("“%(where)s” has to be named in one way: mbox, mbox_sha1sum, openid or account.", where=where)
        )
    if "name" in actor:
        _text(actor["name"], f"{where}.name")
    _identifier(actor, where)
    if kind == "Group" and "member" in actor:
        _members(actor["member"], where)


def _members(value: Any, where: str) -> None:
    if not isinstance(value, list):
        raise BadStatement(_("“%(where)s” has to be a list.", where=f"{where}.member"))
    for member in value:
        if _object(member, f"{where}.member").get("objectType", "Agent") != "Agent":
            raise BadStatement(_("A group has Agents as its members."))
        _actor(member, f"{where}.member")


def _identifier(actor: Mapping[str, Any], where: str) -> None:
    if "mbox" in actor and not _MBOX.fullmatch(_text(actor["mbox"], f"{where}.mbox")):
        raise BadStatement(
            _("“%(where)s” has to be an address such as mailto:name@example.org.", where=f"{where}.mbox")
        )
    if "mbox_sha1sum" in actor and not _SHA1.fullmatch(_text(actor["mbox_sha1sum"], f"{where}.mbox_sha1sum")):
        raise BadStatement(_("“%(where)s” has to be 40 hexadecimal digits.", where=f"{where}.mbox_sha1sum"))
    if "openid" in actor:
        _iri(actor["openid"], f"{where}.openid")
    if "account" in actor:
        account = _object(actor["account"], f"{where}.account")
        _only(account, {"homePage", "name"}, f"{where}.account")
        _iri(account.get("homePage"), f"{where}.account.homePage")
        if not _text(account.get("name"), f"{where}.account.name"):
            raise BadStatement(_("“%(where)s” is empty.", where=f"{where}.account.name"))


def _verb(value: Any) -> None:
    verb = _object(value, "verb")
    _only(verb, {"id", "display"}, "verb")
    _iri(verb.get("id"), "verb.id")
    if "display" in verb:
        _language_map(verb["display"], "verb.display")


def _target(value: Any, where: str) -> None:
    target = _object(value, where)
    kind = target.get("objectType", "Activity")
    if kind in {"Agent", "Group"}:
        _actor(target, where)
    elif kind == "Activity":
        _activity(target, where)
    elif kind == "StatementRef":
        _only(target, {"objectType", "id"}, where)
        check_uuid(target.get("id"), f"{where}.id")
    elif kind == "SubStatement" and where == "object":
        _sub_statement(target)
    else:
        raise BadStatement(_("“%(where)s” is of an unknown type.", where=where))


def _sub_statement(value: Mapping[str, Any]) -> None:
    inner = {name: part for name, part in value.items() if name != "objectType"}
    if {"id", "stored", "version", "authority"} & set(inner):
        raise BadStatement(_("A SubStatement has neither id, stored, version nor authority."))
    if isinstance(inner.get("object"), dict) and inner["object"].get("objectType") == "SubStatement":
        raise BadStatement(_("A SubStatement cannot hold another one."))
    check_statement(inner)


def _activity(value: Any, where: str) -> None:
    activity = _object(value, where)
    _only(activity, {"objectType", "id", "definition"}, where)
    _iri(activity.get("id"), f"{where}.id")
    definition = _object(activity.get("definition", {}), f"{where}.definition")
    for name in ("name", "description"):
        if name in definition:
            _language_map(definition[name], f"{where}.definition.{name}")
    for name in ("type", "moreInfo"):
        if name in definition:
            _iri(definition[name], f"{where}.definition.{name}")
    if "extensions" in definition:
        _extensions(definition["extensions"], f"{where}.definition.extensions")


def _result(value: Any) -> None:
    result = _object(value, "result")
    _only(result, {"score", "success", "completion", "response", "duration", "extensions"}, "result")
    for name in ("success", "completion"):
        if name in result and not isinstance(result[name], bool):
            raise BadStatement(_("“%(where)s” has to be true or false.", where=f"result.{name}"))
    if "response" in result and not isinstance(result["response"], str):
        raise BadStatement(_("“%(where)s” has to be a text.", where="result.response"))
    if "duration" in result and not _DURATION.fullmatch(_text(result["duration"], "result.duration")):
        raise BadStatement(_("“%(where)s” has to be a duration such as PT1H30M.", where="result.duration"))
    if "extensions" in result:
        _extensions(result["extensions"], "result.extensions")
    if "score" in result:
        _score(result["score"])


def _score(value: Any) -> None:
    score = _object(value, "result.score")
    _only(score, {"scaled", "raw", "min", "max"}, "result.score")
    for name, number in score.items():
        if isinstance(number, bool) or not isinstance(number, (int, float)):
            raise BadStatement(_("“%(where)s” has to be a number.", where=f"result.score.{name}"))
    low, high = score.get("min"), score.get("max")
    if not -1 <= score.get("scaled", 0) <= 1:
        raise BadStatement(_("“%(where)s” has to lie between -1 and 1.", where="result.score.scaled"))
    if low is not None and high is not None and low >= high:
        raise BadStatement(_("The lowest score has to be below the highest."))
    raw = score.get("raw")
    if raw is not None and ((low is not None and raw < low) or (high is not None and raw > high)):
        raise BadStatement(_("The score has to lie between the lowest and the highest."))


def _context(value: Any, target: Mapping[str, Any]) -> None:
    context = _object(value, "context")
    _only(
        context,
        {
            "registration", "instructor", "team", "contextActivities", "contextAgents", "contextGroups", "revision",
            "platform", "language", "statement", "extensions",
        },
        "context",
    )  # fmt: skip
    if "registration" in context:
        check_uuid(context["registration"], "context.registration")
    for name in ("instructor", "team"):
        if name in context:
            _actor(context[name], f"context.{name}")
    for name in ("revision", "platform"):
        if name in context:
            _text(context[name], f"context.{name}")
            if target.get("objectType", "Activity") != "Activity":
                raise BadStatement(_("“%(where)s” is for activities alone.", where=f"context.{name}"))
    _context_links(context)


def _context_links(context: Mapping[str, Any]) -> None:
    if "language" in context and not _LANGUAGE.fullmatch(_text(context["language"], "context.language")):
        raise BadStatement(_("“%(where)s” has to be a language code such as en-GB.", where="context.language"))
    if "statement" in context:
        _target(context["statement"], "context.statement")
    if "extensions" in context:
        _extensions(context["extensions"], "context.extensions")
    if "contextActivities" in context:
        _context_activities(context["contextActivities"])


def _context_activities(value: Any) -> None:
    held = _object(value, "context.contextActivities")
    _only(held, {"parent", "grouping", "category", "other"}, "context.contextActivities")
    for name, activities in held.items():
        for activity in activities if isinstance(activities, list) else [activities]:
            _activity(activity, f"context.contextActivities.{name}")


def _version(value: Any) -> None:
    if not isinstance(value, str) or not re.fullmatch(r"(1\.0|2\.0)(\.\d{1,3})?", value):
        raise BadStatement(_("“%(where)s” has to be 1.0 or 2.0.", where="version"))


def _attachments(value: Any) -> None:
    if not isinstance(value, list):
        raise BadStatement(_("“%(where)s” has to be a list.", where="attachments"))
    for attachment in value:
        entry = _object(attachment, "attachments")
        if "fileUrl" not in entry:
            raise BadStatement(_("Attachments are taken by their address (fileUrl) alone."))
        for name in ("usageType", "fileUrl"):
            _iri(entry.get(name), f"attachments.{name}")
        _language_map(entry.get("display"), "attachments.display")
