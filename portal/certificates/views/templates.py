"""Certificate templates: the list, the page on which one is made, and how it looks while it is."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from flask import Response, abort, flash, jsonify, redirect, request, url_for

from portal.accounts.services import current_person
from portal.badges import services as badges
from portal.certificates.access import may_edit_template
from portal.certificates.blueprint import bp
from portal.certificates.design import services, uploads
from portal.certificates.design.colours import PALETTES
from portal.certificates.design.designs import LAYOUTS, STANDARD, Design
from portal.certificates.design.forms import TEXTS, TemplateForm, form_of
from portal.certificates.design.wording import PLACEHOLDERS
from portal.certificates.models import CertificateTemplate
from portal.certificates.paper.printing import EDITION, drawing
from portal.certificates.paper.sheets import STATEMENT, Achievement, sample, sheet
from portal.certificates.paper.typesetting import typeset_pdf, typeset_svg
from portal.certificates.paper.words import Words
from portal.certificates.views.showing import svg_answer
from portal.core.clock import now
from portal.core.db import commit
from portal.core.i18n import _, language
from portal.core.settings import settings
from portal.web.limits import limit
from portal.web.pages import page
from portal.web.paging import paginate
from portal.web.policy import Permission
from portal.web.stamps import requires

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

PER_PAGE = 12
MOST_SEARCHED = 200
BASE = "/authoring/certificate-templates"


@bp.get(BASE)
@requires(Permission.CERTIFICATE_TEMPLATES)
def templates() -> ResponseReturnValue:
    """Show the templates of the organisation, searched."""
    text = request.args.get("q", "")[:MOST_SEARCHED].strip()
    archived = request.args.get("show") == "archived"
    found = paginate(services.templates(text=text, archived=archived), per_page=PER_PAGE)
    person = current_person()
    return page(
        "certificates/templates.html",
        templates=found,
        text=text,
        archived=archived,
        may_edit={template.id for template in found.items if may_edit_template(person, template)},
        edition=EDITION,
    )


@bp.route(f"{BASE}/new", methods=["GET", "POST"])
@requires(Permission.CERTIFICATE_TEMPLATES)
def new_template() -> ResponseReturnValue:
    """Make a template."""
    if request.method == "GET":
        return _page(form_of(STANDARD, name=""), STANDARD, None)
    form = TemplateForm()
    design = _read(form)
    if request.form.get("action") == "preview":
        return _page(form, design, None)
    if form.refused:
        return _page(form, design, None), 422
    template = services.create(current_person(), str(form.name.data), design)
    commit()
    flash(_("The template is saved. Choose it on the Info page of a learning path."), "success")
    return redirect(url_for("certificates.edit_template", template=template.public_id), 303)


@bp.route(f"{BASE}/<template:template>", methods=["GET", "POST"])
@requires(Permission.CERTIFICATE_TEMPLATE_EDIT, "template")
def edit_template(template: CertificateTemplate) -> ResponseReturnValue:
    """Show a template, and save what is changed of it."""
    if request.method == "GET":
        design = services.design_of(template)
        return _page(form_of(design, name=template.name, revision=template.revision), design, template)
    form = TemplateForm()
    design = _read(form)
    if request.form.get("action") == "preview":
        return _page(form, design, template)
    if not form.refused:
        try:
            services.save(template, str(form.name.data), design, base=_number(form.revision.data))
        except services.Outdated as outdated:
            form.refuse(outdated)
            form.revision.data = str(template.revision)
    if form.refused:
        return _page(form, design, template), 422
    commit()
    flash(_("The template is saved. Learning paths that use it take it up when they are published next."), "success")
    return redirect(url_for("certificates.edit_template", template=template.public_id), 303)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 9 else 0


def _read(form: TemplateForm) -> Design:
    """Check a form and return what it says; no transaction stands while pictures are decoded."""
    commit()
    form.validate()
    return form.taken()


@bp.post(f"{BASE}/preview")
@requires(Permission.CERTIFICATE_TEMPLATES)
@limit("certificate-preview", "300/minute")
def preview_template() -> ResponseReturnValue:
    """Draw a form that was not saved, and say what is wrong in it, as JSON: `drawing` (SVG) and `problems`."""
    form = TemplateForm()
    design = _read(form)
    if "csrf_token" in form.errors:
        abort(400)
    problems = [
        {"field": field.id, "text": f"{field.label.text}: {message}"}
        for field in form
        if field.name != "name"
        for message in field.errors
    ]
    answer = jsonify(drawing=_drawn(form, design).decode(), problems=problems)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _drawn(form: TemplateForm, design: Design) -> bytes:
    laid_out = sheet(design, _sample(str(form.sample_name.data or "")[:200]))
    return typeset_svg(laid_out.layout, laid_out.data, laid_out.files)


def _sample(name: str = "") -> Achievement:
    issuer = badges.issuer()
    return sample(
        name=name or "Aino-Sofia Mäkelä",
        path=_("Data literacy, level two"),
        issuer=issuer.name if issuer and issuer.name else settings().site_name,
        issued=now(),
        language=language(),
    )


def _page(form: TemplateForm, design: Design, template: CertificateTemplate | None) -> str:
    drawn = _drawn(form, design)
    words = Words(design.language or language())
    usual = ("Certificate of completion", "This certifies that", STATEMENT, "")
    return page(
        "certificates/template.html",
        form=form,
        edited=template,
        preview=f"data:image/svg+xml;base64,{b64encode(drawn).decode()}",
        portrait=design.portrait,
        layouts=LAYOUTS,
        palettes={one.key: one for one in PALETTES},
        placeholders=PLACEHOLDERS,
        usual=dict(zip(TEXTS, (words.say(text) for text in usual), strict=True)),
        pictures={kept.id: uploads.remembered(kept) for kept in (form.logo_kept, *(s["kept"] for s in form.signers))},
        edition=EDITION,
    )


@bp.post(f"{BASE}/<template:template>/clone")
@requires(Permission.CERTIFICATE_TEMPLATES)
def clone_template(template: CertificateTemplate) -> ResponseReturnValue:
    """Make a template of one's own from another, and open it."""
    copy = services.clone(services.design_of(template), template.name, current_person())
    commit()
    flash(_("This copy is yours: change it as you like."), "success")
    return redirect(url_for("certificates.edit_template", template=copy.public_id), 303)


