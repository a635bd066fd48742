"""The cover of a path, which is also its badge's picture: chosen, checked, and kept while the rest of a form is corrected."""

from __future__ import annotations

from dataclasses import replace

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from portal.core import pictures, storage
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.learning.forms import InfoForm
from portal.learning.services import cover_problem


def _seal() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="cover of a learning path")


def remember(form: InfoForm, key: str | None) -> None:
    """Let a form carry the cover that was accepted, so that it is not lost while another field is corrected."""
    form.cover_kept.data = _seal().dumps(key) if key else ""


def remembered(form: InfoForm, present: str | None) -> str | None:
    """Return the cover that a form carries; `present` where it carries none of ours."""
    try:
        key = _seal().loads(form.cover_kept.data or "")
    except BadSignature:
        return present
    return key if isinstance(key, str) and storage.has(key) else present


def take(form: InfoForm, present: str | None) -> str | None:
    """Return the key of the cover that a filled-in form asks for; refuse a picture that will not do beside its field.

    A picture that is also a badge's must be a PNG; a cover alone may be a JPEG or WebP.
    """
    kept = None if form.cover_removed.data else remembered(form, present)
    upload = form.cover.data
    if upload and upload.filename:
        badge = form.certification.data and form.open_badges.data
        rules = replace(pictures.BADGE_RULES if badge else pictures.COVER_RULES, field="cover")
        try:
            kept = pictures.keep(pictures.check(upload.read(), rules))
        except Refused as error:
            form.refuse(error)
    remember(form, kept)
    return kept


def warnings(key: str | None, *, badge: bool) -> list[str]:
    """Return what is to be said beside a stored cover, in words for its instructor."""
    problem = cover_problem(key, badge=badge)
    if problem:
        return [problem]
    if not badge or key is None:
        return []
    width, height = pictures.size_of(key)
    if width == height:
        return []
    return [
        _(
            "This picture is not square (%(width)s × %(height)s pixels). Backpacks show badges as squares: "
            "as a badge it will stand small, or be cut off.",
            width=width,
            height=height,
        )
    ]
