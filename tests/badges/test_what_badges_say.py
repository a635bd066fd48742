"""What a badge and an award say: frameworks, type, versions; the holder's words, evidence and grade, in every form that has them."""

from __future__ import annotations

import base64
import json

import pytest

from portal.badges import services
from portal.badges.achievement_types import TYPES
from portal.core.clock import now
from portal.core.db import commit
from portal.core.errors import Refused
from portal.openbadges.model import Alignment, Evidence, Result
from portal.openbadges.verifying import verify
from portal.web.badge_fetcher import BadgeFetcher
from tests.badges.serving import ORIGIN

BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
HOLDER = "ada@example.org"
ESCO = Alignment(name="give first aid", url="http://data.europa.eu/esco/skill/1", framework="ESCO", code="S3.2")
STORY = services.Story(
    narrative="I helped *somebody*.",
    evidence=(
        Evidence(url=f"{ORIGIN}/published-work/abc", name="My plan", genre="Reviewed work"),
        Evidence(url=f"{ORIGIN}/published-work/def", name="My diary", narrative="Ten days of it."),
    ),
    result=services.percent(87.5),
)


@pytest.fixture
def told(give, person):
    return give(to=person(address=HOLDER), story=STORY)


def token_of(body: bytes) -> dict:
    return json.loads(base64.urlsafe_b64decode(body.split(b".")[1] + b"=="))


def page_of(client, path: str) -> str:
    return client.get(path, headers={"Accept": BROWSER}).text


def test_the_story_of_an_award_stands_in_every_form_that_has_room_for_it(told):
    first = told.evidence_url
    hosted = json.loads(told.document_v2)
    assert hosted["narrative"] == "I helped *somebody*."
    assert [item["id"] for item in hosted["evidence"]] == [first, *(item.url for item in STORY.evidence)]
    assert hosted["evidence"][1]["genre"] == "Reviewed work"
    assert hosted["evidence"][2]["narrative"] == "Ten days of it."
    assert token_of(told.document_signed)["evidence"] == hosted["evidence"]
    assert json.loads(told.document_v1)["evidence"] == first
    for credential in (json.loads(told.document_v3), token_of(told.document_v3_jwt)):
        subject = credential["credentialSubject"]
        assert subject["narrative"] == "I helped *somebody*."
        assert subject["result"][0]["value"] == "87.5"
        described = subject["achievement"]["resultDescription"][0]
        assert described["id"] == subject["result"][0]["resultDescription"]
        assert (described["resultType"], described["valueMin"], described["valueMax"]) == ("Percent", "0", "100")
        assert {item.url for item in STORY.evidence} < {item["id"] for item in credential["evidence"]}


def test_every_form_of_it_verifies(told, client):
    commit()
    for body in (told.document_v3, told.document_v3_jwt, told.document_signed, told.document_v2, told.document_v1):
        report = verify(body, BadgeFetcher(), now=now(), addresses=[HOLDER])
        assert report.valid, [check.english for check in report.checks]


def test_all_grades_of_a_badge_refer_to_one_description(give, person):
    one = give(to=person(), story=services.Story(result=services.percent(50)))
    other = give(to=person(), story=services.Story(result=services.percent(70)))
    results = [json.loads(row.document_v3)["credentialSubject"]["result"][0] for row in (one, other)]
    assert results[0]["resultDescription"] == results[1]["resultDescription"]
    assert [item["value"] for item in results] == ["50", "70"]


def test_a_letter_grade_is_described_as_one(give, person):
    row = give(to=person(), story=services.Story(result=Result(value="B", name="Grade", minimum="F", maximum="A")))
    said = json.loads(row.document_v3)["credentialSubject"]
    assert said["achievement"]["resultDescription"][0]["resultType"] == "LetterGrade"


def test_the_public_page_shows_the_story_and_nothing_of_it_once_the_badge_is_gone(told, client):
    path = f"/badges/assertions/{told.public_id}"
    words = ("<em>somebody</em>", "My plan", "87.5 of 100")
    assert all(word in page_of(client, path) for word in words)
    services.revoke(told, reason="Given by mistake.")
    commit()
    assert not any(word in page_of(client, path) for word in words)


def test_a_badge_given_anew_to_another_address_tells_the_same_story(told, person):
    from portal.accounts.models import EmailAddress
    from portal.core.db import session

    address = EmailAddress(
        person_id=told.person_id, address="b@example.org", verified_address="b@example.org", verified_at=now()
    )
    session().add(address)
    commit()
    new = services.replace(told, address)
    commit()
    assert json.loads(new.document_v2)["evidence"] == json.loads(told.document_v2)["evidence"]
    assert json.loads(new.document_v3)["credentialSubject"]["result"][0]["value"] == "87.5"


