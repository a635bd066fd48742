"""What an administrator wants to know of the portal's running."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from flask import request
from sqlalchemy import func, select

from config import DEMO_SECRET
from portal import __version__
from portal.accounts.models import Person
from portal.admin.jobs import THE_ONE
from portal.admin.models import Heartbeat
from portal.badges.models import Award
from portal.certificates.models import Certificate
from portal.core import crypto, jobs
from portal.core import mail as transport
from portal.core.clock import now
from portal.core.db import session
from portal.core.i18n import _, date_time, ngettext
from portal.core.settings import settings
from portal.learning.models import LearningPath
from portal.notices import services as notices
from portal.notices.models import FAILED

if TYPE_CHECKING:
    from pathlib import Path

LATE = timedelta(minutes=10)
SILENT = timedelta(minutes=3)
LITTLE_SPACE = 1024**3
MOST_FILES = 200_000
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: how it is ("success", "warning", "danger", "info"), and what to do."""

    tone: str
    title: str
    text: str


def checks() -> list[Check]:
    """Look at everything that may need somebody's attention; what is worst comes first."""
    looks: tuple[Callable[[], Check], ...] = (
        _encryption, _worker, _waiting, _mail, _address, _asked_address, _secret, _space, _demo,
    )  # fmt: skip
    order = {"danger": 0, "warning": 1, "info": 2, "success": 3}
    return sorted((look() for look in looks), key=lambda check: order[check.tone])


def _heartbeat() -> Heartbeat | None:
    return session().get(Heartbeat, THE_ONE)


def _encryption() -> Check:
    title = _("Encryption key")
    heartbeat = _heartbeat()
    if heartbeat is None:
        return Check("info", title, _("Nothing was encrypted yet, so the key could not be tried. The worker tries it."))
    try:
        crypto.decrypt(heartbeat.canary)
    except crypto.KeyLost:
        words = _(
            "LAUREL_ENCRYPTION_KEY does not open what is stored: it was changed or lost. Put the old key back; several keys "
            "are separated by commas, the newest first. Without it, backpacks have to be allowed anew. See docs/deploy.md."
        )
        return Check("danger", title, words)
    return Check("success", title, _("The key opens what is stored."))


def _worker() -> Check:
    title = _("Worker")
    heartbeat = _heartbeat()
    if heartbeat is None:
        words = _("The worker was never seen. Mails and badges wait for it. Is it running? See docs/deploy.md.")
        return Check("warning", title, words)
    seen = date_time(heartbeat.seen_at)
    if now() - heartbeat.seen_at > SILENT:
        words = _("The worker was last seen on %(time)s. Mails and badges wait for it. Start it again.", time=seen)
        return Check("danger", title, words)
    return Check("success", title, _("The worker runs; it was last seen on %(time)s.", time=seen))


def due_work() -> tuple[int, datetime | None]:
    """Return how many rows wait for the worker now, and since when the oldest does."""
    number, oldest = 0, None
    for model in cast("list[Any]", jobs.Leased.__subclasses__()):
        statement = select(func.count(), func.min(model.not_before)).where(
            model.state == jobs.DUE, model.not_before <= now(), model.leased_until <= now()
        )
        count, since = session().execute(statement).one()
        number += count
        oldest = min(filter(None, (oldest, since)), default=None)
    return number, oldest


def _waiting() -> Check:
    title = _("Waiting work")
    number, oldest = due_work()
    if oldest is None:
        return Check("success", title, _("Nothing waits for the worker."))
    words = ngettext(
        "%(num)s task waits, the oldest since %(time)s.",
        "%(num)s tasks wait, the oldest since %(time)s.",
        number,
        time=date_time(oldest),
    )
    if now() - oldest > LATE:
        return Check("warning", title, words + " " + _("That is long. Look whether the worker runs and read its log."))
    return Check("success", title, words)


def _mail() -> Check:
    title = _("Mail")
    failed = notices.count_by_state().get(FAILED, 0)
    if failed:
        words = ngettext("%(num)s mail could not be sent.", "%(num)s mails could not be sent.", failed)
        return Check("warning", title, words + " " + _("Open Mail to see why, and send them again."))
    if not transport.leaves_the_house():
        words = _(
            "No mail server is configured. Mails stay in the outbox, where administrators can read them. Set LAUREL_SMTP_HOST to send them."
        )
        return Check("warning" if settings().production else "info", title, words)
    return Check("success", title, _("Mails leave by the mail server."))


