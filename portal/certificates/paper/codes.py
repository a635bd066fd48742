"""The QR code of a certificate: whoever scans it reaches the public check."""

from __future__ import annotations

import io

import segno


def svg(address: str, ink: str) -> bytes:
    """Return the QR code of an address as SVG (ISO/IEC 18004), with medium error correction."""
    buffer = io.BytesIO()
    segno.make(address, error="m", micro=False).save(buffer, kind="svg", border=1, dark=ink, light=None, xmldecl=False)
    return buffer.getvalue()
