"""Markdown from people, made into HTML that cannot hurt anybody."""

from __future__ import annotations

import re

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_TAGS = {
    "p", "br", "hr", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "img",
    "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "th": {"align"}, "td": {"align"}}
_SCHEMES = {"https", "http", "mailto"}
_parser = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029]")


def without_controls(text: str) -> str:
    """Return text without the control characters that come with text pasted from office programs."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def render(text: str | None) -> Markup:
    """Return sanitised HTML: headings begin at level 2, since a page has one level 1 of its own."""
    html = _parser.render(without_controls(text or ""))
    html = re.sub(r"<(/?)h([1-5])>", lambda match: f"<{match[1]}h{int(match[2]) + 1}>", html)
    return Markup(  # noqa: S704 - nh3 has just sanitised it
        nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="noopener nofollow")
    )
