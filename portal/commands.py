"""Commands for whoever runs an installation: `flask laurel …`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import AppGroup

from portal.core import jobs
from portal.core.settings import settings

if TYPE_CHECKING:
    from flask import Flask

group = AppGroup("laurel", help="Look after a Laurel installation.")


@group.command("work")
def work() -> None:
    """Run the worker in a process of its own (where several machines share the work)."""
    jobs.bell(current_app).run_forever()


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
    loading.load(*current_app.extensions["laurel_demo_callables"])


@group.command("check")
def check() -> None:
    """Check what must be true before the portal serves anybody."""
    from portal import starting

    starting.check(current_app)
    click.echo("Ready to serve.")


def init_app(app: Flask) -> None:
    """Add the commands to an app."""
    app.cli.add_command(group)
