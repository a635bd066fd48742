"""What can go wrong with a badge, in words that a caller can translate and show beside a field."""

from __future__ import annotations


def N_(text: str) -> str:  # noqa: N802  the customary name, which translation tools look for
    """Mark a text for translation and return it unchanged (the caller translates it)."""
    return text


class OpenBadgesError(Exception):
    """Anything that this library refuses: a text with named placeholders and their values."""

    def __init__(self, text: str, /, **params: object) -> None:
        """Keep the text and its values apart, so that a caller can translate the text."""
        super().__init__(text % params if params else text)
        self.text = text
        self.params = params


class Unfit(OpenBadgesError):
    """A value that no badge may carry, with the name of the field it came in."""

    def __init__(self, field: str, text: str, /, **params: object) -> None:
        """Name the field (a dotted path of model names) and say why."""
        super().__init__(text, **params)
        self.field = field


class Unreadable(OpenBadgesError):
    """A picture, document or token that cannot be read as a badge."""
