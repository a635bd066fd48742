"""The JSON-LD contexts that badges may name. They come from a folder; nothing is ever fetched."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portal.openbadges.errors import N_, Unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping

CREDENTIALS_V1 = "https://www.w3.org/2018/credentials/v1"
CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
DEFAULT_FOLDER = Path(__file__).parent.parent / "contexts"


class UnknownContext(Unreadable):
    """A document names a context that is not in the folder."""


class Contexts:
    """The known contexts, as pyld loads documents."""

    def __init__(self, documents: Mapping[str, Any]) -> None:
        """Know these contexts, by address."""
        self._documents = dict(documents)

    @classmethod
    def of_folder(cls, folder: Path = DEFAULT_FOLDER) -> Contexts:
        """Read a folder with an `index.json` from address to file name, as `npm run contexts` writes it."""
        try:
            index = json.loads((folder / "index.json").read_text())
            return cls({address: json.loads((folder / name).read_text()) for address, name in index.items()})
        except FileNotFoundError as error:
            msg = f"the JSON-LD contexts are not in {folder}: run `npm ci && npm run contexts`"
            raise RuntimeError(msg) from error

    def __contains__(self, address: object) -> bool:
        return address in self._documents

    def __call__(self, address: str, _options: object = None) -> dict[str, Any]:
        """Load a context as pyld asks; raise `UnknownContext`."""
        if address not in self._documents:
            raise UnknownContext(N_("It names the context %(url)s, which is not known here."), url=address[:200])
        document = self._documents[address]
        return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": address, "document": document}


@lru_cache(maxsize=1)
def default_contexts() -> Contexts:
    """Read the contexts of the default folder, once."""
    return Contexts.of_folder()