def _address() -> Check:
    title = _("Public address")
    base = settings().base_url
    if settings().secure:
        return Check("success", title, _("The portal is reached at %(address)s.", address=base))
    if urlsplit(base).hostname in LOCAL_HOSTS:
        words = _(
            "The portal's address is %(address)s: only this machine reaches it, and badges issued here can be checked nowhere else.",
            address=base,
        )
        return Check("info", title, words)
    words = _(
        "The portal's address is %(address)s, without https. Passwords can be read on the way. Set up HTTPS before you issue badges.",
        address=base,
    )
    return Check("danger", title, words)


def _asked_address() -> Check:
    title = _("Address in your browser")
    if request.host == urlsplit(settings().base_url).netloc:
        return Check("success", title, _("You reach the portal at its public address."))
    words = _(
        "You reach the portal at %(asked)s, but LAUREL_BASE_URL names %(address)s. Links in mails and in badges use the latter. "
        "Change it before the first badge is issued, or have the proxy pass the Host header on.",
        asked=request.host,
        address=settings().base_url,
    )
    return Check("warning", title, words)


def _secret() -> Check:
    title = _("Secret key")
    if settings().secret_key == DEMO_SECRET:
        words = _(
            "The portal runs with the key of the demo, which everybody knows. Set LAUREL_SECRET_KEY before real people use it."
        )
        return Check("warning", title, words)
    return Check("success", title, _("The portal has a key of its own."))


def _space() -> Check:
    title = _("Space for files")
    free = shutil.disk_usage(settings().data_folder).free
    if not os.access(settings().data_folder, os.W_OK):
        return Check("danger", title, _("The data folder cannot be written. Give it to the user that runs the portal."))
    if free < LITTLE_SPACE:
        words = _(
            "Only %(size)s are free where the data lies. Make room before pictures and badges can no longer be stored.",
            size=_size(free),
        )
        return Check("warning", title, words)
    return Check("success", title, _("%(size)s are free where the data lies.", size=_size(free)))


def _demo() -> Check:
    title = _("Demo academy")
    if settings().demo:
        return Check(
            "info", title, _("The demo is loaded. Its passwords are public: use it to look around, not to work.")
        )
    return Check("success", title, _("No demo accounts were asked for."))


def _size(number: float) -> str:
    for unit in ("bytes", "KB", "MB", "GB"):
        if number < 1024:
            return f"{number:.0f} {unit}"
        number /= 1024
    return f"{number:.1f} TB"


def facts() -> list[tuple[str, str]]:
    """Return what this installation is made of."""
    dialect = session().get_bind().dialect
    version = ".".join(str(part) for part in getattr(dialect, "server_version_info", None) or ())
    return [
        (_("Version"), __version__),
        (_("Public address"), settings().base_url),
        (
            _("Database"),
            f"{ {'sqlite': 'SQLite', 'postgresql': 'PostgreSQL'}.get(dialect.name, dialect.name) } {version}".strip(),
        ),
        (_("Queue"), "Redis" if settings().redis_url else _("A file beside the data")),
        (_("Stored files"), _stored(settings().data_folder / "files")),
        (_("Python"), platform.python_version()),
    ]


def _stored(folder: Path) -> str:
    number, size = 0, 0
    for path, _folders, names in os.walk(folder):
        for name in names:
            try:
                size += os.stat(os.path.join(path, name)).st_size  # noqa: PTH116, PTH118 - many files, and this is quicker
            except FileNotFoundError:
                continue
            number += 1
        if number >= MOST_FILES:
            return _("more than %(number)s files, %(size)s", number=number, size=_size(size))
    return ngettext("%(num)s file, %(size)s", "%(num)s files, %(size)s", number, size=_size(size))


def figures() -> list[tuple[str, int]]:
    """Return how much there is of what matters."""

    def count(model: Any, *conditions: Any) -> int:
        return session().scalar(select(func.count()).select_from(model).where(*conditions)) or 0

    return [
        (_("Active people"), count(Person, Person.active)),
        (_("Learning paths"), count(LearningPath)),
        (_("Certificates"), count(Certificate)),
        (_("Badges issued"), count(Award)),
    ]
