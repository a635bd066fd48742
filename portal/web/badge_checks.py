"""What the verifier of badges found, kept as rows can keep it, and said in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.core.i18n import _, date
from portal.openbadges.errors import Words
from portal.openbadges.examining.moments import read_moment
from portal.openbadges.verifying import PARTS, Report

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = 500
_MOMENTS = frozenset({"issued", "expires", "date"})


def rows_of(report: Report) -> list[dict[str, Any]]:
    """Return the checks of a report as JSON can keep them; texts are translated where they are shown."""
    return [
        {
            "name": check.name,
            "label": check.label,
            "text": check.text,
            "params": {name: str(value)[:LONGEST] for name, value in check.params.items()},
            "outcome": check.outcome.value,
        }
        for check in report.checks
    ]


def spoken(text: str, params: Mapping[str, object]) -> str:
    """Return a finding's words in the reader's language, with parts of a badge and dates written out."""
    parts = set(PARTS.values())
    written: dict[str, object] = {}
    for name, value in params.items():
        moment = read_moment(value) if name in _MOMENTS else None
        if moment:
            written[name] = date(moment)
        elif isinstance(value, Words):
            written[name] = value.translated(_)
        else:
            written[name] = _(str(value)) if value in parts else value
    return _(text, **written)
