"""Baking an SVG: one element is inserted as the first child of the root, and every other byte stays as it is.

Source: Open Badges 2.0, Baking Specification; Open Badges 3.0, section 5.3 (Baked Badge).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from portal.openbadges.baking.png import KEYWORD_OB2, KEYWORD_OB3, MAX_PICTURE, MAX_TEXT
from portal.openbadges.errors import N_, Unreadable

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_NAMESPACES = {
    KEYWORD_OB2: ("http://openbadges.org", "assertion"),
    KEYWORD_OB3: ("https://purl.imsglobal.org/ob/v3p0", "credential"),
}
_SVG = "{http://www.w3.org/2000/svg}svg"
_ROOT_END = re.compile(rb"""(?:[^"'>]|"[^"]*"|'[^']*')*>""")
_ASCII_COMPATIBLE = frozenset({"", "utf-8", "us-ascii", "iso-8859-1"})


@dataclass(slots=True)
class _Walk:
    """Where the root begins, and where elements of ours that must be replaced begin and end, in bytes."""

    name: str
    root: int = -1
    depth: int = 0
    begun: int = -1
    found: list[tuple[int, int]] = field(default_factory=list)


def bake_svg(svg: bytes, text: str, keyword: str = KEYWORD_OB2, *, verify: str = "") -> bytes:
    """Put `text` into an SVG under `keyword`, in place of what stands there under the same keyword.

    `verify` is the assertion's address or the JWS, as 2.0 asks; with JSON, the text goes in as CDATA. Raise
    `Unreadable` where the bytes are no SVG that can be read safely, or a size is out of bounds.
    """
    if len(text) > MAX_TEXT:
        raise Unreadable(N_("The badge is larger than %(limit)s bytes."), limit=MAX_TEXT)
    _root(svg)
    walk = _places(svg, keyword)
    for begun, ended in reversed(walk.found):
        svg = svg[:begun] + svg[ended:]
    end = _ROOT_END.match(svg, walk.root)
    if end is None:
        raise Unreadable(N_("This SVG picture is cut short or damaged."))
    at = end.end()
    element = _element(text, keyword, verify)
    if svg[at - 2 : at] == b"/>":
        name = re.match(rb"<([^\s/>]+)", svg[walk.root :])
        close = b"</" + (name.group(1) if name else b"svg") + b">"
        return svg[: at - 2] + b">" + element + close + svg[at:]
    return svg[:at] + element + svg[at:]


def unbake_svg(svg: bytes, keyword: str = KEYWORD_OB2) -> str | None:
    """Take the text under `keyword` out of an SVG, or its `verify` attribute where it is empty; None where neither is.

    Raise `Unreadable` for what cannot be read safely (entities, broken XML) and for two elements that differ.
    """
    namespace, name = _NAMESPACES[keyword]
    texts = {_text_of(element) for element in _root(svg).iter(f"{{{namespace}}}{name}")} - {""}
    if len(texts) > 1:
        raise Unreadable(N_("This picture holds several different badges."))
    return texts.pop() if texts else None


def _text_of(element: Element) -> str:
    return (element.text or "").strip() or element.get("verify", "").strip()


def _element(text: str, keyword: str, verify: str) -> bytes:
    namespace, name = _NAMESPACES[keyword]
    attribute = f" verify={quoteattr(verify)}" if verify else ""
    body = text.replace("]]>", "]]]]><![CDATA[>") if text else ""
    cdata = f"<![CDATA[{body}]]>" if body else ""
    element = f'<openbadges:{name} xmlns:openbadges="{namespace}"{attribute}>{cdata}</openbadges:{name}>'
    try:
        return element.encode("ascii")
    except UnicodeEncodeError as error:
        raise Unreadable(N_("Only ASCII text can be baked into an SVG picture.")) from error


def _root(svg: bytes) -> Element:
    if len(svg) > MAX_PICTURE:
        raise Unreadable(N_("The picture is larger than %(limit)s bytes."), limit=MAX_PICTURE)
    try:
        root: Element = ElementTree.fromstring(svg)
    except DefusedXmlException as error:
        raise Unreadable(N_("This SVG picture uses XML entities, which are not read for safety.")) from error
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        raise Unreadable(N_("This SVG picture is cut short or damaged.")) from error
    if root.tag not in (_SVG, "svg"):
        raise Unreadable(N_("This is not an SVG picture."))
    return root


def _places(svg: bytes, keyword: str) -> _Walk:
    """Find byte positions in an SVG that `_root` has found safe to parse."""
    namespace, name = _NAMESPACES[keyword]
    walk = _Walk(f"{namespace} {name}")
    parser = expat.ParserCreate(namespace_separator=" ")
    encoding: list[str] = [""]

    def declared(_version: str, name: str | None, _standalone: int) -> None:
        encoding[0] = (name or "").lower()

    def begin(tag: str, _attributes: dict[str, str]) -> None:
        if walk.root < 0:
            walk.root = parser.CurrentByteIndex
        if walk.begun >= 0:
            walk.depth += 1
        elif tag == walk.name:
            walk.begun = parser.CurrentByteIndex

    def end(_tag: str) -> None:
        if walk.begun < 0:
            return
        if walk.depth:
            walk.depth -= 1
            return
        walk.found.append((walk.begun, _tag_end(svg, parser.CurrentByteIndex)))
        walk.begun = -1

    parser.XmlDeclHandler = declared
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.Parse(svg, True)
    if encoding[0] not in _ASCII_COMPATIBLE or svg[walk.root : walk.root + 1] != b"<":
        raise Unreadable(N_("This SVG picture must be saved as UTF-8."))
    return walk


def _tag_end(svg: bytes, at: int) -> int:
    match = _ROOT_END.match(svg, at)
    return match.end() if match else len(svg)
