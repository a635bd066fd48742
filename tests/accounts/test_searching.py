"""People are found by any part of their name or address, in any script and any case."""

from __future__ import annotations

import pytest

from portal.accounts.services import search_people
from portal.core.db import session


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Мария Иванова", "ИВАН"),
        ("Ελένη Παππά", "παπ"),
        ("Åsa Öberg", "åsa ö"),
        ("山田 花子", "花"),
        ("Ann % Lee", "%"),
        ("Bob_by", "b_b"),
    ],
)
def test_a_name_is_found_in_any_script_and_case(person, name, text):
    person(name=name)
    person(name="Somebody Else")
    assert [row.name for row in session().scalars(search_people(text))] == [name]
