"""The law of lists: a page asks the database as often for a thousand rows as for ten."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, select

from portal.accounts.models import EmailAddress, Group, GroupKind, Person
from portal.accounts.services import groups
from portal.backpack.models import BackpackOwner, Collection, CollectionBadge, HeldBadge
from portal.badges import services as badges
from portal.badges.designer.models import BadgeDesign, BadgeDesignVersion
from portal.badges.models import Award, AwardBatch, AwardOrder, OrderState
from portal.certificates.models import Certificate, CertificateTemplate, Certification
from portal.core import pictures
from portal.core.clock import now
from portal.core.db import commit, db, session
from portal.delivery import services as delivery
from portal.delivery.reading.models import Reading
from portal.learning.audience_models import PathMessage
from portal.learning.models import EventDate, EventSeat, LearningPath, Membership, PathVersion, Step, StepRecord
from portal.notices.models import Mail, Notice
from tests.conftest import picture_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FEW, MANY, MOST_DATES = 10, 1000, 190
BADGES_EACH = 3


class Academy:
    """An academy that grows: some people, and as many rows of everything as are asked for."""

    def __init__(self, person: Callable[..., Person]) -> None:
        self.admin, self.instructor = person("administrator"), person("instructor")
        self.learner = person("learner", name="Elena Rossi")
        self.address = self.learner.addresses[0].address
        badges.save_issuer(name="Academy", url="https://academy.example", email="badges@academy.example")
        self.cover = pictures.keep(pictures.check(picture_bytes()))
        self.classes = [
            badges.freeze(
                badges.Definition(name=f"Badge {n}", description="Says so.", image_key=self.cover, criteria="Do it.")
            )
            for n in range(2 * FEW)
        ]
        self.owner = BackpackOwner(person_id=self.learner.id)
        session().add(self.owner)
        self.busy = self._path(0, "Busy path", kind="confirmation")
        self.meeting = self._event()
        self.batch = self._batch("Busy batch")
        self.rows = 0
        commit()
        self.crowd = groups.create_group("Everybody on the busy path", GroupKind.GROUP)
        commit()

    def _path(self, number: int, title: str, kind: str = "page") -> LearningPath:
        path = LearningPath(owner_id=self.instructor.id, state="published")
        certification = Certification(enabled=True, cover_key=self.cover)
        certification.badge_class_id = self.classes[number % len(self.classes)].id
        session().add_all([path, certification])
        session().flush()
        for edition, state in enumerate(("published", "draft") if number % 2 else ("published",), start=1):
            version = PathVersion(
                path_id=path.id, number=edition, state=state, title=title, certification_id=certification.id,
                cover_key=self.cover, published_at=now(),
            )  # fmt: skip
            version.steps = [
                Step(position=place, kind=kind, title=f"Step {place}", content={"text": "Read."}, content_hash="x" * 64)
                for place in (1, 2)
            ]
            session().add(version)
        return path

    def _event(self) -> EventDate:
        session().flush()
        step = Step(position=3, kind="event", title="Meeting", content={"text": "Come."}, content_hash="y" * 64)
        self.busy.published.steps.append(step)
        session().flush()
        return self._date(step.key, 0)

    def _date(self, key: str, n: int) -> EventDate:
        begins = now() + timedelta(days=n - 1)
        date = EventDate(
            path_id=self.busy.id, step_key=key, starts_at=begins, ends_at=begins + timedelta(hours=1), timezone="UTC"
        )
        session().add(date)
        session().flush()
        return date

    def _batch(self, title: str) -> AwardBatch:
        batch = AwardBatch(
            badge_class_id=self.classes[0].id,
            series=f"path:{self.busy.public_id}",
            title=title,
            by_id=self.instructor.id,
        )
        session().add(batch)
        session().flush()
        return batch

    def _orders(self, batch: AwardBatch, people: list[Person]) -> None:
        states = (OrderState.HAD, OrderState.NO_ADDRESS, OrderState.GIVEN)
        session().add_all(
            AwardOrder(
                batch_id=batch.id, badge_class_id=batch.badge_class_id, person_id=one.id, source=f"order:{one.id}",
                state=states[number % len(states)],
            )
            for number, one in enumerate(people)
        )  # fmt: skip

    def _gather(self, numbers: range, people: list[Person]) -> None:
        """Give the event dates, up to what one can have, and the first of them seats; give a batch its learners."""
        for n in numbers[:MOST_DATES]:
            self._date(self.meeting.step_key, n)
        held = select(Membership.id).where(
            Membership.path_id == self.busy.id, Membership.person_id.in_([one.id for one in people])
        )
        session().add_all(
            EventSeat(date_id=self.meeting.id, membership_id=number) for number in session().scalars(held)
        )
        self._orders(self.batch, people)
        for n, one in zip(numbers, people, strict=True):
            self._orders(self._batch(f"Batch {n}"), [one])

    def grow(self, to: int) -> None:
        """Add rows of every kind until there are as many as asked for."""
        numbers = range(self.rows, to)
        people = [Person(name=f"Person {n}", role="learner") for n in numbers]
        session().add_all(people)
        session().flush()
        session().add_all(
            EmailAddress(
                person_id=one.id, address=f"p{n}@example.org", verified_address=f"p{n}@example.org", verified_at=now(),
                is_primary=True,
            )
            for n, one in zip(numbers, people, strict=True)
        )  # fmt: skip
        paths = [self._path(n, f"Path {n}") for n in numbers]
        session().flush()
        for n, path, one in zip(numbers, paths, people, strict=True):
            self._joins(self.learner, path, done=n % 2 == 0)
            self._joins(one, self.busy, done=False)
            self._certificate(n)
        session().flush()
        self._gather(numbers, people)
        groups.add_to_group(self.crowd, [one.id for one in people])
        session().add_all(Group(name=f"Group {n}") for n in numbers)
        session().add_all(
            PathMessage(
                path_id=self.busy.id, sender_name="Nadia", subject=f"Message {n}", text="Hello.", person_ids=[], people=1,
                state="sent",
            )
            for n in numbers
        )  # fmt: skip
        self._keep(numbers)
        commit()
        session().expunge_all()
        self.rows = to

    @property
    def places(self) -> dict[str, str]:
        """What stands in the addresses of pages for the rows that they show."""
        return {
            "member": self.member, "group": self.team, "batch": self.batch.public_id,
            "event": self.meeting.step_key, "date": self.meeting.public_id,
        }  # fmt: skip

    @property
    def team(self) -> str:
        """The address of a group that grows."""
        return f"/administration/groups/{self.crowd.public_id}"

    @property
    def member(self) -> str:
        """The address of one member among many."""
        first = select(Membership.public_id).where(Membership.path_id == self.busy.id).order_by(Membership.id)
        return f"/authoring/members/{session().scalars(first).first()}"

    def _joins(self, one: Person, path: LearningPath, *, done: bool) -> None:
        membership = Membership(path_id=path.id, person_id=one.id, version_id=path.published.id)
        membership.completed_at = now() if done else None
        step = path.published.steps[0]
        waiting = step.kind == "confirmation"
        membership.records = [
            StepRecord(
                step_key=step.key, content_hash=step.content_hash, state="waiting" if waiting else "done",
                done_at=None if waiting else now(),
            )
        ]  # fmt: skip
        session().add(membership)

    def _certificate(self, n: int) -> None:
        badge = self.classes[n % len(self.classes)]
        certificate = Certificate(
            source=f"membership:{n}", holder_id=self.learner.id, holder_name=self.learner.name, path_title=f"Path {n}",
            path_public_id="x" * 22, path_version=1, issuer_name="Academy", valid_until=now() + timedelta(days=5), cover_key=self.cover, badge_class_id=badge.id,
        )  # fmt: skip
        award = Award(
            badge_class_id=badge.id, person_id=self.learner.id, recipient_address=self.address, salt="salt",
            source=f"certificate:{n}", document_v1=b"{}", document_v2=b"{}",
        )  # fmt: skip
        session().add_all([certificate, award])

    def _keep(self, numbers: range) -> None:
        held = [
            HeldBadge(
                owner_id=self.owner.id, assertion_url=f"https://issuer.example/{n}", uid=str(n), standard="1.1",
                assertion={}, badge_class={}, issuer={}, recipient=self.address, name=f"Badge {n}",
                picture_key=self.cover, baked_key=self.cover,
            )
            for n in numbers
        ]  # fmt: skip
        collections = [Collection(owner_id=self.owner.id, name=f"Valamis {n}", public=True) for n in numbers]
        mails = [
            Mail(
                to_address=f"p{n}@example.org",
                template="test",
                subject=f"Mail {n}",
                message_id=f"<{n}@x>",
                state="sent",
            )
            for n in numbers
        ]
        designs = [
            BadgeDesign(name=f"Design {n}", picture_key=self.cover, created_by_id=self.instructor.id) for n in numbers
        ]
        told = [
            Notice(
                person_id=self.learner.id, kind="joined", key=f"key {n}", state="quiet", content={"path": f"Path {n}", "by": ""}
            )
            for n in numbers
        ]  # fmt: skip
        templates = [CertificateTemplate(name=f"Template {n}", owner_id=self.instructor.id, design={}) for n in numbers]
        session().add_all([*held, *collections, *mails, *designs, *told, *templates])
        session().flush()
        for n, collection in enumerate(collections):
            session().add_all(
                CollectionBadge(collection_id=collection.id, badge_id=held[(n + k) % len(held)].id, position=k)
                for k in range(BADGES_EACH)
            )
        session().add_all(
            BadgeDesignVersion(design_id=design.id, document="{}", picture_key=self.cover, author_id=self.instructor.id)
            for design in designs
        )


@pytest.fixture
def academy(app: Any, person: Callable[..., Person]) -> Academy:
    """A small academy with ten of everything."""
    made = Academy(person)
    made.grow(FEW)
    return made


@pytest.fixture
def count(app: Any) -> Iterator[Callable[[Any, str], int]]:
    """Return a counter of the statements that a page takes; only rows of pages that answer 200 count."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)

    def ask(client: Any, address: str) -> int:
        session().rollback()
        session().expunge_all()
        statements.clear()
        answer = client.get(address)
        assert answer.status_code == 200, f"{address} answered {answer.status_code}"
        return len(statements)

    yield ask
    event.remove(db.engine, "before_cursor_execute", note)


