"""How people come to a path: found by name, as a group, or many at once from a list that is looked at first."""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from portal.accounts.models import Group, PeopleList, Person
from portal.accounts.previews import Preview
from portal.accounts.services import current_person, groups, lists, person_by_public_id, search_people
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.core.i18n import _, ngettext
from portal.learning import services
from portal.learning.member_forms import MemberListForm, PathGroupForm
from portal.learning.models import LearningPath
from portal.learning.services import audiences
from portal.learning.views.blueprints import authoring
from portal.web.downloads import csv_download
from portal.web.pages import page
from portal.web.paging import paginate
from portal.web.policy import Permission
from portal.web.stamps import requires

MEMBERS = "/learning-paths/<learning_path:path>/members"
LIST = MEMBERS + "/list/<people_list:people_list>"
MOST_GROUPS = 500


@authoring.get(MEMBERS + "/add")
@requires(Permission.PATH_MEMBERS, "path")
def find_members(path: LearningPath) -> ResponseReturnValue:
    """Search for people to put on a path."""
    text, duty = request.args.get("q", ""), request.args.get("duty", "")
    listed = paginate(search_people(text), per_page=10)
    return page(
        "authoring/find_members.html",
        path=path,
        page=listed,
        text=text,
        kept={"duty": "mandatory" if duty == "mandatory" else ""},
        members=services.persons_among(path, listed.items),
    )


@authoring.post(MEMBERS + "/add")
@requires(Permission.PATH_MEMBERS, "path")
def add_member(path: LearningPath) -> ResponseReturnValue:
    """Put somebody on a path."""
    chosen = _chosen()
    duty = "mandatory" if request.form.get("duty") == "mandatory" else None
    try:
        services.add_member(path, chosen, by=current_person(), mandatory=duty is not None)
    except Refused as error:
        session().rollback()
        flash(str(error.message), "danger")
    else:
        commit()
        flash(_("%(name)s is a member now.", name=chosen.name), "success")
    return redirect(url_for("authoring.find_members", path=path, q=request.form.get("q") or None, duty=duty), 303)


def _chosen() -> Person:
    chosen = person_by_public_id(request.form.get("person", ""))
    if chosen is None:
        abort(404)
    return chosen


@authoring.get(MEMBERS + "/groups")
@requires(Permission.PATH_MEMBERS, "path")
def member_groups(path: LearningPath) -> ResponseReturnValue:
    """Show the groups whose people are members of a path."""
    return _groups_page(path, PathGroupForm())


def _groups_page(path: LearningPath, form: PathGroupForm) -> str:
    on = audiences.groups_of_path(path)
    known = list(session().scalars(groups.groups().limit(MOST_GROUPS)))
    taken = {row.group_id for row in on}
    form.group.choices = [SelectChoice(group.public_id, group.label) for group in known if group.id not in taken]
    return page(
        "authoring/member_groups.html",
        path=path,
        form=form,
        rows=on,
        counts=groups.counts_of(row.group for row in on),
        to_do=audiences.count_to_do(path),
    )


@authoring.post(MEMBERS + "/groups")
@requires(Permission.PATH_MEMBERS, "path")
def add_member_group(path: LearningPath) -> ResponseReturnValue:
    """Put a group on a path."""
    form = PathGroupForm()
    group = groups.group_by_public_id(form.group.data or "")
    if group is None:
        form.refuse(Refused(_("Choose a group."), field="group"))
        return _groups_page(path, form), 422
    try:
        done = audiences.add_group(path, group, by=current_person(), mandatory=bool(form.mandatory.data))
    except Refused as error:
        session().rollback()
        flash(str(error.message), "danger")
        return redirect(url_for("authoring.member_groups", path=path), 303)
    commit()
    flash(_done_words(done, _("The people of %(name)s are members now.", name=group.label)), "success")
    return redirect(url_for("authoring.member_groups", path=path), 303)


@authoring.post(MEMBERS + "/groups/<group:group>/duty")
@requires(Permission.PATH_MEMBERS, "path")
def oblige_member_group(path: LearningPath, group: Group) -> ResponseReturnValue:
    """Make a path mandatory for the people of a group, or voluntary."""
    _on_path(path, group)
    audiences.add_group(path, group, by=current_person(), mandatory=request.form.get("duty") == "mandatory")
    commit()
    return redirect(url_for("authoring.member_groups", path=path), 303)


