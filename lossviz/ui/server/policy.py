"""What the page may load and run: a Content-Security-Policy that the app really runs under."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

from streamlit import file_util

from ..scripts import HASHES, hash_of

FRAMES = "LOSSVIZ_FRAME_ANCESTORS"
"""Environment variable: who may show the app in a frame, as in `frame-ancestors`; unset, everybody may."""

INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def policy() -> str:
    """Nothing from elsewhere, and of programs in the page itself those that are known.

    Streamlit makes modules of its components from blobs, styles everything by inline styles, and counts in WebAssembly where it
    reads numbers of 64 bits. Nobody needs `eval`; of Plotly's figures those that `regl` draws (scattergl, parcoords) would.
    """
    frames = os.environ.get(FRAMES)
    rules = (
        "default-src 'self'",
        f"script-src 'self' blob: 'wasm-unsafe-eval' {' '.join((*_of_streamlit(), *HASHES))}",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        *((f"frame-ancestors {frames}",) if frames else ()),
    )
    return "; ".join(rules)


@cache
def _of_streamlit() -> tuple[str, ...]:
    """The programs in Streamlit's own page."""
    page = Path(file_util.get_static_dir(), "index.html").read_text(encoding="utf-8")
    return tuple(map(hash_of, INLINE.findall(page)))
