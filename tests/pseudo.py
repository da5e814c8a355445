"""A made-up language, which puts ⟦ ⟧ around the words of all that is looked up: what nobody looks up stands outside, also where
it is put into a text that is looked up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from lossviz import languages
from lossviz.languages import LANGUAGES, Language

PART = re.compile(r"(?<![%{$])(\{\w+[^{}]*\})(?![}\[])")
"""Where a value is put into a template, but for a colour of Markdown, which has a bracket behind it."""


class PseudoTexts(Mapping[str, str]):
    """Every text, its own words marked."""

    def __getitem__(self, template: str) -> str:
        return "⟦" + PART.sub(r"⟧\1⟦", template) + "⟧"

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
    r"|\d[\d.,]*(?:e[+-]?\d+)?|\\\\|[a-z]+(?:_[a-z]+)+(?:\([^()]*\))?|(?:[A-Z][a-z]+){2,}"
    r"|\b(?:lossviz|English|NLL|ECE|softmax|sigmoid|logits?|exp|Focal Loss|log|ln|max|min|nan|NaN|inf|[GS]?CE|FL"
    r"|PyTorch|torchvision|Keras|Optax|JAX|scikit-learn|MONAI|kornia|float\d\d"
    r"|CSV|HTML|PNG|SVG|NPZ|Parquet|RetinaNet|Lin et al|Aa)\b"
)
"""What is the same in every language: markup, numbers, and names: in programs, of libraries and formats, in formulas."""


def leak(text: str) -> str:
    """The words of a text that nobody has looked up."""
    before = ""
    while before != text:
        before, text = text, MARKED.sub(" ", text)
    words = re.findall(r"[A-Za-z]{3,}", VERBATIM.sub("", text))
    return f"{' '.join(words)} in {' '.join(text.split())}" if words else ""
