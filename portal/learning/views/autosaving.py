"""What a form is told that saved itself while somebody wrote in it."""

from __future__ import annotations

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from portal.core.clock import now
from portal.core.i18n import _, time_of_day
from portal.web.forms import Form

AUTOSAVE = "autosave"


def asked() -> bool:
    """Whether a form was sent by itself, not by somebody who pressed a button."""
    return request.form.get("action") == AUTOSAVE


def saved(**more: str) -> ResponseReturnValue:
    """Say that the draft is saved, and when; `more` is put into the form's own fields."""
    return jsonify(saved=True, text=_("Draft saved at %(time)s.", time=time_of_day(now())), **more)


def refused(form: Form) -> ResponseReturnValue:
    """Say what has to be corrected before the draft can be saved: the first field that does not fit."""
    texts = [str(message) for message in form.form_errors]
    for field in form:
        texts += [f"{field.label.text}: {message}" for message in field.errors if not isinstance(message, (list, dict))]
    reason = texts[0] if texts else _("Something in the form has to be corrected.")
    return jsonify(saved=False, text=_("The draft is not saved yet. %(reason)s", reason=reason)), 422
