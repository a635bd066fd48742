"""The QR code of a certificate: whoever scans it reaches the public check."""

from __future__ import annotations

import io

import segno

INK = "#124431"


def svg(address: str, ink: str = INK) -> bytes:
    """Return the QR code of an address as SVG (ISO/IEC 18004), with medium error correction."""
    buffer = io.BytesIO()
    segno.make(address, error="m", micro=False).save(buffer, kind="svg", border=1, dark=ink, light=None, xmldecl=False)
    return buffer.getvalue()


def code(address: str) -> str:
    """Return the QR code of an address as a data URI for a page."""
    return str(segno.make(address, error="m", micro=False).svg_data_uri(border=1, dark=INK, light=None))
