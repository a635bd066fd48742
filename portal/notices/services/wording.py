"""What an administrator decides of the kinds of notices: whether they are told, by mail, and in which words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from portal.core import jobs
from portal.core.clock import now
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _, speaking
from portal.core.settings import absolute
from portal.notices.jobs import send_mails
from portal.notices.kinds import KINDS, Kind
from portal.notices.models import Mail, NoticeKindSetting, NoticeText
from portal.notices.placeholders import EXAMPLES
from portal.notices.posting import write_notice
from portal.notices.texts import Words, default_words, fill, unknown_placeholders, written_values
from portal.notices.writing import Written, values_of

if TYPE_CHECKING:
    from datetime import datetime

    from portal.accounts.models import Person


@dataclass(frozen=True)
class KindState:
    """A kind as its administrator sees it: whether it is told, whether by mail at first, and the languages of own texts."""

    kind: Kind
    told: bool
    mail: bool
    own: frozenset[str]


def kind_states() -> list[KindState]:
    """Return every kind with what was decided of it."""
    decided = {row.kind: row for row in session().scalars(select(NoticeKindSetting))}
    own: dict[str, set[str]] = {}
    for name, language in session().execute(select(NoticeText.kind, NoticeText.language)):
        own.setdefault(name, set()).add(language)
    return [
        KindState(
            kind,
            decided[kind.name].told if kind.name in decided else True,
            decided[kind.name].mail if kind.name in decided else kind.mail,
            frozenset(own.get(kind.name, ())),
        )
        for kind in KINDS
    ]


def decide(kind: Kind, *, told: bool, mail: bool) -> None:
    """Decide whether a kind is told at all, and whether it goes by mail to whoever did not choose."""
    row = session().get(NoticeKindSetting, kind.name)
    if row is None:
        row = NoticeKindSetting(kind=kind.name)
        session().add(row)
    row.told = told
    row.mail = mail or kind.kept


def own_words(kind: Kind, language: str) -> NoticeText | None:
    """Return an administrator's own text of a kind in a language, or None where the portal's counts."""
    return session().scalar(select(NoticeText).where(NoticeText.kind == kind.name, NoticeText.language == language))


def words_of(kind: Kind, language: str) -> Words:
    """Return the words that count for a kind in a language."""
    row = own_words(kind, language)
    return Words(row.subject, row.body) if row else default_words(kind, language)


def check_words(kind: Kind, text: str, *, field: str) -> None:
    """Raise Refused beside a field where something in braces means nothing to a kind."""
    unknown = unknown_placeholders(kind, text)
    if unknown:
        raise Refused(
            _(
                "Nothing can be put in for %(unknown)s here. Use only the placeholders that stand beside the text.",
                unknown=", ".join(f"{{{name}}}" for name in unknown),
            ),
            field=field,
        )


def save_words(kind: Kind, language: str, words: Words) -> None:
    """Keep an administrator's words for a kind in a language; the portal's own words are not kept a second time."""
    check_words(kind, words.subject, field="subject")
    check_words(kind, words.body, field="body")
    row = own_words(kind, language)
    if words == default_words(kind, language):
        if row:
            session().delete(row)
        return
    if row is None:
        row = NoticeText(kind=kind.name, language=language)
        session().add(row)
    row.subject, row.body, row.changed_at = words.subject, words.body, now()
    session().flush()


def reset_words(kind: Kind, language: str) -> None:
    """Let the portal's own words count again for a kind in a language."""
    session().execute(delete(NoticeText).where(NoticeText.kind == kind.name, NoticeText.language == language))


def example(kind: Kind, words: Words, reader: Person, language: str) -> Written:
    """Return the mail that some words would make, with examples in place of what they name."""
    url = absolute("/learning-paths")
    with speaking(language, reader.timezone):
        values: dict[str, str | datetime] = {name: str(EXAMPLES[name]) for name in kind.values if name in EXAMPLES}
        if "date" in kind.values:
            values["date"] = now() + timedelta(days=30)
        filled = fill(kind, words, written_values(kind, values, name=reader.name, url=url))
    return write_notice(
        kind,
        filled,
        language,
        reader.timezone,
        url=url,
        unsubscribe=None if kind.kept else absolute("/profile/notices"),
    )


def send_example(kind: Kind, words: Words, reader: Person, language: str) -> Mail:
    """Mail an administrator what some words would make; raise Refused where there is no address to send it to."""
    if not reader.email:
        raise Refused(_("You have no e-mail address yet. Add one under E-mail addresses."))
    row = Mail(**values_of(example(kind, words, reader, language), to=reader.email, template="notice"))
    session().add(row)
    session().flush()
    if row.state == jobs.DUE:
        jobs.ring(send_mails)
    return row
