"""What the demo academy offers: its categories, groups, certificate template and learning paths."""

from __future__ import annotations

import io
import math
import wave
from datetime import timedelta
from pathlib import Path
from typing import Any

from portal.accounts.models import Group, GroupKind, Person
from portal.accounts.services import groups
from portal.badges.designer import documents
from portal.badges.designer import services as designer
from portal.certificates.design import services as templates
from portal.certificates.design.designs import Design, Signature
from portal.core import ids, pictures, storage
from portal.core.clock import now, standing_at
from portal.demo.courses import COURSES
from portal.demo.lessons import Course, Lesson
from portal.learning import services as learning
from portal.learning.models import LearningPath, Visibility
from portal.learning.rules import Rules

BADGES = Path(__file__).parent / "badges"
TEMPLATE = "Harbour Academy, with signatures"
CREW, ORGANISATION = "Quay crew", "North Harbour Ltd"
OPEN_FOR = timedelta(days=60)
RATE, SECONDS, PITCH, LOUDNESS = 8_000, 4, 92, 90


def offer(instructor: Person, crew: Group) -> dict[str, LearningPath]:
    """Write and publish the academy's paths, and return them by slug. Flushed."""
    for course in COURSES:
        if course.drawn:
            picture = (BADGES / f"{course.slug}.png").read_bytes()
            designer.create(designer.Saving(document=_document(course), picture=picture, deliberate=True), instructor)
    template = templates.create(instructor, TEMPLATE, _design())
    paths: dict[str, LearningPath] = {}
    for course in sorted(COURSES, key=lambda course: (course.needs != "", course.for_group)):
        paths[course.slug] = _path(course, instructor, template.public_id, paths)
    _sort(paths)
    for course in COURSES:
        path = paths[course.slug]
        if course.needs:
            learning.set_prerequisites(path, [paths[course.needs]])
        if course.for_group:
            learning.set_audience(path, seen=Visibility.GROUPS, joined=Visibility.GROUPS, groups=[crew])
    return paths


def make_groups(people: dict[str, Person]) -> Group:
    """Make the group and the organisation that people are in, and return the group. Flushed."""
    crew = groups.create_group(CREW, GroupKind.GROUP)
    groups.add_to_group(crew, [people[name].id for name in ("elena", "farah", "kwame", "hanako")])
    organisation = groups.create_group(ORGANISATION, GroupKind.ORGANISATION)
    groups.add_to_group(organisation, [people[name].id for name in ("elena", "lukas", "farah", "kwame", "ingrid")])
    return crew


def _design() -> Design:
    return Design(
        layout="heritage",
        heading="Certificate of Harbour Academy",
        signatures=(
            Signature(name="Marja Korhonen", role="Head of Harbour Academy", script=True),
            Signature(name="Tomas Lindqvist", role="Instructor", script=True),
        ),
    )


def _sort(paths: dict[str, LearningPath]) -> None:
    names = dict.fromkeys(course.category for course in COURSES)
    made = {name: learning.name_category(name) for name in names if name}
    for course in COURSES:
        learning.sort_path(paths[course.slug], [made[course.category]], course.tags)


def _picture(course: Course) -> str:
    return pictures.keep(pictures.check((BADGES / f"{course.slug}.png").read_bytes(), pictures.BADGE_RULES))


def _document(course: Course) -> documents.Document:
    return documents.read((BADGES / f"{course.slug}.json").read_bytes())


def _path(course: Course, owner: Person, template: str, paths: dict[str, LearningPath]) -> LearningPath:
    validity = course.validity
    path = learning.create_path(
        owner,
        learning.Info(
            title=course.title,
            description=course.description,
            cover_key=_picture(course) if course.drawn else None,
            cover_alt=_document(course)["alt"] if course.drawn else "",
            certification=course.certification,
            validity_kind="period" if validity else "permanent",
            validity_count=validity[0] if validity else None,
            validity_unit=validity[1] if validity else "years",
            warning_count=course.warning_days,
            renewal=course.renewal_days is not None,
            renewal_count=course.renewal_days,
            template=template if course.own_template else "",
            open_badges=course.open_badges,
            badge_name=course.badge_name,
            badge_description=course.badge_description,
            badge_criteria=course.criteria,
            badge_tags=course.tags if course.open_badges else (),
        ),
    )
    for lesson in course.lessons:
        _add(path, lesson, paths)
    learning.set_order(path, ordered=course.ordered)
    learning.set_approval(path, approved=course.approved)
    if course.state != "draft":
        learning.publish(path)
    if course.state == "inactive":
        with standing_at(now() + OPEN_FOR):
            learning.deactivate(path)
    return path


def _add(path: LearningPath, lesson: Lesson, paths: dict[str, LearningPath], parent: str | None = None) -> None:
    step = learning.add_step(
        path,
        "group" if lesson.lessons else lesson.kind,
        title=lesson.title,
        content=_content(lesson, paths),
        mandatory=lesson.mandatory,
        minutes=lesson.minutes,
        rules=Rules(points=lesson.points, limit_count=lesson.weeks, limit_unit="weeks", needed=lesson.needed),
        parent=parent,
    )
    for held in lesson.lessons:
        _add(path, held, paths, step.key)


def _content(lesson: Lesson, paths: dict[str, LearningPath]) -> dict[str, Any]:
    if lesson.lessons:
        return {}
    content = dict(lesson.content)
    if lesson.kind == "quiz":
        return content | {"secret": ids.secret()}
    if lesson.kind == "path":
        return content | {"path": paths[content["path"]].public_id}
    if lesson.kind == "file":
        content["file"] = _recording("horn-signals.wav")
    if lesson.text:
        content["task" if lesson.kind in {"confirmation", "assignment"} else "text"] = lesson.text
    return content


def _recording(name: str) -> dict[str, Any]:
    """Store the sound of a ship's horn, and return it as a file step names it."""
    sounds = bytearray()
    for moment in range(RATE * SECONDS):
        swell = min(1.0, moment / (RATE / 2), (RATE * SECONDS - moment) / (RATE / 2))
        wavelet = sum(math.sin(2 * math.pi * PITCH * tone * moment / RATE) / tone for tone in (1, 2, 3))
        sounds.append(128 + int(LOUDNESS * swell * wavelet / 2))
    file = io.BytesIO()
    with wave.open(file, "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(1)
        recording.setframerate(RATE)
        recording.writeframes(bytes(sounds))
    data = file.getvalue()
    return {"key": storage.put(data, "audio/wav"), "type": "audio/wav", "name": name, "size": len(data)}
