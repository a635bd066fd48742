"""Long lists, a page at a time: the number of statements does not grow with the list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from flask import request, url_for
from sqlalchemy import func, select

from portal.core.db import session

if TYPE_CHECKING:
    from sqlalchemy import Select

Row = TypeVar("Row")
PER_PAGE = 20
FURTHEST = 100_000


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of a list."""

    items: list[Row]
    total: int
    number: int
    per_page: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.per_page))

    @property
    def has_previous(self) -> bool:
        """Whether a page stands before this one."""
        return self.number > 1

    @property
    def has_next(self) -> bool:
        """Whether a page follows."""
        return self.number < self.pages

    def url(self, number: int) -> str:
        """Return the address of another page of the same list."""
        arguments: dict[str, Any] = {**(request.view_args or {}), **request.args.to_dict(), "page": number}
        return url_for(request.endpoint or "", **arguments)


def page_number() -> int:
    """Return the page that the address asks for; 1 where it asks for none or for nonsense."""
    text = request.args.get("page", "1")
    return min(max(int(text), 1), FURTHEST) if text.isascii() and text.isdecimal() and len(text) < 8 else 1


def paginate(statement: Select[Any], *, per_page: int = PER_PAGE) -> Page[Any]:
    """Return the asked page of a SELECT of one entity; two statements, whatever the length of the list."""
    total = session().scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    number = min(page_number(), max(1, -(-total // per_page)))
    rows = session().scalars(statement.limit(per_page).offset((number - 1) * per_page)).unique().all()
    return Page(list(rows), total, number, per_page)
