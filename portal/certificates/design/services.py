"""Templates: made, saved, copied, archived, chosen for a path, and frozen when the path is published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import joinedload

from portal.certificates.design.designs import STANDARD, Design, read, written
from portal.certificates.models import CertificateTemplate, Certification, Paper
from portal.core.clock import now
from portal.core.db import hold, session
from portal.core.errors import Refused
from portal.core.i18n import _

if TYPE_CHECKING:
    from portal.accounts.models import Person

MOST_CHOICES = 500


class Outdated(Refused):
    """Somebody else saved the template since it was opened: nothing was written."""


def templates(*, text: str = "", archived: bool = False) -> Select[Any]:
    """Return a SELECT of the templates whose name has a text in it, the last changed first; archived ones or the others."""
    statement = (
        select(CertificateTemplate)
        .where(_archived(archived))
        .order_by(CertificateTemplate.changed_at.desc(), CertificateTemplate.id.desc())
        .options(joinedload(CertificateTemplate.owner))
    )
    if text.strip():
        statement = statement.where(CertificateTemplate.name.icontains(text.strip(), autoescape=True))
    return statement


def _archived(archived: bool) -> ColumnElement[bool]:
    column = CertificateTemplate.archived_at
    return column.is_not(None) if archived else column.is_(None)


def template_by_public_id(public_id: str) -> CertificateTemplate | None:
    """Return the template of a public id, or None."""
    return session().scalar(select(CertificateTemplate).where(CertificateTemplate.public_id == public_id))


def template_choices(chosen: str | None = None) -> list[tuple[str, str]]:
    """Return what can be chosen for a path, as key and name; the standard design is the empty key.

    Archived templates are left out, except for the one that is chosen already.
    """
    statement = (
        select(CertificateTemplate.public_id, CertificateTemplate.name)
        .where(or_(CertificateTemplate.archived_at.is_(None), CertificateTemplate.public_id == (chosen or "")))
        .order_by(CertificateTemplate.name, CertificateTemplate.id)
        .limit(MOST_CHOICES)
    )
    return [("", _("Standard design")), *((key, name) for key, name in session().execute(statement))]


def create(owner: Person, name: str, design: Design) -> CertificateTemplate:
    """Make a template; flushed."""
    template = CertificateTemplate(owner_id=owner.id, owner=owner, name=name, design=written(design))
    session().add(template)
    session().flush()
    return template


def save(template: CertificateTemplate, name: str, design: Design, *, base: int) -> None:
    """Save a template that was opened at revision `base`; raises Outdated where somebody saved it meanwhile. Flushed."""
    hold(template)
    if template.revision != base:
        raise Outdated(
            _(
                "Somebody changed this template after you opened it. What you typed is still here: "
                "look at the template in another tab, then save again to keep yours."
            )
        )
    template.name, template.design = name, written(design)
    template.revision += 1
    template.changed_at = now()
    session().flush()


def clone(design: Design, name: str, owner: Person) -> CertificateTemplate:
    """Make a template of one's own from a design; flushed."""
    return create(owner, _("Copy of %(name)s", name=name)[:200], design)


def archive(template: CertificateTemplate) -> None:
    """Take a template out of the choices; paths that use it keep it. Flushed."""
    template.archived_at = template.archived_at or now()
    session().flush()


def unarchive(template: CertificateTemplate) -> None:
    """Put an archived template back among the choices. Flushed."""
    template.archived_at = None
    session().flush()


def design_of(template: CertificateTemplate | None) -> Design:
    """Return the design of a template; the standard one where there is none."""
    return read(template.design) if template is not None else STANDARD


def choose_template(certification: Certification, public_id: str) -> None:
    """Have a path's certificates look like a template from the next publishing on; empty means the standard design."""
    template = template_by_public_id(public_id) if public_id else None
    certification.template = template
    certification.template_id = template.id if template is not None else None


def freeze_paper(certification: Certification) -> Paper:
    """Fix how the certificates of a version look, at the moment it is published; equal designs share one row. Flushed."""
    design = design_of(certification.template)
    session().flush()
    insert = postgresql.insert if session().get_bind().dialect.name == "postgresql" else sqlite.insert
    session().execute(
        insert(Paper)
        .values(digest=design.digest, design=written(design), frozen_at=now())
        .on_conflict_do_nothing(index_elements=["digest"])
    )
    paper = session().scalars(select(Paper).where(Paper.digest == design.digest)).one()
    certification.paper, certification.paper_id = paper, paper.id
    return paper


def paper_design(paper: Paper | None) -> Design:
    """Return the design that a certificate was issued with."""
    return read(paper.design) if paper is not None else STANDARD
