"""The forms of this room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, ValidationError

from portal.core.i18n import _, _l
from portal.web.forms import Form, Line, Paragraphs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wtforms import Field
    from wtforms import Form as WTForm

    from portal.badges.providers import Givable

LONGEST_REASON = 500
LONGEST_LIST = 600_000
LONGEST_PASTED = 200_000
LARGEST_FILE = 4_500_000
EVERYBODY, LISTED = "everybody", "listed"


class RevokeForm(Form):
    """Which awards are taken back, and why."""

    chosen = SelectMultipleField(_l("Badges"), validate_choice=False)
    reason = Paragraphs(_l("Reason"), required=True, most=LONGEST_REASON, render_kw={"rows": 2})


class RebindForm(Form):
    """To which of their verified addresses somebody has an award given anew."""

    address = RadioField(_l("Recipient e-mail"), validate_choice=True)


class AwardManyForm(Form):
    """Which badge is given, and to whom; `key` names the wish, so that it is fulfilled once."""

    badge = SelectField(_l("Badge"), validate_choice=True)
    whom = RadioField(
        _l("Who gets it"),
        choices=[
            (EVERYBODY, _l("Everybody who holds the certificate and has not earned the badge yet")),
            (LISTED, _l("The people of a list")),
        ],
        default=EVERYBODY,
    )
    addresses = Paragraphs(_l("E-mail addresses"), most=LONGEST_LIST, render_kw={"rows": 8})
    file = FileField(_l("CSV file"))
    key = HiddenField()

    def offer(self, badges: Sequence[Givable]) -> None:
        """Offer these badges."""
        self.badge.choices = [(one.series, one.title) for one in badges]


def _small(_form: WTForm, field: Field) -> None:
    """Check that a file is not larger than an endorsement may be, and keep what is in it."""
    if field.data:
        field.content = field.data.stream.read(LARGEST_FILE + 1)
        if len(field.content) > LARGEST_FILE:
            raise ValidationError(_("This file is larger than 4 MB. An endorsement is smaller."))


class _Upload(FileField):
    """A file whose content is read once, within a limit."""

    content: bytes = b""


class EndorsementForm(Form):
    """What another issuer says of a badge: pasted, or as a file."""

    document = Paragraphs(
        _l("Endorsement"), most=LONGEST_PASTED, render_kw={"rows": 6, "spellcheck": "false", "autocomplete": "off"}
    )
    file = _Upload(_l("Endorsement as a file"), validators=[_small])

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for one of the two."""
        valid = bool(super().validate(extra_validators))
        if valid and not self.document.data and not self.file.content:
            self.document.errors = [_("Paste the endorsement, or choose a file.")]
            return False
        return valid

    @property
    def source(self) -> str | bytes:
        """What is to be checked."""
        return self.file.content or str(self.document.data)


class IdentifierForm(Form):
    """A person's own decentralised identifier."""

    did = Line(_l("Your identifier (DID)"), required=False, render_kw={"spellcheck": "false", "autocomplete": "off"})
