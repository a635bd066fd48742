"""Publishing: what a path still lacks, freezing a version, and moving the members who are not done."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import update

from portal.badges import services as badges
from portal.certificates import services as certificates
from portal.core.clock import now
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _, ngettext
from portal.core.jobs import ring
from portal.core.settings import absolute
from portal.learning.goals.registry import kind_of
from portal.learning.jobs import settle_members
from portal.learning.models import LearningPath, Membership, PathState, PathVersion, VersionState
from portal.learning.services import needing
from portal.learning.services.authoring import lock
from portal.learning.services.steps import held_by


@dataclass(frozen=True)
class Problem:
    """Something that has to be put right before a path can be published, and where: info, steps, a step, a group, issuer."""

    text: str
    place: str
    key: str | None = None


def problems_of(path: LearningPath) -> list[Problem]:
    """Return what a path lacks before the version that is edited can be published, in words for its instructor."""
    version = path.edited
    problems = [] if version.title.strip() else [Problem(_("The path has no title."), "info")]
    if not version.mandatory_steps:
        problems.append(Problem(_("The path needs at least one mandatory step."), "steps"))
    for step in version.tasks:
        problems += [
            Problem(f"{step.title}: {text}", "step", step.key) for text in kind_of(step.kind).missing(step.content)
        ]
    problems += [
        Problem(f"{step.title}: {text}", "step", step.key) for step, text in needing.problems(path, version.tasks)
    ]
    return problems + _problems_of_groups(version) + _problems_of_certification(version)


def _problems_of_groups(version: PathVersion) -> list[Problem]:
    problems = []
    for group in version.steps:
        held = held_by(version, group.key) if group.is_group else []
        if not group.is_group:
            continue
        if group.needed is not None and group.needed > len(held):
            text = ngettext(
                "%(title)s: %(num)s step is needed, but the group does not hold so many.",
                "%(title)s: %(num)s steps are needed, but the group does not hold so many.",
                group.needed,
                title=group.title,
            )
            problems.append(Problem(text, "group", group.key))
        elif group.needed is None and not any(step.mandatory for step in held):
            problems.append(
                Problem(_("%(title)s: the group needs a mandatory step.", title=group.title), "group", group.key)
            )
    return problems


def _problems_of_certification(version: PathVersion) -> list[Problem]:
    issuing = {str(text) for text in badges.missing_for_issuing()}
    texts = certificates.problems_of(version.certification, version.cover_key)
    return [Problem(text, "issuer" if text in issuing else "info") for text in texts]


def cover_problem(cover_key: str | None, *, badge: bool) -> str | None:
    """Return why a stored cover has to be replaced where it is also a badge's picture, or None where it may stay."""
    if not badge or cover_key is None or cover_key.endswith(".png"):
        return None
    return _(
        "This picture is a %(format)s and must be replaced. Open Badges need a PNG: "
        "choose a PNG, or draw the badge in the designer.",
        format="WebP" if cover_key.endswith(".webp") else "JPEG",
    )


def publish(path: LearningPath) -> PathVersion:
    """Freeze the draft and show it to learners; members who are not done go on with it. Flushed.

    Publishing what is already published changes nothing. Raises Refused where something is missing.
    """
    lock(path)
    if path.draft is not None:
        _freeze(path, path.draft)
    path.state = PathState.PUBLISHED
    session().flush()
    return path.edited


def _freeze(path: LearningPath, draft: PathVersion) -> None:
    problems = problems_of(path)
    if problems:
        raise Refused(_("This learning path cannot be published yet. %(what)s", what=problems[0].text))
    if draft.certification.enabled:
        certificates.freeze(
            draft.certification,
            title=draft.title,
            language=draft.language,
            cover_key=draft.cover_key,
            cover_alt=draft.cover_alt,
            criteria_fallback=criteria_from_steps(draft),
            path_url=absolute(f"/learning-paths/{path.public_id}"),
        )
    if path.published is not None:
        path.published.state = VersionState.REPLACED
        session().flush()
    draft.state = VersionState.PUBLISHED
    draft.published_at = path.changed_at = now()
    session().flush()
    session().expire(path, ["draft", "published"])
    _move_members(path, draft)


def _move_members(path: LearningPath, version: PathVersion) -> None:
    session().execute(
        update(Membership)
        .where(Membership.path_id == path.id, Membership.completed_at.is_(None))
        .values(version_id=version.id, to_settle=True)
    )
    ring(settle_members)


def criteria_from_steps(version: PathVersion) -> str:
    """Return what somebody did who completed a version, in Markdown: what a badge says where its author wrote nothing."""
    lines = [f"- {kind_of(step.kind).criterion(step.title)}" for step in version.mandatory_steps]
    opening = _("Completed the learning path “%(title)s”:", title=version.title)
    return "\n".join([opening, "", *lines])
