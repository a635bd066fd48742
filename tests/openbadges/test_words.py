"""What the library says can be translated, to the last word inside a sentence."""

from __future__ import annotations

import copy
import pickle

from portal.openbadges import ob20
from portal.openbadges.documents import stable_bytes
from portal.openbadges.errors import Unreadable, Words
from portal.openbadges.verifying import verify
from tests.openbadges.world import NOW, assertion, world_of


def shout(text: str, /, **values: object) -> str:
    """Stand in for gettext of a language of capitals."""
    loud = "".join(part if at % 2 else part.upper() for at, part in enumerate(_split(text)))
    return loud % values if values else loud


def _split(text: str) -> list[str]:
    import re

    return re.split(r"(%\(\w+\)s)", text)


def test_a_finding_is_translated_with_the_reason_and_the_part_inside_it() -> None:
    source = assertion()
    world = world_of(source)
    world.put(source.badge.id, b"[]")
    check = verify(stable_bytes(ob20.assertion(source)), world, now=NOW).check("structure")
    assert check is not None
    assert check.english == (
        f"What stands at {source.badge.id} is not a badge class: This is JSON, but not an object as a badge is."
    )
    assert check.translated(shout) == (
        f"WHAT STANDS AT {source.badge.id} IS NOT A BADGE CLASS: THIS IS JSON, BUT NOT AN OBJECT AS A BADGE IS."
    )


def test_words_are_a_text_that_remembers_where_it_came_from() -> None:
    inner = Words("larger than %(limit)s", limit=7)
    outer = Words("No: %(reason)s", reason=inner)
    assert outer == "No: larger than 7"
    assert outer.translated(shout) == "NO: LARGER THAN 7"
    assert copy.deepcopy(outer) == pickle.loads(pickle.dumps(outer)) == outer
    error = Unreadable("broken at %(place)s", place=3)
    assert (str(error), error.text, error.params) == ("broken at 3", "broken at %(place)s", {"place": 3})
    assert Words("100 % sure") == "100 % sure"
