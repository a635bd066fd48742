"""Tells the badge designer which paths show a picture, and makes a drawn badge the picture of a path."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Person
from portal.badges.designer.providers import Use
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.learning import services
from portal.learning.models import LearningPath, PathVersion, VersionState


class PathsThatUseBadges:
    """The learning paths, as the badge designer knows them."""

    def uses_of(self, picture_keys: Collection[str]) -> dict[str, list[Use]]:
        """Return the paths that show each picture now, in their draft or as published, the last changed first."""
        if not picture_keys:
            return {}
        statement = (
            select(PathVersion)
            .join(PathVersion.path)
            .where(PathVersion.cover_key.in_(picture_keys), PathVersion.state != VersionState.REPLACED)
            .order_by(LearningPath.changed_at.desc(), PathVersion.number.desc())
            .options(joinedload(PathVersion.path))
        )
        found: dict[str, dict[int, Use]] = {}
        for version in session().scalars(statement):
            places = found.setdefault(version.cover_key or "", {})
            published = version.state == VersionState.PUBLISHED
            known = places.get(version.path_id)
            places[version.path_id] = (
                replace(known, published=known.published or published)
                if known is not None
                else Use(version.title, url_for("authoring.info", path=version.path), published)
            )
        return {key: list(places.values()) for key, places in found.items()}

    def title_of(self, path_public_id: str, person: Person) -> str | None:
        """Return the title of a path that somebody may edit; None where there is none such."""
        path = services.path_by_public_id(path_public_id)
        return path.title if path is not None and services.edits(person, path) else None

    def apply(self, path_public_id: str, picture_key: str, alt_text: str, person: Person) -> str:
        """Make a stored picture the cover of a path's draft and return the address of its Info page. Flushed.

        Raises Refused where the path is not there, or not the person's to edit.
        """
        path = services.path_by_public_id(path_public_id)
        if path is None or not services.edits(person, path):
            raise Refused(_("This learning path is not there, or not yours to edit."))
        services.lock(path)
        services.save_info(
            path, replace(services.info_of(path.edited), cover_key=picture_key, cover_alt=alt_text[:255])
        )
        return url_for("authoring.info", path=path)
