"""Certificates on paper: every design, script and size; tagged, with fonts inside; made once, and never changed."""

from __future__ import annotations

import io
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select
from typst import TypstError

from portal.certificates.design import services as design_services
from portal.certificates.design.colours import PALETTES, READABLE, contrast, shades
from portal.certificates.design.designs import LAYOUTS, STANDARD, Design, Signature, read, written
from portal.certificates.models import Paper, Printing
from portal.certificates.paper import kept_pdf, picture_for_others
from portal.certificates.paper import printing as printing_module
from portal.certificates.paper import typesetting as typesetting_module
from portal.certificates.paper.sheets import Achievement, sheet
from portal.certificates.paper.typesetting import typeset_pdf
from portal.certificates.paper.words import Words, languages
from portal.core import pictures, storage
from portal.core.clock import now
from portal.core.db import commit, session
from tests import earning
from tests.conftest import picture_bytes

LONG = "Aleksandra-Wilhelmina Konstantinopolska-Brzęczyszczykiewicz von und zu Hohenstein-Sayn " * 2
SIGNERS = tuple(Signature(name=f"Signer {n}", role="Head of Learning", script=n != 2) for n in (1, 2, 3))


def achievement(**changes) -> Achievement:
    known = Achievement(
        name="Aino-Sofia Mäkelä", path="Data literacy", issuer="Academy of Fjords", number="7F3K-92QD-4MRT-X8WB",
        issued=datetime(2026, 11, 12, 12, tzinfo=UTC), check_link="https://portal.example/check/7F3K/secret",
    )  # fmt: skip
    return replace(known, **changes)


def made(design: Design = STANDARD, **changes) -> PdfReader:
    laid_out = sheet(design, achievement(**changes))
    return PdfReader(io.BytesIO(typeset_pdf(laid_out.layout, laid_out.data, laid_out.files)))


def fonts_of(reader: PdfReader) -> list[dict]:
    fonts = reader.pages[0]["/Resources"]["/Font"].values()
    inner = [font.get_object() for font in fonts]
    return [font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font for font in inner]


@pytest.mark.parametrize("size", ["a4", "letter"])
@pytest.mark.parametrize("layout", [layout.key for layout in LAYOUTS])
def test_every_design_is_one_tagged_page_with_its_fonts_inside(app, layout, size):
    cover = pictures.keep(pictures.check(picture_bytes()))
    design = Design(layout=layout, size=size, signatures=SIGNERS, closing="Recognised by the Guild of {issuer}.")
    reader = made(design, cover_key=cover, grade=92, minutes=840, valid_until=datetime(2028, 11, 12, tzinfo=UTC))
    assert len(reader.pages) == 1
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("en")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "/StructTreeRoot" in root
    assert reader.metadata.title == "Certificate: Data literacy"
    assert "pdfuaid" in root["/Metadata"].get_object().get_data().decode()
    for font in fonts_of(reader):
        assert {"/FontFile2", "/FontFile3"} & set(font["/FontDescriptor"]), f"{font['/BaseFont']} is not embedded"
    width, height = (float(side) for side in reader.pages[0].mediabox[2:])
    assert (height > width) is (layout == "diploma")
    text = reader.pages[0].extract_text()
    for words in ("Aino-Sofia", "92%", "14 hours", "7F3K-92QD-4MRT-X8WB", "Guild of Academy of Fjords"):
        assert words in text


@pytest.mark.parametrize("layout", [layout.key for layout in LAYOUTS])
def test_whatever_is_written_keeps_to_one_page(app, layout):
    design = Design(
        layout=layout, heading="W" * 80, opening="w " * 60, statement="Läuft {path} und {name}. " * 16,
        closing="small print " * 25, signatures=tuple(Signature(name="N" * 120, role="R" * 120) for _ in range(3)),
    )  # fmt: skip
    assert len(made(design, name=LONG, path=LONG, issuer=LONG, number="W" * 19).pages) == 1


@pytest.mark.parametrize(
    ("name", "face"),
    [
        ("فرح حداد", "Arabic"), ("김민서", "NotoSansKR"), ("山田 花子", "NotoSansSC"), ("अनन्या शर्मा", "NotoSans"),
        ("דנה לוי", "Hebrew"), ("สมชาย ใจดี", "Thai"), ("Ольга Коваль", ""), ("Ελένη Παππά", ""), ("நிலா", "Tamil"),
        ("অনন্যা", "Bengali"), ("ნინო", "Georgian"), ("Անի", "Armenian"),
    ],
)  # fmt: skip
def test_names_in_every_script_have_real_letters(app, name, face):
    reader = made(name=name, language="ko" if face == "NotoSansKR" else "en")
    used = [str(font["/BaseFont"]) for font in fonts_of(reader)]
    assert any(face in base for base in used), used
    assert "�" not in reader.pages[0].extract_text()