LEARNERS = (
    "/", "/?state=open", "/learning-paths", "/learning-paths?q=Path", "/certificates", "/transcript",
    "/transcript/learning-paths", "/transcript/open-badges", "/transcript/print", "/backpack", "/badges/mine",
    "/backpacks", "/backpack/portals", "/notices", "/notices?show=unread", "/profile/notices",
)  # fmt: skip
INSTRUCTORS = (
    "/authoring/learning-paths", "/authoring/learning-paths?state=published", "{busy}/grant", "/authoring/review", "/authoring/review?order=newest", "/authoring/badges", "/authoring/certificate-templates",
    "/transcript/learners", "{busy}/members",
    "{busy}/members?status=in_progress&sort=-progress&q=Person", "{busy}/members/add", "{busy}/members/groups",
    "{busy}/members/messages", "{busy}/members/message", "{member}", "{busy}/steps", "{busy}/preview",
    "/badges/awards/many", "/badges/awards/many/{batch}", "{busy}/steps/{event}/dates", "/authoring/event-dates/{date}/attendance",
)  # fmt: skip
ADMINISTRATORS = (
    "/authoring/achievements", "/authoring/expirations?show=all",
    "/administration/people", "/administration/people?q=Person", "/administration/mail", "/badges/awards",
    "/administration/groups", "{group}", "/administration/notices",
)  # fmt: skip


