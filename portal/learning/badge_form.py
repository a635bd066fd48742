"""The form in which it is said what a path's badge is and what it corresponds to."""

from __future__ import annotations

from typing import Any

from wtforms import FieldList, FormField, HiddenField, SelectField, StringField
from wtforms import Form as PlainForm
from wtforms.fields.choices import SelectChoice

from portal.badges.achievement_types import ORDINARY, TYPES
from portal.badges.services.classes import ALIGNMENTS, LONGEST_ADDRESS
from portal.core.errors import Refused
from portal.core.i18n import _, _l, language_name
from portal.learning.forms import languages
from portal.learning.services.badge_details import BadgeDetails
from portal.openbadges.model import Alignment
from portal.web.forms import SHORT, TITLE, Form, length

PARTS = ("name", "url", "framework", "code", "description")


class _Exact(StringField):
    """One line of text in which invisible characters are found and refused, since it goes into a signed document."""

    def __init__(self, label: Any, *, most: int, **options: Any) -> None:
        shown = {"maxlength": most, "autocomplete": "off", **options.pop("render_kw", {})}
        super().__init__(label, validators=[length(most)], filters=[_trimmed], render_kw=shown, **options)


def _trimmed(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


class AlignmentForm(PlainForm):
    """One thing in somebody's framework that the badge corresponds to."""

    name = _Exact(_l("What it corresponds to"), most=TITLE)
    url = _Exact(
        _l("Web address of it"), most=LONGEST_ADDRESS, render_kw={"inputmode": "url", "placeholder": "https://"}
    )
    framework = _Exact(_l("Name of the framework"), most=TITLE)
    code = _Exact(_l("Code there"), most=100)
    description = _Exact(_l("In a sentence"), most=SHORT)

    @property
    def filled(self) -> bool:
        """Whether anything was entered."""
        return any(self[part].data for part in PARTS)


class BadgeDetailsForm(Form):
    """The page Badge details of a path."""

    achievement_type = SelectField(
        _l("Type"), choices=[SelectChoice(name, words) for name, words in TYPES.items()], default=ORDINARY
    )
    language = SelectField(_l("Language of the badge"))
    alignments = FieldList(FormField(AlignmentForm), _l("Frameworks"), max_entries=ALIGNMENTS)
    revision = HiddenField()

    def __init__(self, *args: Any, path_language: str = "en", **values: Any) -> None:
        """Offer the languages, the path's own first; a type that is none of the standard's stays as it is."""
        super().__init__(*args, **values)
        own = _("As the path: %(language)s", language=language_name(path_language))
        self.language.choices = [SelectChoice("", own), *(SelectChoice(code, name) for code, name in languages())]
        kept = values.get("achievement_type") or ""
        if kept.startswith("ext:"):
            self.achievement_type.choices = [*self.achievement_type.choices, SelectChoice(kept, kept)]

    @property
    def details(self) -> BadgeDetails:
        """What the form says; rows in which nothing stands are left out."""
        kind = self.achievement_type.data
        return BadgeDetails(
            achievement_type="" if kind == ORDINARY else kind,
            language=self.language.data or "",
            alignments=tuple(
                Alignment(**{part: entry.form[part].data or "" for part in PARTS}) for entry in self._filled()
            ),
        )

    def _filled(self) -> list[Any]:
        return [entry for entry in self.alignments.entries if entry.form.filled]

    def refuse(self, error: Refused) -> None:
        """Show a refusal beside its field, also inside the row of a framework, and above the form."""
        place, _dash, part = (error.field or "").removeprefix("alignments-").partition("-")
        rows = self._filled()
        if place.isdecimal() and part in PARTS and int(place) < len(rows):
            row = rows[int(place)]
            row.form[part].errors = [error.message]
            number = self.alignments.entries.index(row) + 1
            message = _("Framework %(number)s: %(message)s", number=number, message=error.message)
            super().refuse(Refused(message))
            return
        super().refuse(error)

    def show_row_errors(self) -> None:
        """Name above the form what has to be corrected in its rows."""
        for number, entry in enumerate(self.alignments.entries, 1):
            for messages in entry.form.errors.values():
                super().refuse(Refused(_("Framework %(number)s: %(message)s", number=number, message=str(messages[0]))))
