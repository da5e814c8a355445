"""A link as a picture that a phone's camera reads."""

from __future__ import annotations

import segno

from ..figures.theme import BLACK, WHITE


def qr_svg(url: str, label: str = "") -> str:
    """The QR code of a link as the address of a picture, for `<img src>`; it keeps its white margin on any ground.

    `label` is what the picture is called.

    >>> qr_svg("https://example.org/r/K7M2X")[:19]
    'data:image/svg+xml;'
    """
    code = segno.make_qr(url, error="m")
    return str(code.svg_data_uri(scale=8, border=4, dark=BLACK, light=WHITE, title=label or None, omitsize=False))
