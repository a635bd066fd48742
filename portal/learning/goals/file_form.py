"""The form in which a file or video is put on a path: what was uploaded is stored at once, and carried in a sealed field."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from flask import current_app, flash
from flask_wtf.file import FileField
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.datastructures import FileStorage
from wtforms import HiddenField, IntegerField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional

from portal.core import storage
from portal.core.errors import Refused
from portal.core.i18n import _, _l, language, language_name
from portal.core.markdown import without_controls
from portal.learning.forms import languages
from portal.learning.goals.captions import LARGEST as LARGEST_CAPTIONS
from portal.learning.goals.captions import check_captions
from portal.learning.goals.forms import StepForm
from portal.learning.goals.sniffing import sniff
from portal.learning.goals.webm import with_duration
from portal.web.forms import LONG, Line, Paragraphs, web_address

LARGEST = 200 * 1024 * 1024
UPLOAD, LINK = "upload", "link"
WATCHED, MARKED = "watched", "marked"
ENOUGH = 90
LONGEST_NAME = 150
MOST_CAPTIONS = 20


def is_media(content_type: str) -> bool:
    """Whether a file is played rather than opened."""
    return content_type.startswith(("video/", "audio/"))


class FileForm(StepForm):
    """A file or video that a learner opens or watches."""

    text = Paragraphs(_l("What it is about"), most=LONG)
    source = RadioField(
        _l("Where it comes from"),
        choices=[SelectChoice(UPLOAD, _l("A file of mine")), SelectChoice(LINK, _l("A web address"))],
        default=UPLOAD,
    )
    file = FileField(_l("File"))
    captions = FileField(_l("Captions"))
    captions_language = SelectField(_l("Language of the captions"), default="en")
    captions_dropped = SelectMultipleField(_l("Remove captions"), validate_choice=False)
    link = Line(_l("Web address"), required=False, most=2000, validators=[web_address])
    done_when = RadioField(
        _l("A video or recording is done"),
        choices=[
            SelectChoice(WATCHED, _l("When enough of it was played")),
            SelectChoice(MARKED, _l("When the learner marks it as done")),
        ],
        default=WATCHED,
    )
    percent = IntegerField(
        _l("How much has to be played, in percent"),
        default=ENOUGH,
        validators=[Optional(), NumberRange(1, 100, message=_l("Enter a whole number from 1 to 100."))],
    )
    kept = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.captions_language.choices = [SelectChoice(code, name) for code, name in languages()]
        if not self.captions_language.raw_data:
            self.captions_language.data = language()

    @property
    def stored(self) -> dict[str, Any]:
        """What is stored so far: `file` (key, type, name, size in bytes) or none, and `captions` (key, language)."""
        try:
            found = _seal().loads(self.kept.data or "")
        except BadSignature:
            found = {}
        return {"file": found.get("file"), "captions": found.get("captions") or []}

    def keep(self, file: dict[str, Any] | None, captions: list[dict[str, str]]) -> None:
        """Carry what is stored in the form."""
        self.kept.data = _seal().dumps({"file": file, "captions": captions})

    def name_of(self, code: str) -> str:
        """Return what a language of captions is called."""
        return language_name(code)

    @property
    def lacks_captions(self) -> bool:
        """Whether there is a video whose words nobody can read."""
        stored = self.stored
        return bool(stored["file"]) and stored["file"]["type"].startswith("video/") and not stored["captions"]

    def keep_files(self) -> None:
        """Store the file and the captions that came with the form; refuse what learners may not be given."""
        stored = self.stored
        dropped = set(self.captions_dropped.data or ())
        captions = [entry for number, entry in enumerate(stored["captions"]) if str(number) not in dropped]
        file = stored["file"]
        if file and not storage.renew(file["key"]):
            file = None
            if self.source.data == UPLOAD and not _came(self.file.data):
                gone = _("The file was sent more than a day ago and is not stored any more. Choose it again.")
                self.refuse(Refused(gone, field="file"))
        captions = [entry for entry in captions if storage.renew(entry["key"])]
        try:
            file = _kept_file(self.file.data) or file
        except Refused as error:
            self.refuse(error)
        try:
            captions = _with_captions(captions, self.captions.data, str(self.captions_language.data))
        except Refused as error:
            self.refuse(error)
        self.captions_dropped.data = []
        self.keep(file, captions if file and file["type"].startswith("video/") else [])
        if self.source.data == UPLOAD and self.lacks_captions and not self.refused:
            flash(_("The video has no captions yet. Those who cannot hear it need them: add a WebVTT file."), "warning")


def _seal() -> URLSafeSerializer:
    return URLSafeSerializer(cast("str", current_app.secret_key), salt="laurel-step-file")


def _came(upload: Any) -> FileStorage | None:
    return upload if isinstance(upload, FileStorage) and upload.filename else None


def _kept_file(upload: Any) -> dict[str, Any] | None:
    came = _came(upload)
    if came is None:
        return None
    stream = cast("Any", came.stream)
    size = stream.seek(0, 2)
    if size > LARGEST:
        raise Refused(_("This file is larger than 200 MB. Make it smaller, or give a web address."), field="file")
    kind = sniff(stream)
    if kind is None:
        raise Refused(
            _(
                "This file cannot be given to learners. Choose a PDF, an office document without macros "
                "(DOCX, PPTX, XLSX, ODT, ODP, ODS), a video (MP4, WebM) or a recording (MP3, M4A, OGG, WAV, FLAC)."
            ),
            field="file",
        )
    name = " ".join(without_controls(came.filename or "").replace("\\", "/").rpartition("/")[2].split())
    key, size = _stored_as(stream, kind)
    return {"key": key, "type": kind, "name": name[-LONGEST_NAME:], "size": size}


def _stored_as(stream: BinaryIO, kind: str) -> tuple[str, int]:
    """Store a file; return its key and its size in bytes. A WebM video is made to say how long it is."""
    whole = with_duration(stream) if kind == "video/webm" else stream
    try:
        return storage.put_from(whole, kind), whole.seek(0, 2)
    finally:
        if whole is not stream:
            whole.close()


def _with_captions(present: list[dict[str, str]], upload: Any, spoken: str) -> list[dict[str, str]]:
    came = _came(upload)
    if came is None:
        return present
    key = storage.put(check_captions(came.stream.read(LARGEST_CAPTIONS + 1)), "text/vtt")
    others = [entry for entry in present if entry["language"] != spoken]
    if len(others) >= MOST_CAPTIONS:
        raise Refused(
            _("A video can have captions in at most %(most)s languages.", most=MOST_CAPTIONS), field="captions"
        )
    return [*others, {"key": key, "language": spoken}]
