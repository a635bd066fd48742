"""Design documents: what is read, what is refused, and how older ones are brought up."""

from __future__ import annotations

import base64
import contextlib
import copy
import io
import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from portal.badges.designer import documents, shapes
from portal.core.errors import Refused

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = Path(__file__).parent / "examples"
DEMO = sorted((ROOT / "portal" / "demo" / "badges").glob("*.json"))
SOURCE = ROOT / "static" / "src" / "designer"


@pytest.fixture(autouse=True)
def _in_app(app):
    """Messages are translated in an app."""


def good():
    return json.loads((ROOT / "portal" / "demo" / "badges" / "data-literacy.json").read_text())


def read(document):
    return documents.read(json.dumps(document).encode())


def refused(document):
    with pytest.raises(Refused) as caught:
        read(document)
    assert caught.value.field == "document"
    return str(caught.value.message)


def data_url(kind="PNG", size=(40, 40)):
    kept = io.BytesIO()
    Image.new("RGB", size, "#c04010").save(kept, kind)
    return f"data:image/{kind.lower()};base64,{base64.b64encode(kept.getvalue()).decode()}"


@pytest.mark.parametrize("file", DEMO, ids=lambda file: file.stem)
def test_the_badges_of_the_demo_academy_are_designs_with_pictures(file):
    document = documents.read(file.read_bytes())
    picture = Image.open(file.with_suffix(".png"))
    assert document["alt"]
    assert picture.size == (1024, 1024)
    assert picture.convert("RGBA").getpixel((0, 0))[3] == 0
    assert file.with_suffix(".png").stat().st_size < 150_000


def test_there_is_an_example_of_every_older_version():
    kept = {int(file.stem.rpartition("-")[2]) for file in EXAMPLES.glob("version-*.json")}
    assert kept >= set(range(1, shapes.VERSION))


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("version-*.json")), ids=lambda file: file.stem)
def test_a_document_of_an_older_version_opens(file):
    old = json.loads(file.read_text())
    document = documents.read(file.read_bytes())
    assert document["version"] == shapes.VERSION
    assert len(document["layers"]) == len(old["layers"])
    for before, after in zip(old["layers"], document["layers"], strict=True):
        assert before.items() <= after.items()
        assert after["hidden"] is False
        assert after["locked"] is False


def test_what_is_written_reads_the_same():
    document = good()
    document["name"] = "Données & 数据 🏅"
    assert documents.read(documents.write(document).encode()) == document


def test_a_document_of_a_newer_version_says_so():
    assert "newer version" in refused({**good(), "version": shapes.VERSION + 1})


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xfe", b"{", b"[]", b"null", b'"x"', b"{}", b"[" * 100_000, b'{"format": "laurel-badge", "version": NaN}',
     b'{"format": "laurel-badge", "version": ' + b"9" * 5000 + b"}", b"<svg></svg>"],
)  # fmt: skip
def test_what_is_not_a_design_is_refused(data):
    with pytest.raises(Refused):
        documents.read(data)


def test_a_design_that_is_too_large_is_refused_before_it_is_parsed():
    with pytest.raises(Refused, match="larger than"):
        documents.read(b" " * (documents.MOST_BYTES + 1))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("unknown", 1),
        ("layers.0.unknown", 1),
        ("layers.0.x", 1e9),
        ("layers.0.x", "12"),
        ("layers.0.opacity", -1),
        ("layers.0.width", 0),
        ("layers.0.kind", "script"),
        ("layers.0.kind", ["shape"]),
        ("layers.1.shape", "constructor"),
        ("layers.1.fill", "javascript:alert(1)"),
        ("layers.1.fill", "#12345"),
        ("layers.1.fill", "@frame+200"),
        ("layers.1.fill", {"kind": "linear", "stops": []}),
        ("layers.1.fill", {"kind": "linear", "stops": [[0, "#ffffff"], [2, "#000000"]]}),
        ("layers.1.fill", {"kind": "linear", "stops": [[0, "#ffffff", 1], [1, "#000000"]]}),
        ("layers.1.numbers", {"points": 1e6}),
        ("layers.1.numbers", {"__proto__": 1}),
        ("layers.1.id", "../../x"),
        ("layers.6.text", "x" * 201),
        ("layers.6.text", "a\x00b"),
        ("layers.6.text", "\ud800"),
        ("layers.6.font", "Comic Sans"),
        ("colours.frame", "red"),
        ("colours.other", "#000000"),
        ("name", ""),
        ("name", "x" * 201),
        ("alt", "x" * 501),
        ("alt", 5),
        ("images.x", "data:image/svg+xml;base64,PHN2Zz4="),
        ("images.x", "https://example.org/a.png"),
        ("images.x", "data:image/png;base64,AAAA"),
        ("images", {f"i{n}": "data:image/png;base64,AAAA" for n in range(13)}),
        ("version", True),
        ("version", "2"),
    ],
)
def test_an_unknown_field_or_a_value_out_of_bounds_is_refused(path, value):
    document = good()
    inner = document
    *way, last = path.split(".")
    for step in way:
        inner = inner[int(step)] if step.isdigit() else inner[step]
    inner[last] = value
    refused(document)


