"""The formulas with numbers put in are read back and worked out: they have to give the total that they state.

Every number is shown to four digits, so each is read as the interval of numbers that would be shown so.
"""

import math
import re

import numpy as np
import pytest
from mpmath import iv

from lossviz import LOSSES, loss
from lossviz.analysis.formula import Formulas, formulas, number
from lossviz.analysis.sample import sample
from lossviz.evaluation.setting import Setting

from .. import specs
from ..drawn import alternating

NUMBER = r"\d+(?:\.\d+)?(?:e[+-]?\d+)?(?: \\times 10\^\{-?\d+\})?|\\infty"


def formulas_of(setting: Setting) -> Formulas:
    return formulas(setting, sample(setting))


def settings(key: str, activation: str, count: int) -> list[Setting]:
    rng = specs.seeded("formula", key, activation)
    result = []
    for _ in range(count):
        classes = 1 if LOSSES[key].targets == "signs" else int(rng.integers(2 if activation == "exp" else 1, 6))
        spec = specs.drawn(key, activation, classes, rng)
        options = [k for k in specs.TARGETS[LOSSES[key].targets] if k not in ("labels", "signs")] or ["one-hot"]
        z, t = specs.logits(key, 1, classes, rng) * 2, specs.targets(str(rng.choice(options)), 1, classes, rng)
        result.append(Setting(spec, tuple(z[0].tolist()), tuple(t[0].tolist())))
    assert len(set(result)) == count
    return result


def work_out(latex: str) -> "iv.mpf":
    """The interval of a line of LaTeX: numbers, sums, products, quotients, brackets, powers and logarithms."""

    def shown(result: re.Match[str]) -> str:
        text = result[0].replace(r" \times 10^{", "e").removesuffix("}")
        size = abs(float(text))
        half = 0.0 if size in (0, 1) else 0.5 * 10.0 ** (math.floor(math.log10(size)) - 3)
        return f"between({text}, {half!r})"

    text = re.sub(r"\b1 - ", "one - ", latex)
    text = re.sub(NUMBER, shown, text)
    text = re.sub(r"\^\{(.*?\))\}", r" ** (\1)", text.replace(r"\cdot", "*"))
    text = re.sub(r"\\log (between\([^()]*\)|\(one - between\([^()]*\)\))", r"log(\1)", text)
    text = text.replace(") log(", ") * log(")
    assert "\\" not in text, text
    return eval(text, {"between": lambda x, d: iv.mpf([x - d, x + d]), "log": iv.log, "one": iv.mpf(1)})


def flat(latex: str) -> str:
    """A formula on one line, however it is laid out on the page."""
    text = re.sub(r"\\(begin|end)\{aligned\}|\\\\(\[\w+\])?|&", " ", latex)
    return re.sub(r"\s+", " ", text).strip().replace("= - ", "= -")


def agrees(line: str, width: float) -> None:
    """What stands between the first and the last = works out to what stands behind the last."""
    parts = flat(line).split(" = ")
    stated = work_out(parts[-1])
    for part in parts[1:-1]:
        result = work_out(part)
        assert result.a <= stated.b, line
        assert stated.a <= result.b, line
        assert result.delta <= width * abs(result.mid) + 1e-12, f"too rough to tell anything: {line}"


@pytest.mark.parametrize(("key", "activation"), specs.KINDS)
def test_the_loss_with_numbers_gives_the_loss(key: str, activation: str) -> None:
    spread = set()
    iv.dps = 30
    for setting in settings(key, activation, 8):
        now = sample(setting)
        line = formulas(setting, now).loss_numbers
        assert flat(line).startswith(r"\ell = ")
        assert flat(line).endswith(f"= {number(float(now.loss[0]))}")
        agrees(line, 0.2)
        spread.add(round(float(now.loss[0]), 3))
    assert len(spread) > 3


@pytest.mark.parametrize(("key", "activation"), specs.KINDS)
def test_the_gradient_with_numbers_gives_the_gradient(key: str, activation: str) -> None:
    iv.dps = 30
    for setting in settings(key, activation, 8):
        now = sample(setting)
        rows = re.split(r"\\frac\{\\partial \\ell\}", flat(formulas(setting, now).grad_numbers))[1:]
        assert len(rows) == len(setting.logits)
        for k, row in enumerate(rows):
            assert row.startswith(rf"{{\partial z_{{{k}}}}} = ")
            assert row.strip().endswith(f"= {number(float(now.grad[0, k]))}")
            agrees(row, math.inf)


def test_the_numbers_put_in_are_those_of_the_table() -> None:
    """z = (2, 1, 0), γ = 2: p = .6652, 1 − p, and the loss .04568 (FACTS §1, and the page's sketch)."""
    result = formulas_of(Setting(loss("focal"), (2.0, 1.0, 0.0), (1.0, 0.0, 0.0)))
    assert flat(result.loss_numbers) == r"\ell = -(1 - 0.6652)^{2} \log 0.6652 = 0.04568"
    assert r"\frac{\partial \ell}{\partial z_{0}} = 0.2936 \cdot (0.6652 - 1) = -0.09829" in flat(result.grad_numbers)
    weighted = formulas_of(Setting(loss("cross-entropy", weight=(2.0, 1.0)), (0.0, 0.0), (0.75, 0.25)))
    assert flat(weighted.loss_numbers) == r"\ell = -2 \cdot 0.75 \cdot \log 0.5 - 0.25 \cdot \log 0.5 = 1.213"


