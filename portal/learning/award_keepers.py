"""Tells the badges whose awards an instructor looks after: those that certificates of their paths gave."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, literal, or_, select

from portal.accounts.models import Person
from portal.certificates.models import Certificate
from portal.learning.models import CoInstructor, LearningPath


class InstructorsKeepAwards:
    """The learning paths, as the badges know them."""

    def sources_kept_by(self, person: Person) -> Select[Any]:
        """Return a SELECT of the sources ("certificate:<public id>") of certificates from paths of a person."""
        also = select(CoInstructor.path_id).where(CoInstructor.person_id == person.id)
        return (
            select(literal("certificate:").concat(Certificate.public_id))
            .join(LearningPath, LearningPath.public_id == Certificate.path_public_id)
            .where(or_(LearningPath.owner_id == person.id, LearningPath.id.in_(also)))
        )
