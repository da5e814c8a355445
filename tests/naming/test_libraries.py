"""What other libraries return, as transcribed: the same loss where that is said, a reason where it is another."""

from __future__ import annotations

import ast
from functools import cache

import numpy as np
import pytest

from lossviz import evaluate, loss
from lossviz.evaluation.setting import as_targets
from lossviz.naming.libraries import LIBRARIES, TESTED, Answer, Case, translate

from .libraries_cases import cases, returned

CASES = list(cases())
CLIPPING = "clipped"


@cache
def answers(case: Case) -> dict[str, Answer]:
    return translate(case)


def ours(case: Case) -> float:
    return float(evaluate(case.spec, [list(case.logits)], as_targets(case.spec, np.array([case.targets]))).loss[0])


def test_cases_are_of_every_kind() -> None:
    assert len(CASES) > 400
    for name in LIBRARIES:
        replies = [answers(case)[name] for case in CASES]
        assert any(a.program and not a.why for a in replies), "it can say something"
        if name != "PyTorch":
            assert any(not a.program for a in replies), "and not everything"
    others = [a for case in CASES for a in answers(case).values() if a.program and a.why]
    assert len({a.why for a in others}) >= 8


@pytest.mark.parametrize("name", LIBRARIES)
def test_a_program_without_a_reason_is_this_loss(name: str) -> None:
    """Up to float32's rounding, and to clipped probabilities where the note says so."""
    compared = 0
    for case in CASES:
        a = answers(case)[name]
        if not a.program or a.why:
            continue
        clipped = any(CLIPPING in note for note in a.notes)
        if clipped and max(map(abs, case.logits)) > 10:
            continue
        expected = ours(case)
        rounding = 1e-12 if name in ("PyTorch", "scikit-learn") else 4e-6
        # p_t as 1 − p in float32 knows only the digits that are left of 1.
        room = 3e-7 if case.spec.gamma and name not in ("PyTorch", "scikit-learn") else 1e-15
        assert a.value == pytest.approx(expected, rel=max(rounding, 1e-4 * (room > 1e-9)), abs=room), (case, a.program)
        compared += 1
    assert compared >= 20


@pytest.mark.parametrize("name", LIBRARIES)
def test_a_reason_is_given_only_where_the_value_is_another(name: str) -> None:
    """Not for every sample: forms agree at some. But for each reason there is a sample where it shows."""
    shown: dict[str, bool] = {}
    for case in CASES:
        a = answers(case)[name]
        if a.program and a.why:
            shown[a.why] = shown.get(a.why, False) or abs(a.value - ours(case)) > 1e-3 * abs(ours(case))
    assert all(shown.values()), [why for why, applies in shown.items() if not applies]


@pytest.mark.parametrize("name", LIBRARIES)
def test_programs_are_python_that_ends_with_the_loss(name: str) -> None:
    for case in CASES:
        a = answers(case)[name]
        if not a.program:
            assert a.why.endswith(".") and np.isnan(a.value)
            continue
        last = ast.parse(a.program).body[-1]
        assert isinstance(last, ast.Assign) and ast.unparse(last.targets[0]) == "loss"
        assert np.isfinite(a.value)


@pytest.mark.parametrize("name", ["PyTorch", "scikit-learn"])
def test_programs_of_libraries_at_hand_return_the_value(name: str) -> None:
    for case in CASES[::3]:
        a = answers(case)[name]
        if a.program:
            assert returned(a.program) == pytest.approx(a.value, rel=1e-12, abs=1e-15)


def test_facts_that_people_trip_over() -> None:
    """torchvision's default α is .25; kornia's and MONAI's α is on class; smp's multi-class is one-vs-rest; Keras clips."""
    off = Case(loss("focal", "sigmoid", gamma=0.0), (0.3,), (1.0,))
    assert "alpha=-1" in translate(off)["torchvision"].program
    multi = translate(Case(loss("focal"), (2.0, 1.0, 0.0), (1.0, 0.0, 0.0)))
    z, t = np.array([2.0, 1.0, 0.0]), np.array([1.0, 0.0, 0.0])
    p_t = np.where(t > 0, 1 / (1 + np.exp(-z)), 1 / (1 + np.exp(z)))
    assert multi["segmentation_models_pytorch"].value == pytest.approx(np.mean((1 - p_t) ** 2 * -np.log(p_t)), rel=1e-6)
    assert "one-vs-rest" in multi["segmentation_models_pytorch"].why
    hopeless = translate(Case(loss("focal"), (40.0, 0.0), (0.0, 1.0)))
    assert hopeless["Keras"].value == pytest.approx(16.118096, rel=1e-6)
    assert hopeless["PyTorch"].value == pytest.approx(40.0)


def test_versions_are_those_that_are_installed_for_the_comparison() -> None:
    from ..test_docs import ROOT

    pinned = dict(
        line.split("#")[0].strip().split("==")
        for line in (ROOT / "requirements-peers.txt").read_text().splitlines()
        if "==" in line
    )
    names = {"Optax (JAX)": "optax", "segmentation_models_pytorch": "segmentation-models-pytorch"}
    assert set(TESTED) == set(LIBRARIES) - {"PyTorch"}
    for name, version in TESTED.items():
        assert pinned[names.get(name, name.lower())] == version
