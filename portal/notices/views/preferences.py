"""What a person wants by mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, request
from flask import url_for as address

from portal.accounts.services import current_person
from portal.core.db import commit
from portal.core.i18n import _
from portal.notices import services
from portal.notices.blueprint import bp
from portal.notices.forms import preferences_form
from portal.notices.kinds import GROUPS
from portal.notices.models import Cadence
from portal.web.pages import page
from portal.web.policy import Permission
from portal.web.stamps import requires

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.route("/profile/notices", methods=["GET", "POST"])
@requires(Permission.PROFILE_EDIT)
def preferences() -> ResponseReturnValue:
    """Choose what comes by mail, and how often."""
    me = current_person()
    choices = services.choices_of(me)
    form = preferences_form(choices, services.cadence_of(me), asked=request.method == "POST")
    if request.method == "GET" or not form.validate():
        groups = [
            (label, [choice.kind for choice in choices if choice.kind.group == group])
            for group, label in GROUPS.items()
        ]
        shown = page("notices/preferences.html", form=form, groups=groups, address=me.email, timezone=me.timezone)
        return shown, 200 if request.method == "GET" else 422
    services.save_choices(me, Cadence(form.cadence.data), form.mail)
    commit()
    flash(_("Saved."), "success")
    return redirect(address("notices.preferences"), 303)
