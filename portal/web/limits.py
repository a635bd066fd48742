"""Rate limits: how often something may be tried."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

import limits
from flask import abort, current_app, request
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from portal.core.ids import digest

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

View = TypeVar("View", bound="Callable[..., Any]")


def allowed(name: str, rate: str, key: str) -> bool:
    """Count one try of `key` at `name` and say whether the rate, such as '10/minute', still holds."""
    limiter = cast("MovingWindowRateLimiter", current_app.extensions["laurel_limiter"])
    return limiter.hit(limits.parse(rate), name, digest(key))


def forget(name: str, rate: str, key: str) -> None:
    """Forget the tries of `key` at `name`: what was tried has succeeded."""
    limiter = cast("MovingWindowRateLimiter", current_app.extensions["laurel_limiter"])
    limiter.clear(limits.parse(rate), name, digest(key))


def caller() -> str:
    """Return the network address of whoever asks."""
    return request.remote_addr or "unknown"


def limit(name: str, rate: str) -> Callable[[View], View]:
    """Answer 429 where one caller asks a view more often than the rate; the portal's own calls do not count."""

    def wrap(view: View) -> View:
        @wraps(view)
        def limited(*args: Any, **kwargs: Any) -> Any:
            if not request.environ.get("laurel.own_origin") and not allowed(name, rate, caller()):
                abort(429)
            return view(*args, **kwargs)

        return cast("View", limited)

    return wrap


def init_app(app: Flask, redis_url: str | None) -> None:
    """Count in memory, or in Redis where several processes share the counting."""
    app.extensions["laurel_limiter"] = MovingWindowRateLimiter(storage_from_string(redis_url or "memory://"))
