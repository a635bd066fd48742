"""The QR code of a certificate: whoever scans it reaches the public check."""

from __future__ import annotations

import io

import segno

MASK = 4


def svg(address: str, ink: str) -> bytes:
    """Return the QR code of an address as SVG (ISO/IEC 18004), with medium error correction.

    The mask is always the same one: every reader undoes any of the eight, and trying them all takes four times as long.
    """
    buffer = io.BytesIO()
    segno.make(address, error="m", micro=False, boost_error=False, mask=MASK).save(
        buffer, kind="svg", border=1, dark=ink, light=None, xmldecl=False
    )
    return buffer.getvalue()
