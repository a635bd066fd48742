"""Where paths stand among others: categories, which administrators name, and tags, which anybody who writes a path types."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError

from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _, language_name
from portal.learning.models import Category, LearningPath, PathCategory, PathState, PathTag, PathVersion, VersionState
from portal.learning.services.authoring import lock

LONGEST_NAME = 100
LONGEST_TAG = 40
MOST_TAGS = 20


def categories() -> list[tuple[str, str]]:
    """Return every category by its public id, with its name."""
    rows = session().execute(select(Category.public_id, Category.name).order_by(Category.name))
    return [(row.public_id, row.name) for row in rows]


def categories_with_counts() -> Select[Category, int]:
    """Return a SELECT of categories by name, each with how many paths stand in it."""
    count = func.count(PathCategory.path_id).label("paths")
    return (
        select(Category, count)
        .outerjoin(PathCategory, PathCategory.category_id == Category.id)
        .group_by(Category.id)
        .order_by(Category.name)
    )


def category_by_public_id(public_id: str) -> Category | None:
    """Return the category of a public id, or None."""
    return session().scalar(select(Category).where(Category.public_id == public_id))


def name_category(name: str, category: Category | None = None) -> Category:
    """Make a category, or give one another name. Flushed; raises Refused where the name is empty, long or taken."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise Refused(_("Enter a name of at most %(most)s characters.", most=LONGEST_NAME), field="name")
    try:
        with session().begin_nested():
            if category is None:
                category = Category(name=name)
                session().add(category)
            else:
                category.name = name
    except IntegrityError as error:
        raise Refused(_("There is a category of this name already."), field="name") from error
    return category


def remove_category(category: Category) -> None:
    """Remove a category; the paths in it stay. Flushed."""
    session().delete(category)
    session().flush()


def sort_path(path: LearningPath, chosen: Collection[Category], tags: Iterable[str]) -> None:
    """Say in which categories a path stands and by which words it is found. Flushed.

    Words are taken once each, whatever their case. Raises Refused where there are too many, or one is too long.
    """
    lock(path)
    words = list({word.casefold(): word for word in (" ".join(tag.split()) for tag in tags) if word}.values())
    if len(words) > MOST_TAGS:
        raise Refused(_("Use at most %(most)s tags.", most=MOST_TAGS), field="tags")
    if any(len(word) > LONGEST_TAG for word in words):
        raise Refused(_("A tag can have at most %(most)s characters.", most=LONGEST_TAG), field="tags")
    path.categories[:] = list(chosen)
    known = {tag.word: tag for tag in path.tags}
    path.tags[:] = [known.get(word) or PathTag(word=word) for word in words]
    session().flush()


def languages_of_published() -> list[tuple[str, str]]:
    """Return the languages that published paths are in, by their codes, with their names in themselves."""
    statement = (
        select(PathVersion.language)
        .join(PathVersion.path)
        .where(PathVersion.state == VersionState.PUBLISHED, LearningPath.state == PathState.PUBLISHED)
        .distinct()
        .order_by(PathVersion.language)
    )
    return [(code, language_name(code)) for code in session().scalars(statement)]
