"""The form that takes a badge to check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_wtf.file import FileField
from wtforms import ValidationError

from portal.core.i18n import _, _l
from portal.web.forms import Form, Line, mail_address

if TYPE_CHECKING:
    from wtforms import Field
    from wtforms import Form as WTForm

LARGEST = 4_500_000
TOKEN = 200_000


def small(_form: WTForm, field: Field) -> None:
    """Check that an uploaded file is not larger than a badge may be."""
    if field.data:
        field.content = field.data.stream.read(LARGEST + 1)
        if len(field.content) > LARGEST:
            raise ValidationError(_("This file is larger than 4 MB. A badge is smaller: choose the badge itself."))


class UploadField(FileField):
    """A file whose content is read once, within limits."""

    content: bytes = b""


class CheckForm(Form):
    """A badge, as an address or a file, and whom it may have been given to."""

    address = Line(
        _l("Address of the badge"),
        required=False,
        most=2_048,
        render_kw={"inputmode": "url", "autocomplete": "off", "spellcheck": "false", "placeholder": "https://"},
    )
    file = UploadField(_l("Badge file"), validators=[small])
    email = Line(
        _l("E-mail address of the holder"),
        required=False,
        validators=[mail_address],
        render_kw={"type": "email", "inputmode": "email", "autocomplete": "off", "spellcheck": "false"},
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for an address or a file, and for one of them alone."""
        valid = bool(super().validate(extra_validators))
        if valid and not self.address.data and not self.file.content:
            self.address.errors = [_("Enter the address of a badge, or choose a badge file.")]
            return False
        if valid and self.address.data and self.file.content:
            self.file.errors = [_("Check one badge at a time: clear the address, or choose no file.")]
            return False
        return valid

    @property
    def source(self) -> str | bytes:
        """What is to be checked."""
        return self.file.content or str(self.address.data)
