"""Commands for whoever runs an installation: `flask laurel …`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from email_validator import EmailNotValidError, validate_email
from flask import current_app
from flask.cli import AppGroup

from portal.accounts.services import invitations
from portal.core import jobs
from portal.core.db import commit
from portal.core.errors import Refused
from portal.core.markdown import without_controls
from portal.core.settings import settings
from portal.web.forms import TITLE

if TYPE_CHECKING:
    from flask import Flask

group = AppGroup("laurel", help="Look after a Laurel installation.")


@group.command("work")
def work() -> None:
    """Run the worker in a process of its own (where several machines share the work)."""
    jobs.bell(current_app).run_forever()


@group.command("init")
@click.option("--name", prompt="Name of the first administrator", help="As it should stand in the portal.")
@click.option("--email", prompt="E-mail address", help="Where mails to the administrator go.")
def init(name: str, email: str) -> None:
    """Make the first administrator, and print the link with which they choose a password."""
    name = " ".join(without_controls(name).split())
    if not name or len(name) > TITLE:
        message = f"Give a name of 1 to {TITLE} characters."
        raise click.ClickException(message)
    try:
        address = validate_email(email, check_deliverability=False, test_environment=True).normalized.lower()
        link = invitations.start_house(name, address)
    except (EmailNotValidError, Refused) as error:
        raise click.ClickException(str(error)) from error
    commit()
    click.echo("Open this link within 14 days, and choose a password:")
    click.echo(link)


@group.command("password-link")
@click.argument("email")
def password_link(email: str) -> None:
    """Print a link to a new password: for an administrator who forgot theirs where no mail is sent."""
    try:
        link = invitations.password_link(email)
    except Refused as error:
        raise click.ClickException(str(error)) from error
    commit()
    click.echo("This link works once, for 24 hours:")
    click.echo(link)


@group.command("demo")
def load_demo() -> None:
    """Load the demo academy into an empty portal; a portal that holds people already is left as it is."""
    from portal.demo import loading

    if not settings().demo:
        message = "The demo is loaded only where it is asked for: set LAUREL_DEMO=1."
        raise click.ClickException(message)
    if loading.is_loaded():
        click.echo("This portal is in use already; nothing was loaded.")
        return
    click.echo("Loading the demo academy …")
    with current_app.test_request_context("/", method="POST"):
        loading.load(current_app.extensions["laurel_demo_backpack"])


@group.command("check")
def check() -> None:
    """Check what must be true before the portal serves anybody."""
    from portal import starting

    starting.check(current_app)
    click.echo("Ready to serve.")


def init_app(app: Flask) -> None:
    """Add the commands to an app."""
    app.cli.add_command(group)
