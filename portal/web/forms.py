"""The shared base of every form: cleaned text, limits, and refusals beside their field."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from portal.core.i18n import _, _l
from portal.core.markdown import without_controls

if TYPE_CHECKING:
    from wtforms import Field
    from wtforms import Form as WTForm

    from portal.core.errors import Refused

SHORT = 255
TITLE = 200
TEXT = 2_000
LONG = 50_000


class Form(FlaskForm):
    """A form of the portal; CSRF stands in every one of them."""

    def refuse(self, error: Refused) -> None:
        """Show a refusal beside the field it names, or above the form where it names none."""
        if error.field and error.field in self._fields:
            field = self._fields[error.field]
            field.errors = [*field.errors, error.message]
        else:
            self.form_errors: list[object] = [*self.form_errors, error.message]

    @property
    def refused(self) -> bool:
        """Whether anything in the form has to be corrected."""
        return bool(self.errors)


def _clean(value: Any) -> Any:
    return without_controls(value).strip() if isinstance(value, str) else value


def _one_line(value: Any) -> Any:
    return " ".join(_clean(value).split()) if isinstance(value, str) else value


class Line(StringField):
    """One line of text: trimmed, without control characters, of bounded length."""

    def __init__(self, label: Any, *, required: bool = True, most: int = SHORT, **options: Any) -> None:
        checks = [_present] if required else []
        super().__init__(
            label,
            validators=[*checks, length(most), *options.pop("validators", [])],
            filters=[_one_line, *options.pop("filters", [])],
            render_kw={"maxlength": most, **options.pop("render_kw", {})},
            **options,
        )


class Paragraphs(TextAreaField):
    """Text of several lines, without control characters, of bounded length."""

    def __init__(self, label: Any, *, required: bool = False, most: int = TEXT, **options: Any) -> None:
        checks = [_present] if required else []
        super().__init__(
            label,
            validators=[*checks, length(most), *options.pop("validators", [])],
            filters=[_clean],
            render_kw={"rows": 5, **options.pop("render_kw", {})},
            **options,
        )


class Switch(BooleanField):
    """Something that is on or off; drawn as a switch."""


class Required(DataRequired):
    """Something has to be entered."""

    def __init__(self) -> None:
        super().__init__(_l("Fill in this field."))


_present = Required()


def number_of(text: str | None, most: int) -> int | None:
    """Return a number from 1 to `most` as it was typed; None where it is not one."""
    if not text or not (text.isascii() and text.isdecimal()):
        return None
    return int(text) if 1 <= int(text) <= most else None


def units() -> list[SelectChoice]:
    """Return what a period can be counted in, as the choices of a field."""
    return [
        SelectChoice("days", _l("Days")),
        SelectChoice("weeks", _l("Weeks")),
        SelectChoice("months", _l("Months")),
        SelectChoice("years", _l("Years")),
    ]


def length(most: int) -> Length:
    """Return a check that a text is not longer than `most` characters."""
    return Length(max=most, message=_l("Use at most %(most)s characters here.", most=most))


def web_address(_form: WTForm, field: Field) -> None:
    """Check that a text is an address of the web."""
    if not field.data:
        return
    try:
        parts = urlsplit(field.data)
        valid = parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
        parts.port  # noqa: B018 - raises where the port is none
    except ValueError:
        valid = False
    if not valid or re.search(r"[\s<>\"]", field.data):
        raise ValidationError(_address_message())


def _address_message() -> str:
    return _("Enter a whole web address, such as https://example.org.")


def mail_address(_form: WTForm, field: Field) -> None:
    """Check that a text can be an e-mail address, and fold it to lower case."""
    if not field.data:
        return
    try:
        found = validate_email(field.data, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise ValidationError(_("Enter an e-mail address, such as name@example.org.")) from error
    field.data = found.normalized.lower()
