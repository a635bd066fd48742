"""Passwords: how they are kept, compared and chosen."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.core import ids
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.core.settings import settings

if TYPE_CHECKING:
    from portal.accounts.models import Person

SHORTEST = 10
LONGEST = 200
# The commonest passwords of ten and more characters in published lists, folded; one a line.
_FIRST_GUESSES = Path(__file__).with_name("first_guesses.txt")


@lru_cache
def _first_guesses() -> frozenset[str]:
    return frozenset(_FIRST_GUESSES.read_text("utf-8").split())


def _same_form(password: str) -> str:
    """Return the form in which keyboards of all kinds agree (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


@lru_cache
def _hasher(testing: bool) -> PasswordHasher:
    """Return Argon2id with the library's defaults, those of RFC 9106 for little memory; cheap where tests run."""
    return PasswordHasher(time_cost=1, memory_cost=64, parallelism=1) if testing else PasswordHasher()


@lru_cache
def _nobodys_hash(testing: bool) -> str:
    return _hasher(testing).hash(ids.secret())


def warm_up(testing: bool) -> None:
    """Make the hash that unknown accounts are compared with, before anybody measures how long that takes."""
    _nobodys_hash(testing)


def hashed(password: str) -> str:
    """Return what is stored in place of a password."""
    return _hasher(settings().testing).hash(_same_form(password))


def fits(stored: str | None, password: str) -> bool:
    """Whether a password fits what is stored; without anything stored it takes as long, and says no.

    Call it outside of a transaction: it takes a while on purpose.
    """
    try:
        right = _hasher(settings().testing).verify(stored or _nobodys_hash(settings().testing), _same_form(password))
    except (VerificationError, InvalidHashError):
        return False
    return right and stored is not None


def out_of_date(stored: str) -> bool:
    """Whether a stored hash was made with weaker parameters than today's."""
    return _hasher(settings().testing).check_needs_rehash(stored)


def check_choice(password: str, person: Person, *, field: str = "password") -> None:
    """Raise Refused, beside `field`, where a password is too short, too long, or among the first that anybody would try."""
    folded = _same_form(password).casefold()
    if len(password) < SHORTEST:
        raise Refused(_("Use at least %(least)s characters.", least=SHORTEST), field=field)
    if len(password) > LONGEST:
        raise Refused(_("Use at most %(most)s characters.", most=LONGEST), field=field)
    if folded in _first_guesses() or len(set(folded)) < 4:
        raise Refused(_("This password is one of the first that anybody would try. Choose another one."), field=field)
    if any(word in folded for word in _own_words(person)):
        raise Refused(_("Do not use your name or e-mail address in your password."), field=field)


def _own_words(person: Person) -> set[str]:
    words = {word for word in person.name.casefold().split() if len(word) > 3}
    for email in person.addresses:
        local = email.address.partition("@")[0]
        words |= {email.address, local} if len(local) > 3 else {email.address}
    return words


def store(person: Person, stored: str) -> None:
    """Give a person a password by its hash; every session that stood until now ends."""
    person.password_hash = stored
    person.session_epoch = ids.public_id()
