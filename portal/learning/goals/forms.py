"""The form in which a step is written: what every kind has, and what each kind adds."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional

from portal.core.i18n import _l
from portal.web.forms import LONG, TITLE, Form, Line, Paragraphs, Switch

LONGEST_MINUTES = 10_000


class StepForm(Form):
    """What every step has."""

    title = Line(_l("Title"), most=TITLE)
    minutes = IntegerField(
        _l("Minutes"),
        validators=[
            Optional(),
            NumberRange(1, LONGEST_MINUTES, message=_l("Enter a whole number of minutes from 1 to 10000.")),
        ],
    )
    mandatory = Switch(_l("Mandatory"), default=True)


class PageForm(StepForm):
    """A page to read."""

    text = Paragraphs(_l("Text"), most=LONG)
    picture = FileField(_l("Picture"))
    picture_alt = Line(_l("What the picture shows"), required=False)


class ConfirmationForm(StepForm):
    """Something that an instructor confirms."""

    task = Paragraphs(_l("What to do"), most=LONG)
