"""Tables as files: what a spreadsheet program must not run, and every row however many."""

import csv
import io

import pytest

from portal.web.downloads import csv_download, csv_lines, defused


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=1+1", "'=1+1"), ("+cmd", "'+cmd"), ("-2+3", "'-2+3"), ("@SUM(A1)", "'@SUM(A1)"), ("\t=1", "'\t=1"),
        (" =HYPERLINK()", "' =HYPERLINK()"), ("-12.5", "-12.5"), ("+5 %", "'+5 %"), ("Ada", "Ada"), (None, ""), (7, "7"),
        ("-12\n=1", "'-12\n=1"),
    ],
)  # fmt: skip
def test_a_formula_becomes_text_and_a_number_stays_one(cell, shown):
    assert defused(cell) == shown


def test_every_row_comes_out_as_it_went_in():
    rows = [(f'Zoë "{n}"; a,b\nc', n) for n in range(1_001)]
    pieces = list(csv_lines(["Name", "=Number"], rows))
    assert len(pieces) > 5, "a long table comes a piece at a time"
    text = "".join(pieces)
    assert text.startswith("\ufeff")
    read = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert read[0] == ["Name", "'=Number"]
    assert read[1:] == [[name, str(n)] for name, n in rows]


def test_the_file_has_a_name_that_every_system_takes(app):
    with app.test_request_context("/"):
        response = csv_download('Datenkompetenz: "Übung" / 2026\r\n', ["A"], [])
        header = response.headers["Content-Disposition"]
    assert header.startswith("attachment;")
    assert "\n" not in header
    assert header.endswith('bung 2026.csv"')
    assert response.headers["Cache-Control"] == "private, no-store"
