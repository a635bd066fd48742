"""Tells the certificates whose path they come from, where it stands, and how they are renewed."""

from __future__ import annotations

from collections.abc import Collection

from flask import url_for
from sqlalchemy import or_, select, update

from portal.accounts.models import Person
from portal.certificates.models import Certificate
from portal.certificates.providers import Renewal
from portal.core.db import session
from portal.learning import services
from portal.learning.models import CoInstructor, LearningPath, Membership, PathState
from portal.learning.services.renewing import may_be_renewed, renewing
from portal.web.policy import Permission


class PathsOfCertificates:
    """The learning paths, as certificates know them."""

    def instructs(self, person: Person, path_public_id: str) -> bool:
        """Whether somebody looks after the learners of a path."""
        path = services.path_by_public_id(path_public_id)
        return path is not None and services.instructs(person, path)

    def url_of(self, path_public_id: str) -> str | None:
        """Return the address of a path as its learners see it; None where there is none, or nobody new may see it."""
        path = services.path_by_public_id(path_public_id)
        if path is None or path.state != PathState.PUBLISHED:
            return None
        return url_for("learning.path", path=path)

    def paths_of(self, person: Person) -> Collection[str] | None:
        """Return the public ids of the paths that somebody instructs; None for administrators, who look after all."""
        if person.may(Permission.ADMIN_PEOPLE):
            return None
        also = select(CoInstructor.path_id).where(CoInstructor.person_id == person.id)
        statement = select(LearningPath.public_id).where(
            or_(LearningPath.owner_id == person.id, LearningPath.id.in_(also))
        )
        return set(session().scalars(statement))

    def instructors_of(self, path_public_id: str) -> list[int]:
        """Return the inner numbers of a path's owner and co-instructors."""
        path = services.path_by_public_id(path_public_id)
        return [] if path is None else [path.owner_id, *(person.id for person in path.instructors)]

    def renewal_of(self, certificate: Certificate) -> Renewal | None:
        """Return how a certificate is renewed; None where its path is not active or gives no certificate any more."""
        path = services.path_by_public_id(certificate.path_public_id)
        if path is None or not may_be_renewed(certificate, path):
            return None
        if renewing(certificate, path) is not None:
            return Renewal(url_for("learning.path", path=path), begun=True)
        return Renewal(url_for("learning.renew", path=path), begun=False)

    def certificate_replaced(self, old: int, new: int) -> None:
        """Let a membership point at the certificate that stands in the place of its own."""
        session().execute(
            update(Membership)
            .where(Membership.certificate_id == old)
            .values(certificate_id=new)
            .execution_options(synchronize_session="evaluate")
        )
