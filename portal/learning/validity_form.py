"""The part of the Info page that says how long a certificate holds, when its holder is warned, and how it is renewed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from portal.accounts.forms import zone_choices
from portal.core.errors import Refused
from portal.core.i18n import _, _l, timezone
from portal.core.periods import MOST
from portal.web.forms import Form, Line, Switch, number_of, units

WARNING_DAYS = "30"


def _count_of(text: str | None, unit: str | None) -> int | None:
    """Return a number as it was typed, where it is one that the unit allows; None where it is not."""
    return number_of(text, MOST.get(unit or "", 0))


class ValidityFields(Form):
    """Validity, warning and renewal."""

    validity_kind = RadioField(
        _l("Validity"),
        choices=[
            SelectChoice("permanent", _l("Permanent")),
            SelectChoice("period", _l("For a period")),
            SelectChoice("date", _l("Through a day")),
        ],
        default="permanent",
    )
    validity_count = Line(_l("How many"), required=False, most=10)
    validity_unit = SelectField(_l("Unit"), choices=units(), default="years")
    valid_day = Line(_l("Last day"), required=False, most=10, render_kw={"type": "date"})
    valid_zone = SelectField(_l("Time zone in which the day ends"))
    valid_yearly = BooleanField(_l("Every year on this day"))
    warning_count = Line(_l("How many"), required=False, most=10, default=WARNING_DAYS)
    warning_unit = SelectField(_l("Unit"), choices=units(), default="days")
    renewal = Switch(_l("Renewal"))
    renewal_count = Line(_l("How many"), required=False, most=10, default=WARNING_DAYS)
    renewal_unit = SelectField(_l("Unit"), choices=units(), default="days")
    renewal_repeats = RadioField(
        _l("What has to be done again"),
        choices=[
            SelectChoice("all", _l("All steps")),
            SelectChoice("chosen", _l("Chosen steps")),
        ],
        default="all",
    )
    renewal_keys = SelectMultipleField(
        _l("Steps to do again"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    def __init__(self, *args: Any, steps: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        """Offer the steps of the path (titles by key) for renewal."""
        kwargs.setdefault("valid_zone", timezone())
        super().__init__(*args, **kwargs)
        self.valid_zone.choices = _with_own(self.valid_zone.data)
        self.renewal_keys.choices = [SelectChoice(key, title) for key, title in (steps or {}).items()]

    @property
    def count(self) -> int | None:
        """The number of the validity, where it is one that the unit allows; None where it is not."""
        return _count_of(self.validity_count.data, self.validity_unit.data)

    @property
    def day(self) -> date | None:
        """The last day of the validity, where it is one; None where it is not."""
        try:
            return date.fromisoformat(self.valid_day.data or "")
        except ValueError:
            return None

    @property
    def term(self) -> dict[str, Any]:
        """What the fields say, by the names that a path's Info and its certification have for it."""
        return {
            "validity_kind": self.validity_kind.data,
            "validity_count": self.count,
            "validity_unit": self.validity_unit.data,
            "valid_day": self.day,
            "valid_zone": self.valid_zone.data,
            "valid_yearly": bool(self.valid_yearly.data),
            "warning_count": _count_of(self.warning_count.data, self.warning_unit.data),
            "warning_unit": self.warning_unit.data,
            "renewal": bool(self.renewal.data),
            "renewal_count": _count_of(self.renewal_count.data, self.renewal_unit.data),
            "renewal_unit": self.renewal_unit.data,
            "renewal_repeats": self.renewal_repeats.data,
            "renewal_keys": tuple(self.renewal_keys.data or ()),
        }

    def check_validity(self) -> None:
        """Refuse what does not fit in the fields that apply; what a choice hides is not asked about."""
        kind = self.validity_kind.data
        if kind == "period" and self.count is None:
            self._refuse_number("validity_count", self.validity_unit.data)
        if kind == "date" and self.day is None:
            self.refuse(Refused(_("Enter a day, such as 2027-12-31."), field="valid_day"))
        if kind not in {"period", "date"}:
            return
        if self.warning_count.data and _count_of(self.warning_count.data, self.warning_unit.data) is None:
            self._refuse_number("warning_count", self.warning_unit.data)
        if self.renewal.data and _count_of(self.renewal_count.data, self.renewal_unit.data) is None:
            self._refuse_number("renewal_count", self.renewal_unit.data)

    def _refuse_number(self, field: str, unit: str | None) -> None:
        most = MOST.get(unit or "", 100)
        self.refuse(Refused(_("Enter a whole number from 1 to %(most)s.", most=most), field=field))


def _with_own(chosen: str | None) -> list[tuple[str, str]]:
    """Return the time zones, and among them the one that is chosen by another name of it."""
    choices = zone_choices()
    if chosen and chosen == timezone() and chosen not in dict(choices):
        choices.append((chosen, chosen))
    return choices


def filled(said: Any) -> dict[str, Any]:
    """Return what the fields show of a path's Info."""
    return {
        "validity_kind": said.validity_kind,
        "validity_count": _text(said.validity_count),
        "validity_unit": said.validity_unit,
        "valid_day": said.valid_day.isoformat() if said.valid_day else "",
        "valid_zone": said.valid_zone if said.valid_day else timezone(),
        "valid_yearly": said.valid_yearly,
        "warning_count": _text(said.warning_count),
        "warning_unit": said.warning_unit,
        "renewal": said.renewal,
        "renewal_count": _text(said.renewal_count) or WARNING_DAYS,
        "renewal_unit": said.renewal_unit,
        "renewal_repeats": said.renewal_repeats,
        "renewal_keys": list(said.renewal_keys),
    }


def _text(number: int | None) -> str:
    return "" if number is None else str(number)
