"""The forms in which members of a path are looked after."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from wtforms import DateField, SelectField
from wtforms.validators import Optional

from portal.accounts.forms import PeopleListForm
from portal.core.errors import Refused
from portal.core.i18n import _, _l
from portal.core.periods import last_moment
from portal.web.forms import LONG, TEXT, TITLE, Form, Line, Paragraphs, Switch

LONGEST_MESSAGE = min(LONG, 10_000)


class MemberListForm(PeopleListForm):
    """Many people who are to be members of a path."""

    mandatory = Switch(_l("Mandatory"))


class PathGroupForm(Form):
    """A group whose people are to be members of a path."""

    group = SelectField(_l("Group"), validate_choice=False)
    mandatory = Switch(_l("Mandatory"))


class MessageForm(Form):
    """What is written to members."""

    subject = Line(_l("Subject"), most=TITLE)
    text = Paragraphs(_l("Message"), required=True, most=LONGEST_MESSAGE, render_kw={"rows": 10})


class SetStepForm(Form):
    """An instructor's own word on a step: done or failed, whatever the member handed in."""

    grade = Line(_l("Grade in percent"), required=False, most=6, render_kw={"inputmode": "decimal"})
    comment = Paragraphs(_l("Comment"), most=TEXT)

    @property
    def percent(self) -> float | None:
        """The grade, None where none was given; raises Refused where it is no number."""
        text = (self.grade.data or "").replace(",", ".").removesuffix("%").strip()
        if not text:
            return None
        try:
            grade = float(text)
        except ValueError as error:
            raise Refused(_("A grade is a number from 0 to 100."), field="grade") from error
        if not 0 <= grade <= 100:
            raise Refused(_("A grade is a number from 0 to 100."), field="grade")
        return grade


class AnotherTryForm(Form):
    """Another try, and until when."""

    until = DateField(_l("Until"), validators=[Optional()])
    comment = Paragraphs(_l("Comment"), most=TEXT)

    def process(self, *args: Any, **kwargs: Any) -> None:
        """Say in our own words what is wrong with a date."""
        super().process(*args, **kwargs)
        if self.until.process_errors:
            self.until.process_errors = [_("Enter a date.")]

    def end(self, zone: str) -> datetime | None:
        """Return the last moment of the day that was chosen, by the clocks of a time zone; None where none was."""
        chosen: date | None = self.until.data
        return last_moment(chosen, zone) if chosen is not None else None