def test_what_people_write_is_never_markup(app):
    hostile = '#panic("x") $a$ *b* `c` <d> @e \\ {name} [x] // "'
    text = made(name=hostile, path=hostile, issuer=hostile).pages[0].extract_text()
    assert "#panic" in text
    assert "{name}" in text, "a value is not read again"


@pytest.mark.parametrize("language", languages())
def test_the_fixed_words_come_in_every_language_with_every_placeholder(app, language):
    words = Words(language)
    statement = words.say("has completed the learning path {path}[, {hours}][, grade {grade}].")
    for place in ("{path}", "{hours}", "{grade}"):
        assert place in statement
    assert "Ex" in words.say("Certificate: %(title)s", title="Ex")
    reader = made(Design(language=language), minutes=90, grade=61.5)
    assert reader.trailer["/Root"]["/Lang"].startswith(language)


@pytest.mark.parametrize("language", languages())
def test_hours_and_minutes_are_words_of_the_language(language):
    words = Words(language)
    for said in (words.time(840), words.time(90), words.time(45)):
        assert "duration" not in said, said
    assert "14" in words.time(840)


def places_of(reader: PdfReader) -> list[tuple[float, str]]:
    """Return where each piece of text begins, as a share of the width from the left, and the piece."""
    found: list[tuple[float, str]] = []
    width = float(reader.pages[0].mediabox[2])

    def keep(text, matrix, text_matrix, *_):
        if text.strip():
            found.append(((matrix[0] * text_matrix[4] + matrix[4]) / width, text))

    reader.pages[0].extract_text(visitor_text=keep)
    return found


@pytest.mark.parametrize("layout", ["facet", "clean"])
def test_where_words_run_from_right_to_left_the_sheet_is_mirrored(app, layout):
    number = "7F3K-92QD-4MRT-X8WB"
    places = {
        language: next(x for x, text in places_of(made(Design(layout=layout, language=language))) if number[:9] in text)
        for language in ("en", "ar", "he")
    }
    assert (places["en"] < 0.5) is (layout != "clean"), places
    for language in ("ar", "he"):
        if layout == "clean":
            assert places[language] < 0.4, places
        else:
            assert places[language] != pytest.approx(places["en"], abs=0.02), places


def test_greek_letters_come_from_one_face(app):
    faces: set[str] = set()

    def keep(text, _matrix, _text_matrix, font, _size):
        if font and any("\u0370" <= letter <= "\u03ff" for letter in text):
            faces.add(str(font["/BaseFont"]))

    made(Design(language="el"), name="Παππά").pages[0].extract_text(visitor_text=keep)
    assert faces
    assert not [face for face in faces if "Playfair" in face]