@pytest.mark.parametrize(("x", "text"), [
    (0.0456778, "0.04568"), (0.0, "0"), (2.0, "2"), (-4.0, "-4"), (1234.5678, "1235"), (99999.4, "99999"),
    (1.2346e-9, r"1.235 \times 10^{-9}"), (0.00099996, r"1.000 \times 10^{-3}"), (1e30, r"1.000 \times 10^{30}"),
    (math.inf, r"\infty"), (-math.inf, r"-\infty"), (5e-324, r"4.941 \times 10^{-324}"),
])  # fmt: skip
def test_numbers_in_latex(x: float, text: str) -> None:
    assert number(x) == text


def test_what_are_no_log_probabilities_have_no_complement() -> None:
    """NLL takes any numbers: there p = e^z is all there is, and the others' e^z are not 1 − p."""
    result = formulas_of(Setting(loss("nll"), (-0.5, -8.0, 2.0), (1.0, 0.0, 0.0)))
    assert flat(result.loss_numbers) == r"\ell = -\log 0.6065 = 0.5"


def test_numbers_keep_four_digits_at_every_size() -> None:
    rng = specs.seeded("digits")
    for x in rng.uniform(1, 10, 300) * 10.0 ** rng.integers(-300, 300, 300):
        shown = float(number(float(x)).replace(r" \times 10^{", "e").removesuffix("}"))
        assert shown == pytest.approx(float(x), rel=5.1e-4)


def balanced(latex: str) -> bool:
    depth = 0
    for brace in re.findall(r"(?<!\\)[{}]", latex):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    lefts, rights = (len(re.findall(rf"\\{side}(?![a-z])", latex)) for side in ("left", "right"))
    return depth == 0 and lefts == rights and latex.count(r"\begin") == latex.count(r"\end")


def test_the_balance_is_told() -> None:
    assert balanced(r"\left[ \frac{a}{b_{2}} \right]")
    assert not balanced(r"\frac{a}{b}}{")
    assert not balanced(r"\left( x")


@pytest.mark.parametrize(("key", "activation"), specs.KINDS)
def test_every_formula_is_latex(key: str, activation: str) -> None:
    classes = 1 if LOSSES[key].targets == "signs" else 3
    targets = (1.0, 0.0, 0.4) if LOSSES[key].targets == "any" else (1.0,)
    cycled = alternating((0.5, -30.0, 700.0, math.inf, -math.inf), targets)
    seen = set()
    for parameters in specs.switched_on(key, activation, classes):
        for first, target in cycled:
            setting = Setting(loss(key, activation, **parameters), (first, 0.0, -1.0)[:classes], (target, 0.0, 0.0)[:classes])
            result = formulas_of(setting)
            for latex in (*result.around, result.loss, result.grad, result.loss_numbers, result.grad_numbers):
                assert balanced(latex), latex
                assert not re.search(r"None|nan|(?<!\\)\binf\b|[γαεℓ−×∂]", latex), latex
                assert latex.isascii()
            seen.add((*result.around, result.loss, result.grad))
    assert len(seen) >= min(2, len(specs.declared(key, activation)) + 1)


@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
def test_every_soft_form_has_formulas_of_its_own(activation: str) -> None:
    forms = LOSSES["focal"].parameter("soft_form", activation).samples()
    result = [formulas_of(Setting(loss("focal", activation, soft_form=f), (0.0, 1.0), (0.6, 0.4))) for f in forms]
    assert len({f.loss for f in result}) == 4
    assert len({f.grad for f in result}) == 3, "mixed and exp-ce differ in u alone, which stands with the loss"
    assert len({f.loss_numbers for f in result}) > 2


def test_what_stands_around_a_loss_is_said() -> None:
    parameters = {"temperature": 2.5, "label_smoothing": 0.1, "weight": (1.0, 3.0), "alpha": 0.25, "pos_weight": 4.0}
    around = " ".join(formulas_of(Setting(loss("focal", "sigmoid", **parameters), (0.0, 1.0), (1.0, 0.0))).around)
    for text in ("T = 2.5", r"\varepsilon = 0.1", "(1, 3)", r"\alpha = 0.25", "w_+ = 4"):
        assert text in around
    plain = formulas_of(Setting(loss("focal"), (0.0, 1.0), (1.0, 0.0))).around
    assert len(plain) == 1


def test_vectors_are_written_too() -> None:
    spec = loss("focal", "sigmoid", alpha=(0.25, 0.5), pos_weight=(2.0, 3.0))
    around = " ".join(formulas_of(Setting(spec, (0.0, 1.0), (1.0, 0.0))).around)
    assert "(0.25, 0.5)" in around
    assert "(2, 3)" in around


def test_a_sure_sample_keeps_its_digits() -> None:
    """p = 1 − 10⁻⁹: with p shown as 1 the line would read 0."""
    iv.dps = 30
    setting = Setting(loss("focal", "sigmoid"), (20.7,), (1.0,))
    now = sample(setting)
    line = formulas(setting, now).loss_numbers
    assert float(now.loss[0]) == pytest.approx(math.exp(-62.1), rel=1e-6)
    agrees(line, 0.01)
    assert np.isclose(float(work_out(flat(line).split(" = ")[1]).mid), float(now.loss[0]), rtol=2e-3)
