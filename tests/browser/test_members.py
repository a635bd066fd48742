"""A list of 500 people with 20 bad lines, in a browser: looked at, corrected, added as a whole by the worker."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.serving import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.serving import Portal

SEED = """
from portal.accounts.models import EmailAddress, Person
from portal.app import create_app
from portal.core.clock import now
from portal.core.db import commit, session
with create_app().app_context():
    for n in range(480):
        one, address = Person(name=f"Trainee {n:03}", role="learner"), f"t{n}@example.org"
        one.addresses.append(EmailAddress(
            address=address, verified_address=address, verified_at=now(), is_primary=True))
        session().add(one)
    commit()
"""


@pytest.fixture
def people(own_portal: Portal, tmp_path: Path) -> Path:
    """Make 480 people, and return a CSV that names them and 20 that are wrong."""
    subprocess.run([sys.executable, "-c", SEED], cwd=ROOT, env=own_portal._environment(), check=True)
    lines = ["Name;E-mail address"]
    lines += [f"Trainee {n:03};t{n}@example.org" for n in range(480)]
    lines += [f"Nobody {n};nobody{n}@example.org" for n in range(10)]
    lines += [f"Wrong {n};wrong at example" for n in range(5)]
    lines += [f"Again {n};T{n}@Example.org" for n in range(5)]
    file = tmp_path / "people.csv"
    file.write_bytes("\r\n".join(lines).encode("utf-16"))
    return file


def test_a_csv_of_500_lines_with_20_bad_ones(
    own_portal: Portal, visit: Callable[..., Page], faults: Callable[[Page], list[str]], people: Path, tmp_path: Path
) -> None:
    page = visit(own_portal, "instructor")
    page.goto("/authoring/learning-paths?state=published")
    page.get_by_role("main").get_by_role("link", name="Data Literacy, level two").first.click()
    page.get_by_role("link", name=re.compile("^Members")).click()
    before = int(page.locator(".tabs a[aria-current] .count").inner_text())
    page.get_by_role("link", name="Add many", exact=True).click()
    assert faults(page) == []
    page.get_by_label("Or a CSV file").set_input_files(people)
    page.get_by_role("button", name="Look at the list").click()
    expect(page.get_by_role("heading", name="20 lines need to be corrected")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("link", name=re.compile("^To correct")).click()
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(20)
    expect(rows.filter(has_text="Nobody has confirmed this address")).to_have_count(10)
    expect(rows.filter(has_text="This is not an e-mail address")).to_have_count(5)
    expect(rows.filter(has_text="stands in line")).to_have_count(5)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the lines to correct").click()
    download.value.save_as(tmp_path / "wrong.csv")
    assert len((tmp_path / "wrong.csv").read_text("utf-8-sig").strip().splitlines()) == 21
    page.get_by_role("button", name="Add 480 members").click()
    expect(page.get_by_text("in the background").first).to_be_visible()
    count = page.locator(".tabs a[aria-current] .count")
    for _ in range(60):
        if int(count.inner_text()) == before + 480:
            break
        page.wait_for_timeout(500)
        page.reload()
    assert int(count.inner_text()) == before + 480
    page.get_by_role("searchbox", name="Search members").fill("trainee 479")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Trainee 479").click()
    expect(page.get_by_role("heading", name="Trainee 479", level=1)).to_be_visible()
    assert faults(page) == []
