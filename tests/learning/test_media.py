"""Files, videos, links and other paths as steps: what may be uploaded, who is given it, what is remembered."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from sqlalchemy import select

from portal.core import storage
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.learning import services
from portal.learning.goals import watching
from portal.learning.goals.captions import check_captions
from portal.learning.goals.sniffing import sniff
from portal.learning.goals.webm import with_duration
from portal.learning.models import Membership, PathVersion, Step

MP4 = b"\x00\x00\x00\x20ftypisom" + b"\x00" * 5000
PDF = b"%PDF-1.7\n" + b"x" * 3000
VTT = b"WEBVTT\n\n00:01.000 --> 00:04.000\nHello\n"


def office(*names):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return held.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (MP4, "video/mp4"), (PDF, "application/pdf"), (b"\x1a\x45\xdf\xa3 webm", "video/webm"), (b"ID3x", "audio/mpeg"),
        (b"OggS", "audio/ogg"), (b"RIFF\x00\x00\x00\x00WAVE", "audio/wav"), (b"fLaC", "audio/flac"),
        (office("[Content_Types].xml", "word/document.xml"),
         "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), None), (office("a.txt"), None),
        (b"PK\x03\x04broken", None), (b"<html><script>", None), (b"MZ\x90", None), (b"", None), (b"GIF89a", None),
    ],
)  # fmt: skip
def test_a_file_is_known_by_what_stands_in_it(data, kind):
    assert sniff(io.BytesIO(data)) == kind


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", b"WEBVTT\n\n", b"WEBVTT\n\n00:05.000 --> 00:04.000\nx", b"WEBVTT\n\n1 --> 2\nx", b"WEBVTT\n\xff", b"x" * 2_000_000],
)  # fmt: skip
def test_captions_that_no_browser_reads_are_refused(app, data):
    with app.test_request_context(), pytest.raises(Refused):
        check_captions(data)


def element(name, body, size=None):
    return bytes.fromhex(name) + (b"\x01" + (len(body) if size is None else size).to_bytes(7) + body)


UNKNOWN = (1 << 56) - 1
TOLD = element("4489", b"\x40\x8f\x40\x00\x00\x00\x00\x00")


def recorded(info=b"", before=b"", segment=UNKNOWN):
    """Return a WebM as a browser writes it while it records: two clusters, the last picture after 1,250 ms."""
    clusters = b"".join(
        element(
            "1f43b675", element("e7", at.to_bytes(2)) + element("a3", b"\x81" + later.to_bytes(2) + b"\x80xyz"), UNKNOWN
        )
        for at, later in ((0, 40), (1000, 250))
    )
    parts = before + element("1549a966", element("2ad7b1", b"\x0f\x42\x40") + info) + clusters
    return element("1a45dfa3", element("4282", b"webm")) + element("18538067", parts, segment)


def test_a_recording_of_a_browser_is_made_to_say_how_long_it_is():
    source = recorded()
    said = with_duration(io.BytesIO(source)).read()
    assert b"\x44\x89\x88" + struct.pack(">d", 1250.0) in said
    assert said.endswith(source[source.index(bytes.fromhex("1f43b675")) :])
    assert sniff(io.BytesIO(said)) == "video/webm"
    assert with_duration(io.BytesIO(said)).read() == said


@pytest.mark.parametrize(
    "source",
    [
        recorded(info=TOLD), recorded(before=element("114d9b74", b"")), recorded(segment=200), recorded()[:40],
        recorded()[:-5], b"", b"\x1a\x45\xdf\xa3", b"\x00" * 50, b"\x1a\x45\xdf\xa3\xff" + b"\xff" * 40,
        b"%PDF-1.4",
    ],
)  # fmt: skip
def test_what_says_its_length_or_cannot_be_read_stays_as_it_is(source):
    file = io.BytesIO(source)
    assert with_duration(file) is file
    assert file.read() == source


def test_stretches_are_put_together():
    together = watching.put_together([(5, 7), (0, 4.8), (6, 20)], 10)
    assert together == [[0.0, 10.0]]
    assert watching.percent_of([[0, 4]], 10) == 45
    assert watching.read_stretches("0-1,nan-3") is None
    assert watching.read_stretches("3-1") is None


@pytest.fixture
def writer(make_path, person, sign_in):
    instructor = person("instructor")
    path = make_path(instructor, steps=(), publish=False)
    return path, sign_in(instructor)


def put(writer, data, name="drill.mp4", **more):
    path, client = writer
    address = f"/authoring/learning-paths/{path.public_id}/steps/new/file"
    sent = {
        "title": "Видео", "source": "upload", "done_when": "watched", "percent": "80", "captions_language": "en",
        "limit_kind": "none", "limit_unit": "days", "mandatory": "y", **more,
    }  # fmt: skip
    return client.submit(address, {**sent, "file": (io.BytesIO(data), name)}, content_type="multipart/form-data")


def published(writer):
    path, _client = writer
    services.publish(path)
    commit()
    session().expire_all()
    return session().scalars(select(Step).join(PathVersion).where(PathVersion.path_id == path.id)).one()


def test_a_large_video_is_taken_whole_and_given_in_pieces(writer, person, sign_in):
    data = MP4 + b"v" * (14 * 1024 * 1024)
    assert put(writer, data, captions=(io.BytesIO(VTT), "en.vtt")).status_code == 303
    path, client = writer
    step = published(writer)
    learner = person()
    services.join(path, learner)
    commit()
    reader = sign_in(learner)
    at = f"/learning-paths/{path.public_id}/steps/{step.key}"
    assert "captions" in reader.get(at).get_data(as_text=True)
    whole = reader.get(f"{at}/file")
    assert (whole.status_code, len(whole.data), whole.mimetype) == (200, len(data), "video/mp4")
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in whole.headers["Content-Security-Policy"]
    part = reader.get(f"{at}/file", headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.data) == (206, data[10:20])
    opened = reader.get(f"{at}/file", headers={"Range": "bytes=0-"})
    assert (opened.status_code, len(opened.data)) == (206, 4 * 1024 * 1024)
    assert reader.get(f"{at}/file", headers={"Range": f"bytes={len(data)}-"}).status_code == 416
    assert reader.get(f"{at}/captions/0").data == VTT
    assert reader.get(f"{at}/captions/1").status_code == 404
    for other in (sign_in(person()), sign_in(person("instructor"))):
        assert other.get(f"{at}/file").status_code == 404
        assert other.get(f"/authoring{at}/file").status_code in {403, 404}
    assert client.get(f"/authoring{at}/file").status_code == 200


def test_what_was_played_is_put_together_and_does_the_step(writer, person, sign_in):
    put(writer, MP4)
    path, _client = writer
    step = published(writer)
    learner = person()
    services.join(path, learner)
    commit()
    reader = sign_in(learner)
    at = f"/learning-paths/{path.public_id}/steps/{step.key}"
    token = reader.token(at)

    def play(stretches, position, **more):
        sent = {
            "csrf_token": token,
            "said": step.content_hash,
            "stretches": stretches,
            "position": position,
            "duration": "100",
        }
        return reader.post(f"{at}/watched", data={**sent, **more})

    assert play("0-30", "30").json == {"done": False, "percent": 30}
    assert 'data-position="30.0"' in reader.get(at).get_data(as_text=True)
    assert play("20-50", "50").json["percent"] == 50
    for nonsense in ("x", "0-inf", "-1-5", "0-1," * 4000):
        assert play(nonsense, "50").status_code == 409
    assert play("60-70", "0", duration="0").status_code == 409
    assert play("50-80", "80", said="old").status_code == 409
    assert play("50-81", "81").json["done"] is True
    assert session().scalars(select(Membership)).one().completed_at is not None
    assert sign_in(person()).post(f"{at}/watched", data={"stretches": "0-1"}).status_code in {400, 404}


@pytest.mark.parametrize(("data", "name"), [(b"<svg onload=alert(1)>", "x.pdf"), (b"MZ", "x.mp4"), (b"", "empty.pdf")])
def test_what_learners_may_not_be_given_is_refused_with_everything_kept(writer, data, name):
    answer = put(writer, data, name)
    assert answer.status_code == 422
    assert 'value="Видео"' in answer.get_data(as_text=True)


def test_a_forged_note_of_what_is_stored_is_ignored(writer):
    path, client = writer
    key = storage.put(b"secret", "application/pdf")
    put(writer, b"", "x.pdf", kept=f'{{"file": {{"key": "{key}"}}}}.forged', title="Forged")
    assert path.edited.steps == []
    assert client.get(f"/authoring/learning-paths/{path.public_id}/steps").status_code == 200


def test_others_forms_do_not_take_large_files(writer, sign_in, person):
    path, client = writer
    address = f"/authoring/learning-paths/{path.public_id}/steps/new/page"
    large = {"picture": (io.BytesIO(b"x" * 13_000_000), "x.png"), "title": "x"}
    assert client.post(address, data=large, content_type="multipart/form-data").status_code == 413
    other = sign_in(person("instructor"))
    large = {"file": (io.BytesIO(b"x" * 13_000_000), "x.mp4"), "title": "x"}
    address = f"/authoring/learning-paths/{path.public_id}/steps/new/file"
    assert other.post(address, data=large, content_type="multipart/form-data").status_code in {404, 413}


@pytest.mark.parametrize(
    ("link", "right"),
    [("https://пример.example/ä", True), ("http://plain.example", False), ("javascript:alert(1)", False), ("https://", False), ("https://u@x.example", False)],
)  # fmt: skip
def test_a_link_leads_to_https_alone(writer, link, right):
    path, client = writer
    address = f"/authoring/learning-paths/{path.public_id}/steps/new/link"
    sent = {"title": "L", "link": link, "limit_kind": "none", "limit_unit": "days"}
    assert client.submit(address, sent).status_code == (303 if right else 422)


def test_opening_a_link_begins_the_step(make_path, person, sign_in):
    path = make_path(steps=(), publish=False)
    step = services.add_step(path, "link", title="Book", content={"text": "", "link": "https://book.example/a?b=1&c=2"})
    services.publish(path)
    learner = person()
    services.join(path, learner)
    commit()
    at = f"/learning-paths/{path.public_id}/steps/{step.key}"
    reader = sign_in(learner)
    answer = reader.submit(f"{at}/open", on=at)
    assert answer.headers["Refresh"] == "0; url=https://book.example/a?b=1&c=2"
    assert session().scalars(select(Membership)).one().records[0].state == "started"
    assert sign_in(person()).post(f"{at}/open").status_code in {400, 404}


def test_paths_that_wait_for_each_other_cannot_be_published(make_path):
    one, two = make_path(title="One"), make_path(title="Two")
    services.add_step(one, "path", title="Two first", content={"path": two.public_id})
    services.publish(one)
    services.add_step(two, "path", title="One first", content={"path": one.public_id})
    with pytest.raises(Refused, match="waits for this one"):
        services.publish(two)
    session().rollback()
    three = make_path(title="Three")
    services.add_step(three, "path", title="Itself", content={"path": three.public_id})
    with pytest.raises(Refused, match="waits for this one"):
        services.publish(three)


def test_another_path_counts_before_and_after_and_when_asked_for_later(make_path, person, run_jobs, sign_in):
    inner, outer = make_path(title="Inner", steps=("page",)), make_path(title="Outer", steps=(), publish=False)
    services.add_step(outer, "path", title="Inner first", content={"path": inner.public_id})
    services.publish(outer)
    early, late = person(), person()
    done = services.join(inner, early)
    services.hand_in(done, done.version.steps[0].key)
    before = services.join(outer, early)
    after = services.join(outer, late)
    commit()
    assert before.completed_at is not None
    page = sign_in(late).get(f"/learning-paths/{outer.public_id}/steps/{outer.published.steps[0].key}")
    assert "See it and join" in page.get_data(as_text=True)
    inside = services.join(inner, late)
    services.hand_in(inside, inside.version.steps[0].key)
    commit()
    run_jobs()
    assert session().get_one(Membership, after.id).completed_at is not None


def test_a_closed_path_is_named_to_learner_and_author(make_path, person, sign_in):
    inner, outer = make_path(title="Inner"), make_path(title="Outer", steps=(), publish=False)
    step = services.add_step(outer, "path", title="Inner first", content={"path": inner.public_id})
    services.publish(outer)
    learner = person()
    services.join(outer, learner)
    services.deactivate(inner)
    commit()
    shown = sign_in(learner).get(f"/learning-paths/{outer.public_id}/steps/{step.key}").get_data(as_text=True)
    assert "closed at present" in shown
    assert any("not open any more" in problem.text for problem in services.problems_of(outer))


def test_paths_are_searched_without_a_script_and_nothing_typed_is_lost(writer, make_path):
    path, client = writer
    make_path(title="Знание данных")
    address = f"/authoring/learning-paths/{path.public_id}/steps/new/path"
    sent = {"title": "Kept", "searched": "знание", "action": "search"}
    text = client.submit(address, sent).get_data(as_text=True)
    assert "Знание данных" in text
    assert 'value="Kept"' in text
    text = client.submit(address, {**sent, "searched": "nothing like it"}).get_data(as_text=True)
    assert "No published learning path fits" in text
