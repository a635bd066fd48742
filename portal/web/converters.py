"""Addresses that name an object: the room's loader finds it, or the address leads nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from werkzeug.routing import BaseConverter, ValidationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask


class LoadedConverter(BaseConverter):
    """Turns a public id into its row, and a row into its public id."""

    load: ClassVar[Callable[[str], Any]]

    def to_python(self, value: str) -> Any:
        """Find the row; an unknown id matches no address."""
        found = type(self).load(value)
        if found is None:
            raise ValidationError
        return found

    def to_url(self, value: Any) -> str:
        """Return the public id of a row, or the id itself."""
        return super().to_url(value if isinstance(value, str) else value.public_id)


def add(app: Flask, name: str, load: Callable[[str], Any]) -> None:
    """Let addresses use <name:argument> with the loader of a room."""
    app.url_map.converters[name] = type(f"{name}_converter", (LoadedConverter,), {"load": staticmethod(load)})
