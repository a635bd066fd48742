"""The forms of steps that lead elsewhere: a link, an event, another path, something that outside content reports."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from wtforms import Field, IntegerField, RadioField, SelectField, ValidationError
from wtforms import Form as WTForm
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional

from portal.core.i18n import _, _l
from portal.learning.goals.forms import StepForm
from portal.web.forms import LONG, Line, Paragraphs, Switch, web_address

LONGEST_ADDRESS = 2000
OWN = "own"
VERBS = {
    "http://adlnet.gov/expapi/verbs/completed": _l("completed"),
    "http://adlnet.gov/expapi/verbs/passed": _l("passed"),
    "http://adlnet.gov/expapi/verbs/mastered": _l("mastered"),
    "http://adlnet.gov/expapi/verbs/experienced": _l("experienced"),
    "http://adlnet.gov/expapi/verbs/attended": _l("attended"),
    "http://adlnet.gov/expapi/verbs/answered": _l("answered"),
    "http://adlnet.gov/expapi/verbs/interacted": _l("interacted"),
    "http://adlnet.gov/expapi/verbs/scored": _l("scored"),
    "http://adlnet.gov/expapi/verbs/shared": _l("shared"),
    "http://adlnet.gov/expapi/verbs/commented": _l("commented"),
}
_IRI = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+", re.IGNORECASE)


def is_iri(text: str) -> bool:
    """Whether a text is an absolute IRI (RFC 3987): a scheme, a colon, and something behind it."""
    return len(text) <= LONGEST_ADDRESS and _IRI.fullmatch(text) is not None


def secure_address(form: WTForm, field: Field) -> None:
    """Check that a text is a web address that begins with https."""
    web_address(form, field)
    if field.data and urlsplit(field.data).scheme != "https":
        raise ValidationError(_("Enter an address that begins with https://, so that nobody on the way reads along."))


def iri(_form: WTForm, field: Field) -> None:
    """Check that a text is an absolute IRI."""
    if field.data and not is_iri(field.data):
        raise ValidationError(_("Enter a whole identifier, such as https://example.org/courses/fire-safety."))


class LinkForm(StepForm):
    """A page of another site."""

    text = Paragraphs(_l("What to do there"), most=LONG)
    link = Line(_l("Web address"), required=False, most=LONGEST_ADDRESS, validators=[secure_address])


class EventForm(StepForm):
    """An event; its dates have a page of their own."""

    text = Paragraphs(_l("What it is about"), most=LONG)


class AnotherPathForm(StepForm):
    """Another learning path; what is searched for narrows the choice."""

    text = Paragraphs(_l("Why it is part of this path"), most=LONG)
    searched = Line(_l("Search learning paths"), required=False, most=100)
    needs = RadioField(_l("Learning path"), validate_choice=False, default="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer()

    def offer(self) -> None:
        """Offer the paths that fit what is searched for, and the one that is chosen."""
        from portal.learning.services import needing

        found = needing.offered(self.searched.data or "", chosen=self.needs.data or "")
        self.needs.choices = [SelectChoice(public_id, title) for public_id, title in found]

    def rework(self, action: str) -> bool:
        """Search, and keep what was typed elsewhere."""
        return action == "search"


class StatementForm(StepForm):
    """Something that outside content reports by the Experience API."""

    text = Paragraphs(_l("What to do"), most=LONG)
    launch = Line(_l("Address of the content"), required=False, most=LONGEST_ADDRESS, validators=[secure_address])
    activity = Line(_l("Activity"), required=False, most=LONGEST_ADDRESS, validators=[iri])
    verb = SelectField(_l("What the content reports"), default=next(iter(VERBS)))
    own_verb = Line(_l("Verb of your own"), required=False, most=LONGEST_ADDRESS, validators=[iri])
    score = IntegerField(
        _l("Lowest score, in percent"),
        validators=[Optional(), NumberRange(0, 100, message=_l("Enter a whole number from 0 to 100."))],
    )
    success = Switch(_l("It has to be reported as passed"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.verb.choices = [
            *(SelectChoice(address, str(word)) for address, word in VERBS.items()),
            SelectChoice(OWN, _("Another one")),
        ]
