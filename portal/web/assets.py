"""What `npm run build` made: the manifest's names in templates, and the files themselves, compressed and kept for a year."""

from __future__ import annotations

import json
import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, current_app, request, url_for
from markupsafe import Markup

from portal.core.errors import LaurelError
from portal.web.stamps import public

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.typing import ResponseReturnValue

bp = Blueprint("assets", __name__)

FOLDER = Path(__file__).resolve().parents[2] / "static" / "dist"
A_YEAR = 365 * 24 * 60 * 60
_EXTENSION = "laurel_assets"
# In the order of preference: the content coding, and what the build calls the file that carries it.
_CODINGS = (("br", ".br"), ("gzip", ".gz"))

mimetypes.add_type("font/woff2", ".woff2")
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("image/webp", ".webp")


class NotBuilt(LaurelError):
    """The page names a file that the asset build has not made."""


@dataclass(frozen=True)
class Manifest:
    """What the build made: the asked name of each file, what it is called now, and what a script loads besides."""

    files: dict[str, str]
    imports: dict[str, list[str]]
    written: int = 0

    @classmethod
    def read(cls, path: Path) -> Manifest:
        """Read the manifest; without one every name is unknown, and the error says what to run."""
        try:
            written = path.stat().st_mtime_ns
            content = json.loads(path.read_bytes())
        except FileNotFoundError:
            return cls({}, {})
        return cls(content["files"], content["imports"], written)


class Assets:
    """The built files of one app; a new build is noticed without a restart."""

    def __init__(self, folder: Path) -> None:
        """Serve the files of a folder that holds a manifest.json."""
        self.folder = folder
        self._manifest = Manifest.read(folder / "manifest.json")

    @property
    def manifest(self) -> Manifest:
        """The manifest as it stands in the folder now."""
        path = self.folder / "manifest.json"
        written = path.stat().st_mtime_ns if path.exists() else 0
        if written != self._manifest.written:
            self._manifest = Manifest.read(path)
        return self._manifest

    def url(self, name: str) -> str:
        """Return the address of a built file: "app.css", "icons.svg", "pages/backpack.js"."""
        try:
            return url_for("assets.file", name=self.manifest.files[name])
        except KeyError:
            message = f"There is no asset {name!r} in {self.folder}. Run `npm ci && npm run build`."
            raise NotBuilt(message) from None

    def script(self, name: str) -> Markup:
        """Return the tags that load a module and, early, what it imports, such as those of "pages/backpack"."""
        entry = f"{name}.js"
        early = (url_for("assets.file", name=chunk) for chunk in self.manifest.imports.get(entry, []))
        links = Markup("").join(Markup('<link rel="modulepreload" href="{}">').format(url) for url in early)
        return links + Markup('<script type="module" src="{}"></script>').format(self.url(entry))

    def stylesheet(self, name: str) -> Markup:
        """Return the tag that loads a style sheet, such as "app"."""
        return Markup('<link rel="stylesheet" href="{}">').format(self.url(f"{name}.css"))

    def path(self, name: str) -> Path | None:
        """Return where a built file lies, or None for anything else, however it is spelt."""
        path = (self.folder / name).resolve()
        inside = path.is_relative_to(self.folder.resolve())
        return (
            path
            if inside and path.is_file() and path.suffix not in {".br", ".gz"} and path.name != "manifest.json"
            else None
        )


@bp.route("/assets/<path:name>")
@public
def file(name: str) -> ResponseReturnValue:
    """Send one built file. Its name holds a hash of its content: browsers may keep it for a year without asking again."""
    path = _assets().path(name)
    if path is None:
        abort(404)
    coding, sent = next(_acceptable(path), (None, path))
    response = Response(sent.read_bytes(), content_type=_content_type(path))
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.vary.add("Accept-Encoding")
    if (response.mimetype or "").startswith("font/"):
        # The hand-off page runs in a sandbox, an origin of its own: browsers fetch fonts for it only with this.
        response.headers["Access-Control-Allow-Origin"] = "*"
    if coding:
        response.headers["Content-Encoding"] = coding
    response.set_etag(f"{path.stem}.{coding or 'identity'}")
    return response.make_conditional(request)


@bp.route("/favicon.ico")
@public
def favicon() -> ResponseReturnValue:
    """Answer the address that browsers ask unbidden; pages name the picture themselves."""
    return Response(status=204, headers={"Cache-Control": f"public, max-age={A_YEAR}"})


def _acceptable(path: Path) -> Iterator[tuple[str, Path]]:
    for coding, suffix in _CODINGS:
        compressed = path.with_name(path.name + suffix)
        if request.accept_encodings[coding] > 0 and compressed.exists():
            yield coding, compressed


def _content_type(path: Path) -> str:
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    textual = kind.startswith("text/") or kind in {"application/json", "image/svg+xml"}
    return f"{kind}; charset=utf-8" if textual else kind


def _assets() -> Assets:
    assets: Assets = current_app.extensions[_EXTENSION]
    return assets


def asset(name: str) -> str:
    """Return the address of a built file."""
    return _assets().url(name)


def script(name: str) -> Markup:
    """Return the tags that load a module."""
    return _assets().script(name)


def stylesheet(name: str) -> Markup:
    """Return the tag that loads a style sheet."""
    return _assets().stylesheet(name)


def init_app(app: Flask, folder: Path = FOLDER) -> None:
    """Give an app its built files and templates their names: asset(), script(), stylesheet()."""
    app.extensions[_EXTENSION] = Assets(folder)
    app.register_blueprint(bp)
    names: dict[str, Any] = {"asset": asset, "script": script, "stylesheet": stylesheet}
    app.jinja_env.globals.update(names)
