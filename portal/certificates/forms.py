"""The forms of this room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField

from portal.certificates.services.earning import Said
from portal.certificates.services.granting import REASON_LENGTH
from portal.core.i18n import _, _l
from portal.web.forms import TEXT, Form, Line, Paragraphs, Switch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.accounts.models import EmailAddress
    from portal.certificates.providers import Submission
    from portal.delivery.services import Backpack


DRAWN, OWN = "drawn", "own"


class EarnForm(Form):
    """Where a badge goes: one of the holder's verified addresses, and a backpack."""

    address = SelectField(_l("Recipient e-mail"), validate_choice=True)
    backpack = SelectField(_l("Send to"), validate_choice=True)
    subject = RadioField(_l("How the badge names you"), default=DRAWN, validate_choice=True)
    narrative = Paragraphs(_l("Say what you did"), most=TEXT, render_kw={"rows": 3})
    works = SelectMultipleField(_l("Work you publish with the badge"), validate_choice=True)
    grade = BooleanField(_l("Put my grade on the badge"), default=True)

    def __init__(
        self,
        addresses: Sequence[EmailAddress],
        backpacks: Sequence[Backpack],
        *,
        did: str = "",
        submissions: Sequence[Submission] = (),
        **values: Any,
    ) -> None:
        """Offer these addresses, backpacks and reviewed work, and the learner's own identifier where they have one."""
        super().__init__(**values)
        self._did = did
        self.subject.choices = [
            (DRAWN, _("By a number that is drawn for this badge alone")),
            *([(OWN, _("By my own identifier, %(did)s", did=did))] if did else []),
        ]
        self.subject.data = self.subject.data or DRAWN
        self._addresses = {entry.public_id: entry for entry in addresses}
        self.address.choices = [(entry.public_id, entry.address) for entry in addresses]
        self.submissions = {item.key: item for item in submissions}
        self.works.choices = [(item.key, item.title) for item in submissions]
        self.backpack.choices = [(backpack.key, backpack.name) for backpack in backpacks]

    @property
    def chosen_subject(self) -> str:
        """The learner's own identifier where they chose that, else an empty text."""
        return self._did if self.subject.data == OWN else ""

    @property
    def said(self) -> Said:
        """What the badge is to say besides."""
        return Said(
            narrative=self.narrative.data or "", works=tuple(self.works.data or ()), grade=bool(self.grade.data)
        )

    @property
    def chosen_address(self) -> EmailAddress:
        """The address that was chosen; only after the form was found valid."""
        return self._addresses[str(self.address.data)]


class ShareForm(Form):
    """Whether everybody who has the check address sees the holder's name."""

    name_published = Switch(_l("Show my name to everybody who checks this certificate"))


class CheckForm(Form):
    """The number of a certificate, as somebody types it from paper."""

    number = Line(_l("Certificate number"), most=60)

    def __init__(self, *data: Any, **values: Any) -> None:
        """Need no CSRF token: it is sent by GET and changes nothing."""
        super().__init__(*data, **values, meta={"csrf": False})


class RevokeForm(Form):
    """Why a certificate does not hold any more."""

    reason = Paragraphs(_l("Reason"), required=True, most=REASON_LENGTH)


class RemindForm(Form):
    """Of which certificate its holder is reminded; of all that the page shows where none is named."""

    certificate = HiddenField()
