"""The laws of a page, checked on every HTML answer that a test's client sees."""

from __future__ import annotations

import re
from contextvars import Context
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import html5lib
from flask import has_app_context
from flask.testing import FlaskClient

from portal.core.db import db

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from werkzeug.test import TestResponse

NS = "{http://www.w3.org/1999/xhtml}"
# Errors of the parser that say nothing about our pages.
TOLERATED = frozenset({"invalid-codepoint"})
UNLABELLED_TYPES = frozenset({"hidden", "submit", "button", "reset", "image"})
# Whole options without anything but a value: of a run of them the first is read, since all are read alike.
OPTION = r'<option value="[^"<>&]*"(?: selected)?>[^<>&]*</option>'
OPTIONS = re.compile(rf"({OPTION})(?:\s*{OPTION})+")
TOKEN = re.compile(r'(name="csrf_token" [^<>]*?value=")[\w.-]+(?=")')


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _attributes(element: Element) -> dict[str, str]:
    return {str(name): value for name, value in element.attrib.items()}


def _labelled(root: Element) -> set[str]:
    return {label.get("for", "") for label in root.iter(f"{NS}label")}


def _inside_label(root: Element) -> set[Element]:
    return {child for label in root.iter(f"{NS}label") for child in label.iter()}


def faults_of(html: str, *, fragment: bool = False) -> list[str]:
    """Return what a page breaks of the laws, each with what to do."""
    return list(_faults_of(TOKEN.sub(r"\1token", OPTIONS.sub(r"\1", html)), fragment))


@lru_cache(maxsize=256)
def _faults_of(html: str, fragment: bool) -> tuple[str, ...]:
    """Read a page once, however often a test comes back to it."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=True)
    root = parser.parse(html)
    faults = [
        f"invalid HTML at {where}: {code} {values}" for where, code, values in parser.errors if code not in TOLERATED
    ]
    if fragment:
        faults = [fault for fault in faults if "doctype" not in fault]
    else:
        faults += _faults_of_head(root)
    faults += _faults_of_ids(root) + _faults_of_fields(root) + _faults_of_forms(root) + _faults_of_scripts(root)
    return tuple(faults)


def _faults_of_head(root: Element) -> list[str]:
    faults = []
    headings = list(root.iter(f"{NS}h1"))
    title = next(root.iter(f"{NS}title"), None)
    if len(headings) != 1:
        faults.append(f"{len(headings)} h1 elements: a page has exactly one")
    if title is None or not _text(title):
        faults.append("no title")
    elif headings and not _text(title).startswith(_text(headings[0])):
        faults.append(f"the title {_text(title)!r} does not start with the h1 {_text(headings[0])!r}")
    html = root if root.tag == f"{NS}html" else next(root.iter(f"{NS}html"))
    if not html.get("lang"):
        faults.append("no lang on html")
    return faults


def _faults_of_ids(root: Element) -> list[str]:
    faults, seen = [], set()
    for element in root.iter():
        name = element.get("id") if isinstance(element.tag, str) else None
        if name is None:
            continue
        if name in seen:
            faults.append(f"the id {name!r} stands twice")
        seen.add(name)
    for element in root.iter():
        for attribute in ("aria-describedby", "aria-labelledby", "for"):
            for name in (element.get(attribute) or "").split() if isinstance(element.tag, str) else ():
                if name not in seen:
                    faults.append(f"{attribute} names the id {name!r}, which is not on the page")
    return faults


def _faults_of_fields(root: Element) -> list[str]:
    faults = []
    labelled, inside = _labelled(root), _inside_label(root)
    for element in root.iter():
        if element.tag not in {f"{NS}input", f"{NS}select", f"{NS}textarea"}:
            continue
        named = element.get("aria-label") or element.get("aria-labelledby") or element.get("id") in labelled
        if element.get("type") not in UNLABELLED_TYPES and not named and element not in inside:
            faults.append(f"a field without a label: {_attributes(element)}")
    faults += [
        f"a picture without alt: {_attributes(image)}" for image in root.iter(f"{NS}img") if image.get("alt") is None
    ]
    return faults


def _faults_of_forms(root: Element) -> list[str]:
    faults = []
    for form in root.iter(f"{NS}form"):
        if form.get("method", "get").lower() != "post" or form.get("data-protocol") is not None:
            continue
        if not any(field.get("name") == "csrf_token" for field in form.iter(f"{NS}input")):
            faults.append(f"a form without csrf_token: {_attributes(form)}")
    return faults


def _faults_of_scripts(root: Element) -> list[str]:
    faults = []
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag == f"{NS}script" and element.get("src") is None and "json" not in (element.get("type") or ""):
            faults.append("an inline script: put it in static/src")
        if element.tag == f"{NS}style" or element.get("style") is not None:
            faults.append(f"inline style on {element.tag.removeprefix(NS)}: use a class")
        faults += [f"an inline handler: {name}" for name in _attributes(element) if re.fullmatch(r"on[a-z]+", name)]
    return faults


class LintingClient(FlaskClient):
    """A test client that refuses a page which breaks the laws of pages."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request in a context of its own, as a server would; check the page that comes back."""
        if has_app_context():
            db.session.commit()  # what the test itself has read or written must not lock the database
            db.session.expire_all()
        kwargs.setdefault("buffered", True)  # a server too reads an answer to its end within the request
        response = Context().run(super().open, *args, **kwargs)
        if (
            response.mimetype == "text/html"
            and response.data
            and "sandbox" not in response.headers.get("Content-Security-Policy", "")
        ):
            html = response.get_data(as_text=True)
            fragment = "<html" not in html[:500].lower()
            faults = faults_of(html, fragment=fragment)
            assert not faults, f"{response.request.path}: " + "\n  ".join(faults)
        return response

    def token(self, path: str) -> str:
        """Open a page with a form and return its CSRF token."""
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(path).get_data(as_text=True))
        assert found, f"no form on {path}"
        return found[1]

    def submit(
        self, path: str, data: dict[str, Any] | None = None, *, on: str | None = None, **kwargs: Any
    ) -> TestResponse:
        """Fill in the form on a page (`on`, else `path` itself) and send it to `path`, CSRF token and all."""
        return self.post(path, data={"csrf_token": self.token(on or path), **(data or {})}, **kwargs)
