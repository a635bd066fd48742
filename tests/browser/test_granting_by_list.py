"""A list of 500 people of which 20 lines are wrong: looked at, confirmed and granted, in a browser."""

from __future__ import annotations

import re
import secrets
import sqlite3
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.serving import Portal

GOOD = 480


def people(portal: Portal) -> None:
    """Put 480 more learners beside the demo's, each like its first one."""
    with sqlite3.connect(portal.folder / "laurel.db", timeout=30) as connection:
        connection.row_factory = sqlite3.Row
        one = dict(connection.execute("SELECT * FROM person WHERE role = 'learner' LIMIT 1").fetchone())
        address = dict(connection.execute("SELECT * FROM email_address LIMIT 1").fetchone())
        for number in range(GOOD):
            del_id(one, public_id=secrets.token_hex(10), name=f"Learner {number}")
            person = add(connection, "person", one)
            mail = f"l{number}@example.org"
            del_id(address, public_id=secrets.token_hex(10), person_id=person, address=mail, verified_address=mail)
            add(connection, "email_address", address)


def del_id(row: dict[str, Any], **values: Any) -> None:
    """Make a row a new one."""
    row.pop("id", None)
    row.update(values)


def add(connection: sqlite3.Connection, table: str, row: dict[str, Any]) -> int | None:
    """Insert a row and return its number."""
    places = ", ".join("?" * len(row))
    return connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", list(row.values())).lastrowid


def table(folder: Path) -> Path:
    """Write the list: right lines, and 20 that are wrong in five ways."""
    right = [f"Learner {n},l{n}@example.org,2026-0{n % 9 + 1}-10,{n % 101},3" for n in range(GOOD)]
    wrong = [f"Nobody,unknown{n}@example.org,2026-01-10,50,1" for n in range(4)]
    wrong += [f"Twice,l{n}@example.org,2026-01-10,50,1" for n in range(4)]
    wrong += ["No address,,2026-01-10,50,1"] * 4
    wrong += ["No address,not an address,2026-01-10,50,1"] * 4
    wrong += [f"Nobody,other{n}@example.org,2999-01-10,50,1" for n in range(4)]
    file = folder / "list.csv"
    file.write_text("name,email,date,grade,hours\n" + "\n".join(right + wrong) + "\n", "utf-8")
    return file


def test_a_list_of_500_with_20_wrong_lines(
    own_portal: Portal, visit: Callable[..., Page], faults: Callable[[Page], list[str]], tmp_path: Path
) -> None:
    people(own_portal)
    page = visit(own_portal, "instructor")
    page.goto("/authoring/learning-paths")
    page.get_by_role("link", name=re.compile("^Workplace safety$", re.IGNORECASE)).click()
    page.get_by_role("link", name=re.compile("^Members")).first.click()
    page.get_by_role("link", name="Grant certificates").click()
    assert not faults(page)
    page.get_by_role("link", name="Grant to many").click()
    page.locator("input[type=file]").set_input_files(table(tmp_path))
    page.get_by_role("button", name="Look at the list").click()
    expect(page.get_by_role("heading", name="20 lines need to be corrected")).to_be_visible()
    expect(page.get_by_role("heading", name="Grant 480 certificates")).to_be_visible()
    assert not faults(page)
    page.get_by_role("button", name="Grant certificates").click()
    expect(page.get_by_text("Fill in this field.").first).to_be_visible()
    page.get_by_label(re.compile("^Reason")).fill("Courses of the spring.")
    page.get_by_role("button", name="Grant certificates").click()
    expect(page.get_by_role("heading", name="Certificates by a list")).to_be_visible()
    expect(page.get_by_text("480 of 480 lines seen to").first).to_be_visible(timeout=60_000)
    expect(page.locator("[data-done]")).to_be_visible()
    assert not faults(page)
    page.locator("table").get_by_role("link", name="Granted").first.click()
    expect(page.get_by_role("heading", name="Workplace safety").first).to_be_visible()
