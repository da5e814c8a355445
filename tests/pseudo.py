"""A made-up language, which puts ⟦ ⟧ around the words of all that is looked up: what nobody looks up stands outside, also where
it is put into a text that is looked up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from lossviz import languages
from lossviz.languages import LANGUAGES, Language


PART = re.compile(r"(?<![%{$])(\{\w+[^{}]*\})(?!\})")
"""Where a value is put into a template."""


class PseudoTexts(Mapping[str, str]):
    """Every text, its own words marked."""

    def __getitem__(self, template: str) -> str:
        return f"⟦{PART.sub(r'⟧\1⟦', template)}⟧"

    def get(self, template: str, _: Any = None) -> Any:
        return self[template]

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


@pytest.fixture
def pseudo(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first language other than English is the made-up one."""
    own = languages.language
    made_up = Language("⟦pseudo⟧", "zh-CN", PseudoTexts())
    monkeypatch.setattr(languages, "language", lambda word: made_up if word == LANGUAGES[1] else own(word))


MARKED = re.compile(r"⟦[^⟦⟧]*⟧")

VERBATIM = re.compile(
    r"`[^`]*`|\$\$[^$]*\$\$|\$[^$]*\$|%\{[^}]*\}|</?[a-z][^>]*>|&\w+;|:material/\w+:|:[a-z-]+\[|https?://\S+"
    r"|\d[\d.,]*(?:e[+-]?\d+)?|\\\\"
    r"|\b(?:lossviz|English|log_softmax|NLL|ECE|softmax|sigmoid|logits?|exp|Focal Loss|log|ln|max|min|nan|NaN|inf|[GS]?CE|FL"
    r"|PyTorch|CSV|HTML|PNG|SVG|NPZ|Parquet|RetinaNet|Aa)\b"
)
"""What is the same in every language."""


def leak(text: str) -> str:
    """The words of a text that nobody has looked up."""
    before = ""
    while before != text:
        before, text = text, MARKED.sub(" ", text)
    rest = VERBATIM.sub("", text)
    return text if re.search(r"[A-Za-z]{3}", rest) else ""
