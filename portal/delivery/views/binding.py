"""What ties a way back from a consent page to one browser: digests of its nonces in the session cookie."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

_NAME = "consents"
MOST = 5


def bind(cookie: MutableMapping[str, Any], digest: str) -> None:
    """Keep a digest in the session; the oldest of more than five is forgotten."""
    cookie[_NAME] = [*cookie.get(_NAME, []), digest][-MOST:]


def is_bound(cookie: MutableMapping[str, Any], digest: str) -> bool:
    """Whether this session set out with the nonce of a digest."""
    return digest in cookie.get(_NAME, [])


def unbind(cookie: MutableMapping[str, Any], digest: str) -> None:
    """Forget a digest: its nonce has come back."""
    cookie[_NAME] = [kept for kept in cookie.get(_NAME, []) if kept != digest]
