"""Addresses that name an object: the room's loader finds it, or the address leads nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from werkzeug.routing import BaseConverter, IntegerConverter, UnicodeConverter, ValidationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask


# The largest number that a column of PostgreSQL holds; whoever asks for a larger one gets no error, but nothing.
LARGEST = 2**31 - 1


class NumberConverter(IntegerConverter):
    """A number in an address, no larger than the database counts."""

    def to_python(self, value: str) -> Any:
        """Return the number; one that no row can have matches no address."""
        if len(value) > len(str(LARGEST)) or int(value) > LARGEST:
            raise ValidationError
        return super().to_python(value)


class TextConverter(UnicodeConverter):
    """A piece of text in an address, of characters that the database stores: one with a NUL matches no address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take the lengths as Werkzeug's own converter does."""
        super().__init__(*args, **kwargs)
        self.regex = self.regex.replace("[^/]", r"[^/\x00]")


class LoadedConverter(BaseConverter):
    """Turns a public id into its row, and a row into its public id; one with a NUL is none."""

    regex = r"[^/\x00]+"
    part_isolating = True
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


def init_app(app: Flask) -> None:
    """Refuse what no row can be called: PostgreSQL would not even compare it."""
    app.url_map.converters.update(
        # Whoever takes <number:…> compares it only once it has looked how large it is.
        {"default": TextConverter, "string": TextConverter, "int": NumberConverter, "number": IntegerConverter}
    )


def add(app: Flask, name: str, load: Callable[[str], Any]) -> None:
    """Let addresses use <name:argument> with the loader of a room."""
    app.url_map.converters[name] = type(f"{name}_converter", (LoadedConverter,), {"load": staticmethod(load)})
