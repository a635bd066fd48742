"""Completing a path: records, the certificate, versions under way."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.accounts.models import Person
from portal.certificates.models import Certificate
from portal.core.clock import now
from portal.core.db import commit, db, session
from portal.core.errors import Refused
from portal.learning import services
from portal.learning.models import LearningPath, Membership, PathVersion, StepRecord
from tests.learning.conftest import do_all, png_key


def test_the_last_mandatory_step_grants_the_certificate(make_path: Any, person: Any) -> None:
    path = make_path(certification=True, cover_key=png_key(), validity_kind="period", validity_count=2)
    learner = person(name="Anna Virtanen")
    membership = services.join(path, learner)
    first, second = path.published.steps
    services.hand_in(membership, first.key)
    assert membership.completed_at is None
    assert session().scalar(select(func.count(Certificate.id))) == 0
    services.hand_in(membership, second.key)
    commit()
    certificate = membership.certificate
    assert certificate is not None
    assert (certificate.holder_name, certificate.path_title, certificate.path_version) == (
        "Anna Virtanen",
        "Data literacy",
        1,
    )
    assert certificate.valid_until is not None
    assert certificate.valid_until > now()
    assert certificate.cover_key == path.published.cover_key


def test_a_path_without_certification_is_completed_without_a_certificate(make_path: Any, person: Any) -> None:
    membership = services.join(make_path(), person())
    do_all(membership)
    assert membership.completed_at is not None
    assert membership.certificate is None


def test_doing_a_step_twice_counts_once(make_path: Any, person: Any) -> None:
    path = make_path(certification=True)
    membership = services.join(path, person())
    for _again in range(2):
        do_all(membership)
    assert session().scalar(select(func.count(StepRecord.id))) == 2
    assert session().scalar(select(func.count(Certificate.id))) == 1


def test_an_optional_step_is_not_needed(make_path: Any, person: Any) -> None:
    path = make_path(publish=False)
    services.set_mandatory(path, path.draft.steps[1].key, mandatory=False)
    services.publish(path)
    membership = services.join(path, person())
    services.hand_in(membership, path.published.steps[0].key)
    assert membership.completed_at is not None


def test_two_tabs_that_finish_at_once_get_one_certificate(app: Any, make_path: Any, person: Any) -> None:
    path = make_path(certification=True, steps=("page", "page", "page"))
    membership = services.join(path, person())
    commit()
    keys, number = [step.key for step in path.published.steps], membership.id
    services.hand_in(membership, keys[0])
    commit()
    db.session.remove()
    ready = threading.Barrier(4)
    failures: list[BaseException] = []

    def finish(key: str) -> None:
        with app.app_context():
            try:
                ready.wait(5)
                found = session().get(Membership, number)
                services.hand_in(found, key)
                commit()
            except BaseException as error:  # noqa: BLE001
                failures.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=finish, args=(key,)) for key in (keys[1], keys[2], keys[1], keys[2])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not failures
    assert session().scalar(select(func.count(Certificate.id))) == 1
    assert session().scalar(select(func.count(StepRecord.id))) == 3
    assert session().get(Membership, number).completed_at is not None


def test_an_inactive_path_lets_nobody_go_further(make_path: Any, person: Any) -> None:
    path = make_path()
    membership = services.join(path, person())
    services.deactivate(path)
    with pytest.raises(Refused, match="not active"):
        services.hand_in(membership, path.published.steps[0].key)
    services.activate(path)
    services.hand_in(membership, path.published.steps[0].key)


def test_a_step_that_changed_meanwhile_is_not_taken_as_read(make_path: Any, person: Any) -> None:
    path = make_path()
    membership = services.join(path, person())
    with pytest.raises(Refused, match="has changed"):
        services.hand_in(membership, path.published.steps[0].key, said="0" * 64)


def test_a_confirmation_is_asked_for_sent_back_and_given(make_path: Any, person: Any) -> None:
    instructor, learner = person("instructor"), person()
    path = make_path(instructor, steps=("confirmation",))
    membership = services.join(path, learner)
    key = path.published.steps[0].key
    services.hand_in(membership, key, {"note": "I have shown it to Ben."})
    assert [record.note for record in session().scalars(services.waiting_for(instructor))] == [
        "I have shown it to Ben."
    ]
    with pytest.raises(Refused, match="what is still missing"):
        services.send_back(membership, key, instructor, "  ")
    services.send_back(membership, key, instructor, "Show it to Clara too.")
    assert services.progress_of(membership).state_of(key) == "returned"
    assert list(session().scalars(services.waiting_for(instructor))) == []
    services.hand_in(membership, key, {"note": "Done."})
    record = services.confirm(membership, key, instructor, "Well done.")
    assert (record.comment, record.decided_by) == ("Well done.", instructor)
    assert membership.completed_at is not None
    with pytest.raises(Refused, match="does not wait"):
        services.send_back(membership, key, instructor, "Too late.")


def test_nobody_confirms_what_they_did_themselves(make_path: Any, person: Any) -> None:
    instructor = person("instructor")
    path = make_path(instructor, steps=("confirmation",))
    membership = services.join(path, instructor)
    key = path.published.steps[0].key
    services.hand_in(membership, key)
    with pytest.raises(Refused, match="Somebody else"):
        services.confirm(membership, key, instructor)


def test_a_new_version_takes_along_those_who_are_not_done(make_path: Any, person: Any, run_jobs: Any) -> None:
    path = make_path(certification=True, steps=("page", "page"))
    done, half = services.join(path, person()), services.join(path, person())
    do_all(done)
    first, second = (step.key for step in path.published.steps)
    services.hand_in(half, first)
    services.save_step(path, second, title="Step 2, anew", content={"text": "New."}, mandatory=True, minutes=None)
    services.add_step(path, "page", title="Step 3", content={"text": "Three."})
    services.publish(path)
    commit()
    session().refresh(half)
    session().refresh(done)
    assert (done.version.number, half.version.number) == (1, 2)
    assert services.progress_of(half).done == 1
    assert services.progress_of(half).total == 3
    assert services.progress_of(done).completed


def test_a_changed_step_has_to_be_done_again(make_path: Any, person: Any) -> None:
    path = make_path(steps=("page", "page"))
    membership = services.join(path, person())
    first = path.published.steps[0].key
    services.hand_in(membership, first)
    services.save_step(path, first, title="Step 1", content={"text": "Quite another."}, mandatory=True, minutes=None)
    services.publish(path)
    session().refresh(membership)
    assert services.progress_of(membership).done == 0
    services.hand_in(membership, first)
    assert services.progress_of(membership).done == 1
    assert session().scalar(select(func.count(StepRecord.id))) == 1


def test_members_whom_a_new_version_leaves_with_nothing_to_do_are_completed_by_the_worker(
    make_path: Any, person: Any, run_jobs: Any
) -> None:
    path = make_path(certification=True, steps=("page", "page"))
    membership = services.join(path, person())
    first, second = (step.key for step in path.published.steps)
    services.hand_in(membership, first)
    services.remove_step(path, second)
    services.publish(path)
    number = membership.id
    run_jobs()
    found = session().get(Membership, number)
    assert found.completed_at is not None
    assert found.certificate.path_version == 2
    assert not found.to_settle


def test_editing_a_published_path_makes_one_draft_with_the_same_steps(make_path: Any) -> None:
    path = make_path()
    keys = [step.key for step in path.published.steps]
    services.move_step(path, keys[0], 2)
    services.set_mandatory(path, keys[0], mandatory=False)
    assert path.has_unpublished_changes
    assert [step.key for step in path.draft.steps] == keys[::-1]
    assert [step.key for step in path.published.steps] == keys
    assert session().scalar(select(func.count(PathVersion.id))) == 2
    services.discard_draft(path)
    assert not path.has_unpublished_changes
    assert session().scalar(select(func.count(PathVersion.id))) == 1


def test_saying_nothing_new_makes_no_draft(make_path: Any) -> None:
    path = make_path()
    services.save_info(path, services.info_of(path.published))
    services.move_step(path, path.published.steps[0].key, 1)
    assert path.draft is None


def test_publishing_twice_makes_one_version(make_path: Any) -> None:
    path = make_path()
    services.publish(path)
    services.publish(path)
    assert path.published.number == 1


@pytest.mark.parametrize(
    ("steps", "said"),
    [((), "at least one mandatory step"), (("page",), None)],
)
def test_a_path_without_steps_cannot_be_published(make_path: Any, steps: Any, said: Any) -> None:
    path = make_path(steps=steps, publish=False)
    if said is None:
        services.publish(path)
        return
    with pytest.raises(Refused, match=said):
        services.publish(path)


def test_a_path_whose_badge_lacks_something_cannot_be_published(make_path: Any, issuer: Any) -> None:
    path = make_path(publish=False, certification=True, open_badges=True)
    problems = [problem.text for problem in services.problems_of(path)]
    assert len(problems) == 3
    services.save_info(
        path,
        services.Info(
            title="Data literacy", certification=True, open_badges=True, cover_key=png_key(), badge_name="Data literacy",
            badge_description="Reads charts.", badge_tags=("data",),
        ),
    )  # fmt: skip
    assert services.problems_of(path) == []
    badge = services.publish(path).certification.badge_class
    assert "Step 1" in badge.criteria


def test_a_badge_keeps_its_address_until_it_says_something_else(make_path: Any, issuer: Any) -> None:
    info = {
        "title": "Data literacy", "certification": True, "open_badges": True, "cover_key": png_key(),
        "badge_name": "Data literacy", "badge_description": "Reads charts.", "badge_criteria": "Everything.",
    }  # fmt: skip
    path = make_path(**info)
    first = path.published.certification.badge_class
    services.add_step(path, "page", title="One more", content={"text": "More."})
    services.publish(path)
    assert path.published.certification.badge_class is first
    services.save_info(path, services.Info(**{**info, "badge_criteria": "Everything and more."}))
    services.publish(path)
    assert path.published.certification.badge_class is not first


def test_leaving_keeps_the_certificate_and_what_was_done(make_path: Any, person: Any) -> None:
    path = make_path(certification=True)
    learner = person()
    membership = services.join(path, learner)
    do_all(membership)
    services.leave(membership)
    assert services.active_membership(learner, path) is None
    assert session().scalar(select(func.count(Certificate.id))) == 1
    assert [row.completed_at for row in session().scalars(services.paths_of(learner))] == [membership.completed_at]
    again = services.join(path, learner)
    assert again is membership
    assert services.progress_of(again).completed


def test_only_members_of_their_paths_are_an_instructors_learners(make_path: Any, person: Any) -> None:
    owner, helper, other, admin = (
        person("instructor"),
        person("instructor"),
        person("instructor"),
        person("administrator"),
    )
    learner, stranger = person(), person()
    path = make_path(owner)
    services.add_instructor(path, helper)
    services.join(path, learner)
    for who, expected in ((owner, True), (helper, True), (other, False), (admin, True), (learner, False)):
        assert services.is_instructor_of(who, learner) is expected
    assert list(session().scalars(services.learners_of(owner))) == [learner]
    assert not services.is_instructor_of(owner, stranger)
    services.leave(services.membership_of(learner, path))
    assert not services.is_instructor_of(owner, learner)


def test_joining_from_two_tabs_at_once_makes_one_member(app: Any, make_path: Any, person: Any) -> None:
    path, learner = make_path(), person()
    path_id, person_id = path.id, learner.id
    db.session.remove()
    ready = threading.Barrier(3)
    failures: list[BaseException] = []

    def enter() -> None:
        with app.app_context():
            try:
                ready.wait(5)
                services.join(session().get(LearningPath, path_id), session().get(Person, person_id))
                commit()
            except BaseException as error:  # noqa: BLE001
                failures.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=enter) for _tab in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not failures
    assert session().scalar(select(func.count(Membership.id))) == 1


def test_two_instructors_who_begin_to_edit_at_once_share_one_draft(app: Any, make_path: Any) -> None:
    path = make_path()
    path_id = path.id
    db.session.remove()
    ready = threading.Barrier(3)
    failures: list[BaseException] = []

    def edit(number: int) -> None:
        with app.app_context():
            try:
                ready.wait(5)
                found = session().get(LearningPath, path_id)
                services.add_step(found, "page", title=f"Added {number}", content={"text": "More."})
                commit()
            except BaseException as error:  # noqa: BLE001
                failures.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=edit, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not failures
    assert session().scalar(select(func.count(PathVersion.id))) == 2
    draft = session().get(LearningPath, path_id).draft
    assert [step.position for step in draft.steps] == [1, 2, 3, 4, 5]
