"""The forms of this room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from wtforms import RadioField

from portal.core.i18n import _l
from portal.notices.models import Cadence
from portal.web.forms import Form, Switch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.notices.services import Choice

CADENCES: dict[Cadence, Any] = {
    Cadence.AT_ONCE: _l("At once"),
    Cadence.DAILY: _l("Once a day"),
    Cadence.WEEKLY: _l("Once a week"),
    Cadence.NEVER: _l("Never"),
}
_KIND = "kind_"


class PreferencesForm(Form):
    """How often a person wants mails; a switch for each kind is added by `preferences_form`."""

    cadence = RadioField(_l("How often"), choices=[(str(value), label) for value, label in CADENCES.items()])

    def switch(self, kind: str) -> Any:
        """Return the switch of a kind."""
        return self._fields[_KIND + kind]

    @property
    def mail(self) -> dict[str, bool]:
        """Whether each kind is wanted by mail."""
        return {
            name.removeprefix(_KIND): bool(field.data) for name, field in self._fields.items() if name.startswith(_KIND)
        }


def preferences_form(choices: Iterable[Choice], cadence: Cadence, *, asked: bool) -> PreferencesForm:
    """Return the form with a switch for each kind that can be switched; filled from what counts now unless it was sent."""
    free = [choice for choice in choices if not choice.kind.kept]
    fields: dict[str, Any] = {_KIND + choice.kind.name: Switch(choice.kind.label) for choice in free}
    present: dict[str, Any] = {_KIND + choice.kind.name: choice.mail for choice in free}
    made = type("PreferencesOfOne", (PreferencesForm,), fields)
    return cast("PreferencesForm", made() if asked else made(data={"cadence": str(cadence), **present}))
