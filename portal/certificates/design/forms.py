"""The form in which a certificate template is made."""

from __future__ import annotations

from typing import Any

from babel import Locale
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from portal.certificates.design import uploads, wording
from portal.certificates.design.colours import PALETTES, READABLE, contrast, parsed
from portal.certificates.design.designs import LAYOUTS, MOST_SIGNATURES, STANDARD, Design, Signature
from portal.certificates.paper.words import languages
from portal.core.errors import Refused
from portal.core.i18n import _, _l, language
from portal.web.forms import TITLE, Form, Line, Paragraphs, Switch

OWN = "own"
COLOURS = ("primary", "accent", "ground")
TEXTS = ("heading", "opening", "statement", "closing")
SIGNERS = range(1, MOST_SIGNATURES + 1)


class TemplateForm(Form):
    """Everything about a template on one page; three signers, numbered from 1."""

    name = Line(_l("Name of the template"), most=TITLE)
    layout = RadioField(
        _l("Layout"), choices=[SelectChoice(one.key, one.label) for one in LAYOUTS], default=STANDARD.layout
    )
    size = RadioField(
        _l("Paper"), choices=[SelectChoice("a4", "A4"), SelectChoice("letter", _l("US Letter"))], default="a4"
    )
    language = SelectField(_l("Language of the fixed words"), default="")
    palette = RadioField(
        _l("Palette"),
        choices=[*(SelectChoice(one.key, one.label) for one in PALETTES), SelectChoice(OWN, _l("Colours of your own"))],
        default=PALETTES[0].key,
    )
    primary = Line(_l("Main colour"), required=False, most=7)
    accent = Line(_l("Accent colour"), required=False, most=7)
    ground = Line(_l("Paper colour"), required=False, most=7)
    heading = Line(_l("Heading"), required=False, most=80)
    opening = Line(_l("Line above the name"), required=False, most=120)
    statement = Paragraphs(_l("Statement below the name"), most=400)
    closing = Paragraphs(_l("Small print"), most=300)
    logo = FileField(_l("Logo"))
    logo_kept = HiddenField()
    logo_removed = BooleanField(_l("Remove the logo"))
    sample_name = Line(_l("Name in the preview"), required=False, most=TITLE)
    revision = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(code, Locale.parse(code).get_display_name(language()) or code) for code in languages()]
        shown = sorted(((code, name[:1].upper() + name[1:]) for code, name in named), key=lambda pair: pair[1])
        self.language.choices = [SelectChoice("", _("That of the learning path"))] + [
            SelectChoice(code, name) for code, name in shown
        ]

    def signer(self, number: int) -> dict[str, Any]:
        """Return the fields of one signer by what they are: name, role, script, picture, kept, removed."""
        return {
            what: self[f"signer_{number}_{what}"] for what in ("name", "role", "script", "picture", "kept", "removed")
        }

    @property
    def signers(self) -> list[dict[str, Any]]:
        """The fields of every signer."""
        return [self.signer(number) for number in SIGNERS]

    def taken(self) -> Design:
        """Return the design that the form says, with whatever is wrong in it refused beside its field.

        Pictures that were uploaded are stored and remembered; what is wrong has its usual value in the design.
        """
        return Design(
            layout=self.layout.data if not self.layout.errors else STANDARD.layout,
            size=self.size.data if not self.size.errors else STANDARD.size,
            language=self.language.data if not self.language.errors else "",
            **self._colours(),
            **{name: self._text(name) for name in TEXTS},
            logo_key=uploads.take(self.logo, self.logo_kept, self.logo_removed, uploads.logo),
            signatures=self._signatures(),
        )

    def _colours(self) -> dict[str, str]:
        palette = next((one for one in PALETTES if one.key == self.palette.data), None)
        if palette is not None:
            return {name: getattr(palette, name) for name in COLOURS}
        found = {name: parsed(self[name].data or "") for name in COLOURS}
        for name in (name for name, colour in found.items() if colour is None):
            self.refuse(Refused(_("Enter a colour as six letters and digits, such as #124431."), field=name))
        primary, ground = found["primary"], found["ground"]
        if primary and ground and contrast(primary, ground) < READABLE:
            self.refuse(
                Refused(
                    _(
                        "This colour cannot be read well on the paper colour: the contrast is %(found)s to 1, and 4.5 "
                        "to 1 is needed. Choose a darker one, or lighter paper.",
                        found=f"{contrast(primary, ground):.1f}",
                    ),
                    field="primary",
                )
            )
        return {name: colour or getattr(STANDARD, name) for name, colour in found.items()}

    def _text(self, name: str) -> str:
        text = str(self[name].data or "")
        for problem in wording.problems_of(text):
            self.refuse(Refused(_said(problem), field=name))
        return text[:400]

    def _signatures(self) -> tuple[Signature, ...]:
        found = []
        for number, fields in zip(SIGNERS, self.signers, strict=True):
            key = uploads.take(fields["picture"], fields["kept"], fields["removed"], uploads.signature)
            name, role = str(fields["name"].data or ""), str(fields["role"].data or "")
            if (key or role) and not name:
                self.refuse(
                    Refused(
                        _("Say who signs: screen readers read the name out, and it stands below the line."),
                        field=f"signer_{number}_name",
                    )
                )
            if name:
                script = bool(fields["script"].data) and key is None
                found.append(Signature(name=name, role=role, picture_key=key, script=script))
        return tuple(found)


def _said(problem: wording.Problem) -> str:
    if problem.kind == "unknown":
        known = ", ".join(f"{{{name}}}" for name in wording.PLACEHOLDERS)
        return _("%(what)s is not a placeholder. These are: %(known)s.", what=problem.what, known=known)
    return _(
        "A bracket has no partner: “%(what)s”. Braces hold a placeholder, square brackets what may be left out.",
        what=problem.what.strip(),
    )


def _add_signers() -> None:
    for number in SIGNERS:
        fields = {
            "name": Line(_l("Name of signer %(number)s", number=number), required=False, most=120),
            "role": Line(_l("Role of signer %(number)s", number=number), required=False, most=120),
            "script": Switch(_l("Write the name of signer %(number)s by hand", number=number)),
            "picture": FileField(_l("Signature of signer %(number)s", number=number)),
            "kept": HiddenField(),
            "removed": BooleanField(_l("Remove the signature of signer %(number)s", number=number)),
        }
        for what, field in fields.items():
            setattr(TemplateForm, f"signer_{number}_{what}", field)


_add_signers()


def form_of(design: Design, *, name: str, revision: int | str = "") -> TemplateForm:
    """Return a form that is filled with a design."""
    chosen = next(
        (one.key for one in PALETTES if (one.primary, one.accent, one.ground) == _three(design)),
        OWN,
    )
    values: dict[str, Any] = {text: getattr(design, text) for text in (*TEXTS, *COLOURS, "layout", "size", "language")}
    for number, one in enumerate(design.signatures, start=1):
        values |= {
            f"signer_{number}_name": one.name,
            f"signer_{number}_role": one.role,
            f"signer_{number}_script": one.script,
        }
    form = TemplateForm(formdata=None, name=name, palette=chosen, revision=str(revision), **values)
    uploads.remember(form.logo_kept, design.logo_key)
    for number, one in enumerate(design.signatures, start=1):
        uploads.remember(form.signer(number)["kept"], one.picture_key)
    return form


def _three(design: Design) -> tuple[str, str, str]:
    return design.primary, design.accent, design.ground
