"""Every example in the library's documentation runs and prints what it says."""

from __future__ import annotations

import doctest
from pathlib import Path


def test_the_examples_of_the_documentation_run() -> None:
    page = Path(__file__).parent.parent.parent / "docs/openbadges.md"
    found = doctest.testfile(str(page), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert found.attempted > 30
    assert found.failed == 0
