"""Canonical N-Quads made fast: prepared once per document shape, with the values put in for each document.

Two documents have one shape where they have the same members, contexts, types and list lengths; only their other texts
differ. The first of a shape is canonicalised by pyld with placeholders for the texts. For the next ones the texts are
put in, blank nodes are labelled by the hash of their first-degree quads, and the quads are sorted: the canonical form
itself wherever those hashes differ (RDF Dataset Canonicalization 1.0, section 4.4 step 5). Where two are equal, where a
text could mean something else in its place, and in doubt, pyld does the whole work. The first document of a shape and a
sample of the others are compared with pyld.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING

from portal.openbadges.moulds import TextMould
from portal.openbadges.ob30.canonical import canonicalise, check_quads, sorts_alike

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from portal.openbadges.documents import Document
    from portal.openbadges.ob30.contexts import Contexts

_MAX_SHAPES = 256
_SAMPLE = 500
"""Every how manieth document of a shape is compared with pyld."""
_FIXED = frozenset({"@context", "type", "@type", "resultType", "achievementType", "cryptosuite", "proofPurpose"})
"""Members whose texts are part of the shape, since contexts may give them a meaning."""
_PLACE = "urn:laurel-place:"
_TOKEN = re.compile(r"(_:c14n\d+|[<\"]urn:laurel-place:\d+[>\"])")
_ADDRESS = re.compile(r"(?:https?://|urn:|did:|mailto:|data:)[^\x00-\x20<>\"{}|\\^`\x7f\ud800-\udfff]+")
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", '"': '\\"'})


class SelfCheckFailed(RuntimeError):
    """The prepared form of a document differs from pyld's: nothing may be signed."""


@dataclass(frozen=True, slots=True)
class _Quad:
    """A quad in pieces: fixed text, places of texts (odd pieces that are numbers) and of blank nodes."""

    pieces: tuple[str, ...]
    places: tuple[tuple[int, int, bool], ...]
    """Which piece, which text, and whether it stands as an address."""
    nodes: tuple[tuple[int, int], ...]
    """Which piece, which blank node."""


@dataclass(frozen=True, slots=True)
class _Filled:
    """A shape with the texts of one document in it: what the next document says too is not worked out again."""

    texts: list[str]
    pieces: list[list[str]]
    """The pieces of each quad, its blank nodes without labels."""
    looks: list[dict[int, str]]
    """How each blank node of a quad sees it, by the node (the first-degree quads of section 4.6)."""
    hashes: list[str]
    labels: list[str]
    lines: list[str]
    text: str


