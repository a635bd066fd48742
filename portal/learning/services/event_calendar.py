"""A date of an event as a file for calendars (iCalendar, RFC 5545)."""

from __future__ import annotations

from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vText

from portal.core.settings import settings
from portal.learning.models import EventDate


def calendar_of(date: EventDate, *, title: str, path_title: str, text: str, url: str) -> bytes:
    """Return a date as a calendar file, in the time zone in which it takes place.

    The UID stays the same for ever and SEQUENCE counts changes, so that a calendar that has the date already moves it; a
    cancelled date says so.
    """
    zone = ZoneInfo(date.timezone)
    event = Event()
    event.add("uid", f"{date.public_id}@{urlsplit(settings().base_url).hostname}")
    event.add("sequence", date.sequence)
    event.add("dtstamp", date.changed_at)
    event.add("created", date.created_at)
    event.add("last-modified", date.changed_at)
    event.add("dtstart", date.starts_at.astimezone(zone))
    event.add("dtend", date.ends_at.astimezone(zone))
    event.add("summary", title)
    event.add("location", vText(date.place or date.link))
    event.add("description", "\n\n".join(part for part in (path_title, text, date.note, date.link, url) if part))
    event.add("url", url)
    event.add("status", "CANCELLED" if date.cancelled_at is not None else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//Laurel//Learning portal//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if date.cancelled_at is not None else "PUBLISH")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())
