"""A planted fault of each kind is found by the laws of pages, and a good page breaks none."""

from __future__ import annotations

import pytest

from tests.page_laws import faults_of

GOOD = """<!doctype html><html lang="en"><head><title>Knots · Laurel</title></head><body><h1>Knots</h1>
<form method="post"><input type="hidden" name="csrf_token" value="x"><label for="a">A</label><input id="a"></form></body></html>"""


def test_a_good_page_has_no_faults():
    assert faults_of(GOOD) == []


@pytest.mark.parametrize(
    ("good", "bad", "words"),
    [
        ("<h1>Knots</h1>", "", "0 h1"),
        ("<h1>Knots</h1>", "<h1>Knots</h1><h1>More</h1>", "2 h1"),
        ("<title>Knots · Laurel</title>", "<title>Laurel</title>", "does not start with"),
        ("<title>Knots · Laurel</title>", "", "no title"),
        (' lang="en"', "", "no lang"),
        ('<input id="a">', '<input id="a"><p id="a"></p>', "stands twice"),
        ('<label for="a">A</label>', "", "without a label"),
        ('<input id="a">', '<input id="a" aria-describedby="nowhere">', "not on the page"),
        ('<input type="hidden" name="csrf_token" value="x">', "", "without csrf_token"),
        ("<h1>Knots</h1>", "<h1>Knots</h1><script>alert(1)</script>", "inline script"),
        ("<h1>Knots</h1>", '<h1 style="color:red">Knots</h1>', "inline style"),
        ("<h1>Knots</h1>", '<h1 onclick="x()">Knots</h1>', "inline handler"),
        ("<h1>Knots</h1>", '<h1>Knots</h1><img src="x.png">', "without alt"),
        ("<h1>Knots</h1>", "<h1>Knots</h2>", "invalid HTML"),
    ],
)
def test_a_planted_fault_is_found(good, bad, words):
    assert good in GOOD
    assert any(words in fault for fault in faults_of(GOOD.replace(good, bad, 1)))
