"""The requests that views read: text in addresses and forms, without what no database stores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.datastructures.structures import iter_multi_items

if TYPE_CHECKING:
    from flask import Flask


def _clean(value: Any) -> Any:
    return value.replace("\0", "") if isinstance(value, str) else value


class Values(ImmutableMultiDict[str, Any]):
    """What an address or a form holds; a NUL, which no keyboard types and PostgreSQL refuses, is left out."""

    def __init__(self, mapping: Any = None) -> None:
        """Take what was sent, as Werkzeug read it."""
        pairs = iter_multi_items(mapping) if mapping is not None else ()
        super().__init__([(_clean(name), _clean(value)) for name, value in pairs])


class CleanRequest(Request):
    """A request whose address and form hold no NUL."""

    parameter_storage_class = Values


def init_app(app: Flask) -> None:
    """Let every view of an app read requests that are clean."""
    app.request_class = CleanRequest
