"""The demo academy is what it says, and nothing in it breaks a rule that people have to keep."""

from __future__ import annotations

from sqlalchemy import func, select

from portal.accounts.services import person_by_address
from portal.badges.models import Award
from portal.certificates.models import Certificate
from portal.core.db import session
from portal.delivery.reading import services as reading
from portal.demo import loading
from portal.learning.models import LearningPath, Membership, PathState


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
    assert len(session().scalars(half_way).unique().all()) == 1
    assert set(loading.known_passwords()) == set(loading.ACCOUNTS)
