"""Tells the certificates whose path they come from, and where it stands."""

from __future__ import annotations

from flask import url_for

from portal.accounts.models import Person
from portal.learning import services
from portal.learning.models import PathState


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
