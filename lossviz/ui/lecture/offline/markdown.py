"""Markdown as Streamlit has it, as far as lossviz writes it, as HTML."""

from __future__ import annotations

import re
from html import escape

from .formula import mathml

AS_IT_IS = re.compile(r"\\([!-/:-@\[-`{-~])|`([^`]+)`|\$([^$]+)\$")
"""An escaped character, code, or a formula."""

ICON = re.compile(r":material/\w+:\s?")
LINK = re.compile(r"\[([^\[\]]*)\]\((https?://[^()\s]+)\)")
COLOURED = re.compile(r":([a-z]+)\[([^\[\]]*)\]")
STRONG, EMPHASIS = re.compile(r"\*\*(.+?)\*\*", re.DOTALL), re.compile(r"(?<![\w*])\*([^*]+)\*(?![\w*])")

BAR = re.compile(r"(?<!\\)\|")

HEADING = re.compile(r"(#{1,6}) (.*)")

FIRST = 0xE000
"""Characters for private use, of which texts of strangers have none: each stands for what is no Markdown any more."""


def html(text: str) -> str:
    """A text with paragraphs, headings and lists.

    >>> html("**focal** loss")
    '<p><strong>focal</strong> loss</p>'
    """
    return "".join(map(_block, re.split(r"\n\s*\n", text.strip())))


def _block(text: str) -> str:
    lines = text.split("\n")
    if all(line.startswith("|") for line in lines):
        return _table(lines)
    if all(line.startswith("- ") for line in lines):
        return f"<ul>{''.join(f'<li>{inline(line[2:])}</li>' for line in lines)}</ul>"
    if len(lines) == 1 and (heading := HEADING.fullmatch(text)):
        return f"<h3>{inline(heading[2])}</h3>"
    return f"<p>{inline(text)}</p>"


def _table(lines: list[str]) -> str:
    """Rows with cells between bars; the second one says where the head ends."""
    head, _, *rows = ([f"{inline(cell.strip())}" for cell in BAR.split(line.strip())[1:-1]] for line in lines)
    heads = "".join(f"<th>{cell}</th>" for cell in head)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f'<div class="scroll"><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>'


def inline(text: str) -> str:
    """A text within a line.

    >>> inline(r":green[**Right**] \\*")
    '<span class="green"><strong>Right</strong></span> *'
    """
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(_as_it_is(*match.groups()))
        return chr(FIRST + len(kept) - 1)

    text = escape(ICON.sub("", AS_IT_IS.sub(keep, text)), quote=False).replace("  \n", "<br>")
    text = LINK.sub(r'<a href="\2" rel="noopener noreferrer">\1</a>', text)
    text = EMPHASIS.sub(r"<em>\1</em>", STRONG.sub(r"<strong>\1</strong>", text))
    while (coloured := COLOURED.sub(r'<span class="\1">\2</span>', text)) != text:
        text = coloured
    return "".join(kept[ord(c) - FIRST] if 0 <= ord(c) - FIRST < len(kept) else c for c in text)


def _as_it_is(character: str | None, code: str | None, formula: str | None) -> str:
    if character is not None:
        return escape(character)
    if code is not None:
        return f"<code>{escape(code, quote=False)}</code>"
    return formula_html(formula or "", display=False)


def formula_html(tex: str, display: bool) -> str:
    """A formula; as it is written, where that is not how lossviz writes one."""
    try:
        return mathml(tex, display)
    except (ValueError, IndexError):
        return f"<code>{escape(tex.strip(), quote=False)}</code>"
