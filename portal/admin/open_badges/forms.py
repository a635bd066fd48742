"""The form of Administration › Open Badges."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField

from portal.core.i18n import _l
from portal.delivery.models import BUILT_IN, MOZILLA
from portal.web.forms import TITLE, Form, Line, Paragraphs, mail_address, web_address


class OpenBadgesForm(Form):
    """Who issues, which collections are shown, and which backpack is offered."""

    name = Line(_l("Issuer name"), most=TITLE, render_kw={"autocomplete": "organization"})
    url = Line(_l("Issuer URL"), validators=[web_address], render_kw={"type": "url", "placeholder": "https://"})
    email = Line(_l("Issuer e-mail"), validators=[mail_address], render_kw={"type": "email", "spellcheck": "false"})
    description = Paragraphs(_l("Description"))
    logo = FileField(_l("Logo"))
    remove_logo = BooleanField(_l("Remove the logo"))
    collection_keyword = Line(_l("Collection keyword"), most=60)
    backpack_kind = RadioField(
        _l("Backpack"),
        choices=[(BUILT_IN, _l("The backpack of this portal")), (MOZILLA, _l("Another Mozilla-style backpack"))],
        default=BUILT_IN,
    )
    backpack_url = Line(
        _l("Address of the other backpack"),
        required=False,
        most=400,
        render_kw={"type": "url", "placeholder": "https://"},
    )
