"""Certifications frozen, certificates granted once, and how long they hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from portal.badges import services as badges
from portal.badges.models import BadgeClass
from portal.certificates import services
from portal.certificates.models import Certificate, ValidityUnit
from portal.certificates.validity import end_of
from portal.core.clock import now
from portal.core.db import commit, session
from portal.core.errors import Refused


@pytest.mark.parametrize(
    ("start", "count", "unit", "end"),
    [
        ((2026, 1, 31), 1, "months", (2026, 2, 28)),
        ((2028, 1, 31), 1, "months", (2028, 2, 29)),
        ((2028, 2, 29), 1, "years", (2029, 2, 28)),
        ((2028, 2, 29), 4, "years", (2032, 2, 29)),
        ((2026, 10, 31), 4, "months", (2027, 2, 28)),
        ((2026, 12, 31), 12, "months", (2027, 12, 31)),
        ((2026, 11, 24), 14, "days", (2026, 12, 8)),
        ((2026, 11, 24), 6, "weeks", (2027, 1, 5)),
        ((2026, 12, 1), 1, "months", (2027, 1, 1)),
    ],
)
def test_a_period_ends_where_the_calendar_says(start, count, unit, end):
    began = datetime(*start, 13, 30, tzinfo=UTC)
    assert end_of(began, count, ValidityUnit(unit)) == datetime(*end, 13, 30, tzinfo=UTC)


def test_a_certificate_is_granted_once_for_a_completion(certification, person):
    learner, settings = person(name="Aino-Sofia Mäkelä"), certification()
    first, second = (
        services.grant(settings, holder=learner, title="T", path_public_id="p", path_version=1, source="membership:x")
        for _turn in range(2)
    )
    assert first is second
    assert session().scalar(select(func.count()).select_from(Certificate)) == 1
    assert first.holder_name == "Aino-Sofia Mäkelä"
    assert first.issuer_name == "Academy of Fjords"
    assert first.badge_class is not None


def test_a_certificate_keeps_what_was_true_when_it_was_granted(give, person):
    learner = person(name="Before")
    certificate = give(learner, settings={"validity_kind": "period", "validity_count": 2, "validity_unit": "years"})
    learner.name = "After"
    commit()
    assert certificate.holder_name == "Before"
    assert certificate.valid_until == end_of(certificate.issued_at, 2, ValidityUnit.YEARS)


def test_a_permanent_certificate_never_expires(give, clock):
    certificate = give()
    clock(now() + timedelta(days=40_000))
    assert services.state_of(certificate) == "valid"


def test_a_certificate_expires_when_its_period_is_over(give, clock):
    certificate = give(settings={"validity_kind": "period", "validity_count": 1, "validity_unit": "days"})
    assert services.state_of(certificate) == "valid"
    clock(now() + timedelta(days=1, seconds=2))
    assert services.state_of(certificate) == "expired"


def test_nothing_is_granted_where_certification_is_off(certification, person):
    with pytest.raises(Refused):
        services.grant(
            certification(enabled=False), holder=person(), title="T", path_public_id="p", path_version=1, source="m:1"
        )


def test_a_copy_says_the_same_and_is_not_frozen(certification):
    first = certification(validity_kind="period", validity_count=3, validity_unit="weeks")
    copied = services.copy_certification(first)
    assert (copied.badge_name, copied.badge_tags, copied.validity_count) == ("Data literacy", ["data", "figures"], 3)
    assert copied.frozen_at is None
    assert copied.badge_class_id is None
    copied.badge_tags.append("other")
    assert first.badge_tags == ["data", "figures"]


def test_freezing_again_with_the_same_words_keeps_the_badge_and_other_words_make_another(certification):
    first, same, other = certification(), certification(), certification(badge_description="Reads figures aloud.")
    assert first.badge_class_id == same.badge_class_id != other.badge_class_id
    assert session().scalar(select(func.count()).select_from(BadgeClass)) == 2


def test_empty_criteria_are_written_from_the_steps(certification):
    assert certification(badge_criteria="  ").badge_class.criteria == "All steps."


def test_what_is_missing_is_named(app, cover):
    settings = services.new_certification()
    assert services.problems_of(settings, None) == []
    settings.enabled = settings.open_badges = True
    settings.validity_kind, settings.validity_count = "period", 0
    problems = " ".join(services.problems_of(settings, None))
    for word in ("Validity", "Badge name", "Badge description", "Cover image", "issuer"):
        assert word in problems
    assert "PNG" in " ".join(services.problems_of(settings, "abc.jpg"))
    badges.save_issuer(name="A", url="https://a.example", email="a@a.example")
    settings.validity_kind, settings.badge_name, settings.badge_description = "permanent", "B", "D"
    assert services.problems_of(settings, cover) == []


def test_a_number_is_found_however_it_is_typed(give):
    certificate = give()
    assert services.by_number(f"  {certificate.number.lower().replace('-', ' ')} ") is certificate
    for nonsense in ("", "x", "ÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄ", certificate.number + "2", "'; DROP TABLE certificate"):
        assert services.by_number(nonsense) is None


def test_revoking_needs_a_reason_and_holds(give, person):
    certificate, boss = give(), person("administrator")
    for reason in ("", "   ", "x" * 501):
        with pytest.raises(Refused) as refused:
            services.revoke(certificate, reason=reason, by=boss)
        assert refused.value.field == "reason"
    services.revoke(certificate, reason="Issued by mistake.", by=boss)
    services.revoke(certificate, reason="Another reason.", by=boss)
    commit()
    assert services.state_of(certificate) == "revoked"
    assert certificate.revocation_reason == "Issued by mistake."
