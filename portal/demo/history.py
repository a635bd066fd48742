"""What happened at the demo academy until today, told through the services that people use, at moments in the past."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from portal.accounts.models import Group, Person
from portal.certificates.models import Certificate
from portal.certificates.services.ending import tell_batch
from portal.core.clock import now, standing_at
from portal.demo.lessons import right_answers
from portal.learning import services as learning
from portal.learning.achieved import Achieved
from portal.learning.models import LearningPath, Membership, Step
from portal.learning.services import audiences, by_hand, events, renewing, seats
from portal.learning.xapi import keys

ZONE = ZoneInfo("Europe/Helsinki")
CREW_CAME = timedelta(days=26)
TOLD_AT = (60, 35, 25, 5, 0)
GRADE = 92.0
TALK = (
    "I had put off the talk with a colleague about late hand-overs for weeks. I wrote down three situations, asked how they "
    "saw them, and only then said what I needed.\n\nIt took twenty minutes. Next time I would not wait until I am annoyed."
)
FIRST_WEEK = (
    "What surprised me most is how quiet it is before a ship comes in. I would explain the radio first: I did not dare to use "
    "it for two days. And the ladder at berth 4 has a loose rung."
)
ASKED = "I think this is done. Would you have a look?"
STEPS_OF_ALL = 50


@dataclass(frozen=True)
class Telling:
    """Who taught what to whom."""

    paths: dict[str, LearningPath]
    people: dict[str, Person]
    instructor: Person
    crew: Group

    def begun(self, slug: str, name: str, *, days_ago: int, steps: int, asks: bool = False) -> Membership:
        """Tell that somebody joined a path and did its first steps, three hours each."""
        beginning = now() - timedelta(days=days_ago)
        with standing_at(beginning):
            membership = learning.join(self.paths[slug], self.people[name])
        self.done(membership, membership.version.tasks[:steps], beginning)
        if asks:
            with standing_at(beginning + timedelta(days=1)):
                waiting = membership.version.tasks[steps]
                learning.hand_in(membership, waiting.key, {"note": ASKED, "text": TALK})
        return membership

    def done(self, membership: Membership, steps: Sequence[Step], beginning: datetime) -> None:
        """Tell that somebody did some steps, one after the other."""
        for number, step in enumerate(steps):
            with standing_at(beginning + timedelta(hours=3 * number + 1)):
                DOING.get(step.kind, _nothing)(membership, step, self.instructor)

    def completed(self, slug: str, name: str, *, days_ago: int) -> Certificate:
        """Tell that somebody completed a path."""
        membership = self.begun(slug, name, days_ago=days_ago + 5, steps=STEPS_OF_ALL)
        return _earned(membership)


def _earned(membership: Membership) -> Certificate:
    certificate = membership.certificate
    if certificate is None:  # pragma: no cover - the courses say otherwise
        message = f"{membership.person.name} did everything of {membership.path.title} and got no certificate."
        raise RuntimeError(message)
    return certificate


def _nothing(membership: Membership, step: Step, instructor: Person) -> None:
    """Leave what is not done by the learner alone: another path, an event, a simulator."""


def _handed_in(membership: Membership, step: Step, instructor: Person) -> None:  # noqa: ARG001
    learning.hand_in(membership, step.key)


def _confirmed(membership: Membership, step: Step, instructor: Person) -> None:
    learning.confirm(membership, step.key, instructor, "Well done, and well told.")


def _passed(membership: Membership, step: Step, instructor: Person) -> None:  # noqa: ARG001
    learning.hand_in(membership, step.key, MultiDict(right_answers(step.content)))


def _accepted(membership: Membership, step: Step, instructor: Person) -> None:
    learning.hand_in(membership, step.key, {"text": TALK if step.content["graded"] else FIRST_WEEK})
    grade = GRADE if step.content["graded"] else None
    learning.confirm(membership, step.key, instructor, "Honest and clear. Thank you.", grade=grade)


DOING: dict[str, Callable[[Membership, Step, Person], None]] = {
    "page": _handed_in,
    "file": _handed_in,
    "link": _handed_in,
    "confirmation": _confirmed,
    "quiz": _passed,
    "assignment": _accepted,
}


def tell(telling: Telling) -> list[Certificate]:
    """Tell what everybody did, and return the certificates whose badges were earned. Flushed."""
    earned = [telling.completed("data-literacy", "elena", days_ago=96)]
    _safety(telling)
    earned.append(telling.completed("workplace-safety", "elena", days_ago=340))
    telling.completed("python-basics", "elena", days_ago=9)
    telling.begun("green-office", "elena", days_ago=6, steps=2)
    telling.completed("data-literacy", "aino", days_ago=60)
    telling.begun("data-literacy", "farah", days_ago=12, steps=2)
    telling.begun("data-literacy", "lukas", days_ago=30, steps=1)
    telling.begun("green-office", "kwame", days_ago=15, steps=2, asks=True)
    telling.begun("python-basics", "ingrid", days_ago=2, steps=1)
    earned.append(_leadership(telling))
    _induction(telling)
    for days in TOLD_AT:
        with standing_at(now() - timedelta(days=days)):
            tell_batch()
    return earned


def _safety(telling: Telling) -> None:
    """Tell of certificates that hold a year: one expired, one about to, one renewed, others that hold."""
    telling.completed("workplace-safety", "kwame", days_ago=378)
    telling.completed("workplace-safety", "farah", days_ago=345)
    telling.completed("workplace-safety", "lukas", days_ago=150)
    telling.completed("workplace-safety", "hanako", days_ago=100)
    telling.completed("workplace-safety", "ingrid", days_ago=90)
    telling.completed("workplace-safety", "aino", days_ago=380)
    beginning = now() - timedelta(days=40)
    with standing_at(beginning):
        membership = renewing.begin_renewal(telling.paths["workplace-safety"], telling.people["aino"])
    telling.done(membership, membership.version.tasks, beginning)


def _leadership(telling: Telling) -> Certificate:
    """Tell of a path that builds on another, with work that waits, was returned, and was accepted."""
    path = telling.paths["customer-care"]
    telling.completed("customer-care", "hanako", days_ago=20)
    telling.completed("customer-care", "ingrid", days_ago=80)
    telling.completed("customer-care", "lukas", days_ago=70)
    with standing_at(now() - timedelta(days=30)):
        reason = "Took the same course at her former employer, and showed its certificate."
        day: date = now().date()
        by_hand.grant_to(path, telling.people["farah"], Achieved(day), by=telling.instructor, reason=reason)
    certificate = telling.completed("team-leadership", "ingrid", days_ago=33)
    telling.begun("team-leadership", "hanako", days_ago=4, steps=2, asks=True)
    returned = telling.begun("team-leadership", "lukas", days_ago=8, steps=2, asks=True)
    with standing_at(now() - timedelta(days=5)):
        comment = "You say what you prepared, not yet how it went. Add that, and hand it in again."
        learning.send_back(returned, returned.version.tasks[2].key, telling.instructor, comment)
    return certificate


def _induction(telling: Telling) -> None:
    """Tell of a path for a group: approved, waiting to be approved, waiting for review, returned, overdue, just begun."""
    path, instructor = telling.paths["harbour-induction"], telling.instructor
    assert path.published is not None
    walk = next(step for step in path.published.tasks if step.kind == "event")
    _added(telling, "ingrid", days_ago=62, approved=True)
    late = _added(telling, "lukas", days_ago=45, steps=1)
    assert late.certificate is None
    with standing_at(now() - CREW_CAME):
        audiences.add_group(path, telling.crew, by=instructor, mandatory=True)
        simulator = next(step for step in path.published.tasks if step.kind == "xapi")
        keys.make_key(path, simulator.key, "The simulator in room 3", instructor)
        gone, coming = (events.add_date(path, walk.key, _walk(days)) for days in (-10, 9))
    crew = {name: learning.membership_of(telling.people[name], path) for name in ("elena", "farah", "kwame", "hanako")}
    elena, farah, kwame, hanako = (membership for membership in crew.values() if membership is not None)
    for membership, days in ((elena, 20), (hanako, 19), (kwame, 18), (farah, 3)):
        telling.done(membership, membership.version.tasks[:3], now() - timedelta(days=days))
    with standing_at(now() - timedelta(days=14)):
        seat = seats.sign_up(kwame, gone)
        seats.sign_up(hanako, coming)
        seats.sign_up(elena, coming)
    telling.done(elena, elena.version.tasks[3:5], now() - timedelta(days=12))
    telling.done(hanako, hanako.version.tasks[3:5], now() - timedelta(days=9))
    telling.done(kwame, kwame.version.tasks[3:4], now() - timedelta(days=13))
    with standing_at(now() - timedelta(days=9)):
        seats.set_attended(seat, instructor, attended=True)
    telling.done(kwame, kwame.version.tasks[6:], now() - timedelta(days=8))
    for membership, days in ((elena, 5), (hanako, 1)):
        with standing_at(now() - timedelta(days=days)):
            first_week = next(step for step in membership.version.tasks if step.kind == "assignment")
            learning.hand_in(membership, first_week.key, {"text": FIRST_WEEK})
    with standing_at(now() - timedelta(days=4)):
        comment = "Good eyes. Did you report the ladder? Add what happened then, and hand it in again."
        learning.send_back(elena, first_week.key, instructor, comment)


def _added(
    telling: Telling, name: str, *, days_ago: int, steps: int = STEPS_OF_ALL, approved: bool = False
) -> Membership:
    path, beginning = telling.paths["harbour-induction"], now() - timedelta(days=days_ago)
    with standing_at(beginning):
        membership = learning.add_member(path, telling.people[name], by=telling.instructor)
    telling.done(membership, membership.version.tasks[:steps], beginning)
    if approved:
        with standing_at(beginning + timedelta(days=4)):
            learning.approve(membership, telling.instructor, "Welcome to the crew.")
    return membership


def _walk(days: int) -> events.Appointment:
    """Return the walk of a day, at two in the afternoon at the harbour."""
    day = (now() + CREW_CAME + timedelta(days=days)).astimezone(ZONE).date()
    begins = datetime.combine(day, time(14), ZONE)
    return events.Appointment(
        starts_at=begins,
        ends_at=begins + timedelta(hours=2),
        timezone=ZONE.key,
        place="Gate 2, at the old crane",
        capacity=12,
    )
