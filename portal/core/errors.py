"""What can go wrong in words that a person may read."""

from __future__ import annotations


class LaurelError(Exception):
    """The base of every error that Laurel raises on purpose."""


class Refused(LaurelError):
    """A request that cannot be carried out; the message is shown to the person, beside `field` where one is named."""

    def __init__(self, message: object, *, field: str | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.field = field
