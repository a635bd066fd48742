"""The forms of this room."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, cast
from zoneinfo import available_timezones

from babel import Locale
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, PasswordField, RadioField, SelectField, TextAreaField, ValidationError
from wtforms.validators import Length

from portal.accounts.services import passwords, tables
from portal.core.i18n import _, _l
from portal.core.settings import settings
from portal.web.forms import TITLE, Form, Line, Required, mail_address

# Marks that turn the direction of what follows: a name must not reach out of its place on the page.
_DIRECTIONS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_VISIBLE = ("L", "N", "S", "P")


class Password(PasswordField):
    """A password: taken as it is typed or pasted, never shown again."""

    def __init__(self, label: Any, *, known: bool = False, **options: Any) -> None:
        """Ask for a password; `known` for one that the person has already."""
        kind = "current-password" if known else "new-password"
        super().__init__(
            label,
            validators=[Required(), Length(max=passwords.LONGEST, message=_l("This password is too long."))],
            render_kw={"autocomplete": kind},
            **options,
        )


class Address(Line):
    """An e-mail address, in lower case."""

    def __init__(self, label: Any, *, autocomplete: str = "email", **options: Any) -> None:
        """Ask for an e-mail address."""
        super().__init__(
            label,
            validators=[mail_address],
            render_kw={"type": "email", "inputmode": "email", "autocomplete": autocomplete, "spellcheck": "false"},
            **options,
        )


class Name(Line):
    """The name of a person, in any script."""

    def __init__(self, label: Any, *, autocomplete: str = "name", **options: Any) -> None:
        """Ask for a name."""
        super().__init__(
            label,
            most=TITLE,
            filters=[_without_directions],
            validators=[_visible],
            render_kw={"autocomplete": autocomplete},
            **options,
        )


def _without_directions(value: Any) -> Any:
    return _DIRECTIONS.sub("", value).strip() if isinstance(value, str) else value


def _visible(_form: object, field: Line) -> None:
    if field.data and not any(unicodedata.category(letter).startswith(_VISIBLE) for letter in field.data):
        raise ValidationError(_("Fill in this field."))


def language_choices() -> list[tuple[str, str]]:
    """Return the languages of the portal, each by its own name."""
    return [(code, (Locale.parse(code, sep="-").get_display_name() or code).title()) for code in settings().languages]


def zone_choices() -> list[tuple[str, str]]:
    """Return the time zones by region and place."""
    regions = (
        "Africa/",
        "America/",
        "Antarctica/",
        "Arctic/",
        "Asia/",
        "Atlantic/",
        "Australia/",
        "Europe/",
        "Indian/",
        "Pacific/",
    )
    zones = sorted(zone for zone in available_timezones() if zone.startswith(regions))
    return [("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in zones)]


class SignInForm(Form):
    """Who signs in."""

    address = Address(_l("E-mail address"), autocomplete="username")
    password = Password(_l("Password"), known=True)
    stay = BooleanField(_l("Stay signed in"))
    next = HiddenField()


class ForgotPasswordForm(Form):
    """For which account a new password is asked."""

    address = Address(_l("E-mail address"), autocomplete="username")


class NewPasswordForm(Form):
    """A new password, by a mailed link."""

    password = Password(_l("New password"))


class AcceptForm(Form):
    """An invited person's name and first password."""

    name = Name(_l("Your name"))
    password = Password(_l("Password"))


class ChangePasswordForm(Form):
    """A new password, by whoever knows the present one."""

    current = Password(_l("Present password"), known=True)
    password = Password(_l("New password"))


class LanguageForm(Form):
    """Language and time zone."""

    language = SelectField(_l("Language"), choices=language_choices)
    timezone = SelectField(_l("Time zone"), choices=zone_choices)


class ProfileForm(LanguageForm):
    """What a person says of themselves."""

    name = Name(_l("Name"))
    picture = FileField(_l("Picture"))


class AddAddressForm(Form):
    """One more e-mail address."""

    address = Address(_l("E-mail address"))


class PeopleListForm(Form):
    """Many people at once: addresses pasted, or a file."""

    text = TextAreaField(_l("Addresses"), render_kw={"rows": 8, "spellcheck": "false", "autocomplete": "off"})
    file = FileField(_l("CSV file"))

    @property
    def source(self) -> str | bytes:
        """What was given: the file where one was chosen, else the text."""
        if self.file.data:
            return cast("bytes", self.file.data.read(tables.MOST_BYTES + 1))
        return self.text.data or ""

    @property
    def given_in(self) -> str:
        """The field that the list was given in: where to say what is wrong with it."""
        return "file" if self.file.data else "text"


KEEP, REVOKE = "keep", "revoke"


class ErasureForm(Form):
    """What becomes of the badges of somebody who is erased."""

    badges = RadioField(
        _l("Badges that were given out"),
        choices=[
            (KEEP, _l("They stay valid, without a name")),
            (REVOKE, _l("They end: nobody can check them any more")),
        ],
        default=KEEP,
    )

    @property
    def revoke_badges(self) -> bool:
        """Whether the badges end."""
        return bool(self.badges.data == REVOKE)


class DeleteAccountForm(ErasureForm):
    """A person's own yes to the end of their account, with their password."""

    current = Password(_l("Present password"), known=True)
