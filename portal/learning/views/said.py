"""What a version of a path says, as texts that can be compared: the settings and steps in the words of their forms."""

from __future__ import annotations

from portal.badges.achievement_types import type_in_words
from portal.core.i18n import _, date_time, language_name
from portal.learning.comparing import Said
from portal.learning.goals.registry import kind_of
from portal.learning.models import PathVersion, Step
from portal.learning.services import info_of
from portal.learning.services.badge_details import badge_details_of
from portal.learning.views.shapes import duration, group_words, validity_words
from portal.learning.views.words import content_words


def texts_of(version: PathVersion | None) -> dict[str, str]:
    """Return what a version says of itself, by the names of its fields; nothing for none."""
    if version is None:
        return {}
    said = info_of(version)
    certificate = _("Yes, valid: %(validity)s", validity=validity_words(version)) if said.certification else _("No")
    texts = {
        _("Title"): said.title,
        _("Description"): said.description,
        _("Language"): language_name(said.language),
        _("What the picture shows"): said.cover_alt,
        _("Cover image"): _("Picture %(mark)s", mark=said.cover_key[:8]) if said.cover_key else _("None"),
        _("One after the other"): _yes(version.ordered),
        _("Approval"): _yes(version.approved),
        _("Certification"): certificate,
        _("Open Badges integration"): _yes(said.certification and said.open_badges),
    }
    if said.certification and said.open_badges:
        texts |= {
            _("Badge name"): said.badge_name,
            _("Badge description"): said.badge_description,
            _("Criteria"): said.badge_criteria,
            _("Tags"): ", ".join(said.badge_tags),
        } | _badge_details(version)
    return texts


def _badge_details(version: PathVersion) -> dict[str, str]:
    """Return what stands on the page Badge details: each framework with everything that is said of it."""
    details = badge_details_of(version)
    frameworks = [
        " · ".join(part for part in (item.name, item.framework, item.code, item.url, item.description) if part)
        for item in details.alignments
    ]
    return {
        _("Type of the badge"): type_in_words(details.achievement_type),
        _("Language of the badge"): language_name(details.language or version.language),
        _("Frameworks"): "\n".join(frameworks),
    }


def said_of_steps(version: PathVersion | None) -> list[Said]:
    """Return what the steps of a version say, in order; nothing for none."""
    if version is None:
        return []
    places: dict[str, int] = {}
    said = []
    for step in version.steps:
        parent = step.parent_key or ""
        places[parent] = places.get(parent, 0) + 1
        said.append(Said(step.title, texts_of_step(step, version), step.key, (parent, places[parent])))
    return said


def texts_of_step(step: Step, version: PathVersion) -> dict[str, str]:
    """Return what a step says, by the names of its fields."""
    group = version.step(step.parent_key) if step.parent_key else None
    texts = {
        _("Title"): step.title,
        _("Kind"): _("Group of steps") if step.is_group else str(kind_of(step.kind).label),
        _("Mandatory"): _yes(step.mandatory),
        _("Group"): group.title if group is not None else "",
        _("Time"): duration(step.minutes),
        _("Points"): str(step.points or ""),
        _("Time limit"): _limit(step),
    }
    if step.is_group:
        texts[_("What has to be done")] = group_words(step)
        return texts
    return texts | content_words(step.content)


def _limit(step: Step) -> str:
    if step.limit_count:
        words = f"{step.limit_count} {step.limit_unit}"
        text = _("%(time)s after joining", time=words)
    elif step.due_at:
        text = date_time(step.due_at)
    else:
        return ""
    return _("%(limit)s, then failed", limit=text) if step.strict else text


def _yes(value: bool) -> str:
    return _("Yes") if value else _("No")
