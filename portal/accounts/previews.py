"""What a list of people will do, line by line, before anything is done."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from flask import request

from portal.accounts.services.lists import ListedPerson
from portal.web.paging import Page, page_number

PER_PAGE = 100
NEW, ALREADY, WRONG = "new", "already", "wrong"


@dataclass(frozen=True)
class Preview:
    """The lines of a list, and who of its people (inner numbers) is there already."""

    rows: list[ListedPerson]
    already: Collection[int]

    def outcome(self, row: ListedPerson) -> str:
        """Return what a line does: "new", "already", or "wrong"."""
        if row.person is None:
            return WRONG
        return ALREADY if row.person.id in self.already else NEW

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many lines there are of each outcome."""
        outcomes = [self.outcome(row) for row in self.rows]
        return {outcome: outcomes.count(outcome) for outcome in (NEW, ALREADY, WRONG)}

    @property
    def chosen(self) -> str:
        """Which outcome the address of the page asks for; empty for every line."""
        asked = request.args.get("show", "")
        return asked if asked in {NEW, ALREADY, WRONG} else ""

    @cached_property
    def page(self) -> Page[ListedPerson]:
        """The asked page of the lines with the asked outcome."""
        rows = [row for row in self.rows if self.chosen in {"", self.outcome(row)}]
        number = min(page_number(), max(1, -(-len(rows) // PER_PAGE)))
        return Page(rows[(number - 1) * PER_PAGE : number * PER_PAGE], len(rows), number, PER_PAGE)

    @property
    def coming(self) -> list[int]:
        """The inner numbers of those who are new."""
        return [row.person.id for row in self.rows if row.person is not None and row.person.id not in self.already]

    def wrong_lines(self) -> Iterator[tuple[object, ...]]:
        """Yield line, address, name and error of each line that is wrong: what is corrected and given again."""
        return ((row.line, row.address, row.name, row.error) for row in self.rows if row.person is None)