@pytest.mark.parametrize(
    ("story", "field"),
    [
        (services.Story(narrative="a\x00b"), "narrative"),
        (services.Story(narrative="x" * 2_001), "narrative"),
        (services.Story(evidence=(Evidence(url="work/1", name="x"),)), "evidence"),
        (services.Story(evidence=(Evidence(url="javascript:alert(1)", name="x"),)), "evidence"),
        (services.Story(evidence=(Evidence(url="https://a.example/", name="x\x0b"),)), "evidence"),
    ],
)
def test_a_story_that_no_badge_may_tell_is_refused(give, person, story, field):
    with pytest.raises(Refused) as refusal:
        give(to=person(), story=story)
    assert refusal.value.field == field


def test_the_class_says_what_it_corresponds_to_in_every_form_and_on_its_page(definition, issuer, client):
    row = services.freeze(definition(alignments=(ESCO,), achievement_type="Competency", language="nb"))
    commit()
    path = f"/badges/classes/{row.public_id}"
    hosted = client.get(path).get_json(force=True)
    assert hosted["alignment"] == [
        {
            "type": "AlignmentObject",
            "targetName": "give first aid",
            "targetUrl": ESCO.url,
            "targetFramework": "ESCO",
            "targetCode": "S3.2",
        }
    ]
    older = client.get(f"{path}/v1.json").get_json(force=True)
    assert older["alignment"] == [{"name": "give first aid", "url": ESCO.url}]
    newer = client.get(f"/badges/achievements/{row.public_id}").get_json(force=True)
    assert (newer["achievementType"], newer["inLanguage"], newer["version"]) == ("Competency", "nb", "1")
    assert newer["alignment"][0]["targetCode"] == "S3.2"
    for address in (path, f"/badges/criteria/{row.public_id}"):
        page = page_of(client, address)
        for words in ("give first aid", "ESCO · S3.2", "Competency", "Norwegian"):
            assert words in page, words


def test_a_new_version_names_the_earlier_ones_and_the_page_says_what_changed(definition, issuer, client):
    first = services.freeze(definition(series="path:1", language="nb"))
    second = services.freeze(definition(series="path:1", alignments=(ESCO,), name="Second aid"))
    commit()
    related = client.get(f"/badges/classes/{second.public_id}").get_json(force=True)["related"]
    assert {"id": f"{ORIGIN}/badges/classes/{first.public_id}", "version": "1", "@language": "nb"} in related
    newer = client.get(f"/badges/achievements/{second.public_id}").get_json(force=True)["related"]
    assert {item["id"] for item in newer} == {
        f"{ORIGIN}/badges/achievements/{first.public_id}",
        f"{ORIGIN}/badges/classes/{second.public_id}",
    }
    page = page_of(client, f"/badges/classes/{second.public_id}")
    assert "Changed: Name, Frameworks, Language" in page
    assert f"/badges/classes/{first.public_id}" in page
    assert "This is an earlier version" in page_of(client, f"/badges/classes/{first.public_id}")


@pytest.mark.parametrize(
    ("alignment", "field"),
    [
        (Alignment(name="", url="https://a.example/"), "alignments-0-name"),
        (Alignment(name="x", url=""), "alignments-0-url"),
        (Alignment(name="x", url="skills/1"), "alignments-0-url"),
        (Alignment(name="x", url="javascript:alert(1)"), "alignments-0-url"),
        (Alignment(name="x", url="urn:uuid:1"), "alignments-0-url"),
        (Alignment(name="x", url="https://user@a.example/"), "alignments-0-url"),
        (Alignment(name="x", url="https://a.example/a b"), "alignments-0-url"),
        (Alignment(name="x", url='https://a.example/"><script>'), "alignments-0-url"),
        (Alignment(name="x\x0b", url="https://a.example/"), "alignments-0-name"),
        (Alignment(name="x", url="https://a.example/", code="\x00"), "alignments-0-code"),
    ],
)
def test_frameworks_that_no_badge_may_name_are_refused_beside_their_field(alignment, field):
    with pytest.raises(Refused) as refusal:
        services.check_alignments((alignment,))
    assert refusal.value.field == field


def test_a_framework_is_named_once_and_types_are_the_standards_or_marked_as_ones_own():
    with pytest.raises(Refused) as refusal:
        services.check_alignments((ESCO, ESCO))
    assert refusal.value.field == "alignments-1-url"
    for name in ("", "ext:Quest", *TYPES):
        services.check_type(name)
    for name in ("Quest", "ext:", "ext:a b", "badge"):
        with pytest.raises(Refused):
            services.check_type(name)


def test_every_type_of_the_standard_can_be_signed(definition, issuer):
    for name in TYPES:
        services.freeze(definition(achievement_type=name))
    assert len(TYPES) == 31
