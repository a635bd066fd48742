"""How long the PDF of one certificate takes, design by design, against 20 ms; and the same against a bare page of Typst.

Times are those of one core, so that other work of the machine counts less. Prints one line a figure, the median and the ratio; run it with `make bench` or `.venv/bin/python benchmarks/certificates.py`.
Each PDF has a name of its own and the picture of a badge, and is made in one process, in turns with a bare page, so that a
busy machine slows both alike.
"""

from __future__ import annotations

import io
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from flask import Flask
from PIL import Image, ImageDraw

from config import DEMO_SECRET, Settings
from portal.certificates.design.designs import LAYOUTS, Design, Signature
from portal.certificates.paper.sheets import Achievement, sheet
from portal.certificates.paper.typesetting import typeset_pdf
from portal.core import pictures

ROUNDS = 60
TARGET = 20.0
SIGNERS = (Signature(name="Marja Korhonen", role="Head of Learning", script=True), Signature(name="Tomas Lindqvist"))
BARE = '#set document(title: "Bare")\n#set text(font: "Inter", lang: "en")\n= Bare\nA page with a line of text.\n'


def portal(folder: Path) -> Flask:
    """Return a portal that keeps everything below a folder."""
    from portal.app import create_app

    environment = {"LAUREL_ENV": "development", "LAUREL_BASE_URL": "https://portal.example", "LAUREL_DATA": str(folder)}
    return create_app(replace(Settings.from_environment(environment), testing=True, secret_key=DEMO_SECRET))


def badge() -> str:
    """Store the picture of a badge, 1,024 pixels wide with a transparent ground, and return its key."""
    image = Image.new("RGBA", (1024, 1024), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    for ring, colour in enumerate(("#cf9f35", "#124431", "#fffdf7", "#1f6b4c")):
        pen.ellipse([40 + 60 * ring, 40 + 60 * ring, 984 - 60 * ring, 984 - 60 * ring], fill=colour)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return pictures.keep(pictures.check(buffer.getvalue()))


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with portal(folder).app_context():
            bare = folder / "bare.typ"
            bare.write_text(BARE)
            measure(bare, badge())


def measure(bare: Path, cover: str) -> None:
    """Make certificates of every design and bare pages in turns."""
    floor: list[float] = []
    medians: list[float] = []
    for layout in LAYOUTS:
        taken = []
        for number in range(ROUNDS):
            achievement = Achievement(
                name=f"Aino-Sofia Mäkelä {number}", path="Data literacy, level two", issuer="Academy of Fjords",
                number=f"7F3K-92QD-4MRT-{number:04}", issued=datetime(2026, 11, 12, tzinfo=UTC), cover_key=cover,
                check_link=f"https://portal.example/check/{number}", grade=92, minutes=840,
            )  # fmt: skip
            begun = time.process_time()
            laid_out = sheet(Design(layout=layout.key, signatures=SIGNERS), achievement)
            made = typeset_pdf(laid_out.layout, laid_out.data, laid_out.files)
            taken.append((time.process_time() - begun) * 1000)
            begun = time.process_time()
            typeset_pdf(bare, {"n": number}, {})
            floor.append((time.process_time() - begun) * 1000)
        medians.append(statistics.median(taken))
        print(f"{layout.key:10} {medians[-1]:6.1f} ms  {len(made) // 1024:4} KB")
    bare_one, worst = statistics.median(floor), max(medians)
    print(f"bare page  {bare_one:6.1f} ms")
    print(f"certificate / bare page: {statistics.median(medians) / bare_one:.1f}")
    print(
        f"median of a PDF: {statistics.median(medians):.1f} ms (target {TARGET:.0f} ms; slowest design {worst:.1f} ms)"
    )


if __name__ == "__main__":
    main()
