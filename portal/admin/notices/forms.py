"""The forms of Administration › Notices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from portal.core.i18n import _, _l
from portal.web.forms import TITLE, Form, Line, Paragraphs, Switch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.notices.services import KindState

LONGEST_TEXT = 5_000
_TOLD, _MAIL = "told_", "mail_"


class NoticeTextForm(Form):
    """The words of one kind of notice in one language."""

    subject = Line(_l("Subject"), most=TITLE)
    body = Paragraphs(_l("Text"), required=True, most=LONGEST_TEXT, render_kw={"rows": 14})


class KindsForm(Form):
    """Two switches for each kind, which `kinds_form` adds."""

    def told(self, kind: str) -> Any:
        """Return the switch that says whether a kind is told."""
        return self._fields[_TOLD + kind]

    def mail(self, kind: str) -> Any:
        """Return the switch that says whether a kind goes by mail at first, or None where it always does."""
        return self._fields.get(_MAIL + kind)

    def decided(self, kind: str) -> tuple[bool, bool]:
        """Return whether a kind is told, and whether it goes by mail at first."""
        mail = self.mail(kind)
        return bool(self.told(kind).data), mail is None or bool(mail.data)


def kinds_form(states: Iterable[KindState], *, asked: bool) -> KindsForm:
    """Return the form with the switches of every kind, filled from what counts now unless it was sent."""
    fields: dict[str, Any] = {}
    present: dict[str, bool] = {}
    for state in states:
        name = state.kind.name
        fields[_TOLD + name] = Switch(_("Tell: %(kind)s", kind=state.kind.label))
        present[_TOLD + name] = state.told
        if not state.kind.kept:
            fields[_MAIL + name] = Switch(_("By e-mail: %(kind)s", kind=state.kind.label))
            present[_MAIL + name] = state.mail
    made = type("KindsOfNow", (KindsForm,), fields)
    return cast("KindsForm", made() if asked else made(data=present))
