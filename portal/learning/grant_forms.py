"""The forms in which certificates are granted by hand."""

from __future__ import annotations

from datetime import date

from wtforms import BooleanField

from portal.accounts.forms import PeopleListForm
from portal.certificates.services import REASON_LENGTH
from portal.core.errors import Refused
from portal.core.i18n import _, _l
from portal.web.forms import Form, Line, Paragraphs


def _day() -> Line:
    return Line(_l("Date of the achievement"), required=False, most=10, render_kw={"type": "date"})


class GrantForm(Form):
    """One certificate, granted by hand."""

    day = _day()
    grade = Line(_l("Grade in percent"), required=False, most=10, render_kw={"inputmode": "decimal"})
    hours = Line(_l("Hours"), required=False, most=10, render_kw={"inputmode": "decimal"})
    reason = Paragraphs(_l("Reason"), required=True, most=REASON_LENGTH, render_kw={"rows": 3})


class GrantListForm(PeopleListForm):
    """Many people who are to be granted a certificate; `day` counts for lines without a date."""

    day = _day()

    @property
    def usual(self) -> date | None:
        """The day for lines without one, None where there is none; raises Refused where it is no day."""
        if not self.day.data:
            return None
        try:
            return date.fromisoformat(self.day.data)
        except ValueError as error:
            raise Refused(_("Write the date like 2026-03-31."), field="day") from error


class GrantOrderForm(Form):
    """The word that a list, as it was shown, is carried out."""

    reason = Paragraphs(_l("Reason"), required=True, most=REASON_LENGTH, render_kw={"rows": 2})
    invite = BooleanField(_l("Invite those who have no account, and grant them the certificate too"))