@dataclass(slots=True)
class _Shape:
    quads: tuple[_Quad, ...]
    node_count: int
    text_count: int
    uses: int = 0
    filled: _Filled | None = None
    quads_of_text: list[list[int]] = field(default_factory=list)
    quads_of_node: list[list[int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.quads_of_text = [[] for _text in range(self.text_count)]
        self.quads_of_node = [[] for _node in range(self.node_count)]
        for number, quad in enumerate(self.quads):
            for _piece, text, _address in quad.places:
                self.quads_of_text[text].append(number)
            for node in {node for _piece, node in quad.nodes}:
                self.quads_of_node[node].append(number)


@dataclass(slots=True)
class Canonicaliser:
    """Canonicalises documents, the quick way where that is safe. May be shared between threads."""

    contexts: Contexts
    sample: int = _SAMPLE
    _shapes: OrderedDict[Hashable, _Shape | None] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def canonicalise(self, document: Document) -> str:
        """Canonicalise; raise what `canonical.canonicalise` raises, and `SelfCheckFailed`, which must never happen."""
        texts: list[str] = []
        key = _key(document, texts)
        with self._lock:
            known = key in self._shapes
            shape = self._shapes.get(key)
            if known:
                self._shapes.move_to_end(key)
        if not known:
            return self._first(document, key, texts)
        if shape is None:
            return canonicalise(document, self.contexts)
        quick = _fill(shape, texts)
        shape.uses += 1
        if quick is None:
            return canonicalise(document, self.contexts)
        check_quads(quick)
        if shape.uses % self.sample == 0:
            _compare(quick, canonicalise(document, self.contexts))
        return quick

    def mould(self, document: Document, marks: Iterable[str]) -> CanonicalMould | None:
        """Return a way to canonicalise documents that differ from this one in their marks alone; None where there is none."""
        self.canonicalise(document)
        texts: list[str] = []
        key = _key(document, texts)
        with self._lock:
            shape = self._shapes.get(key)
        text = _fill(shape, texts) if shape else None
        if shape is None or text is None or not sorts_alike(text):
            return None
        return CanonicalMould(shape, texts, list(marks))

    def _first(self, document: Document, key: Hashable, texts: list[str]) -> str:
        """Canonicalise the first document of a shape slowly, and prepare the shape for the next ones."""
        slow = canonicalise(document, self.contexts)
        shape = _prepare(document, self.contexts, len(texts))
        quick = _fill(shape, texts) if shape else None
        if quick is not None:
            _compare(quick, slow)
        with self._lock:
            self._shapes[key] = shape
            while len(self._shapes) > _MAX_SHAPES:
                self._shapes.popitem(last=False)
        return slow


class CanonicalMould:
    """The canonical form of a document with marks (see `portal.openbadges.moulds`).

    Everything without a mark is put together once. Values are plain: they need no escapes, and an address that begins
    before its first mark stays one.
    """

    def __init__(self, shape: _Shape, texts: list[str], marks: list[str]) -> None:
        """Take the quads with marks from those without; what they say was checked when they were canonicalised."""
        marked = {place for place, text in enumerate(texts) if any(mark in text for mark in marks)}
        touched = sorted({quad for place in marked for quad in shape.quads_of_text[place]})
        self._shape = shape
        self._addresses = _begun_by_marks(shape, {place: texts[place] for place in marked}, marks)
        pieces = [_pieces(quad, texts) or [] for quad in shape.quads]
        looks = [_looks(said, quad) for said, quad in zip(pieces, shape.quads, strict=True)]
        self._pieces, self._marks, self._touched = pieces, marks, touched
        self._views = [
            _View(
                frozenset(looks[number][node] for number in quads if number not in touched),
                [TextMould(looks[number][node], marks) for number in quads if number in touched],
            )
            for node, quads in enumerate(shape.quads_of_node)
        ]
        self._lines: tuple[list[str], _View] | None = None

    def fill(self, values: Mapping[str, str]) -> str | None:
        """Return the canonical form with a value in place of each mark; None where only the full algorithm can tell."""
        if not all(_ADDRESS.fullmatch(mould.fill(values)) for mould in self._addresses):
            return None
        seen = ("".join(view.fill(values)) for view in self._views)
        labels = _labels([sha256(look.encode("utf-8", "surrogatepass")).hexdigest() for look in seen])
        return None if labels is None else "".join(self._labelled(labels).fill(values))

    def _labelled(self, labels: list[str]) -> _View:
        """Return the lines with these labels; the ones of the document before are kept, since few have many blank nodes."""
        kept = self._lines
        if kept is None or kept[0] != labels:
            lines = [_labelled(said, quad, labels) for said, quad in zip(self._pieces, self._shape.quads, strict=True)]
            alike = frozenset(line for number, line in enumerate(lines) if number not in self._touched)
            kept = (labels, _View(alike, [TextMould(lines[number], self._marks) for number in self._touched]))
            self._lines = kept
        return kept[1]


class _View:
    """Sorted lines without repeats, of which some have marks."""

    def __init__(self, alike: frozenset[str], moulds: list[TextMould]) -> None:
        self._alike, self._sorted, self._moulds = alike, sorted(alike), moulds

    def fill(self, values: Mapping[str, str]) -> list[str]:
        lines = {mould.fill(values) for mould in self._moulds} - self._alike
        return sorted([*self._sorted, *lines])


def _begun_by_marks(shape: _Shape, texts: Mapping[int, str], marks: list[str]) -> list[TextMould]:
    """Return the texts that stand as addresses and are ones or not according to the value of their first mark."""
    standing = {text for quad in shape.quads for _piece, text, is_address in quad.places if is_address}
    moulds = [TextMould(texts[place], marks) for place in sorted(standing & texts.keys())]
    return [mould for mould in moulds if not _ADDRESS.fullmatch(mould.beginning)]


def _compare(quick: str, slow: str) -> None:
    if quick != slow:
        raise SelfCheckFailed("the prepared canonical form differs from the computed one")


def _key(value: object, texts: list[str], member: str = "") -> Hashable:
    """Name a document's shape, and collect its texts in the order of the shape."""
    if isinstance(value, dict):
        return tuple((name, _key(value[name], texts, name)) for name in sorted(value))
    if isinstance(value, list):
        return ("[]", *(_key(item, texts, member) for item in value))
    if isinstance(value, str) and member not in _FIXED:
        texts.append(value)
        return str
    return (type(value), value)


def _with_places(value: object, count: list[int], member: str = "") -> object:
    """Copy a document with a placeholder for each text, in the order of `_key`."""
    if isinstance(value, dict):
        return {name: _with_places(value[name], count, name) for name in sorted(value)}
    if isinstance(value, list):
        return [_with_places(item, count, member) for item in value]
    if isinstance(value, str) and member not in _FIXED:
        count[0] += 1
        return f"{_PLACE}{count[0] - 1}"
    return value


def _prepare(document: Document, contexts: Contexts, text_count: int) -> _Shape | None:
    """Make the shape of a document; None where a text does not appear in the quads just as it stands."""
    copy = _with_places(document, [0])
    assert isinstance(copy, dict)
    quads = tuple(_quad(line) for line in canonicalise(copy, contexts).splitlines(keepends=True))
    seen = {text for quad in quads for _piece, text, _address in quad.places}
    if seen != set(range(text_count)):
        return None
    nodes = {node for quad in quads for _piece, node in quad.nodes}
    return _Shape(quads, len(nodes), text_count)


def _quad(line: str) -> _Quad:
    pieces = tuple(_TOKEN.split(line))
    places: list[tuple[int, int, bool]] = []
    nodes: list[tuple[int, int]] = []
    for number in range(1, len(pieces), 2):
        piece = pieces[number]
        if piece.startswith("_:"):
            nodes.append((number, int(piece.removeprefix("_:c14n"))))
        else:
            places.append((number, int(piece[1:-1].removeprefix(_PLACE)), piece[0] == "<"))
    return _Quad(pieces, tuple(places), tuple(nodes))


def _fill(shape: _Shape, texts: list[str]) -> str | None:
    """Put texts into a shape; None where only the full algorithm can tell.

    Only quads with a text that the document before did not have are put together anew.
    """
    before = shape.filled
    if before is None:
        touched = set(range(len(shape.quads)))
    else:
        changed = [number for number, text in enumerate(texts) if text != before.texts[number]]
        if not changed:
            return before.text
        touched = {quad for text in changed for quad in shape.quads_of_text[text]}
    pieces = list(before.pieces) if before else [[] for _quad in shape.quads]
    looks = list(before.looks) if before else [{} for _quad in shape.quads]
    for number in touched:
        filled = _pieces(shape.quads[number], texts)
        if filled is None:
            return None
        pieces[number], looks[number] = filled, _looks(filled, shape.quads[number])
    hashes = _hashes(shape, looks, touched, before)
    labels = _labels(hashes)
    if labels is None:
        return None
    anew = touched if before and before.labels == labels else set(range(len(shape.quads)))
    lines = list(before.lines) if before else [""] * len(shape.quads)
    for number in anew:
        lines[number] = _labelled(pieces[number], shape.quads[number], labels)
    text = "".join(sorted(set(lines)))
    shape.filled = _Filled(texts, pieces, looks, hashes, labels, lines, text)
    return text


def _pieces(quad: _Quad, texts: list[str]) -> list[str] | None:
    """Put texts into a quad; None where one is no address but stands as one."""
    pieces = list(quad.pieces)
    for piece, text, is_address in quad.places:
        if not is_address:
            pieces[piece] = f'"{texts[text].translate(_ESCAPES)}"'
        elif _ADDRESS.fullmatch(texts[text]):
            pieces[piece] = f"<{texts[text]}>"
        else:
            return None
    return pieces


def _looks(pieces: list[str], quad: _Quad) -> dict[int, str]:
    looks: dict[int, str] = {}
    for node in {node for _piece, node in quad.nodes}:
        seen = list(pieces)
        for piece, other in quad.nodes:
            seen[piece] = "_:a" if other == node else "_:z"
        looks[node] = "".join(seen)
    return looks


def _hashes(shape: _Shape, looks: list[dict[int, str]], touched: set[int], before: _Filled | None) -> list[str]:
    """Hash what each blank node sees; a node none of whose quads changed keeps its hash."""
    hashes = list(before.hashes) if before else [""] * shape.node_count
    for node in {node for number in touched for node in looks[number]}:
        seen = sorted({looks[number][node] for number in shape.quads_of_node[node]})
        hashes[node] = sha256("".join(seen).encode("utf-8", "surrogatepass")).hexdigest()
    return hashes


def _labels(hashes: list[str]) -> list[str] | None:
    """Label blank nodes in the order of their first-degree hashes; None where two hashes are equal."""
    order = sorted(range(len(hashes)), key=hashes.__getitem__)
    if any(hashes[one] == hashes[next_one] for one, next_one in pairwise(order)):
        return None
    labels = [""] * len(hashes)
    for place, node in enumerate(order):
        labels[node] = f"_:c14n{place}"
    return labels


def _labelled(pieces: list[str], quad: _Quad, labels: list[str]) -> str:
    if not quad.nodes:
        return "".join(pieces)
    said = list(pieces)
    for piece, node in quad.nodes:
        said[piece] = labels[node]
    return "".join(said)
