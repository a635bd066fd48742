"""The forms in which the dates of events are kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import SelectField

from portal.accounts.forms import zone_choices
from portal.core.errors import Refused
from portal.core.i18n import _, _l, timezone
from portal.learning.models import EventDate
from portal.learning.services.events import Appointment
from portal.web.forms import SHORT, TEXT, Form, Line, Paragraphs, Switch, number_of, web_address

MOST_PLACES = 100_000
WRITTEN = "%Y-%m-%dT%H:%M"


class DateForm(Form):
    """A date of an event: when, where, for how many."""

    starts = Line(_l("Begins"), most=20, render_kw={"type": "datetime-local"})
    ends = Line(_l("Ends"), most=20, render_kw={"type": "datetime-local"})
    timezone = SelectField(_l("Time zone"), choices=zone_choices)
    place = Line(_l("Place"), required=False, most=SHORT)
    link = Line(_l("Address of the online meeting"), required=False, most=2000, validators=[web_address])
    capacity = Line(_l("Places"), required=False, most=6)
    waiting_list = Switch(_l("Waiting list"), default=True)
    note = Paragraphs(_l("What to know about this date"), most=TEXT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.timezone.data:
            self.timezone.data = timezone()
        known = [value for value, *_rest in self.timezone.iter_choices()]
        if not self.is_submitted() and self.timezone.data not in known:
            self.timezone.data = "Europe/London" if "Europe/London" in known else known[0]

    def appointment(self) -> Appointment | None:
        """Return what the fields say, or None where something has to be corrected: then it stands beside its field."""
        starts, ends = self._instant("starts"), self._instant("ends")
        capacity = number_of(self.capacity.data, MOST_PLACES)
        if self.capacity.data and capacity is None:
            self.refuse(
                Refused(
                    _("Enter a whole number from 1 to %(most)s, or leave it empty.", most=MOST_PLACES), field="capacity"
                )
            )
        if self.refused or starts is None or ends is None:
            return None
        return Appointment(
            starts_at=starts,
            ends_at=ends,
            timezone=self.timezone.data,
            place=self.place.data or "",
            link=self.link.data or "",
            note=self.note.data or "",
            capacity=capacity,
            waiting_list=bool(self.waiting_list.data),
        )

    def _instant(self, name: str) -> datetime | None:
        text = self[name].data
        if not text or self.timezone.errors:
            return None
        try:
            local = datetime.fromisoformat(text)
            return local.replace(tzinfo=ZoneInfo(self.timezone.data)).astimezone(UTC)
        except (ValueError, OverflowError, KeyError):
            self.refuse(Refused(_("Choose a day and a time of day."), field=name))
            return None


def filled_date(date: EventDate) -> dict[str, Any]:
    """Return what the fields show of a date, on the clocks where it takes place."""
    zone = ZoneInfo(date.timezone)
    return {
        "starts": date.starts_at.astimezone(zone).strftime(WRITTEN),
        "ends": date.ends_at.astimezone(zone).strftime(WRITTEN),
        "timezone": date.timezone,
        "place": date.place,
        "link": date.link,
        "capacity": str(date.capacity or ""),
        "waiting_list": date.waiting_list,
        "note": date.note,
    }


class AbsentForm(Form):
    """Why somebody's step is failed who was not at an event."""

    comment = Paragraphs(_l("Comment"), most=TEXT)