def test_two_layers_cannot_have_the_same_id():
    document = good()
    document["layers"][1]["id"] = document["layers"][0]["id"]
    refused(document)


def test_there_are_bounds_on_the_number_of_layers():
    document = good()
    layer = document["layers"][0]
    document["layers"] = [{**copy.deepcopy(layer), "id": f"n{number}"} for number in range(shapes.MOST_LAYERS + 1)]
    refused(document)


def test_a_picture_inside_a_design_is_decoded_and_has_to_be_there():
    layer = {"id": "p", "kind": "image", "name": "", "x": 1, "y": 1, "rotation": 0, "opacity": 100, "hidden": False,
             "locked": False, "image": "i", "width": 10, "height": 10, "mask": None, "numbers": {}}  # fmt: skip
    document = good()
    document["layers"].append(layer)
    refused(document)
    document["images"] = {"i": data_url("WEBP")}
    assert read(document)["images"]
    document["images"] = {"i": data_url("PNG", (2049, 2))}
    refused(document)
    document["images"] = {"i": data_url("PNG").replace("image/png", "image/jpeg")[:-40]}
    refused(document)


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
        max_leaves=12,
    ),
    st.sampled_from(["layers", "colours", "images", "name", "alt", "version", "format"]),
)
def test_nonsense_never_breaks_the_reader(value, field):
    data = json.dumps({**good(), field: value}).encode()
    with contextlib.suppress(Refused):
        documents.read(data)


def test_shapes_fonts_and_slots_are_the_same_on_both_sides():
    drawn = (SOURCE / "draw" / "outlines.js").read_text()
    known = drawn.split("export const SHAPES")[1].split("};")[0]
    assert tuple(re.findall(r"^  (\w+): \{", known, re.MULTILINE)) == shapes.SHAPES
    assert set(re.findall(r"NUMBER\('(\w+)'", known)) | {"corner"} == set(shapes.NUMBERS)
    built = (ROOT / "build" / "designer.mjs").read_text()
    assert tuple(re.findall(r'name: "([^"]+)"', built)) == shapes.FONTS
    model = (SOURCE / "document" / "model.js").read_text()
    assert f"VERSION = {shapes.VERSION};" in model
    assert tuple(re.findall(r"'(\w+)'", re.search(r"SLOTS = \[(.*?)\]", model)[1])) == shapes.SLOTS


def test_every_word_of_the_scripts_is_in_the_list_of_words():
    from portal.badges.designer.words import WORDS

    used = set()
    for file in SOURCE.rglob("*.js"):
        used |= set(re.findall(r"\bt\(\s*'([\w.]+)'", file.read_text()))
    assert used <= set(WORDS)
    assert {f"shape.{name}" for name in shapes.SHAPES} <= set(WORDS)
    assert {f"field.{name}" for name in shapes.NUMBERS} <= set(WORDS)


def test_at_least_three_hundred_icons_fifteen_shapes_and_twelve_templates_are_offered():
    lines = (SOURCE / "icons.txt").read_text().splitlines()
    assert len(set(" ".join(line for line in lines if not line.startswith("#")).split())) >= 300
    assert len(shapes.SHAPES) >= 15
    assert len(re.findall(r"^    key: ", (SOURCE / "templates" / "list.js").read_text(), re.MULTILINE)) >= 12
