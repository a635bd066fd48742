"""What an award says of how it was earned: the holder's own words, the evidence, the grade."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from portal.core.errors import Refused
from portal.core.i18n import _
from portal.openbadges.documents import without_empty
from portal.openbadges.errors import Unfit
from portal.openbadges.model import Evidence, Result
from portal.openbadges.text import check_address, check_text

if TYPE_CHECKING:
    from portal.badges.models import Award

LONGEST = 2_000


@dataclass(frozen=True, kw_only=True)
class Story:
    """How an award was earned. `narrative` is Markdown, `evidence` what is published besides the certificate.

    `result` is a grade; leave its `description_id` empty, since what it means is described once for each badge class.
    """

    narrative: str = ""
    evidence: tuple[Evidence, ...] = ()
    result: Result | None = None


UNTOLD = Story()


def percent(grade: float) -> Result:
    """Return a grade in percent as a badge carries it (Open Badges 3.0, ResultType Percent)."""
    return Result(value=f"{round(grade, 1):g}", name="Grade", kind="Percent", minimum="0", maximum="100")


def tell(row: Award, story: Story) -> None:
    """Write a story into an award that is not composed yet.

    Raises Refused, naming the field narrative or evidence, for texts and addresses that no badge may hold.
    """
    _check(story)
    row.narrative = story.narrative
    row.evidence = [without_empty(asdict(item)) for item in story.evidence]
    result = without_empty(asdict(story.result)) if story.result else {}
    row.result = {name: value for name, value in result.items() if name != "description_id"} or None


def story_of(row: Award) -> Story:
    """Return the story of an award, to be told again by the one that takes its place."""
    return Story(
        narrative=row.narrative,
        evidence=tuple(Evidence(**item) for item in row.evidence),
        result=Result(**row.result) if row.result else None,
    )


def _check(story: Story) -> None:
    if len(story.narrative) > LONGEST:
        raise Refused(_("Use at most %(most)s characters here.", most=LONGEST), field="narrative")
    try:
        check_text(story.narrative, "narrative")
        for item in story.evidence:
            if item.url:
                check_address(item.url, "evidence")
            for text in (item.name, item.description, item.narrative, item.genre):
                check_text(text, "evidence")
    except Unfit as error:
        raise Refused(_(error.text, **error.params), field=error.field) from error
