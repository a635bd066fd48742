"""Lists of people: pasted addresses and CSV, whatever wrote them, with what is wrong in each line."""

import time
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import event

from portal.accounts.models import EmailAddress
from portal.accounts.services import lists
from portal.accounts.services.tables import cells_of
from portal.core.clock import now
from portal.core.db import commit, db, session
from portal.core.errors import Refused


@pytest.fixture
def ada(person):
    return person(name="Ada Lovelace", address="ada@example.org")


@pytest.fixture
def bob(person):
    return person(name="Bob Builder", address="bob@example.org")


def shape(rows):
    return [(row.line, row.address, row.person.name if row.person else None) for row in rows]


@pytest.mark.parametrize(
    "text",
    [
        "ada@example.org\nbob@example.org",
        "ada@example.org, bob@example.org",
        "Ada Lovelace <ada@example.org>; Bob <bob@example.org>",
        "ADA@Example.org;\r\n\r\nmailto:bob@example.org;",
        '"Lovelace, Ada" <ada@example.org>\n- bob@example.org',
        "Lovelace, Ada <ada@example.org>, Builder, Bob <bob@example.org>",
        "ada@example.org bob@example.org",
        "Ada Lovelace ada@example.org\nbob@example.org (Bob)",
    ],
)
def test_pasted_addresses_are_read_however_they_are_separated(ada, bob, text):
    rows = lists.read_people(text)
    assert [row.person.name for row in rows] == ["Ada Lovelace", "Bob Builder"]
    assert all(row.error is None for row in rows)


def test_the_name_beside_an_address_is_kept():
    names = [row.name for row in cells_of("Lovelace, Ada <ada@example.org>; 'Bob' <bob@example.org>")]
    assert names == ["Lovelace, Ada", "Bob"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1"])
def test_a_table_is_read_in_every_encoding_and_with_every_separator(ada, bob, delimiter, encoding):
    lines = [["Department", "E-mail", "Name"], ["Küche", "ada@example.org", "Ada"], ["", "", ""], ["Søk", "x", "Ö"]]
    text = "\r\n".join(delimiter.join(cells) for cells in lines)
    rows = lists.read_people(text.encode(encoding))
    assert shape(rows) == [(2, "ada@example.org", "Ada Lovelace"), (4, "x", None)]
    assert [row.extra for row in rows] == [{"department": "Küche"}, {"department": "Søk"}]
    assert [row.name for row in rows] == ["Ada", "Ö"]


def test_a_table_without_headings_is_read_by_where_the_addresses_stand(ada, bob):
    rows = lists.read_people("Ada L.,ada@example.org,2026-01-05\nBob,bob@example.org,\nCarl,carl,x")
    assert shape(rows) == [
        (1, "ada@example.org", "Ada Lovelace"), (2, "bob@example.org", "Bob Builder"), (3, "carl", None),
    ]  # fmt: skip
    assert rows[0].extra == {"3": "2026-01-05"}
    assert "not an e-mail address" in rows[2].error


def test_first_and_last_names_quotes_and_the_line_of_excel_are_understood(ada):
    rows = lists.read_people('sep=;\n"First name";Surname;mail\n"Ada ""A""";"Love\nlace";ada@example.org')
    assert shape(rows) == [(3, "ada@example.org", "Ada Lovelace")]
    assert rows[0].name == 'Ada "A" Love lace'


def test_each_line_that_is_wrong_says_why(ada, bob, person):
    ada.addresses[0].is_primary = True
    gone = person(name="Gone Girl", address="gone@example.org", active=False)
    invited = person(name="Ina Invited", address="ina@example.org")
    invited.addresses[0].verified_address = invited.addresses[0].verified_at = None
    session().add(EmailAddress(person_id=bob.id, address="b2@example.org", verified_address="b2@example.org"))
    session().add(EmailAddress(person_id=bob.id, address="not.mine@example.org"))
    commit()
    rows = lists.read_people(
        "ada@example.org\nADA@example.org\nadaexample.org\nnobody@example.org\ngone@example.org\nina@example.org\n"
        "bob@example.org\nb2@example.org\nnot.mine@example.org"
    )
    errors = [row.error or "" for row in rows]
    assert [bool(error) for error in errors] == [False, True, True, True, True, True, False, True, True]
    assert "stands in line 1 already" in errors[1]
    assert "not an e-mail address" in errors[2]
    assert "Nobody has confirmed" in errors[3]
    assert "Gone Girl is deactivated" in errors[4]
    assert "Ina Invited is invited" in errors[5]
    assert "Bob Builder stands in line 7 already" in errors[7]
    assert "Nobody has confirmed" in errors[8]
    assert gone not in lists.good(rows)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("", "no address"),
        (" \n;;\n", "no address"),
        ("email\n", "no address"),
        ("a" * (1024 * 1024 + 1), "too long"),
        (b"PK\x03\x04rest of a spreadsheet", "Save it as CSV"),
        ("a@example.org\n" * 10_001, "more than 10000 lines"),
    ],
)
def test_a_list_that_cannot_be_read_at_all_is_refused_with_what_to_do(app, source, words):
    with pytest.raises(Refused, match=words):
        lists.read_people(source)


def test_nothing_that_people_paste_breaks_the_reader(app):
    for text in (
        '"',
        '"a@example.org',
        "<<>>",
        "<a@",
        "@",
        ",@,",
        "\0a@b\0",
        '"' * 5_000,
        "a" * 900_000,
        "\ufeffx@y.zz",
    ):
        with suppress(Refused):
            assert all(row.error for row in lists.read_people(text))


def test_ten_thousand_lines_take_one_query_and_little_time(app, person):
    person(address="p77@example.org")
    statements = []
    event.listen(db.engine, "before_cursor_execute", lambda _c, _u, text, *_: statements.append(text))
    began = time.perf_counter()
    rows = lists.read_people("\n".join(f"p{n}@example.org" for n in range(10_000)))
    took = time.perf_counter() - began
    assert len(lists.good(rows)) == 1
    assert len([text for text in statements if text.startswith("SELECT")]) == 1
    assert took < 10
    print(f"10,000 lines: {took:.2f} s")


def test_a_kept_list_is_forgotten_after_two_days(app, ada, run_jobs, clock):
    kept = lists.keep_list("ada@example.org", ada, "group:x").public_id
    commit()
    run_jobs()
    assert lists.list_by_public_id(kept).text == "ada@example.org"
    clock(now() + timedelta(days=3))
    run_jobs()
    assert lists.list_by_public_id(kept) is None
