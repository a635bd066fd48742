"""Who may do what to which object of this room, and how an address finds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from portal.certificates.design.services import template_by_public_id
from portal.certificates.models import Certificate, CertificateTemplate
from portal.certificates.providers import paths
from portal.core.db import session
from portal.web.policy import Permission

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.accounts.models import Person


def _certificate(public_id: str) -> Certificate | None:
    return session().scalar(select(Certificate).where(Certificate.public_id == public_id))


def _is_holder(person: Person, certificate: Certificate) -> bool:
    return certificate.holder_id == person.id


def may_revoke(person: Person, certificate: Certificate) -> bool:
    """Whether somebody answers for a certificate: an administrator, or an instructor of its path."""
    if not person.may(Permission.CERTIFICATE_REVOKE):
        return False
    return person.may(Permission.ADMIN_PEOPLE) or paths().instructs(person, certificate.path_public_id)


def _may_see(person: Person, certificate: Certificate) -> bool:
    return _is_holder(person, certificate) or may_revoke(person, certificate)


def may_edit_template(person: Person, template: CertificateTemplate) -> bool:
    """Whether somebody may change a template: its owner, or an administrator; all instructors may use it."""
    return template.owner_id == person.id or person.may(Permission.ADMIN_PEOPLE)


LOADERS: dict[str, Callable[[str], Any]] = {
    "certificate": _certificate,
    "template": template_by_public_id,
}
RULES: dict[Permission, Callable[[Any, Any], bool]] = {
    Permission.CERTIFICATE_SEE: _may_see,
    Permission.CERTIFICATE_TEMPLATE_EDIT: may_edit_template,
    Permission.CERTIFICATE_SHARE: _is_holder,
    Permission.CERTIFICATE_EARN: _is_holder,
    Permission.CERTIFICATE_REVOKE: may_revoke,
    Permission.CERTIFICATE_REISSUE: may_revoke,
    Permission.CERTIFICATE_NEW_NAME: _is_holder,
}
