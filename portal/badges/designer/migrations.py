"""Documents of older versions, brought up to the present one step at a time; tests/designer/examples keeps one of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def _say_everything(document: dict[str, Any]) -> dict[str, Any]:
    """From 1 to 2: every layer says its name and whether it is hidden or locked, which were left out where false."""
    layers = document.get("layers")
    if isinstance(layers, list):
        for layer in layers:
            if isinstance(layer, dict):
                for field, first in (("name", ""), ("hidden", False), ("locked", False)):
                    layer.setdefault(field, first)
    return {**document, "version": 2}


STEPS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: _say_everything}


def upgrade(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document in the present version; one that is newer or of no known version comes back unchanged."""
    while type(version := document.get("version")) is int and version in STEPS:
        document = STEPS[version](document)
    return document
