"""What instructors look over: the expiration tracker, and who achieved what; each with a chart and as CSV."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, request, url_for

from portal.accounts.services import current_person
from portal.accounts.services.groups import group_by_public_id, groups
from portal.certificates.blueprint import bp
from portal.certificates.forms import RemindForm
from portal.certificates.models import Certificate
from portal.certificates.services import overview
from portal.certificates.services.ending import remind as remind_of
from portal.certificates.services.overview import Ends, Scope
from portal.certificates.spans import Span, around, between, until_today
from portal.core.db import commit, session
from portal.core.i18n import _, ngettext, timezone
from portal.web.downloads import csv_download
from portal.web.pages import page
from portal.web.paging import paginate
from portal.web.policy import Permission
from portal.web.stamps import requires

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

MOST_GROUPS = 500
COMING = {"7": 7, "30": 30, "365": 365}
PAST = {"30": 30, "90": 90, "365": 365}


@dataclass(frozen=True)
class Asked:
    """What a page was asked for: a scope, a stretch of time, and how both are written in its address."""

    scope: Scope
    span: Span
    wrong_days: bool
    words: dict[str, str]


def _asked(presets: dict[str, int], usual: str, *, coming: bool) -> Asked:
    values = request.form if request.method == "POST" else request.args
    words = {name: values.get(name, "").strip()[:40] for name in ("days", "from", "to", "path", "group", "show")}
    zone = timezone()
    chosen = between(words["from"], words["to"], zone) if words["days"] == "other" else None
    days = presets.get(words["days"], presets[usual])
    span = chosen or (around(days, zone) if coming else until_today(days, zone))
    group = group_by_public_id(words["group"]) if words["group"] else None
    wrong = words["days"] == "other" and chosen is None and bool(words["from"] or words["to"])
    if words["days"] != "other" and words["days"] not in presets:
        words["days"] = usual
    return Asked(Scope(current_person(), words["path"], group), span, wrong, words)


def _choices() -> dict[str, Any]:
    return {
        "paths": overview.known_paths(current_person()),
        "groups": list(session().scalars(groups().limit(MOST_GROUPS))),
    }


def _ends() -> tuple[Asked, Ends]:
    asked = _asked(COMING, "30", coming=True)
    show = asked.words["show"]
    which = Ends(show) if show in set(Ends) else Ends.EXPIRING
    asked.words["show"] = which
    return asked, which


@bp.get("/authoring/expirations")
@requires(Permission.CERTIFICATE_TRACK)
def expirations() -> ResponseReturnValue:
    """Show which certificates expire or have expired in a stretch of time."""
    asked, which = _ends()
    counts = overview.counts_of_ends(asked.scope, asked.span)
    return page(
        "certificates/expirations.html",
        asked=asked,
        which=which,
        page=paginate(overview.with_people(overview.ending(asked.scope, asked.span, which))),
        bars=[(piece.label, numbers) for piece, numbers in zip(asked.span.pieces, counts, strict=True)],
        expired=sum(expired for expired, _expiring in counts),
        expiring=sum(expiring for _expired, expiring in counts),
        form=RemindForm(),
        **_choices(),
    )


@bp.get("/authoring/expirations.csv")
@requires(Permission.CERTIFICATE_TRACK)
def expirations_file() -> ResponseReturnValue:
    """Send what the tracker shows as a table."""
    asked, which = _ends()
    headings = [
        _("Name"),
        _("E-mail address"),
        _("Certificate"),
        _("Number"),
        _("Valid through"),
        _("State"),
        _("Reminded"),
    ]
    rows = (
        (
            certificate.holder.name,
            certificate.holder.email,
            certificate.path_title,
            certificate.number,
            _iso(certificate.valid_until),
            certificate.state,
            _iso(certificate.reminded_at),
        )
        for certificate in overview.some_at_a_time(overview.ending(asked.scope, asked.span, which))
    )
    return csv_download(_("Expirations"), headings, rows)


@bp.post("/authoring/expirations/remind")
@requires(Permission.CERTIFICATE_TRACK)
def remind() -> ResponseReturnValue:
    """Remind the holder of one certificate, or of all that the tracker shows: each once a day."""
    form = RemindForm()
    asked, which = _ends()
    if form.validate_on_submit():
        wanted = overview.ending(asked.scope, asked.span, which)
        if form.certificate.data:
            wanted = wanted.where(Certificate.public_id == form.certificate.data)
        reminded = remind_of(wanted)
        commit()
        if reminded:
            flash(ngettext("%(num)s person was reminded.", "%(num)s people were reminded.", reminded), "success")
        else:
            flash(_("Nobody was reminded: each person is reminded of a certificate at most once a day."), "info")
    kept: dict[str, Any] = {name: word for name, word in asked.words.items() if word}
    return redirect(url_for("certificates.expirations", **kept), 303)


@bp.get("/authoring/achievements")
@requires(Permission.CERTIFICATE_TRACK)
def achievements() -> ResponseReturnValue:
    """Show who achieved what, by path, group and time."""
    asked = _asked(PAST, "365", coming=False)
    counts = overview.counts_of_achieved(asked.scope, asked.span)
    return page(
        "certificates/achievements.html",
        asked=asked,
        page=paginate(overview.with_people(overview.achieved(asked.scope, asked.span))),
        bars=[(piece.label, (number,)) for piece, number in zip(asked.span.pieces, counts, strict=True)],
        by_path=overview.by_path(asked.scope, asked.span),
        by_group=overview.by_group(asked.scope, asked.span),
        new_names=overview.asked_for_new_name(current_person()),
        **_choices(),
    )


@bp.get("/authoring/achievements.csv")
@requires(Permission.CERTIFICATE_TRACK)
def achievements_file() -> ResponseReturnValue:
    """Send who achieved what as a table."""
    asked = _asked(PAST, "365", coming=False)
    headings = [
        _("Name"), _("E-mail address"), _("Certificate"), _("Number"), _("Issued"), _("Valid through"), _("Grade"),
        _("Hours"), _("State"),
    ]  # fmt: skip
    rows = (
        (
            certificate.holder.name,
            certificate.holder.email,
            certificate.path_title,
            certificate.number,
            _iso(certificate.issued_at),
            _iso(certificate.valid_until),
            certificate.grade,
            round(certificate.minutes / 60, 2) if certificate.minutes else None,
            certificate.state,
        )
        for certificate in overview.some_at_a_time(overview.achieved(asked.scope, asked.span))
    )
    return csv_download(_("Achievements"), headings, rows)


def _iso(moment: Any) -> str:
    return "" if moment is None else moment.isoformat().replace("+00:00", "Z")
