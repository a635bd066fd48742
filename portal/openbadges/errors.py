"""What can go wrong with a badge, in words that a caller can translate and show beside a field."""

from __future__ import annotations

from typing import Protocol, Self


class Translate(Protocol):
    """What translates: gettext, with the values of the named places."""

    def __call__(self, text: str, /, **values: object) -> str:
        """Translate the text, then fill in the values."""
        ...


def N_(text: str) -> str:  # noqa: N802  the customary name, which translation tools look for
    """Mark a text for translation and return it unchanged (the caller translates it)."""
    return text


class Words(str):
    """A text of this library, filled in, in English; it also remembers what a caller needs to translate it."""

    __slots__ = ("params", "text")

    text: str
    params: dict[str, object]

    def __new__(cls, text: str, /, **params: object) -> Self:
        """Fill the named places of `text` with values, which may be `Words` themselves."""
        words = super().__new__(cls, text % params if params else text)
        words.text, words.params = text, params
        return words

    def translated(self, translate: Translate) -> str:
        """Translate the text and the values in it; `translate` is called as gettext is, with the values by name."""
        values = {
            name: value.translated(translate) if isinstance(value, Words) else value
            for name, value in self.params.items()
        }
        return translate(self.text, **values)


class OpenBadgesError(Exception):
    """Anything that this library refuses: a text with named placeholders and their values."""

    def __init__(self, text: str, /, **params: object) -> None:
        """Keep the text and its values apart, so that a caller can translate the text."""
        self.words = Words(text, **params)
        super().__init__(self.words)

    @property
    def text(self) -> str:
        """The text with named placeholders."""
        return self.words.text

    @property
    def params(self) -> dict[str, object]:
        """The values of the placeholders."""
        return self.words.params


class Unfit(OpenBadgesError):
    """A value that no badge may carry, with the name of the field it came in."""

    def __init__(self, field: str, text: str, /, **params: object) -> None:
        """Name the field (a dotted path of model names) and say why."""
        super().__init__(text, **params)
        self.field = field


class Unreadable(OpenBadgesError):
    """A picture, document or token that cannot be read as a badge."""
