"""Programs that Streamlit puts into the page itself. Their text stays the same, and the page's policy knows it by its hash."""

from __future__ import annotations

import base64
import hashlib
import json
from html import escape

HASHES: list[str] = []
"""Of all of them, as a Content-Security-Policy has them."""


class Script:
    """A program that finds in `message` what it is told this time."""

    def __init__(self, program: str) -> None:
        message = "JSON.parse(document.currentScript.previousElementSibling.dataset.message)"
        self.text = f"(() => {{const message = {message};\n{program}}})()"  # it runs again, and leaves no names behind
        HASHES.append(hash_of(self.text))

    def html(self, message: object) -> str:
        """The program with what it is told, for `st.html`."""
        return f'<i hidden data-message="{escape(json.dumps(message))}"></i><script>{self.text}</script>'


def hash_of(text: str) -> str:
    """A program or a style by its hash.

    >>> hash_of("alert(1)")
    "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"
    """
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
