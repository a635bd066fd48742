"""The pages of this room, and the protocols of a Mozilla Backpack.

Four endpoints take a POST without a CSRF token, since their callers are other sites and servers: the hand-over of a plain
form (it only leads to a confirmation whose own form carries the token), pushing a badge and renewing tokens (a token of
their own says who asks), and the Displayer API's question for an address (it changes nothing).
"""

from portal.backpack.views.blueprint import bp

from . import collections, connect, displayer, home, imports, issuer, pushing, shared  # noqa: F401  isort: skip - they fill it

__all__ = ["bp"]
