"""The forms in which paths are written and members are looked after."""

from __future__ import annotations

import re
from typing import Any

from babel import Locale
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, SelectField
from wtforms.fields.choices import SelectChoice

from portal.certificates.services import template_choices
from portal.core.errors import Refused
from portal.core.i18n import _, _l, language
from portal.core.settings import settings
from portal.learning.validity_form import ValidityFields
from portal.web.forms import LONG, TEXT, TITLE, Form, Line, Paragraphs, Switch

LANGUAGES = (
    "ar", "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "he", "hr", "hu", "is", "it", "ja", "ko", "lt", "lv",
    "nb", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv", "tr", "uk", "vi", "zh",
)  # fmt: skip
MOST_TAGS = 20
LONGEST_TAG = 40
HIGHEST_GRADE = 100


def languages() -> list[tuple[str, str]]:
    """Return the languages that a path can be in, each under its name in the reader's language."""
    known = dict.fromkeys((*settings().languages, *LANGUAGES))
    named = [(code, Locale.parse(code, sep="-").get_display_name(language()) or code) for code in known]
    return sorted(((code, name[:1].upper() + name[1:]) for code, name in named), key=lambda pair: pair[1])


class InfoForm(ValidityFields):
    """The Info page of a path."""

    title = Line(_l("Title"), most=TITLE)
    description = Paragraphs(_l("Description"), most=LONG)
    cover = FileField(_l("Cover image"))
    cover_kept = HiddenField()
    cover_alt = Line(_l("What the picture shows"), required=False)
    cover_removed = BooleanField(_l("Remove the cover image"))
    language = SelectField(_l("Language"))
    certification = Switch(_l("Certification"))
    template = SelectField(_l("Certificate template"), default="")
    open_badges = Switch(_l("Open Badges integration"))
    badge_name = Line(_l("Badge name"), required=False, most=TITLE)
    badge_description = Paragraphs(_l("Badge description"), most=TEXT)
    badge_criteria = Paragraphs(_l("Criteria"), most=LONG)
    badge_tags = Line(_l("Tags"), required=False, most=500)
    revision = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language.choices = [SelectChoice(code, name) for code, name in languages()]
        self.template.choices = [SelectChoice(key, name) for key, name in template_choices(self.template.data)]

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags, each once, as they were typed."""
        words = (" ".join(word.split()) for word in (self.badge_tags.data or "").split(","))
        once: dict[str, str] = {}
        for word in filter(None, words):
            once.setdefault(word.casefold(), word)
        return tuple(once.values())

    def check_dependents(self) -> None:
        """Refuse what stands under a switch that is on and does not fit; what a switch hides is not asked about."""
        if not self.certification.data:
            return
        self.check_validity()
        if self.open_badges.data and len(self.tags) > MOST_TAGS:
            self.refuse(Refused(_("Use at most %(most)s tags.", most=MOST_TAGS), field="badge_tags"))
        if self.open_badges.data and any(len(tag) > LONGEST_TAG for tag in self.tags):
            self.refuse(Refused(_("A tag can have at most %(most)s characters.", most=LONGEST_TAG), field="badge_tags"))


class ButtonForm(Form):
    """A button that posts; it carries nothing but proof that it stood on a page of ours."""


class PersonForm(Form):
    """Somebody found by search and chosen."""

    person = HiddenField()


class DecisionForm(Form):
    """An instructor's word on a step."""

    comment = Paragraphs(_l("Comment"), most=TEXT)
    grade = Line(_l("Grade"), required=False, most=10)

    @property
    def percent(self) -> float | None:
        """The grade as a number; None where none was entered. Raises Refused where it is no number from 0 to 100."""
        text = (self.grade.data or "").replace(",", ".")
        if not text:
            return None
        grade = float(text) if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,2})?", text) else None
        if grade is None or grade > HIGHEST_GRADE:
            raise Refused(_("A grade is a number from 0 to 100."), field="grade")
        return grade
