"""Canonical N-Quads of a JSON-LD document, in safe mode: what would be dropped or doubted is refused.

Source: W3C RDF Dataset Canonicalization 1.0. pyld does the work; around it stand the guards that it does not have.
"""

from __future__ import annotations

import re
from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from pyld.canon import URDNA2015
from pyld.jsonld import JsonLdError, JsonLdProcessor

from portal.openbadges.errors import N_, Unfit, Unreadable
from portal.openbadges.examining import members

if TYPE_CHECKING:
    from portal.openbadges.documents import Document
    from portal.openbadges.ob30.contexts import Contexts

_UNDEFINED = "urn:undefined:"
_BASE = "https://relative.invalid/"
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`\x7f]+")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]")
_ASTRAL = re.compile(r"[\U00010000-\U0010ffff]")
_HIGH = re.compile(r"[\ue000-\uffff]")
_MAX_VALUES = 4_000
_MAX_ALIKE = 8
"""How many blank nodes may look alike: telling them apart takes more than linear time."""
_VALUE_KEYS = frozenset({"@value", "@language", "@direction", "@type"})


def canonicalise(document: Document, contexts: Contexts) -> str:
    """Canonicalise a document whose contexts are all known.

    Raise `Unfit` (with the member's name as field) for undefined terms, relative addresses and control characters,
    and `Unreadable` (`UnknownContext` among them) for what cannot be processed at all.
    """
    check_contexts(document, contexts)
    options = {"base": _BASE, "documentLoader": contexts, "processingMode": "json-ld-1.1"}
    try:
        _refuse_undefined(document, options)
        dataset = JsonLdProcessor().to_rdf(document, dict(options))
        _guard(dataset)
        text: str = URDNA2015().main(dataset, {"format": "application/n-quads"})
    except JsonLdError as error:
        raise _reason(error) from error
    except (RecursionError, TypeError, AttributeError, KeyError, ValueError, IndexError) as error:
        raise Unreadable(N_("It is not well-formed JSON-LD.")) from error
    check_quads(text)
    return text


def check_quads(text: str) -> None:
    """Refuse control characters, and texts that implementations in other languages sort differently."""
    found = _CONTROL.search(text)
    if found:
        raise Unfit(
            "",
            N_("A text holds an invisible control character (U+%(code)s)."),
            code=f"{ord(found.group()):04X}",
        )
    if not sorts_alike(text):
        lines = text.split("\n")
        if sorted(lines) != sorted(lines, key=lambda line: line.encode("utf-16-be", "surrogatepass")):
            raise Unfit("", N_("Two texts cannot be put in one order by all programs; change the rarest character."))


def sorts_alike(text: str) -> bool:
    """Whether a text holds nothing that implementations in other languages could sort differently."""
    return text.isascii() or not (_ASTRAL.search(text) and _HIGH.search(text))


def check_contexts(document: Document, contexts: Contexts) -> None:
    """Refuse contexts that are not addresses of known ones, JSON-LD keywords as members, and documents without end.

    Otherwise somebody could give the same signed statements other member names, and so another look.
    """
    level: list[object] = [document]
    count = 0
    while level:
        item = level.pop()
        count += 1
        if count > _MAX_VALUES:
            raise Unreadable(N_("The document says too much to be checked."))
        if isinstance(item, list):
            level += item
        elif isinstance(item, dict):
            _check_members(item, contexts)
            level += [value for name, value in item.items() if name != "@context"]


def _check_members(item: Document, contexts: Contexts) -> None:
    for name, value in item.items():
        if name == "@context":
            for address in members.listed(value):
                if not isinstance(address, str):
                    raise Unreadable(N_("It defines terms of its own, which are not trusted."))
                contexts(address)
        elif name.startswith("@") and not ("@value" in item and name in _VALUE_KEYS):
            raise Unreadable(N_("It uses the JSON-LD keyword %(name)s, which is not trusted."), name=name[:40])


def _refuse_undefined(document: Document, options: dict[str, Any]) -> None:
    """Expand with a catch-all vocabulary under the contexts, so that every undefined term shows itself."""
    given = members.listed(document.get("@context"))
    probe = document | {"@context": [{"@vocab": _UNDEFINED}, *given]}
    level: list[object] = [JsonLdProcessor().expand(probe, dict(options))]
    while level:
        item = level.pop()
        if isinstance(item, list):
            level += item
        elif isinstance(item, dict):
            _check_expanded(item)
            level += [value for name, value in item.items() if name not in ("@value", "@type", "@id")]


def _check_expanded(item: Document) -> None:
    for name in item:
        if name.startswith(_UNDEFINED):
            raise Unfit(
                name.removeprefix(_UNDEFINED),
                N_("The member “%(name)s” is not defined by the standard."),
                name=name.removeprefix(_UNDEFINED),
            )
    for kind in members.texts(item.get("@type")):
        if kind.startswith(_UNDEFINED):
            raise Unfit(
                "type", N_("The type “%(name)s” is not defined by the standard."), name=kind.removeprefix(_UNDEFINED)
            )
        _check_absolute(kind, "type")
    if "@id" in item:
        _check_absolute(item["@id"], "id")


def _check_absolute(value: object, field: str) -> None:
    if value == "@json" or (isinstance(value, str) and _ABSOLUTE.fullmatch(value) and not value.startswith(_BASE)):
        return
    raise Unfit(
        field,
        N_("“%(value)s” is not a complete address."),
        value=str(value).removeprefix(_BASE)[:80],
    )


def _guard(dataset: dict[str, Any]) -> None:
    """Refuse what would keep the canonicalisation busy for long: many blank nodes that look alike."""
    quads = [(name, triple) for name, triples in dataset.items() for triple in triples]
    looks: dict[str, list[str]] = {}
    for graph, triple in quads:
        sides = {role: triple[role] for role in ("subject", "object")}
        for role, side in sides.items():
            if side["type"] == "blank node":
                other = sides["object" if role == "subject" else "subject"]
                known = "" if other["type"] == "blank node" else str(sorted(other.items(), key=str))
                looks.setdefault(side["value"], []).append(f"{role} {triple['predicate']['value']} {known}")
        if graph.startswith("_:"):
            looks.setdefault(graph, []).append(f"graph {triple['predicate']['value']}")
    alike = Counter(sha256("\n".join(sorted(look)).encode("utf-8", "replace")).digest() for look in looks.values())
    if any(count > _MAX_ALIKE for count in alike.values()):
        raise Unreadable(N_("The document says too much to be checked."))


def _reason(error: JsonLdError) -> Unreadable:
    """Find the reason that our own loader gave inside pyld's error."""
    inner: BaseException | None = error
    while inner is not None:
        if isinstance(inner, Unreadable):
            return inner
        inner = inner.__cause__ or getattr(inner, "cause", None)
    return Unreadable(N_("It is not well-formed JSON-LD."))
