"""The forms of this room."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, HiddenField, PasswordField
from wtforms.validators import Length

from portal.accounts.services import passwords
from portal.core.i18n import _l
from portal.web.forms import Form, Line, Required, mail_address


class Password(PasswordField):  # type: ignore[misc]
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

    def __init__(self, label: Any, **options: Any) -> None:
        """Ask for an e-mail address."""
        super().__init__(
            label,
            validators=[mail_address],
            render_kw={"type": "email", "inputmode": "email", "autocomplete": "email", "spellcheck": "false"},
            **options,
        )


class SignInForm(Form):
    """Who are you?"""

    address = Address(_l("E-mail address"))
    password = Password(_l("Password"), known=True)
    stay = BooleanField(_l("Stay signed in"))
    next = HiddenField()
