"""The demo academy is what it says, and nothing in it breaks a rule that people have to keep."""

from __future__ import annotations

from sqlalchemy import func, select

from portal.accounts.services import person_by_address
from portal.badges.models import Award
from portal.certificates.models import Certificate, CertificateState, PublishedWork
from portal.core.db import session
from portal.delivery.reading import services as reading
from portal.demo import loading
from portal.learning import services as learning
from portal.learning.goals.registry import KINDS
from portal.learning.models import LearningPath, Membership, PathState, RecordState, Status, Step, StepRecord
from portal.notices.models import Notice


def test_the_academy_is_loaded_once_and_whole(app):
    backpack = app.extensions["laurel_demo_backpack"]
    with app.test_request_context("/", method="POST"):
        loading.load(backpack)
        loading.load(backpack)
    states = session().scalars(select(LearningPath.state)).all()
    assert len(states) >= 6
    assert set(states) == {PathState.DRAFT, PathState.PUBLISHED, PathState.INACTIVE}
    learner = person_by_address(loading.LEARNER)
    mine = select(func.count()).select_from(Certificate).where(Certificate.holder_id == learner.id)
    assert session().scalar(mine) == 3
    assert session().scalar(select(func.count()).select_from(Award).where(Award.person_id == learner.id)) == 2
    shown = reading.shown_collections(learner)
    assert [collection["name"] for collection in shown.collections] == [loading.COLLECTION]
    assert [badge["outcome"] for badge in shown.collections[0]["badges"]] == ["passed", "passed"]
    half_way = select(Membership).where(Membership.person_id == learner.id, Membership.completed_at.is_(None))
    assert len(session().scalars(half_way).unique().all()) == 2
    assert set(loading.known_passwords()) == set(loading.ACCOUNTS)


def test_it_shows_every_state_that_people_meet(app):
    backpack = app.extensions["laurel_demo_backpack"]
    with app.test_request_context("/", method="POST"):
        loading.load(backpack)
        states = {certificate.state for certificate in session().scalars(select(Certificate))}
        assert {CertificateState.VALID, CertificateState.EXPIRING, CertificateState.EXPIRED} <= states
        memberships = session().scalars(select(Membership)).unique().all()
        assert {member.status for member in memberships} >= {
            Status.IN_PROGRESS, Status.IN_REVIEW, Status.COMPLETED, Status.OVERDUE,
        }  # fmt: skip
        assert {member.round for member in memberships} == {1, 2}
        assert any(learning.awaits_approval(member) for member in memberships)
    records = session().scalars(select(StepRecord)).all()
    assert {record.state for record in records} >= {RecordState.DONE, RecordState.WAITING, RecordState.RETURNED}
    kinds = set(session().scalars(select(Step.kind)))
    assert kinds >= {kind.name for kind in KINDS} | {"group"}
    told = set(session().scalars(select(Notice.kind)))
    assert told >= {
        "achieved",
        "expiring",
        "expired",
        "renewal_open",
        "work_returned",
        "work_accepted",
        "deadline_near",
    }
    assert session().scalar(select(func.count()).select_from(PublishedWork)) == 1
    assert session().scalar(select(func.count()).where(Certificate.granted_by_id.is_not(None))) == 1
