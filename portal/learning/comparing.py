"""What differs between two versions of a path, in words that can be read: a pure function."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

SAME, ADDED, REMOVED = "same", "added", "removed"
_WORDS = re.compile(r"\s+|[^\s]+")


class Fate(StrEnum):
    """What became of a step from one version to the next."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True)
class Piece:
    """A piece of text that is the same in both, or stands in one alone."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """Something that is said otherwise: its name, and the text with what was added and removed."""

    name: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class StepChange:
    """What became of one step, with what it says otherwise."""

    fate: Fate
    title: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Said:
    """What a version or a step says: texts by their names, in order; `key` and `place` are those of a step."""

    title: str
    texts: Mapping[str, str] = field(default_factory=dict)
    key: str = ""
    place: tuple[str, int] = ("", 0)


def changes_between(before: Mapping[str, str], after: Mapping[str, str]) -> list[Change]:
    """Return what is said otherwise, in the order of the later one; what stands in one alone was added or removed."""
    names = list(dict.fromkeys([*after, *before]))
    return [
        Change(name, pieces_between(before.get(name, ""), after.get(name, "")))
        for name in names
        if before.get(name, "") != after.get(name, "")
    ]


def pieces_between(before: str, after: str) -> tuple[Piece, ...]:
    """Return a text word by word: what stayed, what was taken out and what was put in."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    pieces: list[Piece] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece(SAME, "".join(old[i:j])))
            continue
        if j > i:
            pieces.append(Piece(REMOVED, "".join(old[i:j])))
        if m > k:
            pieces.append(Piece(ADDED, "".join(new[k:m])))
    return tuple(pieces)


def steps_between(before: Sequence[Said], after: Sequence[Said]) -> list[StepChange]:
    """Return what became of the steps: in the order of the later version, then those that are gone.

    A step has moved where it stands elsewhere among those that both versions have.
    """
    old = {step.key: step for step in before}
    new = {step.key: step for step in after}
    moved = _moved(before, after)
    changes = []
    for step in after:
        known = old.get(step.key)
        if known is None:
            changes.append(StepChange(Fate.ADDED, step.title))
            continue
        said = tuple(changes_between(known.texts, step.texts))
        if said:
            changes.append(StepChange(Fate.CHANGED, step.title, said))
        elif step.key in moved:
            changes.append(StepChange(Fate.MOVED, step.title))
    changes += [StepChange(Fate.REMOVED, step.title) for step in before if step.key not in new]
    return changes


def _moved(before: Sequence[Said], after: Sequence[Said]) -> set[str]:
    """Return which of the steps that both have stand elsewhere: as few as explain the new order."""
    kept = {step.key for step in after}
    old = [step for step in before if step.key in kept]
    order = {step.key: step for step in old}
    common = [step for step in after if step.key in order]
    elsewhere = {step.key for step in common if step.place[0] != order[step.key].place[0]}
    matcher = difflib.SequenceMatcher(None, [step.key for step in old], [step.key for step in common], autojunk=False)
    staying = {old[i].key for block in matcher.get_matching_blocks() for i in range(block.a, block.a + block.size)}
    return elsewhere | {step.key for step in common if step.key not in staying}
