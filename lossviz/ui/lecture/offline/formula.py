"""Formulas in LaTeX, as far as lossviz writes it, as MathML, which browsers draw by themselves."""

from __future__ import annotations

import re
from html import escape

TOKEN = re.compile(r"\\\\(?:\[[^\]]*\])?|\\[A-Za-z]+|\\.|\d+(?:[.,]\d+)*|\S", re.DOTALL)
"""The end of a row, a command, a number, or a character."""

LETTERS = {"alpha": "α", "gamma": "γ", "varepsilon": "ε", "eta": "η", "ell": "ℓ", "partial": "∂", "infty": "∞"}
FUNCTIONS = ("log", "ln", "exp", "max", "min")
SIGNS = {"cdot": "⋅", "times": "×", "leftarrow": "←", "ge": "≥", "le": "≤", "in": "∈", "ldots": "…", "_": "_"}
SPACES = {"quad": "1em", "qquad": "2em", ",": "0.1667em", ";": "0.2778em", " ": "0.3333em"}
SIZES = {"big": "1.2em", "Big": "1.8em"}
"""How high a bracket is behind such a command."""

BRACKETS = {r"\left", *(rf"\{size}" for size in SIZES)}

ROW_END = "\\\\"


def mathml(tex: str, display: bool = True) -> str:
    """A formula as MathML; in a line of its own, or within a text.

    Raises:
        ValueError: A command is unknown, or a brace has no partner.

    >>> mathml("p_t^2", display=False)
    '<math><msubsup><mi>p</mi><mi>t</mi><mn>2</mn></msubsup></math>'
    """
    reader = _FormulaReader(TOKEN.findall(tex))
    inner = reader.row("")
    return f'<math display="block">{inner}</math>' if display else f"<math>{inner}</math>"


class _FormulaReader:
    """Takes tokens from the left, each once."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens[::-1]

    def row(self, end: str) -> str:
        """All up to a token, which is taken, too; "" is the end of the formula."""
        parts: list[str] = []
        while self._next() != end:
            if not self._tokens:
                raise ValueError(f"no {end} in a formula")
            parts.append(self._scripted())
        if end:
            self._tokens.pop()
        return "".join(parts)

    def _next(self) -> str:
        return self._tokens[-1] if self._tokens else ""

    def _scripted(self) -> str:
        """One thing with what stands above and below it; the limits of a sum do so in a formula of its own line."""
        is_sum = self._next() == r"\sum"
        base = self._one()
        scripts = {}
        while self._next() in ("^", "_"):
            sign = self._tokens.pop()
            scripts[sign] = _as_one(self._one())
        if not scripts:
            return base
        below, above = ("munder", "mover") if is_sum else ("msub", "msup")
        both = "munderover" if is_sum else "msubsup"
        tag = both if len(scripts) == 2 else below if "_" in scripts else above
        return f"<{tag}>{_as_one(base)}{scripts.get('_', '')}{scripts.get('^', '')}</{tag}>"

    def _one(self) -> str:
        token = self._tokens.pop()
        if token == "{":
            return _as_one(self.row("}"))
        if token.startswith("\\"):
            return self._command(token[1:])
        if token[0].isdigit():
            return f"<mn>{token}</mn>"
        if token.isalpha():
            return f"<mi>{token}</mi>"
        as_it_is = ' stretchy="false"' if token in "()[]|" else ""
        return f"<mo{as_it_is}>{escape(token.replace('-', '−'))}</mo>"

    def _command(self, name: str) -> str:
        if name in LETTERS:
            return f"<mi>{LETTERS[name]}</mi>"
        if name in SIGNS:
            return f"<mo>{escape(SIGNS[name])}</mo>"
        if name in FUNCTIONS:
            is_apart = self._next()[:1] not in "(^_" and self._next() not in BRACKETS
            return f"<mi>{name}</mi>" + '<mspace width="0.1667em"/>' * is_apart
        if name in SPACES:
            return f'<mspace width="{SPACES[name]}"/>'
        if name in SIZES:
            return f'<mo stretchy="true" symmetric="true" minsize="{SIZES[name]}">{escape(self._tokens.pop())}</mo>'
        match name:
            case "sum":
                return "<mo>∑</mo>"
            case "frac" | "tfrac":
                fraction = f"<mfrac>{_as_one(self._one())}{_as_one(self._one())}</mfrac>"
                return fraction if name == "frac" else f'<mstyle displaystyle="false" scriptlevel="0">{fraction}</mstyle>'
            case "mathrm" | "text":
                return f'<mi mathvariant="normal">{escape(self._plain())}</mi>'
            case "left":
                return self._fenced()
            case "textstyle":
                return f'<mstyle displaystyle="false">{self._rest()}</mstyle>'
            case "begin" if self._plain() == "aligned":
                return self._aligned()
        raise ValueError(f"\\{name} in a formula")

    def _plain(self) -> str:
        """What stands between braces, as it is."""
        if self._tokens.pop() != "{":
            raise ValueError("no { in a formula")
        parts = []
        while (token := self._tokens.pop()) != "}":
            parts.append(token.removeprefix("\\"))
        return "".join(parts)

    def _rest(self) -> str:
        """All of the group that is open, whose end is left for who has begun it."""
        parts = []
        while self._next() not in ("", "}", "&", r"\end", r"\right") and not self._next().startswith(ROW_END):
            parts.append(self._scripted())
        return "".join(parts)

    def _fenced(self) -> str:
        """Brackets as high as what is between them."""
        first = self._tokens.pop()
        inner = self.row(r"\right")
        fences = (f'<mo stretchy="true">{escape(one)}</mo>' for one in (first, self._tokens.pop()))
        return f"<mrow>{inner.join(fences)}</mrow>"

    def _aligned(self) -> str:
        """Rows of cells; every other column ends, and the next begins, at one edge."""
        rows: list[list[str]] = [[""]]
        while self._next() != r"\end":
            if not self._tokens:
                raise ValueError("no \\end in a formula")
            if self._next() == "&":
                self._tokens.pop()
                rows[-1].append("")
            elif self._next().startswith(ROW_END):
                self._tokens.pop()
                rows.append([""])
            else:
                rows[-1][-1] += self._scripted()
        self._tokens.pop()
        self._plain()
        return f'<mtable displaystyle="true">{"".join(map(_table_row, rows))}</mtable>'


def _table_row(cells: list[str]) -> str:
    sides = ("right", "left")
    return f"<mtr>{''.join(f'<mtd class={sides[n % 2]!r}>{cell}</mtd>' for n, cell in enumerate(cells))}</mtr>"


def _as_one(inner: str) -> str:
    """The same as a single element, which is what a script or a fraction takes."""
    depth = count = 0
    for tag, rest in re.findall(r"<(/?\w+)[^>]*?(/?)>", inner):
        depth += 0 if rest else -1 if tag.startswith("/") else 1
        count += depth == 0
    return inner if count == 1 else f"<mrow>{inner}</mrow>"
