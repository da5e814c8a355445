"""Formulas in the file of a lecture: every one that a page may show."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from lossviz.analysis.formula import formulas
from lossviz.analysis.sample import sample
from lossviz.state.sample import resolve
from lossviz.ui.lecture.offline.formula import mathml
from lossviz.ui.pages.names.map import PLACES, REGIONS

SETTINGS = [
    *({"loss": "cross-entropy"} | dict(place.words) for place in PLACES.values()),
    {"label_smoothing": 0.1, "temperature": 2.0},
    {"task": "binary", "alpha": 0.25, "pos_weight": 3.0},
    {"sample": "own numbers", "logits": "2 1 0", "weight": "1 2 3", "alpha": 0.5},
    {"sample": "own numbers", "logits": "-2000 30 0"},
]

CHILDREN = {"mfrac": 2, "msup": 2, "msub": 2, "msubsup": 3, "munder": 2, "mover": 2, "munderover": 3}
"""How many an element of MathML Core takes."""


def of_setting(words: dict[str, object]) -> list[str]:
    setting = resolve(words).setting
    texts = formulas(setting, sample(setting))
    return [*texts.around, texts.loss, texts.grad, texts.loss_numbers, texts.grad_numbers]


EVERY = list(dict.fromkeys([*(region.terms for region in REGIONS), *(tex for words in SETTINGS for tex in of_setting(words))]))


@pytest.mark.parametrize("tex", EVERY)
def test_a_formula_is_mathml(tex: str) -> None:
    root = ElementTree.fromstring(mathml(tex))
    for one in root.iter():
        assert len(one) == CHILDREN.get(one.tag, len(one)), (one.tag, tex)
        assert not (one.tag in ("mi", "mn", "mo") and not one.text), tex
    assert "\\" not in "".join(root.itertext())


BROKEN = ["{p", r"\frac{1}", r"\begin{aligned} a", r"\left( p", r"\script{x}", "p^", r"\begin{cases}\end{cases}"]


@pytest.mark.parametrize("tex", BROKEN)
def test_what_is_no_formula_of_ours_is_refused(tex: str) -> None:
    with pytest.raises((ValueError, IndexError)):
        mathml(tex)
