"""Calendar arithmetic across the ends of months, leap days and daylight saving."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.periods import Unit, earlier, first_moment, last_moment, later

BERLIN, NEW_YORK, HELSINKI = "Europe/Berlin", "America/New_York", "Europe/Helsinki"


def at(zone: str, *parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone), fold=fold)


@pytest.mark.parametrize(
    ("start", "count", "unit", "end"),
    [
        ((2026, 1, 31), 1, "months", (2026, 2, 28)),
        ((2028, 1, 31), 1, "months", (2028, 2, 29)),
        ((2028, 2, 29), 1, "years", (2029, 2, 28)),
        ((2028, 2, 29), 4, "years", (2032, 2, 29)),
        ((2099, 2, 28), 1, "years", (2100, 2, 28)),
        ((2096, 2, 29), 4, "years", (2100, 2, 28)),
        ((2026, 10, 31), 4, "months", (2027, 2, 28)),
        ((2026, 12, 31), 12, "months", (2027, 12, 31)),
        ((2026, 12, 1), 1, "months", (2027, 1, 1)),
        ((2026, 11, 24), 14, "days", (2026, 12, 8)),
        ((2026, 11, 24), 6, "weeks", (2027, 1, 5)),
        ((2026, 3, 31), -1, "months", (2026, 2, 28)),
        ((2026, 1, 15), -1, "months", (2025, 12, 15)),
        ((2028, 2, 29), -1, "years", (2027, 2, 28)),
    ],
)
def test_months_and_years_are_those_of_the_calendar(start, count, unit, end):
    assert later(at("UTC", *start, 13, 30), count, unit) == at("UTC", *end, 13, 30)


@pytest.mark.parametrize("zone", [BERLIN, NEW_YORK, HELSINKI, "Australia/Lord_Howe", "Pacific/Kiritimati"])
def test_the_clock_on_the_wall_stays_across_daylight_saving(zone):
    for start in (at(zone, 2026, 1, 15, 17, 45), at(zone, 2026, 7, 15, 17, 45)):
        for count, unit in ((26, "weeks"), (180, "days"), (6, "months"), (3, "years")):
            end = later(start, count, unit, zone).astimezone(ZoneInfo(zone))
            assert (end.hour, end.minute) == (17, 45), (zone, count, unit)


def test_a_time_that_the_clocks_leave_out_becomes_as_much_later():
    end = later(at(BERLIN, 2026, 3, 28, 2, 30), 1, "days", BERLIN)
    assert end == at(BERLIN, 2026, 3, 29, 3, 30)
    assert end == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_a_day_that_a_place_left_out_altogether_becomes_the_next_one():
    # Samoa went from 29 to 31 December 2011.
    assert later(at("Pacific/Apia", 2011, 12, 29, 9), 1, "days", "Pacific/Apia") == at("Pacific/Apia", 2011, 12, 31, 9)


def test_a_time_that_the_clocks_show_twice_is_the_first_of_the_two():
    assert later(at(BERLIN, 2026, 10, 24, 2, 30), 1, "days", BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    second = at(BERLIN, 2026, 10, 25, 2, 30, fold=1)
    assert later(second, 0, "days", BERLIN) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_a_start_in_the_second_of_two_equal_hours_does_not_shift_what_follows():
    second = at(BERLIN, 2026, 10, 25, 2, 30, fold=1)
    assert later(second, 1, "days", BERLIN) == at(BERLIN, 2026, 10, 26, 2, 30)
    assert later(second, 5, "months", BERLIN) == at(BERLIN, 2027, 3, 25, 2, 30)


@pytest.mark.parametrize(
    ("day", "zone", "end"),
    [
        (date(2026, 12, 31), "UTC", datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)),
        (date(2026, 12, 31), "Pacific/Kiritimati", datetime(2026, 12, 31, 9, 59, 59, tzinfo=UTC)),
        (date(2026, 12, 31), NEW_YORK, datetime(2027, 1, 1, 4, 59, 59, tzinfo=UTC)),
        (date(2026, 7, 31), NEW_YORK, datetime(2026, 8, 1, 3, 59, 59, tzinfo=UTC)),
        (date(2026, 3, 29), BERLIN, datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC)),
        (date(2026, 10, 25), BERLIN, datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC)),
        # In Beirut and Cairo the clocks leave midnight itself out, in Havana they show it twice.
        (date(2026, 3, 28), "Asia/Beirut", datetime(2026, 3, 28, 21, 59, 59, tzinfo=UTC)),
        (date(2026, 4, 23), "Africa/Cairo", datetime(2026, 4, 23, 21, 59, 59, tzinfo=UTC)),
        (date(2026, 10, 31), "America/Havana", datetime(2026, 11, 1, 3, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_day_ends_when_the_next_one_begins_there(day, zone, end):
    assert last_moment(day, zone) == end
    assert last_moment(day, zone) + timedelta(seconds=1) == first_moment(day + timedelta(days=1), zone)


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),
    st.integers(0, 1200),
    st.sampled_from(list(Unit)[:3]),
    st.sampled_from(["UTC", BERLIN, NEW_YORK, "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Kiritimati"]),
)
def test_more_of_a_unit_is_never_earlier(moment, count, unit, zone):
    assert later(moment, count, unit, zone) <= later(moment, count + 1, unit, zone)
    assert earlier(moment, count, unit, zone) <= later(moment, count, unit, zone)
