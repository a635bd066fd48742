"""The settings of the running app, and addresses made from its one public base URL."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import current_app

if TYPE_CHECKING:
    from config import Settings


def settings() -> Settings:
    """Return the settings that the running app was created with."""
    return cast("Settings", current_app.extensions["laurel_settings"])


def absolute(path: str) -> str:
    """Return the public address of a path of this portal; the request's Host header plays no part."""
    return settings().base_url + path


def address_of(endpoint: str, **values: object) -> str:
    """Return the public address of an endpoint, made from the base URL."""
    adapter = current_app.url_map.bind("portal", "/")
    return absolute(adapter.build(endpoint, values, force_external=False))