def test_lists_take_as_many_statements_at_a_thousand_rows_as_at_ten(academy, sign_in, count):
    busy = f"/authoring/learning-paths/{academy.busy.public_id}"
    pages = [
        (client, address.format(busy=busy, **academy.places))
        for who, addresses in (
            (academy.learner, LEARNERS), (academy.instructor, INSTRUCTORS), (academy.admin, ADMINISTRATORS),
        )
        for client in [sign_in(who)]
        for address in addresses
    ]  # fmt: skip
    _snapshot(academy, FEW)
    before = {address: count(client, address) for client, address in pages}
    academy.grow(MANY)
    _snapshot(academy, MANY)
    after = {address: count(client, address) for client, address in pages}
    growing = [
        f"{address}: {before[address]} → {after[address]}" for _, address in pages if after[address] > before[address]
    ]
    assert not growing, (
        "These pages ask more often where there is more to show: load what their rows need at once.\n"
        + "\n".join(growing)
    )


def _snapshot(academy: Academy, collections: int) -> None:
    """Keep what a backpack showed, as the worker would."""
    session().query(Reading).delete()
    shown = [{"number": n, "name": f"Valamis {n}", "description": "", "badges": []} for n in range(collections)]
    session().add(
        Reading(
            person_id=academy.learner.id,
            address=academy.address,
            backpack_url=delivery.backpack_address(),
            collections=shown,
            read_at=now(),
            tried_at=now(),
        )
    )
    commit()
