"""The forms of this room."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import BooleanField

from portal.backpack.models import ADDRESS, NAME
from portal.core.i18n import _l
from portal.web.forms import Form, Line, Paragraphs, web_address

MOST_IMPORTED = 5 * 1024 * 1024


class CollectionForm(Form):
    """What a collection is called, what it is about, and whether everybody may see it."""

    name = Line(_l("Name"), most=NAME)
    description = Paragraphs(_l("Description"), render_kw={"rows": 3})
    public = BooleanField(_l("Public"))


class ImportForm(Form):
    """A badge from elsewhere: a file, or the address where it is published."""

    file = FileField(_l("File"))
    address = Line(
        _l("Address"), required=False, most=ADDRESS, validators=[web_address], render_kw={"inputmode": "url"}
    )
