"""Languages: the one module that knows Flask-Babel."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date as calendar_date
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

import flask_babel
from babel import Locale, UnknownLocaleError
from babel.support import LazyProxy
from flask import g, has_request_context, request

from portal.core.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

_reader: Callable[[], tuple[str, str] | None] = lambda: None  # noqa: E731


def _(message: str, /, **variables: object) -> str:
    """Translate a message into the reader's language and fill in its %(name)s places."""
    return cast("str", flask_babel.gettext(message, **variables))


def ngettext(singular: str, plural: str, number: int, **variables: object) -> str:
    """Translate a message whose form depends on a number, which fills %(num)s."""
    return cast("str", flask_babel.ngettext(singular, plural, number, **variables))


def _l(message: str, /, **variables: object) -> Any:
    """Translate later, when the text is read: for labels at module level."""
    return LazyProxy(lambda: _(message, **variables), enable_cache=False)


def language() -> str:
    """Return the language of the running request, such as 'en'."""
    if "forced_language" in g:
        return cast("str", g.forced_language)
    who = _reader() if has_request_context() else None
    if who and who[0] in settings().languages:
        return who[0]
    if has_request_context():
        return request.accept_languages.best_match(settings().languages) or settings().languages[0]
    return settings().languages[0]


def language_name(code: str) -> str:
    """Return what a language is called in the reader's language; a code that is not known as it is."""
    try:
        name = Locale.parse(code, sep="-").get_display_name(language()) or code
    except (UnknownLocaleError, ValueError):
        return code
    return name[:1].upper() + name[1:]


def _timezone() -> str:
    if "forced_timezone" in g:
        return cast("str", g.forced_timezone)
    who = _reader() if has_request_context() else None
    return who[1] if who else "UTC"


def speak(code: str) -> None:
    """Use one language for the rest of this app context: mails are written in their reader's language."""
    g.forced_language = code if code in settings().languages else settings().languages[0]
    flask_babel.refresh()


@contextmanager
def speaking(code: str, timezone: str = "UTC") -> Iterator[None]:
    """Write in another reader's language and time zone for a while: mails are; then go on as before."""
    before = {name: g.get(name) for name in ("forced_language", "forced_timezone")}
    g.forced_timezone = timezone
    speak(code)
    try:
        yield
    finally:
        for name, value in before.items():
            g.pop(name, None) if value is None else setattr(g, name, value)
        flask_babel.refresh()


def number(value: float) -> str:
    """Write a number as the reader's language does, with one place after the point where it is not whole."""
    return cast("str", flask_babel.format_decimal(round(value, 1)))


def date(value: datetime | None, zone: str | None = None) -> str:
    """Write an instant as a date in the reader's language, and in their time zone where no other one is named."""
    if value is None:
        return ""
    style = "d MMMM y" if language().startswith("en") else "long"
    local = value.astimezone(ZoneInfo(zone)) if zone else flask_babel.to_user_timezone(value)
    return cast("str", flask_babel.format_date(local.date(), style))


def written_day(day: calendar_date, pattern: str) -> str:
    """Write a day of the calendar in the reader's language by a pattern, such as "d MMM" (Unicode LDML dates)."""
    return cast("str", flask_babel.format_date(day, pattern))


def timezone() -> str:
    """Return the name of the reader's time zone, such as 'Europe/Helsinki'."""
    return _timezone()


def date_time(value: datetime | None) -> str:
    """Write an instant as date and time in the reader's language and time zone."""
    return "" if value is None else cast("str", flask_babel.format_datetime(value, "d MMMM y, HH:mm"))


def time_of_day(value: datetime) -> str:
    """Write the time of day of an instant, in hours and minutes, in the reader's time zone."""
    return cast("str", flask_babel.format_time(value, "HH:mm"))


def init_app(app: Flask, reader: Callable[[], tuple[str, str] | None]) -> None:
    """Set up languages; `reader` names the language and time zone of the signed-in person, or None."""
    global _reader  # noqa: PLW0603 - one app, one way to ask who reads
    _reader = reader
    flask_babel.Babel(app, locale_selector=language, timezone_selector=_timezone)
