"""Where a formula breaks: the logit next to 0 at which it is nan, infinite, 0 or more than 1 % off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from ...evaluation.evaluate import evaluate
from ...evaluation.setting import Array
from ...losses import loss
from .formulas import Formula, ProgramOutput, rounded, run
from .truth import Exact, truth

RIGHT, OFF, ZERO, INF, NAN = range(5)
"""Kinds of answers: right to 1 %; further off; 0, infinite or nan where the truth is none of these."""

OFF_BY = 0.01
"""A relative error above this is a break."""

FAR = 1000.0
SCAN = np.concatenate(([0.0], np.geomspace(1e-3, FAR, 2**13)))
"""Where breaks are looked for, to either side: in steps of 0.17 %."""

BEFORE, CLOSER = 0.98, 2**12
"""A break that SCAN has found is looked for from this share of its logit on, in so many steps."""


class FocalCase(NamedTuple):
    """What is computed: dtype, one of `PRECISIONS`; target t, 1 or 0; γ ≥ 0."""

    dtype: str
    t: int
    gamma: float

    @property
    def epsilon(self) -> float:
        """From 1 to the dtype's next number."""
        return float(torch.finfo(getattr(torch, self.dtype)).eps)

    @property
    def normal(self) -> float:
        """The dtype's smallest number that has all its digits."""
        return float(torch.finfo(getattr(torch, self.dtype)).smallest_normal)

    @property
    def least(self) -> float:
        """The dtype's smallest number above 0, and the step between its smallest numbers."""
        return self.normal * self.epsilon


class Accuracy(NamedTuple):
    """What a formula gives at each logit (N,), its error relative to the truth, and which kind of answer it is.

    An error of no more than one step between the dtype's smallest numbers counts as 0: where the truth is too small for the
    dtype, 0 is the right answer.
    """

    value: Array
    error: Array
    kind: NDArray[np.int64]


class Break(NamedTuple):
    """The logit z nearest to 0 on its side (−1 or 1) where a formula's quantity ("loss" or "grad") breaks in this way.

    value and truth of the quantity; inside: the program's variables there, each as it is and as it should be.
    """

    formula: str
    quantity: str
    side: int
    kind: int
    z: float
    value: float
    truth: float
    inside: Mapping[str, tuple[float, float]]


QUANTITIES = ("loss", "grad")


def judge(value: Array, exact: Exact, case: FocalCase) -> Accuracy:
    """Values (N,) beside what they should be."""
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        apart = np.abs((value - exact.value) - exact.left)
        error = np.where(apart <= case.least, 0.0, apart / np.abs(exact.value))
    broken = [np.isnan(value), np.isinf(value), (value == 0) & (error > OFF_BY), error > OFF_BY]
    return Accuracy(value, error, np.select(broken, [NAN, INF, ZERO, OFF], RIGHT))


def accuracies(output: ProgramOutput, exact: tuple[Exact, Exact], case: FocalCase) -> dict[str, Accuracy]:
    """Of loss and gradient."""
    rows = zip(QUANTITIES, (output.loss, output.grad), exact, strict=True)
    return {name: judge(value, true, case) for name, value, true in rows}


def first_breaks(formula: Formula, case: FocalCase, z: Array, known: Mapping[str, Accuracy]) -> Iterator[Break]:
    """All of a formula's first breaks within ±1000. known: accuracies at 50 digits for logits z (N,), which count too.

    To find them among so many logits lossviz' own float64 stands in for the truth; what it finds is judged at 50 digits.
    """
    for side in (-1, 1):
        scan = side * _scan(case.dtype)
        of_scan = _scanned(formula, case, scan)
        for quantity, kind in product(QUANTITIES, (OFF, ZERO, INF, NAN)):
            of_sweep = _outwards(z[known[quantity].kind == kind], side)[:1]
            scanned = scan[of_scan[quantity].kind == kind][:1]
            places = [*of_sweep, *(_closer(formula, case, quantity, kind, float(place)) for place in scanned)]
            if places:
                yield from _confirmed(formula, case, quantity, side, kind, float(min(places, key=abs)))


@cache
def _scan(dtype: str) -> Array:
    """Logits from 0 to 1000; half precision has so few numbers that it is all of them."""
    if dtype not in ("float16", "bfloat16"):
        return rounded(SCAN, dtype)
    bits = torch.arange(2**15, dtype=torch.int32).to(torch.int16)
    every = bits.view(getattr(torch, dtype)).double().numpy()
    scan: Array = every[(every == 0) | (every >= SCAN[1]) & (every <= FAR)]
    return scan


def _outwards(z: Array, side: int) -> Array:
    """Those of some logits that are on a side, the nearest to 0 first."""
    of_side = z[z * side >= 0]
    return of_side[np.argsort(np.abs(of_side))]


def _scanned(formula: Formula, case: FocalCase, z: Array) -> dict[str, Accuracy]:
    spec = loss("focal", "sigmoid", gamma=case.gamma)
    ev = evaluate(spec, z, np.full(len(z), case.t), device="cpu")
    nothing = np.zeros(len(z))
    exact = Exact(ev.loss.numpy(), nothing), Exact(ev.grad[:, 0].numpy(), nothing)
    return accuracies(run(formula, z, *case), exact, case)


def _closer(formula: Formula, case: FocalCase, quantity: str, kind: int, z: float) -> float:
    """The first logit of a kind on the stretch before z, where it was found, and on stretches before that while there is one.

    Errors jump from one number of the dtype to the next, so the first that is too large stands alone among many that are not.
    """
    while True:
        stretch = rounded(np.linspace(BEFORE * z, z, CLOSER + 1), case.dtype)
        again = stretch[_scanned(formula, case, stretch)[quantity].kind == kind]
        nearer = float(min(again, key=abs, default=z))
        if abs(nearer) >= 0.999 * abs(z):
            return nearer
        z = nearer


def _confirmed(formula: Formula, case: FocalCase, quantity: str, side: int, kind: int, z: float) -> Iterator[Break]:
    """The break, if it is one at 50 digits."""
    true = truth(z, case.t, case.gamma)
    output = run(formula, np.array([z]), *case)
    value, exact = getattr(output, quantity), getattr(true, quantity)
    accuracy = judge(value, Exact(np.array([float(exact)]), np.array([float(exact - float(exact))])), case)
    if accuracy.kind[0] == kind:
        inside = {name: (float(x[0]), float(getattr(true, name))) for name, x in output.inside.items()}
        yield Break(formula.key, quantity, side, kind, z, float(value[0]), float(exact), inside)
