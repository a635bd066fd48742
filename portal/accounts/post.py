"""How this room has mails sent: `app` hands it the sender, since notices stand above accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

from flask import current_app

if TYPE_CHECKING:
    from flask import Flask

    from portal.accounts.models import Person

_EXTENSION = "laurel_post"


class Post(Protocol):
    """Something that writes a mail from a template and sees to its sending after the commit."""

    def __call__(self, *, to: str, template: str, language: str, timezone: str, **context: Any) -> object:
        """Write one mail to an address in its reader's language and time zone."""


def send(person: Person, to: str, template: str, **context: Any) -> None:
    """Write a mail to an address of a person, in the person's language and time zone."""
    post = cast("Post", current_app.extensions[_EXTENSION])
    post(to=to, template=template, language=person.language, timezone=person.timezone, name=person.name, **context)


def init_app(app: Flask, post: Post) -> None:
    """Let the accounts of an app send mails."""
    app.extensions[_EXTENSION] = post
