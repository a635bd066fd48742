"""Administration, Mail: what was written, and whether it left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, request
from flask import url_for as address

from portal.accounts.services import current_person
from portal.admin.blueprint import bp
from portal.admin.forms import TestMailForm
from portal.core import mail as transport
from portal.core.crypto import KeyLost
from portal.core.db import commit
from portal.core.i18n import _
from portal.notices import services as notices
from portal.web import limits
from portal.web.pages import page
from portal.web.paging import paginate
from portal.web.policy import Permission
from portal.web.stamps import requires

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.notices.models import Mail

TEST_MAILS = "10/hour"


@bp.get("/administration/mail")
@requires(Permission.ADMIN_MAIL)
def mail() -> ResponseReturnValue:
    """List the mails, the newest first."""
    return _list(TestMailForm(address=current_person().email))


def _list(form: TestMailForm) -> str:
    asked = {name: request.args.get(name, "") for name in ("q", "state")}
    found = paginate(notices.mails(asked["state"], asked["q"]))
    return page("admin/mail.html", mails=found, asked=asked, form=form, leaves=transport.leaves_the_house())


@bp.post("/administration/mail/test")
@requires(Permission.ADMIN_MAIL)
def send_test_mail() -> ResponseReturnValue:
    """Send a mail that says nothing but that it arrived."""
    form = TestMailForm()
    if not form.validate():
        return _list(form), 422
    if not limits.allowed("test mails", TEST_MAILS, current_person().public_id):
        form.address.errors = [_("Too many mails were asked for. Wait an hour, then try again.")]
        return _list(form), 429
    me = current_person()
    row = notices.mail(to=form.address.data, template="test", language=me.language, timezone=me.timezone)
    commit()
    return redirect(address("admin.one_mail", mail=row), 303)


@bp.get("/administration/mail/<mail:mail>")
@requires(Permission.ADMIN_MAIL, "mail")
def one_mail(mail: Mail) -> ResponseReturnValue:
    """Show what became of a mail and, where no mail server could carry it, what it says."""
    text, lost = None, False
    if notices.readable(mail):
        try:
            text = notices.text_of(mail)
        except KeyLost:
            lost = True
    return page("admin/mail_one.html", mail=mail, text=text, lost=lost, may_retry=notices.may_retry(mail))


@bp.post("/administration/mail/<mail:mail>/retry")
@requires(Permission.ADMIN_MAIL, "mail")
def retry_mail(mail: Mail) -> ResponseReturnValue:
    """Send a mail once more."""
    notices.retry(mail)
    commit()
    flash(_("The mail is sent again."), "success")
    return redirect(address("admin.one_mail", mail=mail), 303)
