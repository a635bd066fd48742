"""Commands for whoever runs an installation: `flask laurel …`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app
from flask.cli import AppGroup

from portal.core import jobs

if TYPE_CHECKING:
    from flask import Flask

group = AppGroup("laurel", help="Look after a Laurel installation.")


@group.command("work")
def work() -> None:
    """Run the worker in a process of its own (where several machines share the work)."""
    jobs.bell(current_app).run_forever()


def init_app(app: Flask) -> None:
    """Add the commands to an app."""
    app.cli.add_command(group)
