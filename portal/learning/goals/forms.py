"""The form in which a step is written: what every kind has, and what each kind adds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_wtf.file import FileField
from wtforms import IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional

from portal.core.errors import Refused
from portal.core.i18n import _, _l, timezone
from portal.core.periods import MOST
from portal.learning.models import Step
from portal.learning.rules import Rules
from portal.web.forms import LONG, TITLE, Form, Line, Paragraphs, Switch, number_of, units

LONGEST_MINUTES = 10_000
MOST_POINTS = 10_000


class RuleFields(Form):
    """What steps and groups have in common: a title, whether they count, until when they are to be done."""

    title = Line(_l("Title"), most=TITLE)
    parent = SelectField(_l("Group"), default="")
    mandatory = Switch(_l("Mandatory"), default=True)
    limit_kind = RadioField(
        _l("Time limit"),
        choices=[
            SelectChoice("none", _l("None")),
            SelectChoice("period", _l("Some time after joining")),
            SelectChoice("date", _l("A fixed date")),
        ],
        default="none",
    )
    limit_count = Line(_l("How many"), required=False, most=10)
    limit_unit = SelectField(
        _l("Unit"),
        choices=units(),
        default="days",
    )
    due_at = Line(_l("Date and time"), required=False, most=20, render_kw={"type": "datetime-local"})
    strict = Switch(_l("Fails when the time is up"))

    def __init__(self, *args: Any, groups: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        """Offer the groups of the path (names by key) to put the step into."""
        super().__init__(*args, **kwargs)
        none = SelectChoice("", _("None: it stands on the path itself"))
        self.parent.choices = [none, *(SelectChoice(key, name) for key, name in groups)]

    def check_rules(self) -> None:
        """Refuse what does not fit in the fields that apply; what a choice hides is not asked about."""
        if self.limit_kind.data == "period" and self._count is None:
            most = MOST.get(self.limit_unit.data, 100)
            self.refuse(Refused(_("Enter a whole number from 1 to %(most)s.", most=most), field="limit_count"))
        if self.limit_kind.data == "date" and self._due is None:
            self.refuse(Refused(_("Choose a date and a time of day."), field="due_at"))

    @property
    def _count(self) -> int | None:
        return number_of(self.limit_count.data, MOST.get(self.limit_unit.data, 0))

    @property
    def _due(self) -> datetime | None:
        try:
            local = datetime.fromisoformat(self.due_at.data or "")
            return local.replace(tzinfo=ZoneInfo(timezone())).astimezone(UTC)
        except (ValueError, OverflowError):
            return None

    @property
    def rules(self) -> Rules:
        """The rules that the fields say."""
        kind = self.limit_kind.data
        return Rules(
            limit_count=self._count if kind == "period" else None,
            limit_unit=self.limit_unit.data if kind == "period" else "days",
            due_at=self._due if kind == "date" else None,
            strict=bool(self.strict.data) and kind != "none",
        )


def filled(step: Step) -> dict[str, Any]:
    """Return what the common fields show of a step or group."""
    kind = "period" if step.limit_count else "date" if step.due_at else "none"
    due = step.due_at.astimezone(ZoneInfo(timezone())) if step.due_at else None
    return {
        "title": step.title,
        "parent": step.parent_key or "",
        "mandatory": step.mandatory,
        "limit_kind": kind,
        "limit_count": str(step.limit_count or ""),
        "limit_unit": step.limit_unit,
        "due_at": due.strftime("%Y-%m-%dT%H:%M") if due else "",
        "strict": step.strict,
    }


class GroupForm(RuleFields):
    """A group of steps."""

    enough = RadioField(
        _l("What has to be done"),
        choices=[
            SelectChoice("all", _l("All mandatory steps")),
            SelectChoice("any", _l("Some of the steps")),
        ],
        default="all",
    )
    needed = Line(_l("How many are enough"), required=False, most=3)

    def check_rules(self) -> None:
        """Refuse a number that is none."""
        super().check_rules()
        if self.enough.data == "any" and number_of(self.needed.data, 100) is None:
            self.refuse(Refused(_("Enter a whole number from 1 to %(most)s.", most=100), field="needed"))

    @property
    def rules(self) -> Rules:
        """The rules that the fields say."""
        enough = number_of(self.needed.data, 100) if self.enough.data == "any" else None
        return replace(super().rules, needed=enough)


class StepForm(RuleFields):
    """What every step has."""

    minutes = IntegerField(
        _l("Minutes"),
        validators=[
            Optional(),
            NumberRange(1, LONGEST_MINUTES, message=_l("Enter a whole number of minutes from 1 to 10000.")),
        ],
    )
    points = IntegerField(
        _l("Points"),
        validators=[
            Optional(),
            NumberRange(0, MOST_POINTS, message=_l("Enter a whole number of points from 0 to 10000.")),
        ],
    )

    @property
    def rules(self) -> Rules:
        """The rules that the fields say."""
        return replace(super().rules, points=self.points.data or None)

    def rework(self, action: str) -> bool:  # noqa: ARG002
        """Carry out a button that only changes the form, such as one that adds a question; whether it was such a button."""
        return False

    def keep_files(self) -> None:
        """Store the files that came with the form, so that they outlast a correction; refuse the rest beside their field."""


class PageForm(StepForm):
    """A page to read."""

    text = Paragraphs(_l("Text"), most=LONG)
    picture = FileField(_l("Picture"))
    picture_alt = Line(_l("What the picture shows"), required=False)


class ConfirmationForm(StepForm):
    """Something that an instructor confirms."""

    task = Paragraphs(_l("What to do"), most=LONG)
