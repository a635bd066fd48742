"""Every page of the portal: which addresses are pages, and the pages that a person's links lead to."""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urljoin, urlsplit

import html5lib

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flask import Flask
    from playwright.sync_api import Page

# Addresses that answer GET and are no page; a new one needs a reason here, or is visited.
NOT_PAGES = {
    "admin.preview_saved_notice_text": "a mail in a frame",
    "accounts.confirm_delete_account": "a form of accounts.delete_account leads there",
    "assets.favicon": "a picture",
    "assets.file": "a file",
    "web.health": "for a load balancer",
    "web.picture": "a picture",
    "badges.assertion_v1": "a document for programs",
    "badges.assertion_image": "a picture",
    "badges.badge_class_image": "a picture",
    "badges.batch": "nobody of the demo has given a badge to many",
    "badges.badge_class_v1": "a document for programs",
    "badges.achievement": "a document for programs",
    "badges.credential": "a document for programs",
    "badges.credential_file": "a file",
    "badges.credential_image": "a picture",
    "badges.credential_jwt": "a document for programs",
    "badges.credential_jwt_image": "a picture",
    "badges.did": "a document for programs",
    "badges.endorsement": "a document for programs",
    "badges.issuer_v1": "a document for programs",
    "badges.key": "a document for programs",
    "badges.key_jwk": "a document for programs",
    "badges.revocation_list": "a document for programs",
    "badges.signed": "a document for programs",
    "badges.signed_image": "a picture",
    "badges.status_list": "a document for programs",
    "backpack.connect_identity": "an answer for programs",
    "backpack.displayer_group": "an answer for programs",
    "backpack.displayer_groups": "an answer for programs",
    "backpack.issuer_assertion": "an answer for programs",
    "backpack.issuer_script": "a script",
    "certificates.badge_file": "a picture",
    "certificates.add_to_linkedin": "leads to another site",
    "certificates.checked_drawing": "a picture",
    "certificates.checked_picture": "a picture",
    "certificates.download": "a file",
    "certificates.drawn": "a picture",
    "certificates.layout_picture": "a picture",
    "certificates.template_picture": "a picture",
    "certificates.template_sample": "a file",
    "transcript.pdf": "a file",
    "transcript.pdf_of": "a file",
    "certificates.achievements_file": "a file",
    "certificates.expirations_file": "a file",
    "authoring.grant_wrong": "a file",
    "authoring.export": "a file",
    "authoring.export_members": "a file",
    "authoring.wrong_members": "a file",
    "admin.wrong_for_group": "a file",
    "delivery.returned": "a return that leads on at once",
    "learning.upload": "a file",
    "learning.task_file": "a file",
    "authoring.task_file_of_draft": "a file",
    "designer.design_file": "a file",
    "learning.xapi_state": "an answer for programs",
    "learning.xapi_statements": "an answer for programs",
    "learning.xapi_about": "an answer for programs",
    "learning.step_file": "a file",
    "learning.step_captions": "captions",
    "learning.calendar_file": "a file",
    "authoring.step_file_of_draft": "a file",
    "authoring.step_captions_of_draft": "captions",
    "authoring.attendance_file": "a file",
}
# How many addresses of one kind are read, and how many of those are opened: they must show something new.
READ_OF_A_KIND = 16
OPENED_OF_A_KIND = 3
STARTS = ("/", "/check-badge", "/check", "/sign-in", "/forgot-password")


class Map:
    """Knows which endpoint an address belongs to."""

    def __init__(self, app: Flask) -> None:
        self.endpoints: dict[str, list[re.Pattern[str]]] = {}
        for rule in app.url_map.iter_rules():
            if "GET" in (rule.methods or ()):
                pattern = re.sub(r"<path:[^>]+>", ".+", rule.rule)
                pattern = re.sub(r"<int:[^>]+>", r"[0-9]+", pattern)
                pattern = re.sub(r"<[^>]+>", "[^/]+", pattern)
                self.endpoints.setdefault(rule.endpoint, []).append(re.compile(pattern))

    @property
    def pages(self) -> set[str]:
        """The endpoints that are pages."""
        return set(self.endpoints) - set(NOT_PAGES)

    def endpoint(self, address: str) -> str | None:
        """Return the endpoint of an address: of several, the one that says most of it in words."""
        path = urlsplit(address).path
        fitting = [
            (pattern.pattern.count("]+"), name)
            for name, patterns in self.endpoints.items()
            for pattern in patterns
            if pattern.fullmatch(path)
        ]
        return min(fitting)[1] if fitting else None


def links_of(html: str, address: str) -> Iterator[str]:
    """Yield where the links of a page lead, and the addresses it shows to hand on."""
    root = html5lib.parse(html, namespaceHTMLElements=False)
    for element in root.iter():
        for attribute in ("href", "src"):
            if element.tag in {"a", "iframe"} and element.get(attribute):
                yield urldefrag(urljoin(address, element.get(attribute))).url
        for text in (element.get("value") or "", element.text or ""):
            for found in re.findall(r"https?://[^\s\"'<>]+", text):
                yield urldefrag(found).url


def words_of(html: str) -> set[str]:
    """Return what a page is built of: its elements with their classes."""
    return set(re.findall(r"<\w+[^>]*? class=\"([^\"]+)\"", html)) | set(re.findall(r"<(\w+)", html))


def reached(page: Page, sitemap: Map, origin: str, starts: Iterable[str] = STARTS) -> dict[str, list[str]]:
    """Return the pages that the person of a browser window reaches by links alone: addresses by endpoint."""
    waiting = deque(urljoin(origin, start) for start in starts)
    seen = set(waiting)
    read: dict[str, int] = {}
    shown: dict[str, set[str]] = {}
    found: dict[str, list[str]] = {}
    while waiting:
        address = waiting.popleft()
        endpoint = sitemap.endpoint(address)
        if endpoint not in sitemap.pages or read.get(endpoint, 0) >= READ_OF_A_KIND:
            continue
        answer = page.context.request.get(address, headers={"Accept": "text/html"})
        if not answer.ok or sitemap.endpoint(answer.url) != endpoint:
            continue
        read[endpoint] = read.get(endpoint, 0) + 1
        html = answer.text()
        new = words_of(html) - shown.setdefault(endpoint, set())
        if new and len(found.get(endpoint, ())) < OPENED_OF_A_KIND:
            shown[endpoint] |= new
            found.setdefault(endpoint, []).append(address)
        for link in links_of(html, answer.url):
            if link.startswith(origin + "/") and link not in seen:
                seen.add(link)
                waiting.append(link)
    return found
