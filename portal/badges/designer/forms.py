"""The forms of the library: a name, an uploaded badge, a design file, the organisation's colours."""

from __future__ import annotations

import re
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import ValidationError

from portal.badges.designer.services.brand import MOST
from portal.core.i18n import _, _l
from portal.web.forms import TITLE, Form, Line, Paragraphs

_COLOUR = re.compile(r"#[0-9a-f]{6}")


class NameForm(Form):
    """The name of a badge."""

    name = Line(_l("Name"), most=TITLE)


class UploadForm(Form):
    """A badge that was drawn elsewhere."""

    name = Line(_l("Name"), most=TITLE)
    alt = Line(_l("Alternative text"), most=500)
    picture = FileField(_l("Picture"), validators=[FileRequired(_l("Choose a picture."))])


class DesignFileForm(Form):
    """A design that was saved as a file."""

    document = FileField(_l("Design file"), validators=[FileRequired(_l("Choose a design file."))])


class BrandForm(Form):
    """The organisation's colours, one a line."""

    colours = Paragraphs(_l("Colours"), most=400)

    def validate_colours(self, _field: Any) -> None:
        """Check that each line is a colour, and that there are not too many."""
        lines = self.lines()
        for line in lines:
            if not _COLOUR.fullmatch(line):
                raise ValidationError(
                    _("“%(line)s” is not a colour. Write each as #rrggbb, such as #1f6b4c.", line=line[:40])
                )
        if len(lines) > MOST:
            raise ValidationError(_("Enter at most %(most)s colours.", most=MOST))

    def lines(self) -> list[str]:
        """Return the entered colours."""
        return [line for line in (self.colours.data or "").lower().split() if line]