@bp.post(f"{BASE}/<template:template>/archive")
@requires(Permission.CERTIFICATE_TEMPLATE_EDIT, "template")
def archive_template(template: CertificateTemplate) -> ResponseReturnValue:
    """Take a template out of the choices."""
    services.archive(template)
    commit()
    flash(_("“%(name)s” is archived. Learning paths that use it keep it.", name=template.name), "success")
    return redirect(url_for("certificates.templates"), 303)


@bp.post(f"{BASE}/<template:template>/unarchive")
@requires(Permission.CERTIFICATE_TEMPLATE_EDIT, "template")
def unarchive_template(template: CertificateTemplate) -> ResponseReturnValue:
    """Put an archived template back among the choices."""
    services.unarchive(template)
    commit()
    flash(_("“%(name)s” can be chosen again.", name=template.name), "success")
    return redirect(url_for("certificates.templates"), 303)


@bp.get(f"{BASE}/<template:template>/picture.svg")
@requires(Permission.CERTIFICATE_TEMPLATES)
def template_picture(template: CertificateTemplate) -> ResponseReturnValue:
    """Show a template with made-up words."""
    return _picture(services.design_of(template))


@bp.get(f"{BASE}/layouts/<layout>.svg")
@requires(Permission.CERTIFICATE_TEMPLATES)
def layout_picture(layout: str) -> ResponseReturnValue:
    """Show a layout in the usual colours."""
    if layout not in {one.key for one in LAYOUTS}:
        abort(404)
    return _picture(Design(layout=layout))


def _picture(design: Design) -> Response:
    answer = svg_answer(drawing(design, _sample()))
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer


@bp.get(f"{BASE}/<template:template>/sample.pdf")
@requires(Permission.CERTIFICATE_TEMPLATES)
def template_sample(template: CertificateTemplate) -> ResponseReturnValue:
    """Send a template with made-up words as PDF."""
    laid_out = sheet(services.design_of(template), _sample())
    answer = Response(typeset_pdf(laid_out.layout, laid_out.data, laid_out.files), content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'attachment; filename="sample.pdf"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
