"""Files by what they hold: the key of a file is the SHA-256 of its content."""

from __future__ import annotations

import glob
import hashlib
import io
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

from flask import current_app

from portal.core.errors import LaurelError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from flask import Flask

EXTENSIONS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "image/svg+xml": "svg",
    "application/pdf": "pdf",
    "application/json": "json",
    "text/vtt": "vtt",
    "video/mp4": "mp4",
    "video/webm": "webm",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
    "audio/flac": "flac",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.presentation": "odp",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
}
CHUNK = 1024 * 1024


class Missing(LaurelError):
    """No file is stored under this key."""


class Storage(Protocol):
    """Where files lie: local folders, or a service that many machines share."""

    def write(self, key: str, data: bytes) -> None:
        """Store data under key; writing the same key again changes nothing."""

    def write_from(self, key: str, file: BinaryIO) -> None:
        """Store what is left to read of a file under key; writing the same key again changes nothing."""

    def open(self, key: str) -> BinaryIO:
        """Open what is stored under key, to be read from any place; raise Missing where there is nothing."""
        ...

    def read(self, key: str) -> bytes:
        """Return what is stored under key; raise Missing where there is nothing."""

    def has(self, key: str) -> bool:
        """Whether something is stored under key."""

    def remove(self, key: str) -> None:
        """Delete what is stored under key and what was derived from it; where there is nothing, nothing happens."""

    def renew(self, key: str) -> bool:
        """Let what is stored under key count as stored just now; whether something is there. So does writing it again."""

    def keys_before(self, moment: datetime) -> Iterator[str]:
        """Return the keys of what was stored or renewed last before a moment, in no order."""
        ...

    def remove_old(self, key: str, moment: datetime) -> bool:
        """Delete what is stored under key, unless it was renewed since a moment; whether it was deleted."""


class LocalStorage:
    """Files below one folder, written whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _path(self, key: str) -> Path:
        if "/" in key or key.startswith("."):
            raise Missing(key)
        return self._folder / key[:2] / key

    def write(self, key: str, data: bytes) -> None:
        """Store data under key, through a temporary file, so that a kill leaves no half file."""
        self.write_from(key, io.BytesIO(data))

    def write_from(self, key: str, file: BinaryIO) -> None:
        """Store a file under key, a piece at a time, through a temporary file."""
        path = self._path(key)
        if self.renew(key):
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as target:
            shutil.copyfileobj(file, target, CHUNK)
            target.flush()
            os.fsync(target.fileno())
        Path(temporary).replace(path)

    def open(self, key: str) -> BinaryIO:
        """Open what is stored under key."""
        try:
            return self._path(key).open("rb")
        except FileNotFoundError as error:
            raise Missing(key) from error

    def read(self, key: str) -> bytes:
        """Return what is stored under key."""
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError as error:
            raise Missing(key) from error

    def has(self, key: str) -> bool:
        """Whether something is stored under key."""
        return self._path(key).exists()

    def remove(self, key: str) -> None:
        """Delete what is stored under key and what was derived from it."""
        path = self._path(key)
        for derivate in path.parent.glob(f"{glob.escape(path.stem)}-*{glob.escape(path.suffix)}"):
            derivate.unlink(missing_ok=True)
        path.unlink(missing_ok=True)

    def renew(self, key: str) -> bool:
        """Let what is stored under key count as stored just now; whether something is there."""
        try:
            os.utime(self._path(key))
        except FileNotFoundError:
            return False
        return True

    def keys_before(self, moment: datetime) -> Iterator[str]:
        """Return the keys of what was stored or renewed last before a moment; a folder at a time."""
        for folder in sorted(self._folder.glob("[0-9a-f][0-9a-f]")):
            for entry in os.scandir(folder):
                if "." in entry.name and entry.is_file() and entry.stat().st_mtime < moment.timestamp():
                    yield entry.name

    def remove_old(self, key: str, moment: datetime) -> bool:
        """Delete what is stored under key, unless it was renewed since a moment; whether it was deleted.

        It is put aside first: whoever writes it meanwhile renews it before, and it comes back, or writes it anew.
        """
        path = self._path(key)
        aside = path.with_name(f"{path.name.replace('.', '-')}-old")
        try:
            path.rename(aside)
        except FileNotFoundError:
            return False
        if aside.stat().st_mtime >= moment.timestamp():
            aside.replace(path)
            return False
        aside.unlink()
        return True


def _storage() -> Storage:
    return cast("Storage", current_app.extensions["laurel_storage"])


def put(data: bytes, content_type: str) -> str:
    """Store data and return its key: the SHA-256 of the content in hex, a point and an extension."""
    key = f"{hashlib.sha256(data).hexdigest()}.{EXTENSIONS[content_type]}"
    _storage().write(key, data)
    return key


def put_from(file: BinaryIO, content_type: str) -> str:
    """Store a file, however large, a piece at a time, and return its key; the file is read from its beginning."""
    file.seek(0)
    digest = hashlib.sha256()
    while piece := file.read(CHUNK):
        digest.update(piece)
    file.seek(0)
    key = f"{digest.hexdigest()}.{EXTENSIONS[content_type]}"
    _storage().write_from(key, file)
    return key


def open_stored(key: str) -> BinaryIO:
    """Open a stored file, to be read from any place and closed by whoever opened it; raise Missing where there is none."""
    return _storage().open(key)


def put_beside(key: str, suffix: str, data: bytes) -> None:
    """Store something derived from a file under the file's own key and a suffix, such as a thumbnail."""
    _storage().write(derived(key, suffix), data)


def keep_as(key: str, data: bytes) -> None:
    """Store what was made from something else under a key that says what from: a SHA-256 in hex, a point, an extension."""
    _storage().write(key, data)


def derived(key: str, suffix: str) -> str:
    """Return the key of something derived from a file."""
    stem, _, extension = key.partition(".")
    return f"{stem}-{suffix}.{extension}"


def read(key: str) -> bytes:
    """Return a stored file; raise Missing where there is none."""
    return _storage().read(key)


def has(key: str) -> bool:
    """Whether a file is stored under key."""
    return _storage().has(key)


def remove(key: str) -> None:
    """Delete a stored file that nothing refers to any more, with its thumbnails."""
    _storage().remove(key)


def renew(key: str) -> bool:
    """Let a stored file count as stored just now, since somebody is about to name it; whether it is there."""
    return _storage().renew(key)


def keys_before(moment: datetime) -> Iterator[str]:
    """Return the keys of files that were stored or renewed last before a moment, in no order."""
    return _storage().keys_before(moment)


def remove_old(key: str, moment: datetime) -> bool:
    """Delete a stored file that nothing refers to any more, unless it was renewed since a moment; whether it was deleted."""
    return _storage().remove_old(key, moment)


def holds_itself(key: str) -> bool:
    """Whether the key of a stored file is the SHA-256 of what it holds; what was made from something else has another one."""
    try:
        with open_stored(key) as file:
            return (
                hashlib.file_digest(cast("io.BufferedReader", file), hashlib.sha256).hexdigest()
                == key.partition(".")[0]
            )
    except Missing:
        return False


def content_type(key: str) -> str:
    """Return the content type that a key's extension names."""
    extension = key.rpartition(".")[2]
    return next(kind for kind, name in EXTENSIONS.items() if name == extension)


def init_app(app: Flask, folder: Path) -> None:
    """Keep the app's files below a folder."""
    app.extensions["laurel_storage"] = LocalStorage(folder)
