"""The form that says for whom a path is, what comes before it, and where it stands among others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_wtf.file import FileField
from wtforms import RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from portal.core.i18n import _l
from portal.web.forms import Form, Line, Switch


class CheckBoxes(SelectMultipleField):
    """Several things of a list, each with a check box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class SettingsForm(Form):
    """For whom a path is, what comes before it, how it is found."""

    seen = RadioField(
        _l("Who sees it"),
        choices=[
            SelectChoice("everybody", _l("Everybody")),
            SelectChoice("groups", _l("The people of some groups")),
            SelectChoice("nobody", _l("Its members alone")),
        ],
        default="everybody",
    )
    joined = RadioField(
        _l("Who may join"),
        choices=[
            SelectChoice("everybody", _l("Everybody who sees it")),
            SelectChoice("groups", _l("The people of some groups")),
            SelectChoice("nobody", _l("Nobody: instructors add people")),
        ],
        default="everybody",
    )
    groups = CheckBoxes(_l("Groups"))
    needs = CheckBoxes(_l("Learning paths to complete first"))
    approved = Switch(_l("Approval"))
    categories = CheckBoxes(_l("Categories"))
    tags = Line(_l("Tags"), required=False, most=900)

    def __init__(
        self,
        *args: Any,
        of_groups: Sequence[tuple[str, str]] = (),
        of_paths: Sequence[tuple[str, str]] = (),
        of_categories: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        """Offer groups, paths and categories, each by its public id with its name."""
        super().__init__(*args, **kwargs)
        self.groups.choices = [SelectChoice(key, name) for key, name in of_groups]
        self.needs.choices = [SelectChoice(key, name) for key, name in of_paths]
        self.categories.choices = [SelectChoice(key, name) for key, name in of_categories]


class CategoryForm(Form):
    """A category of paths."""

    name = Line(_l("Name"), most=100)


class ImportForm(Form):
    """A path as one file."""

    file = FileField(_l("File"))
