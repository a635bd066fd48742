"""The Members page of a path: who is on it and how far, who instructs it, and what waits for a confirmation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.models import Person
from portal.accounts.services import current_person, groups, person_by_public_id, search_people
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.core.i18n import _, ngettext
from portal.learning import services
from portal.learning.models import LearningPath, Membership
from portal.learning.services import audiences, roster
from portal.learning.services.roster import Asked
from portal.learning.views.blueprints import authoring
from portal.learning.views.shapes import editor_of, word_of_state
from portal.web.downloads import csv_download
from portal.web.pages import page
from portal.web.paging import paginate
from portal.web.policy import PERMISSIONS, Permission, Role
from portal.web.stamps import requires

MEMBERS = "/learning-paths/<learning_path:path>/members"
INSTRUCTORS = "/learning-paths/<learning_path:path>/instructors"
SHOWN_WAITING = 5
PER_PAGE = 50
MOST_TICKED = 200
MOST_GROUPS = 500


@authoring.get(MEMBERS)
@requires(Permission.PATH_MEMBERS, "path")
def members(path: LearningPath) -> ResponseReturnValue:
    """List the members of a path: found, filtered and in the order asked for."""
    asked = Asked.of(request.args)
    listed = paginate(roster.roster(path, asked), per_page=PER_PAGE)
    rows = roster.loaded(listed.items)
    waiting = list(session().scalars(services.waiting_for(current_person(), path).limit(SHOWN_WAITING)))
    return page(
        "authoring/members.html",
        path=path,
        editor=editor_of(path),
        page=listed,
        rows=[(membership, roster.state_of(membership)) for membership in rows],
        counts=roster.counts_by_state(path),
        groups=[(group.public_id, group.label) for group in session().scalars(groups.groups().limit(MOST_GROUPS))],
        on_path=audiences.groups_of_path(path),
        to_do=audiences.count_to_do(path),
        waiting=waiting,
        waiting_steps=services.steps_of(waiting),
        owns=services.owns(current_person(), path),
        rights={right.person_id: right for right in path.co_instructors},
        asked=asked,
    )


@authoring.get(MEMBERS + "/export.csv")
@requires(Permission.PATH_MEMBERS, "path")
def export_members(path: LearningPath) -> ResponseReturnValue:
    """Hand out the members that the list shows, as a table for a spreadsheet."""
    headings = (
        _("Name"), "E-mail", _("Status"), _("Steps done"), _("Steps"), _("Percent"), _("Points"), _("Mandatory"),
        _("Joined"), _("Last active"), _("Deadline"), _("Completed"), _("Certificate"), _("Valid until"),
    )  # fmt: skip
    return csv_download(_("%(title)s, members", title=path.title), headings, _table(path, Asked.of(request.args)))


def _table(path: LearningPath, asked: Asked) -> Iterator[tuple[object, ...]]:
    for some in roster.exported(path, asked):
        addresses = roster.addresses_of([membership.person_id for membership in some])
        for row in some:
            certificate = row.certificate
            yield (
                row.person.name,
                addresses.get(row.person_id, ""),
                word_of_state(roster.state_of(row))[0],
                row.done,
                row.total,
                100 * row.done // row.total if row.total else 0,
                row.points,
                _("Yes") if row.mandatory else _("No"),
                *(_moment(value) for value in (row.joined_at, row.active_at)),
                _moment(row.changes_at if row.completed_at is None else None),
                _moment(row.completed_at),
                certificate.number if certificate is not None else "",
                _moment(certificate.valid_until if certificate is not None else None),
            )


def _moment(value: datetime | None) -> str:
    """Write an instant so that spreadsheets sort it: in UTC, to the minute."""
    return "" if value is None else f"{value:%Y-%m-%d %H:%M}"


@authoring.post(MEMBERS + "/remove")
@requires(Permission.PATH_MEMBERS, "path")
def remove_members(path: LearningPath) -> ResponseReturnValue:
    """Take whoever is ticked off a path."""
    chosen = roster.chosen(path, request.form.getlist("member")[:MOST_TICKED])
    for membership in chosen:
        services.leave(membership)
    commit()
    if chosen:
        words = ngettext("%(num)s member is removed.", "%(num)s members are removed.", len(chosen))
        flash(words, "success")
    else:
        flash(_("Nobody is ticked. Tick whom you want to remove, then press the button again."), "warning")
    return redirect(url_for("authoring.members", path=path, **Asked.of(request.form).arguments), 303)


def _chosen() -> Person:
    chosen = person_by_public_id(request.form.get("person", ""))
    if chosen is None:
        abort(404)
    return chosen


@authoring.route("/members/<membership:membership>/remove", methods=["GET", "POST"])
@requires(Permission.STEP_CONFIRM, "membership")
def remove_member(membership: Membership) -> ResponseReturnValue:
    """Ask, then take somebody off a path."""
    path = membership.path
    if request.method == "POST":
        services.leave(membership)
        commit()
        flash(_("%(name)s is no longer a member.", name=membership.person.name), "success")
        return redirect(url_for("authoring.members", path=path), 303)
    return page(
        "authoring/confirm.html",
        path=path,
        heading=_("Remove %(name)s", name=membership.person.name),
        text=_("They leave the learning path. A certificate that they earned stays theirs, and what they did is kept."),
        button=_("Remove"),
        cancel_url=url_for("authoring.members", path=path),
    )


@authoring.get(INSTRUCTORS)
@requires(Permission.PATH_MEMBERS, "path")
def find_instructors(path: LearningPath) -> ResponseReturnValue:
    """Search for people who may instruct a path beside its owner."""
    _only_owners(path)
    text = request.args.get("q", "")
    able = [role for role in Role if Permission.PATH_EDIT in PERMISSIONS[role]]
    listed = paginate(search_people(text).where(Person.role.in_(able), Person.id != path.owner_id), per_page=10)
    return page("authoring/find_instructors.html", path=path, page=listed, text=text)


@authoring.post(INSTRUCTORS)
@requires(Permission.PATH_MEMBERS, "path")
def add_instructor(path: LearningPath) -> ResponseReturnValue:
    """Name a co-instructor, or change what one may do."""
    _only_owners(path)
    chosen = _chosen()
    named = chosen in path.instructors
    rights = request.form.get("rights", "both")
    try:
        services.add_instructor(
            path, chosen, may_edit=rights in {"both", "edit"}, may_review=rights in {"both", "review"}
        )
    except Refused as error:
        session().rollback()
        flash(str(error.message), "danger")
        return redirect(url_for("authoring.find_instructors", path=path), 303)
    commit()
    if named:
        flash(_("What %(name)s may do is changed.", name=chosen.name), "success")
    else:
        flash(_("%(name)s instructs this path too now.", name=chosen.name), "success")
    return redirect(url_for("authoring.members", path=path), 303)


@authoring.post(INSTRUCTORS + "/remove")
@requires(Permission.PATH_MEMBERS, "path")
def remove_instructor(path: LearningPath) -> ResponseReturnValue:
    """Let somebody be a co-instructor no longer; everybody may take their own name off."""
    chosen = _chosen()
    if chosen.id != current_person().id:
        _only_owners(path)
    services.remove_instructor(path, chosen)
    commit()
    flash(_("%(name)s does not instruct this path any more.", name=chosen.name), "success")
    if services.instructs(current_person(), path):
        return redirect(url_for("authoring.members", path=path), 303)
    return redirect(url_for("authoring.paths"), 303)


def _only_owners(path: LearningPath) -> None:
    if not services.owns(current_person(), path):
        abort(403)