def test_presses_leave_nothing_behind_and_are_taken_down_in_time(app, tmp_path, monkeypatch):
    monkeypatch.setattr(typesetting_module.tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(typesetting_module, "SHEETS_A_PRESS", 2)
    monkeypatch.setattr(typesetting_module, "_idle", deque())
    made(name="First")
    [folder] = tmp_path.glob("laurel-paper-*")
    assert list(folder.iterdir()) == [], "what a person's certificate said lay on the disk"
    made(name="Second")
    assert not folder.exists()
    assert "Third" in made(name="Third").pages[0].extract_text()
    broken = tmp_path / "broken.typ"
    broken.write_text('#panic("no")')
    with pytest.raises(TypstError):
        typeset_pdf(broken, {}, {})
    assert list(tmp_path.glob("laurel-paper-*")) == []


def test_many_threads_set_sheets_at_the_same_time(app):
    names = [f"Person {number}" for number in range(12)]
    sheets = [sheet(STANDARD, achievement(name=name)) for name in names]
    files = [one.files for one in sheets]
    with ThreadPoolExecutor(4) as pool:
        made_at_once = pool.map(lambda at: typeset_pdf(sheets[at].layout, sheets[at].data, files[at]), range(12))
    for name, pdf in zip(names, made_at_once, strict=True):
        assert name in PdfReader(io.BytesIO(pdf)).pages[0].extract_text()


def test_an_unknown_language_and_a_hostile_one_are_english(app):
    for language in ("xx", "../../etc/passwd", "", "de/../en"):
        assert Words(language).language == "en"
    assert Words("de-AT").language == "de"


def test_every_palette_can_be_read_and_shades_keep_their_contrast():
    for palette in PALETTES:
        assert contrast(palette.primary, palette.ground) >= READABLE, palette.key
        found = shades(palette.primary, palette.accent, palette.ground)
        for name in ("ink", "soft", "accent-text"):
            assert contrast(found[name], palette.ground) >= READABLE, (palette.key, name)
        for name in ("on-primary", "accent-on-primary"):
            assert contrast(found[name], palette.primary) >= READABLE, (palette.key, name)
        assert contrast(found["code"], found["code-ground"]) >= READABLE


def test_a_design_is_read_as_it_was_written():
    design = Design(layout="facet", signatures=SIGNERS, logo_key="a.png", heading="Ä")
    assert read(written(design)) == design
    assert read({**written(design), "of a later version": 1}) == design


def test_the_worker_makes_the_pdf_after_granting_and_the_download_is_the_same_file(person, sign_in, run_jobs):
    learner = person()
    certificate = earning.certificate(learner)
    assert session().scalar(select(func.count()).select_from(Printing)) == 1
    run_jobs()
    assert session().scalar(select(func.count()).select_from(Printing)) == 0
    key = printing_module.pdf_key(printing_module.sheet_of(certificate))
    assert storage.has(key)
    answer = sign_in(learner).get(f"/certificates/{certificate.public_id}/certificate.pdf")
    assert answer.data == storage.read(key)
    assert answer.content_type == "application/pdf"


def test_a_download_that_comes_before_the_worker_is_made_right_there(person, sign_in, run_jobs):
    learner = person()
    certificate = earning.certificate(learner)
    first = sign_in(learner).get(f"/certificates/{certificate.public_id}/certificate.pdf").data
    run_jobs()
    assert kept_pdf(certificate) == first


def test_a_pdf_that_cannot_be_made_stays_to_be_made_and_says_why(person, run_jobs, clock):
    certificate = earning.certificate(person())
    certificate.cover_key = "0" * 64 + ".png"
    commit()
    run_jobs()
    row = session().scalars(select(Printing)).one()
    assert (row.state, row.attempts) == ("due", 1)
    assert "Missing" in row.problem
    assert row.not_before > now()


def test_what_was_issued_keeps_its_design_when_the_template_changes(person, give):
    owner = person("instructor")
    template = design_services.create(owner, "Ours", Design(layout="facet", heading="Old heading"))
    first = give(settings={"template_id": template.id})
    before = kept_pdf(first)
    design_services.save(template, "Ours", Design(layout="clean", heading="New heading"), base=1)
    second = give(settings={"template_id": template.id})
    assert read(first.paper.design).heading == "Old heading"
    assert read(second.paper.design).heading == "New heading"
    assert kept_pdf(first) == before


@pytest.mark.parametrize(
    ("zone", "day", "other"),
    [(None, "30 November 2026", "1 December 2026"), ("Europe/Helsinki", "1 December 2026", "30 November 2026")],
)
def test_the_day_of_issue_is_the_same_on_paper_and_on_every_page(person, sign_in, client, zone, day, other):
    learner = person(timezone="Europe/Helsinki")
    certificate = earning.certificate(learner)
    certificate.issued_at = datetime(2026, 11, 30, 22, 30, tzinfo=UTC)
    certificate.valid_zone = zone
    commit()
    address = f"/certificates/{certificate.public_id}"
    said = {
        "paper": PdfReader(io.BytesIO(kept_pdf(certificate))).pages[0].extract_text(),
        "its words": printing_module.shown(certificate).words,
        "check": client.get(f"/check/{certificate.number}").text,
    }
    mine = sign_in(learner)
    said |= {page: mine.get(page).text for page in (address, "/certificates", "/transcript")}
    for place, text in said.items():
        assert day in text, place
        assert other not in text, place


def test_equal_designs_share_one_paper(give):
    assert give().paper_id == give().paper_id
    assert session().scalar(select(func.count()).select_from(Paper)) == 1


def test_the_picture_for_links_is_1200_by_630_and_names_nobody_unless_published(person):
    certificate = earning.certificate(person(name="Aino-Sofia Mäkelä"))
    nameless = picture_for_others(certificate, named=False)
    from PIL import Image

    assert Image.open(io.BytesIO(nameless)).size == (1200, 630)
    assert picture_for_others(certificate, named=True) != nameless
    assert picture_for_others(certificate, named=False, mark="Revoked") != nameless
    assert picture_for_others(certificate, named=False) == nameless


def test_a_large_or_webp_cover_is_printed_smaller_as_png(app):
    key = pictures.keep(pictures.check(picture_bytes("WEBP", (1600, 1500)), pictures.COVER_RULES))
    laid_out = sheet(STANDARD, achievement(cover_key=key))
    assert laid_out.data["picture"].endswith(".png")
    assert len(made(cover_key=key).pages) == 1
