"""Tables to take home: CSV that every spreadsheet program opens, row by row, however many there are."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from flask import Response, stream_with_context

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# What a spreadsheet program takes for the beginning of a formula.
_FORMULA = re.compile(r"^\s*[=+\-@\t\r]")
_NUMBER = re.compile(r"^[+-]?\d+([.,]\d+)?%?$")
BYTE_ORDER_MARK = "\ufeff"
AT_ONCE = 200


def defused(cell: object) -> str:
    """Return what stands in a cell; a text that a spreadsheet would run as a formula is marked as text."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.match(text) else text


def csv_lines(headings: Sequence[object], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield a CSV table (RFC 4180, UTF-8 with its mark) some rows at a time."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write(BYTE_ORDER_MARK)
    writer.writerow([defused(heading) for heading in headings])
    for number, row in enumerate(rows, start=1):
        writer.writerow([defused(cell) for cell in row])
        if number % AT_ONCE == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def csv_download(name: str, headings: Sequence[object], rows: Iterable[Sequence[object]]) -> Response:
    """Answer with a table as a file called `name`.csv; rows are asked for while the answer is on its way."""
    response = Response(stream_with_context(csv_lines(headings, rows)), content_type="text/csv; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename=f"{_file_name(name)}.csv")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _file_name(name: str) -> str:
    return " ".join(re.sub(r"[^\w .()-]", " ", name).split())[:100] or "table"