@authoring.route(MEMBERS + "/groups/<group:group>/remove", methods=["GET", "POST"])
@requires(Permission.PATH_MEMBERS, "path")
def remove_member_group(path: LearningPath, group: Group) -> ResponseReturnValue:
    """Ask, then take a group off a path."""
    _on_path(path, group)
    if request.method == "GET":
        return page(
            "authoring/confirm.html",
            path=path,
            heading=_("Remove %(name)s", name=group.label),
            text=_(
                "Whoever came through this group alone leaves the learning path. Certificates that they earned stay theirs, "
                "and what they did is kept."
            ),
            button=_("Remove"),
            cancel_url=url_for("authoring.member_groups", path=path),
        )
    done = audiences.remove_group(path, group)
    commit()
    flash(_done_words(done, _("%(name)s is taken off this learning path.", name=group.label)), "success")
    return redirect(url_for("authoring.member_groups", path=path), 303)


def _on_path(path: LearningPath, group: Group) -> None:
    if all(row.group_id != group.id for row in audiences.groups_of_path(path)):
        abort(404)


def _done_words(done: bool, words: str) -> str:
    return words if done else _("This concerns many people. It goes on in the background and is done in a moment.")


@authoring.route(MEMBERS + "/list", methods=["GET", "POST"])
@requires(Permission.PATH_MEMBERS, "path")
def list_members(path: LearningPath) -> ResponseReturnValue:
    """Take addresses pasted or as a file, and lead on to what they would do."""
    form = MemberListForm(**_again(path))
    if request.method == "GET":
        return page("authoring/list_members.html", path=path, form=form)
    if not form.validate():
        return page("authoring/list_members.html", path=path, form=form), 422
    try:
        kept = lists.keep_list(form.source, current_person(), _purpose(path, mandatory=bool(form.mandatory.data)))
    except Refused as refusal:
        session().rollback()
        form.refuse(Refused(refusal.message, field=form.given_in))
        return page("authoring/list_members.html", path=path, form=form), 422
    commit()
    return redirect(url_for("authoring.preview_members", path=path, people_list=kept), 303)


def _purpose(path: LearningPath, *, mandatory: bool) -> str:
    return f"path:{path.public_id}:{'mandatory' if mandatory else 'voluntary'}"


def _again(path: LearningPath) -> dict[str, object]:
    """Return what a list said that is to be corrected here, where the address of the page names one."""
    kept = lists.list_by_public_id(request.args.get("again", ""))
    for mandatory in (True, False):
        if kept is not None and lists.belongs(kept, current_person(), _purpose(path, mandatory=mandatory)):
            return {"text": kept.text, "mandatory": mandatory}
    return {}


def _preview(path: LearningPath, kept: PeopleList) -> tuple[Preview, bool]:
    """Read a list of one's own that was made for this path, and say whether it is mandatory for its people."""
    mandatory = lists.belongs(kept, current_person(), _purpose(path, mandatory=True))
    if not mandatory and not lists.belongs(kept, current_person(), _purpose(path, mandatory=False)):
        abort(404)
    rows = lists.read_people(kept.text)
    return Preview(rows, services.persons_among(path, lists.good(rows))), mandatory


@authoring.get(LIST)
@requires(Permission.PATH_MEMBERS, "path")
def preview_members(path: LearningPath, people_list: PeopleList) -> ResponseReturnValue:
    """Show each line of a list and what it would do; nothing is done yet."""
    preview, mandatory = _preview(path, people_list)
    return page("authoring/preview_members.html", path=path, kept=people_list, preview=preview, mandatory=mandatory)


@authoring.get(LIST + "/wrong.csv")
@requires(Permission.PATH_MEMBERS, "path")
def wrong_members(path: LearningPath, people_list: PeopleList) -> ResponseReturnValue:
    """Hand out the lines that are wrong, to be corrected and given again."""
    preview, _mandatory = _preview(path, people_list)
    headings = [_("Line"), "E-mail", _("Name"), _("What is wrong")]
    return csv_download(_("%(name)s, lines to correct", name=path.title), headings, list(preview.wrong_lines()))


@authoring.post(LIST)
@requires(Permission.PATH_MEMBERS, "path")
def add_listed(path: LearningPath, people_list: PeopleList) -> ResponseReturnValue:
    """Put everybody of a list on a path, lines that are wrong left out: all of it, at once or by the worker."""
    preview, mandatory = _preview(path, people_list)
    coming = [person for person in lists.good(preview.rows) if person.id not in preview.already]
    try:
        done = audiences.add_people(path, coming, by=current_person(), mandatory=mandatory)
    except Refused as error:
        session().rollback()
        flash(str(error.message), "danger")
        return redirect(url_for("authoring.preview_members", path=path, people_list=people_list), 303)
    lists.drop_list(people_list)
    commit()
    words = ngettext("%(num)s person is a member now.", "%(num)s people are members now.", len(coming))
    flash(_done_words(done, words), "success")
    return redirect(url_for("authoring.members", path=path), 303)
