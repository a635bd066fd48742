"""The built files: found by their plain name, sent compressed, kept for a year, and nothing else is served."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import brotli
import pytest
from flask import Flask

from portal.web import assets
from tests.page_laws import LintingClient

ROOT = Path(__file__).resolve().parents[2]
STYLE = b"body { color: green }" * 40


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """Return a folder as the build leaves it."""
    folder = tmp_path / "dist"
    (folder / "pages").mkdir(parents=True)
    (folder / "media").mkdir()
    (folder / "app-1.css").write_bytes(STYLE)
    (folder / "app-1.css.br").write_bytes(brotli.compress(STYLE))
    (folder / "app-1.css.gz").write_bytes(gzip.compress(STYLE))
    (folder / "pages" / "backpack-2.js").write_text("import '../chunks/x.js'")
    (folder / "media" / "inter-3.woff2").write_bytes(b"font")
    (folder.parent / "secret.txt").write_text("not yours")
    write_manifest(folder, {"app.css": "app-1.css", "pages/backpack.js": "pages/backpack-2.js"})
    return folder


def write_manifest(folder: Path, files: dict[str, str]) -> None:
    """Write the list of what stands in the folder."""
    imports = {"pages/backpack.js": ["chunks/x.js"]}
    (folder / "manifest.json").write_text(json.dumps({"files": files, "imports": imports}))


@pytest.fixture
def site(built: Path) -> Flask:
    """Return an app that has nothing but built files."""
    site = Flask(__name__, static_folder=None)
    assets.init_app(site, built)
    return site


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("identity", None), (None, None)],
)
def test_a_file_is_sent_in_the_best_coding_that_the_browser_takes(
    site: Flask, accepted: str | None, coding: str | None
) -> None:
    """The content is the same whatever the coding, and caches are told what it depends on."""
    response = site.test_client().get("/assets/app-1.css", headers={"Accept-Encoding": accepted} if accepted else {})
    plain = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[coding](response.data)
    assert response.headers.get("Content-Encoding") == coding
    assert plain == STYLE
    assert response.headers["Vary"] == "Accept-Encoding"
    assert response.content_type == "text/css; charset=utf-8"


def test_a_file_may_be_kept_for_a_year_and_is_not_sent_again(site: Flask) -> None:
    """The name changes with the content, so nobody has to ask again; who asks gets 304."""
    client = site.test_client()
    first = client.get("/assets/app-1.css", headers={"Accept-Encoding": "br"})
    assert first.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    again = client.get("/assets/app-1.css", headers={"Accept-Encoding": "br", "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_each_coding_has_an_etag_of_its_own(site: Flask) -> None:
    """An ETag names bytes: those of gzip are not those of brotli."""
    client = site.test_client()
    tags = {
        client.get("/assets/app-1.css", headers={"Accept-Encoding": coding}).headers["ETag"]
        for coding in ("br", "gzip", "identity")
    }
    assert len(tags) == 3


def test_head_answers_without_a_body(site: Flask) -> None:
    """HEAD says what GET would."""
    response = site.test_client().head("/assets/app-1.css")
    assert (response.status_code, response.data) == (200, b"")


@pytest.mark.parametrize(
    "path",
    [
        "../secret.txt",
        "..%2fsecret.txt",
        "%2e%2e/secret.txt",
        "app-1.css.br",
        "manifest.json",
        "pages",
        "nothing.css",
        "/etc/passwd",
    ],
)
def test_nothing_but_built_files_is_served(site: Flask, path: str) -> None:
    """Neither what stands beside the folder, nor the compressed siblings by their own name."""
    assert site.test_client().get(f"/assets/{path}").status_code in {301, 308, 404}
    assert b"not yours" not in site.test_client().get(f"/assets/{path}", follow_redirects=True).data


def test_a_font_has_its_type(site: Flask) -> None:
    """Browsers refuse fonts of a wrong type under nosniff."""
    response = site.test_client().get("/assets/media/inter-3.woff2")
    assert response.content_type == "font/woff2"
    assert "Content-Encoding" not in response.headers


def test_templates_name_files_by_their_plain_names(site: Flask) -> None:
    """script() also names what the module imports, so that the browser fetches it early."""
    with site.test_request_context():
        assert assets.asset("app.css") == "/assets/app-1.css"
        assert assets.stylesheet("app") == '<link rel="stylesheet" href="/assets/app-1.css">'
        tags = assets.script("pages/backpack")
    assert '<link rel="modulepreload" href="/assets/chunks/x.js">' in tags
    assert '<script type="module" src="/assets/pages/backpack-2.js"></script>' in tags


def test_a_new_build_is_noticed_without_a_restart(site: Flask, built: Path) -> None:
    """The manifest is read again when it was written again."""
    (built / "app-9.css").write_bytes(STYLE)
    (built / "manifest.json").unlink()
    write_manifest(built, {"app.css": "app-9.css"})
    with site.test_request_context():
        assert assets.asset("app.css") == "/assets/app-9.css"


def test_a_missing_build_says_what_to_run(tmp_path: Path) -> None:
    """Whoever forgot to build reads the command in the error."""
    site = Flask(__name__, static_folder=None)
    assets.init_app(site, tmp_path / "nowhere")
    with site.test_request_context(), pytest.raises(assets.NotBuilt, match="npm run build"):
        assets.asset("app.css")


def test_every_icon_that_a_template_draws_is_in_the_sprite() -> None:
    """A name that build/icons.mjs does not have would draw nothing."""
    source = (ROOT / "build" / "icons.mjs").read_text().partition("const ICONS = {")[2].partition("};")[0]
    known = {quoted or plain for quoted, plain in re.findall(r'(?:"([\w-]+)"|([\w-]+)): "', source)}
    drawn = {
        (name, str(page.relative_to(ROOT)))
        for page in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r"""\bicon(?:_name)?(?:\(|=)["']([\w-]+)["']""", page.read_text())
    }
    assert sorted((name, page) for name, page in drawn if name not in known) == []


@pytest.mark.parametrize("chosen", ["auto", "light", "dark"])
def test_the_choice_of_light_or_dark_stands_in_the_next_page(client: LintingClient, chosen: str) -> None:
    """The server writes the choice into the page: nothing flashes, nothing needs a script."""
    client.submit("/theme", {"theme": chosen}, on="/sign-in")
    assert f'data-bs-theme="{chosen}"' in client.get("/sign-in").get_data(as_text=True)


def test_a_choice_that_does_not_exist_is_the_systems(client: LintingClient) -> None:
    """Nonsense in the form or in the cookie never reaches the page."""
    client.submit("/theme", {"theme": '"><script>'}, on="/sign-in")
    assert 'data-bs-theme="auto"' in client.get("/sign-in").get_data(as_text=True)


@pytest.mark.parametrize(
    ("came_from", "leads_to"),
    [
        ("https://portal.example/learning-paths?page=2", "/learning-paths?page=2"),
        ("https://elsewhere.example/trap", "/"),
        ("https://portal.example//elsewhere.example", "/elsewhere.example"),
        ("", "/"),
    ],
)
def test_the_switch_leads_back_to_its_page_and_nowhere_else(
    client: LintingClient, came_from: str, leads_to: str
) -> None:
    """Another site's address in Referer is no place to go."""
    response = client.submit("/theme", {"theme": "dark"}, on="/sign-in", headers={"Referer": came_from})
    assert (response.status_code, response.location) == (303, leads_to)
