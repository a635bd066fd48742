"""Lists of people as they are pasted or come out of spreadsheets, taken apart: text in, cells out, nothing looked up."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from portal.core.errors import Refused
from portal.core.i18n import _
from portal.core.markdown import without_controls

MOST_BYTES = 1024 * 1024
LONGEST_NAME = 200
LONGEST_CELL = 2_000
_DELIMITERS = "\t;,"
_ADDRESS_HEADINGS = (
    "email", "emailaddress", "mail", "mailaddress", "emails", "courriel", "correo", "correoelectrónico", "sähköposti",
    "sähköpostiosoite", "epost", "emailadresse", "address",
)  # fmt: skip
_NAME_HEADINGS = ("name", "fullname", "displayname", "nimi", "nom", "nombre", "namn")
_FIRST_HEADINGS = ("firstname", "givenname", "forename", "etunimi", "vorname", "prénom", "förnamn")
_LAST_HEADINGS = ("lastname", "surname", "familyname", "sukunimi", "nachname", "efternamn")
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_PIECE = re.compile(r'(?:"[^"]*"|<[^>]*>|[^,;])+')
_NAMED = re.compile(r"^(?P<name>[^<]*)<\s*(?P<address>[^<>]*)>?\s*$")
_FAMILY_NAME = re.compile(r"^[^\W\d_]+(?:[ '’-][^\W\d_]+)*$")


@dataclass(frozen=True)
class Cells:
    """One entry of a list: the line it begins in (from 1), its address and name as written, and its other columns."""

    line: int
    address: str
    name: str = ""
    extra: dict[str, str] = field(default_factory=dict)


def text_of(source: str | bytes) -> str:
    """Return a list as text, whatever a spreadsheet wrote it in: UTF-8, UTF-16, or the Western letters of old.

    Raises Refused where it is longer than 1 MB, or is no text.
    """
    if len(source) > MOST_BYTES:
        raise Refused(_("This list is too long. Use at most 1 MB at a time, and split a longer one."))
    if isinstance(source, str):
        return source.replace("\0", "").removeprefix("\ufeff")
    if source.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Refused(
            _("This is a spreadsheet. Save it as CSV in your spreadsheet program, then choose the file that it makes.")
        )
    return _decoded(source).replace("\0", "")


def _decoded(source: bytes) -> str:
    encodings = [name for mark, name in _MARKS if source.startswith(mark)] or ["utf-8", "cp1252", "latin-1"]
    sample = source[:2_000]
    if sample.count(b"\0") > len(sample) // 4 and encodings[0] != "utf-16":
        encodings = ["utf-16-be" if sample[:1] == b"\0" else "utf-16-le"]
    for encoding in encodings:
        try:
            return source.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(_("This file cannot be read as text. Save it as CSV in UTF-8, then choose it again."))


def cells_of(text: str) -> Iterator[Cells]:
    """Yield the entries of a list: rows of a table where it is one, else addresses separated by lines, commas, semicolons."""
    table = _Table.found_in(text)
    return table.cells() if table is not None else _pasted(text)


@dataclass(frozen=True)
class _Table:
    """A list with columns: its rows with their line numbers, and which column holds what."""

    rows: list[tuple[int, list[str]]]
    address: int
    names: tuple[int, ...]
    headings: tuple[str, ...] = ()

    @classmethod
    def found_in(cls, text: str) -> _Table | None:
        """Return the table that a text is, or None where it is none."""
        shapes = [_rows(text, delimiter) for delimiter in _DELIMITERS]
        headed = [table for rows in shapes if rows and (table := cls._with_headings(rows))]
        if headed:
            return max(headed, key=lambda table: len(table.headings))
        return next((table for rows in shapes if (table := cls._without_headings(rows))), None)

    @classmethod
    def _with_headings(cls, rows: list[tuple[int, list[str]]]) -> _Table | None:
        headings = tuple(_tidy(cell) for cell in rows[0][1])
        bare = ["".join(letter for letter in heading.casefold() if letter.isalnum()) for heading in headings]

        def column(known: tuple[str, ...]) -> tuple[int, ...]:
            return tuple(bare.index(word) for word in known if word in bare)[:1]

        address = column(_ADDRESS_HEADINGS)
        if not address or any("@" in heading for heading in headings):
            return None
        names = column(_NAME_HEADINGS) or (*column(_FIRST_HEADINGS), *column(_LAST_HEADINGS))
        return cls(rows[1:], address[0], names, headings)

    @classmethod
    def _without_headings(cls, rows: list[tuple[int, list[str]]]) -> _Table | None:
        """Take rows of one address each for a table; a single line may be a sentence of addresses as well."""
        if len(rows) < 2 or max(len(cells) for _line, cells in rows) < 2:
            return None
        holding = [[place for place, cell in enumerate(cells) if "@" in cell] for _line, cells in rows]
        places = [found[0] for found in holding if len(found) == 1]
        if any(len(found) > 1 for found in holding) or 2 * len(places) <= len(rows):
            return None
        if any("<" in cell for _line, cells in rows for cell in cells):
            return None
        address = max(set(places), key=places.count)
        return cls(rows, address, (1 if address == 0 else 0,))

    def cells(self) -> Iterator[Cells]:
        """Yield the rows as entries."""
        taken = {self.address, *self.names}
        for line, row in self.rows:
            cells = [_tidy(cell) for cell in row]
            found = _named(cells[self.address]) if self.address < len(cells) else ("", "")
            name = " ".join(cells[place] for place in self.names if place < len(cells) and cells[place])
            extra = {self._heading(place): cell for place, cell in enumerate(cells) if place not in taken}
            yield Cells(line, found[1], (name or found[0])[:LONGEST_NAME], extra)

    def _heading(self, place: int) -> str:
        named = self.headings[place].casefold() if place < len(self.headings) else ""
        return named or str(place + 1)


def _rows(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """Return the rows that are not empty, each with the line it begins in; none where the text is no such table."""
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    begins = 1
    try:
        for cells in reader:
            named = cells and cells[0].strip().lower().startswith("sep=") and begins == 1
            if any(cell.strip() for cell in cells) and not named:
                rows.append((begins, cells))
            begins = reader.line_num + 1
    except csv.Error:
        return []
    return rows


def _tidy(cell: str) -> str:
    return " ".join(without_controls(cell).split())[:LONGEST_CELL]


def _pasted(text: str) -> Iterator[Cells]:
    for number, line in enumerate(without_controls(text).split("\n"), start=1):
        for name, address in _of_line(line):
            yield Cells(number, address, name[:LONGEST_NAME])


def _of_line(line: str) -> Iterator[tuple[str, str]]:
    """Yield name and address of each entry of a line; "Lovelace, Ada <ada@example.org>" is one."""
    family = ""
    for piece in (_tidy(found) for found in _PIECE.findall(line)):
        if not piece:
            continue
        if family and "<" not in piece:
            yield "", family
            family = ""
        if "@" not in piece and _FAMILY_NAME.match(piece):
            family = piece
            continue
        for name, address in _of_piece(piece):
            yield (f"{family}, {name}" if family else name), address
        family = ""
    if family:
        yield "", family


def _of_piece(piece: str) -> list[tuple[str, str]]:
    words = piece.split()
    if len(words) > 1 and all("@" in word for word in words):
        return [_named(word) for word in words]
    return [_named(piece)]


def _named(text: str) -> tuple[str, str]:
    """Return name and address of "Ada Lovelace <ada@example.org>", or of an address among words."""
    found = _NAMED.match(text)
    if found:
        name, address = found["name"], found["address"]
    else:
        words = text.split()
        addresses = [word for word in words if "@" in word]
        address = addresses[0] if len(addresses) == 1 else text
        name = " ".join(word for word in words if word != address) if len(addresses) == 1 else ""
    return name.strip(" \"'()[]:-•*"), re.sub(r"^mailto:", "", address.strip(" \"'()[]:"), flags=re.IGNORECASE)
