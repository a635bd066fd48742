"""Every menu of the portal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask import request, url_for
from flask_login import current_user

from portal.core.i18n import _l
from portal.web.policy import Permission, allows

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Entry:
    """One entry of a menu: its label, the endpoint it leads to, who sees it."""

    label: Any
    endpoint: str
    permission: Permission | None = None


@dataclass(frozen=True)
class Item:
    """An entry as a template draws it."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class Section:
    """A menu: without a label its items stand in the bar itself."""

    label: str | None
    items: list[Item] = field(default_factory=list)

    @property
    def current(self) -> bool:
        """Whether the page being shown belongs to this menu."""
        return any(item.current for item in self.items)


MAIN = (
    Entry(_l("My learning"), "learning.my_learning", Permission.PATH_SEE),
    Entry(_l("Learning paths"), "learning.catalogue", Permission.PATH_SEE),
    Entry(_l("Achieved certificates"), "certificates.achieved", Permission.CERTIFICATE_LIST),
    Entry(_l("Transcript"), "transcript.certificates", Permission.TRANSCRIPT_SEE),
    Entry(_l("Backpack"), "backpack.home", Permission.BACKPACK_USE),
)
AUTHORING = (
    Entry(_l("Learning paths"), "authoring.paths", Permission.AUTHORING_OPEN),
    Entry(_l("Categories"), "authoring.categories", Permission.CATEGORY_MANAGE),
    Entry(_l("Badge library"), "designer.library", Permission.BADGE_DESIGN),
    Entry(_l("Certificate templates"), "certificates.templates", Permission.CERTIFICATE_TEMPLATES),
    Entry(_l("Review"), "authoring.review", Permission.STEP_CONFIRM),
    Entry(_l("Expirations"), "certificates.expirations", Permission.CERTIFICATE_TRACK),
    Entry(_l("Achievements"), "certificates.achievements", Permission.CERTIFICATE_TRACK),
    Entry(_l("Awards"), "badges.awards", Permission.AWARD_REVOKE),
)
ADMINISTRATION = (
    Entry(_l("Open Badges"), "admin.open_badges", Permission.ADMIN_OPEN_BADGES),
    Entry(_l("Brand colours"), "designer.brand_colours", Permission.ADMIN_OPEN_BADGES),
    Entry(_l("People"), "admin.people", Permission.ADMIN_PEOPLE),
    Entry(_l("Groups"), "admin.groups", Permission.ADMIN_GROUPS),
    Entry(_l("Notices"), "admin.notice_kinds", Permission.ADMIN_NOTICES),
    Entry(_l("Mail"), "admin.mail", Permission.ADMIN_MAIL),
    Entry(_l("System"), "admin.system", Permission.ADMIN_SYSTEM),
)
PERSON = (
    Entry(_l("Profile"), "accounts.profile", Permission.PROFILE_EDIT),
    Entry(_l("E-mail addresses"), "accounts.addresses", Permission.PROFILE_EDIT),
    Entry(_l("Backpacks"), "delivery.connections", Permission.CONNECTION_MANAGE),
    Entry(_l("Language"), "accounts.language", Permission.PROFILE_EDIT),
)
GUEST = (
    Entry(_l("Check a badge"), "checking.check_badge"),
    Entry(_l("Check a certificate"), "certificates.check"),
    Entry(_l("Sign in"), "accounts.sign_in"),
)


@dataclass(frozen=True)
class Navigation:
    """The menus of one page: the bar, and the menu of the person."""

    sections: list[Section]
    person: list[Item]


def _items(entries: Iterable[Entry], role: str | None) -> list[Item]:
    shown = []
    for entry in entries:
        if entry.permission and not (role and allows(role, entry.permission)):
            continue
        url = url_for(entry.endpoint)
        shown.append(Item(str(entry.label), url, _leads_here(url)))
    return shown


def _leads_here(url: str) -> bool:
    return request.path == url or (url != "/" and request.path.startswith(url + "/"))


def navigation() -> Navigation:
    """Return the menus for whoever reads the page."""
    if not current_user.is_authenticated:
        return Navigation([Section(None, _items(GUEST, None))], [])
    role = current_user.role
    sections = [Section(None, _items(MAIN, role))]
    for label, entries in ((_l("Authoring"), AUTHORING), (_l("Administration"), ADMINISTRATION)):
        items = _items(entries, role)
        if items:
            sections.append(Section(str(label), items))
    return Navigation(sections, _items(PERSON, role))
