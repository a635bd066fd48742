"""Files, links, events, other paths and outside content, walked by an instructor and a learner in a browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import requests
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from pathlib import Path


def button(page: Page, name: str):
    return page.get_by_role("button", name=re.compile(f"^{name}")).first


def add(page: Page, steps: str, kind: str, title: str, **fields: str) -> None:
    page.goto(f"{steps}/new/{kind}")
    page.get_by_label(re.compile("^Title")).fill(title)
    for label, text in fields.items():
        page.get_by_label(re.compile("^" + label.replace("_", " "))).first.fill(text)


def begin(page: Page, title: str) -> str:
    """Begin a path; return the address of its steps."""
    page.goto("/authoring/learning-paths/new")
    page.get_by_label(re.compile("^Title")).fill(title)
    button(page, "Save draft").click()
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
    return re.sub(r"/info.*$", "", page.url).rstrip("/") + "/steps"


def publish(page: Page) -> None:
    button(page, "Save step").click()
    button(page, "Publish").click()
    expect(page.get_by_text("Published", exact=True).first).to_be_visible()


def join(page: Page, steps: str, step: str) -> None:
    """Join a path as a learner, and open one of its steps."""
    page.goto(steps.replace("/authoring", "").removesuffix("/steps"))
    button(page, "Join").click()
    page.get_by_role("link", name=step).first.click()
    expect(page.get_by_role("heading", name=step, level=1)).to_be_visible()


@pytest.fixture
def written(demo_portal, visit, tmp_path: Path):
    """A path with a file, a link and an event, written by an instructor through the pages."""
    page = visit(demo_portal, "instructor")
    steps = begin(page, "Outside the portal")
    pdf = tmp_path / "plan.pdf"
    pdf.write_bytes(b"%PDF-1.4\n" + b"x" * 2000)
    add(page, steps, "file", "The plan")
    page.get_by_label("File", exact=True).set_input_files(pdf)
    button(page, "Save step").click()
    add(page, steps, "link", "The book", Web_address="https://book.example/chapter", What_to_do="Read it.")
    button(page, "Save step").click()
    add(page, steps, "event", "The drill", What_it_is_about="Come along.")
    publish(page)
    page.goto(steps)
    page.get_by_role("link", name="Dates of “The drill”").click()
    page.get_by_role("link", name="Add a date").click()
    page.get_by_label(re.compile("^Begins")).fill("2031-05-03T10:00")
    page.get_by_label(re.compile("^Ends")).fill("2031-05-03T12:00")
    page.get_by_label(re.compile("^Place ")).fill("Yard")
    button(page, "Save date").click()
    expect(page.get_by_text("Yard")).to_be_visible()
    return demo_portal, steps


def test_files_links_and_events_are_walked_by_a_learner(written, visit):
    portal, steps = written
    page = visit(portal, "learner", screen="narrow")
    join(page, steps, "The plan")
    with page.expect_download() as found:
        page.get_by_role("link", name="Download").click()
    assert found.value.suggested_filename == "plan.pdf"
    button(page, "Mark as done").click()
    expect(page.get_by_role("heading", name="The book", level=1)).to_be_visible()
    with page.expect_popup() as popup:
        button(page, "Open").click()
    popup.value.close()
    page.reload()
    expect(page.get_by_text("Begun").first).to_be_visible()
    button(page, "Mark as done").click()
    expect(page.get_by_role("heading", name="The drill", level=1)).to_be_visible()
    button(page, "Sign up").click()
    expect(page.get_by_text("You have a place", exact=True)).to_be_visible()
    with page.expect_download() as found:
        page.get_by_role("link", name="Put into my calendar").click()
    assert found.value.suggested_filename == "event.ics"


RECORD = """async ([seconds]) => {
  const canvas = document.createElement("canvas");
  const draw = canvas.getContext("2d");
  let shade = 0;
  const timer = setInterval(() => { draw.fillStyle = `hsl(${shade += 9} 80% 50%)`; draw.fillRect(0, 0, 300, 150); }, 40);
  const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: "video/webm;codecs=vp8" });
  const parts = [];
  recorder.ondataavailable = (event) => parts.push(event.data);
  recorder.start(500);
  await new Promise((over) => setTimeout(over, seconds * 1000));
  await new Promise((over) => { recorder.onstop = over; recorder.stop(); });
  clearInterval(timer);
  return [...new Uint8Array(await new Blob(parts).arrayBuffer())];
}"""
PLAY = """async ([begin, end]) => {
  const video = document.querySelector("video");
  if (video.readyState < 1) await new Promise((known) => { video.onloadedmetadata = known; });
  if (begin !== null) {
    video.currentTime = begin;
    await new Promise((there) => { video.onseeked = there; });
  }
  video.muted = true;
  await video.play();
  await new Promise((there) => { const look = () => video.ended || video.currentTime >= end ? there() : setTimeout(look, 20); look(); });
  video.pause();
}"""
HALF = re.compile(r"^([45]\d|6[0-5]) % played")


def test_a_video_remembers_how_much_of_it_was_played_and_is_done_by_that_alone(demo_portal, visit):
    page = visit(demo_portal, "instructor")
    steps = begin(page, "To be watched")
    recorded = bytes(page.evaluate(RECORD, [4]))
    add(page, steps, "file", "The film")
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "film.webm", "mimeType": "video/webm", "buffer": recorded}
    )
    publish(page)
    page = visit(demo_portal, "learner", screen="narrow")
    join(page, steps, "The film")
    page.evaluate(PLAY, [3.6, 99])  # to the end at once
    expect(page.locator("[data-played-note]")).to_have_text(re.compile(r"^[12]?\d % played"))
    page.reload()
    expect(page.get_by_text("Begun").first).to_be_visible()
    expect(page.get_by_role("link", name="Go on")).to_have_count(0)
    page.evaluate(PLAY, [0, 1.3])
    expect(page.locator("[data-played-note]")).to_have_text(HALF)
    page.get_by_role("link", name="To be watched").click()  # leaves half way
    page.get_by_role("link", name="The film").first.click()
    expect(page.locator("[data-played-note]")).to_have_text(HALF)
    page.wait_for_function("() => Math.abs(document.querySelector('video').currentTime - 1.35) < 0.2")
    page.evaluate(PLAY, [None, 99])
    expect(page.get_by_role("link", name="Go on")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Done on")).to_be_visible()
    assert page.locator("video").evaluate("video => video.duration") == pytest.approx(4, abs=0.6)


def test_another_path_is_a_step_that_is_done_by_completing_it(demo_portal, visit):
    page = visit(demo_portal, "instructor")
    basics = begin(page, "Knots for beginners")
    add(page, basics, "page", "The bowline", Text="Up through the hole, round the tree.")
    publish(page)
    steps = begin(page, "Sailing")
    add(page, steps, "path", "The basics", Search_learning_paths="Knots")
    button(page, "Search").click()
    page.get_by_role("radio", name="Knots for beginners").check()
    publish(page)
    page = visit(demo_portal, "learner", screen="narrow")
    join(page, steps, "The basics")
    here = page.url
    page.get_by_role("link", name="See it and join").click()
    button(page, "Join").click()
    page.get_by_role("link", name="The bowline").first.click()
    button(page, "Mark as done").click()
    expect(page.get_by_text("Completed").first).to_be_visible()
    soon(page, here, "Done on")
    page.goto(steps.replace("/authoring", "").removesuffix("/steps"))
    expect(page.get_by_text("Completed").first).to_be_visible()


def soon(page: Page, address: str, text: str) -> None:
    """Load a page until the worker has done what it shows."""
    for _ in range(40):
        page.goto(address)
        if page.get_by_text(text).count():
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"{address} never says “{text}”")


def test_outside_content_reports_with_its_key_and_the_step_is_done(demo_portal, visit):
    page = visit(demo_portal, "instructor")
    steps = begin(page, "Played elsewhere")
    add(page, steps, "xapi", "The game", Activity="https://example.org/game", Lowest_score="60")
    publish(page)
    page.goto(steps)
    page.get_by_role("link", name="Keys for “The game”").click()
    page.get_by_label(re.compile("^What the key is for")).fill("Game server")
    button(page, "Make a key").click()
    expect(page.get_by_text("It is not shown again")).to_be_visible()
    endpoint, key, secret = (
        page.get_by_label(label, exact=True).input_value() for label in ("Endpoint", "Key", "Secret")
    )
    page = visit(demo_portal, "learner", screen="narrow")
    join(page, steps, "The game")
    expect(page.get_by_text("The content reports by itself")).to_be_visible()
    for score, shown in ((0.5, "The content reports by itself"), (0.9, "Done on")):
        statement = {
            "actor": {"mbox": "mailto:learner@laurel.example"},
            "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
            "object": {"id": "https://example.org/game"},
            "result": {"score": {"scaled": score}},
        }
        answer = requests.post(
            f"{endpoint}statements", json=statement, auth=(key, secret), timeout=20,
            headers={"X-Experience-API-Version": "2.0.0"},
        )  # fmt: skip
        assert answer.status_code == 200, answer.text
        page.reload()
        expect(page.get_by_text(shown).first).to_be_visible()
    expect(page.get_by_text("90 %")).to_be_visible()


def test_a_large_file_says_how_much_of_it_is_sent_and_can_be_stopped(demo_portal, visit, faults):
    page = visit(demo_portal, "instructor")
    steps = begin(page, "Large files")
    add(page, steps, "file", "The handbook")
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")

    def speed(bytes_a_second: int) -> None:
        line.send(
            "Network.emulateNetworkConditions",
            {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_a_second},
        )

    speed(400_000)
    choose = page.get_by_label("File", exact=True)
    choose.set_input_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"no such thing" * 200_000})
    expect(page.get_by_role("progressbar")).to_have_count(0)
    button(page, "Save step").click()
    expect(page.get_by_role("progressbar", name="How much of the file is sent")).to_be_visible()
    page.wait_for_function("() => document.querySelector('[data-upload] progress').value > 0")
    expect(page.locator("#live")).to_have_text(re.compile("being sent|% sent"))
    assert faults(page) == []
    button(page, "Stop sending").click()
    expect(page.get_by_text("You have stopped it: nothing was saved.").first).to_be_visible()
    speed(-1)
    button(page, "Save step").click()
    expect(page.get_by_role("alert").get_by_text("This file cannot be given to learners")).to_be_visible()
    assert page.get_by_label(re.compile("^Title")).input_value() == "The handbook"
    pdf = {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n" + b"x" * 2_000_000}
    choose.set_input_files(pdf)
    button(page, "Save step").click()
    expect(page).to_have_url(re.compile("/steps$"))
    expect(page.get_by_text("The step is added.").first).to_be_visible()
    expect(page.get_by_role("link", name="The handbook", exact=True)).to_be_visible()
