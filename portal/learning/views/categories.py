"""The categories that paths stand in, as administrators name them."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.learning import services
from portal.learning.models import Category
from portal.learning.settings_form import CategoryForm
from portal.learning.views.blueprints import authoring
from portal.web.pages import page
from portal.web.policy import Permission
from portal.web.stamps import requires


@authoring.route("/categories", methods=["GET", "POST"])
@requires(Permission.CATEGORY_MANAGE)
def categories() -> ResponseReturnValue:
    """List the categories; make one."""
    form = CategoryForm()
    if request.method == "POST" and _saved(form, None):
        flash(_("The category is added."), "success")
        return redirect(url_for("authoring.categories"), 303)
    listed = session().execute(services.categories_with_counts()).all()
    shown = page("authoring/categories.html", form=form, categories=listed)
    return (shown, 422) if request.method == "POST" else shown


@authoring.route("/categories/<category:category>", methods=["GET", "POST"])
@requires(Permission.CATEGORY_MANAGE, "category")
def category(category: Category) -> ResponseReturnValue:
    """Give a category another name."""
    form = CategoryForm(name=category.name)
    if request.method == "POST" and _saved(form, category):
        flash(_("The category is saved."), "success")
        return redirect(url_for("authoring.categories"), 303)
    shown = page("authoring/category.html", form=form, category=category)
    return (shown, 422) if request.method == "POST" else shown


@authoring.post("/categories/<category:category>/remove")
@requires(Permission.CATEGORY_MANAGE, "category")
def remove_category(category: Category) -> ResponseReturnValue:
    """Remove a category; the paths in it stay."""
    services.remove_category(category)
    commit()
    flash(_("The category is removed. Its learning paths stay."), "success")
    return redirect(url_for("authoring.categories"), 303)


def _saved(form: CategoryForm, category: Category | None) -> bool:
    if not form.validate():
        return False
    try:
        services.name_category(form.name.data, category)
    except Refused as error:
        session().rollback()
        form.refuse(error)
        return False
    commit()
    return True
