"""The forms of this room."""

from __future__ import annotations

from typing import Any

from wtforms import RadioField, SelectField

from portal.accounts.forms import Address, ErasureForm, Name
from portal.accounts.models import GroupKind
from portal.core.i18n import _l
from portal.web.forms import TITLE, Form, Line
from portal.web.policy import Role


def role_names() -> list[tuple[str, Any]]:
    """Return the roles with their names."""
    return [
        (str(Role.LEARNER), _l("Learner")),
        (str(Role.INSTRUCTOR), _l("Instructor")),
        (str(Role.ADMINISTRATOR), _l("Administrator")),
    ]


class InviteForm(Form):
    """Who is invited, and as what."""

    name = Name(_l("Name"), autocomplete="off")
    address = Address(_l("E-mail address"), autocomplete="off")
    role = RadioField(_l("Role"), choices=role_names, default=str(Role.LEARNER))


class RoleForm(Form):
    """What a person is in the portal."""

    role = SelectField(_l("Role"), choices=role_names)


class TestMailForm(Form):
    """Where a test mail goes."""

    __test__ = False

    address = Address(_l("E-mail address"), autocomplete="off")


def group_kinds() -> list[tuple[str, Any]]:
    """Return the kinds of groups with their names."""
    return [(str(GroupKind.GROUP), _l("Group")), (str(GroupKind.ORGANISATION), _l("Organisation"))]


class GroupForm(Form):
    """What a group is called, and what it is."""

    name = Line(_l("Name"), most=TITLE)
    kind = RadioField(_l("Kind"), choices=group_kinds, default=str(GroupKind.GROUP))


class EraseForm(ErasureForm):
    """An administrator's yes to erasing somebody: their name, typed."""

    name = Line(_l("Type the name of the person"), most=TITLE)
