"""The page of a phone in one piece: nothing is loaded after it, and nothing else may run in it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from ....figures.browser import markup, program
from ....figures.theme import css
from ....languages import language, lookup
from ...scripts import hash_of

FOLDER = Path(__file__).parent

INLINE = re.compile(r"<(style|script)>(.*?)</\1>", re.DOTALL)


@cache
def page(word: str, door: str, is_door: bool) -> str:
    """The page in a language; `door` is the address, as seen from there, that takes a code that is typed."""
    say_in = lookup(word)
    parts = {
        "tag": language(word).tag,
        "style": _without_margin(css() + (FOLDER / "page.css").read_text(encoding="utf-8")),
        "door": door,
        "hidden": "" if is_door else "hidden",
        "program": _without_margin(program(FOLDER / "page.js", say_in)),
    }
    return re.sub(r"\{\{ (\w+) \}\}", lambda match: parts[match[1]], markup(FOLDER / "page.html.jinja", say_in))


@cache
def policy(text: str) -> str:
    """The Content-Security-Policy of a page: its own style and program, by their hashes, and this server."""
    hashes = {kind: hash_of(inline) for kind, inline in INLINE.findall(text)}
    return (
        f"default-src 'none'; script-src {hashes['script']}; style-src {hashes['style']}; connect-src 'self'; img-src data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def _without_margin(text: str) -> str:
    """Lines without the blanks that they begin with, which a browser has no use for, and without comments of a whole line."""
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("// "))
