"""Administration, Groups: people put together, so that they can be added to learning paths at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import abort, flash, redirect, request
from flask import url_for as address
from sqlalchemy.orm import selectinload

from portal.accounts.forms import PeopleListForm
from portal.accounts.models import Group, GroupKind, PeopleList, Person
from portal.accounts.previews import Preview
from portal.accounts.services import current_person, lists, person_by_public_id, search_people
from portal.accounts.services import groups as services
from portal.admin.blueprint import bp
from portal.admin.forms import GroupForm, group_kinds
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.core.i18n import _, ngettext
from portal.web.downloads import csv_download
from portal.web.pages import page
from portal.web.paging import paginate
from portal.web.policy import Permission
from portal.web.stamps import requires

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

GROUPS = "/administration/groups"
GROUP = GROUPS + "/<group:group>"
LIST = GROUP + "/list/<people_list:people_list>"
MEMBERS_A_PAGE = 50


@bp.get(GROUPS)
@requires(Permission.ADMIN_GROUPS)
def groups() -> ResponseReturnValue:
    """List the groups with how many people are in each."""
    text = request.args.get("q", "")
    found = paginate(services.groups(text))
    return page(
        "admin/groups.html", groups=found, text=text, counts=services.counts_of(found.items), kinds=dict(group_kinds())
    )


@bp.route(GROUPS + "/new", methods=["GET", "POST"])
@requires(Permission.ADMIN_GROUPS)
def new_group() -> ResponseReturnValue:
    """Make a group."""
    form = GroupForm()
    if request.method == "GET":
        return page("admin/group_form.html", form=form, group=None)
    if not form.validate():
        return page("admin/group_form.html", form=form, group=None), 422
    try:
        group = services.create_group(cast("str", form.name.data), GroupKind(form.kind.data))
    except Refused as refusal:
        session().rollback()
        form.refuse(refusal)
        return page("admin/group_form.html", form=form, group=None), 422
    commit()
    flash(_("The group %(name)s is there. Add people to it now.", name=group.name), "success")
    return redirect(address("admin.group", group=group), 303)


@bp.get(GROUP)
@requires(Permission.ADMIN_GROUP, "group")
def group(group: Group) -> ResponseReturnValue:
    """Show who is in a group."""
    text = request.args.get("q", "")
    found = paginate(services.members_of(group, text), per_page=MEMBERS_A_PAGE)
    return page(
        "admin/group.html",
        group=group,
        members=found,
        text=text,
        kinds=dict(group_kinds()),
        uses=services.uses_of(group),
    )


@bp.route(GROUP + "/rename", methods=["GET", "POST"])
@requires(Permission.ADMIN_GROUP, "group")
def rename_group(group: Group) -> ResponseReturnValue:
    """Give a group another name or kind."""
    _only_made_by_hand(group)
    form = GroupForm(name=group.name, kind=group.kind)
    if request.method == "GET":
        return page("admin/group_form.html", form=form, group=group)
    if not form.validate():
        return page("admin/group_form.html", form=form, group=group), 422
    try:
        services.rename_group(group, cast("str", form.name.data), GroupKind(form.kind.data))
    except Refused as refusal:
        session().rollback()
        form.refuse(refusal)
        return page("admin/group_form.html", form=form, group=group), 422
    commit()
    flash(_("The group is saved."), "success")
    return redirect(address("admin.group", group=group), 303)


@bp.route(GROUP + "/delete", methods=["GET", "POST"])
@requires(Permission.ADMIN_GROUP, "group")
def delete_group(group: Group) -> ResponseReturnValue:
    """Ask, then delete a group; say why where it cannot be."""
    _only_made_by_hand(group)
    if request.method == "GET":
        return page("admin/group_delete.html", group=group, uses=services.uses_of(group), why=services.why_kept)
    name = group.name
    try:
        services.delete_group(group)
    except Refused as refusal:
        session().rollback()
        flash(str(refusal), "danger")
        return redirect(address("admin.group", group=group), 303)
    commit()
    flash(_("The group %(name)s is deleted. The people that were in it keep their accounts.", name=name), "success")
    return redirect(address("admin.groups"), 303)


@bp.get(GROUP + "/add")
@requires(Permission.ADMIN_GROUP, "group")
def find_for_group(group: Group) -> ResponseReturnValue:
    """Search for people to put into a group."""
    _only_made_by_hand(group)
    text = request.args.get("q", "")
    found = paginate(search_people(text).options(selectinload(Person.addresses)), per_page=10)
    inside = services.among(group, [person.id for person in found.items])
    return page("admin/group_find.html", group=group, people=found, text=text, inside=inside)


@bp.post(GROUP + "/add")
@requires(Permission.ADMIN_GROUP, "group")
def add_to_group(group: Group) -> ResponseReturnValue:
    """Put somebody into a group."""
    chosen = _chosen()[:1]
    back = address("admin.find_for_group", group=group, q=request.form.get("q") or None)
    try:
        services.add_to_group(group, [person.id for person in chosen])
    except Refused as refusal:
        session().rollback()
        flash(str(refusal), "danger")
    else:
        commit()
        flash(_("%(name)s is in the group now.", name=chosen[0].name), "success")
    return redirect(back, 303)


@bp.post(GROUP + "/remove")
@requires(Permission.ADMIN_GROUP, "group")
def remove_from_group(group: Group) -> ResponseReturnValue:
    """Take whoever was ticked out of a group."""
    back = address("admin.group", group=group, q=request.form.get("q") or None)
    if not request.form.getlist("person"):
        flash(_("Nobody is ticked. Tick whom you want to remove, then press the button again."), "warning")
        return redirect(back, 303)
    try:
        number = services.remove_from_group(group, [person.id for person in _chosen()])
    except Refused as refusal:
        session().rollback()
        flash(str(refusal), "danger")
    else:
        commit()
        flash(
            ngettext("%(num)s person is removed from the group.", "%(num)s people are removed from the group.", number),
            "success",
        )
    return redirect(back, 303)


@bp.route(GROUP + "/list", methods=["GET", "POST"])
@requires(Permission.ADMIN_GROUP, "group")
def list_for_group(group: Group) -> ResponseReturnValue:
    """Take addresses pasted or as a file, and lead on to what they would do."""
    _only_made_by_hand(group)
    form = PeopleListForm(text=_text_again(group))
    if request.method == "GET":
        return page("admin/group_list.html", group=group, form=form)
    if not form.validate():
        return page("admin/group_list.html", group=group, form=form), 422
    try:
        kept = lists.keep_list(form.source, current_person(), _purpose(group))
    except Refused as refusal:
        session().rollback()
        form.refuse(Refused(refusal.message, field=form.given_in))
        return page("admin/group_list.html", group=group, form=form), 422
    commit()
    return redirect(address("admin.preview_for_group", group=group, people_list=kept), 303)


@bp.get(LIST)
@requires(Permission.ADMIN_GROUP, "group")
def preview_for_group(group: Group, people_list: PeopleList) -> ResponseReturnValue:
    """Show each line of a list and what it would do; nothing is done yet."""
    return page("admin/group_preview.html", group=group, kept=people_list, preview=_preview(group, people_list))


@bp.get(LIST + "/wrong.csv")
@requires(Permission.ADMIN_GROUP, "group")
def wrong_for_group(group: Group, people_list: PeopleList) -> ResponseReturnValue:
    """Hand out the lines that are wrong, to be corrected and given again."""
    lines = list(_preview(group, people_list).wrong_lines())
    return csv_download(
        _("%(name)s, lines to correct", name=group.name), [_("Line"), "E-mail", _("Name"), _("What is wrong")], lines
    )


@bp.post(LIST)
@requires(Permission.ADMIN_GROUP, "group")
def add_list_to_group(group: Group, people_list: PeopleList) -> ResponseReturnValue:
    """Put everybody of a list into a group at once, lines that are wrong left out."""
    preview = _preview(group, people_list)
    try:
        number = services.add_to_group(group, preview.coming)
    except Refused as refusal:
        session().rollback()
        flash(str(refusal), "danger")
        return redirect(address("admin.group", group=group), 303)
    lists.drop_list(people_list)
    commit()
    flash(ngettext("%(num)s person is added.", "%(num)s people are added.", number), "success")
    return redirect(address("admin.group", group=group), 303)


def _purpose(group: Group) -> str:
    return f"group:{group.public_id}"


def _preview(group: Group, kept: PeopleList) -> Preview:
    """Read a list of one's own that was made for this group; anybody else's is not there."""
    if not lists.belongs(kept, current_person(), _purpose(group)):
        abort(404)
    rows = lists.read_people(kept.text)
    return Preview(rows, services.among(group, [person.id for person in lists.good(rows)]))


def _text_again(group: Group) -> str:
    """Return what a list said that is to be corrected here, where the address of the page names one."""
    kept = lists.list_by_public_id(request.args.get("again", ""))
    return kept.text if kept is not None and lists.belongs(kept, current_person(), _purpose(group)) else ""


def _chosen() -> list[Person]:
    found = [person_by_public_id(public_id) for public_id in request.form.getlist("person")[:MEMBERS_A_PAGE]]
    if not found or None in found:
        abort(404)
    return cast("list[Person]", found)


def _only_made_by_hand(group: Group) -> None:
    if group.everybody:
        abort(404)
