"""The forms of this room."""

from __future__ import annotations

from wtforms import RadioField, SelectMultipleField

from portal.core.i18n import _l
from portal.web.forms import Form, Paragraphs

LONGEST_REASON = 500


class RevokeForm(Form):
    """Which awards are taken back, and why."""

    chosen = SelectMultipleField(_l("Badges"), validate_choice=False)
    reason = Paragraphs(_l("Reason"), required=True, most=LONGEST_REASON, render_kw={"rows": 2})


class RebindForm(Form):
    """To which of their verified addresses somebody has an award given anew."""

    address = RadioField(_l("Recipient e-mail"), validate_choice=True)
