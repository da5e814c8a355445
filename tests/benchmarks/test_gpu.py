"""The benchmark of a graphics processor, on the CPU and small: it finds what is wrong, and prints its tables."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

import lossviz
from benchmarks import gpu
from lossviz.evaluation import compilation, softmax_rows

CASES = list(gpu.cases())


def test_there_is_every_loss_in_both_kinds_of_targets() -> None:
    assert len(CASES) > 280
    assert {(case.spec.key, case.spec.activation) for case in CASES} == {
        (key, activation) for key, kind in lossviz.LOSSES.items() for activation in kind.activations
    }
    assert {case.targets.ndim for case in CASES} == {1, 2}
    assert any(np.isinf(case.logits).any() for case in CASES) and any(np.abs(case.logits).max() == 1e4 for case in CASES)
    assert sum(case.tail for case in CASES) == 20
    assert {case.logits.shape[1] for case in CASES} == {1, 2, 3, 10, *gpu.WIDE}
    assert min(gpu.WIDE) < softmax_rows.WHOLE < max(gpu.WIDE)


@pytest.mark.parametrize("dtype", gpu.DTYPES)
def test_all_numbers_are_right(dtype: str) -> None:
    """A third of them, as they come; the tests have them all, and more."""
    assert max(case.errors("cpu", dtype).max() for case in CASES[::3]) <= gpu.ULPS


@pytest.mark.parametrize("dtype", gpu.DTYPES)
def test_the_closed_form_that_is_compiled_is_right(dtype: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its arithmetic as torch calls, in pieces of two classes: labels alone, since nothing else is compiled."""
    monkeypatch.setattr(torch, "compile", lambda program, **_: program)
    monkeypatch.setattr(compilation, "has_compiler", lambda _: True)
    monkeypatch.setattr(softmax_rows, "WHOLE", 2)
    monkeypatch.setattr(compilation, "DEVICES", ("cpu",))
    monkeypatch.setattr(softmax_rows, "PIECE", 2)
    compilation.compiled_form.cache_clear()
    with gpu.compiled_from(1):
        off = [case.errors("cpu", dtype).max() for case in CASES if case.targets.ndim == 1]
    assert len(off) > 100 and max(off) <= gpu.ULPS
    assert compilation.compiled_form.cache_info().currsize > 30
    compilation.compiled_form.cache_clear()


def test_a_wrong_number_is_seen(capsys: pytest.CaptureFixture[str]) -> None:
    case = next(case for case in CASES if case.tail)
    assert gpu.exactness("cpu", [case], "right") == 0
    exact = case.exact.copy()
    exact[:, 0] *= 1 + 1e-5
    assert gpu.exactness("cpu", [case._replace(exact=exact)], "wrong") > 0
    assert "on logits" in capsys.readouterr().out


def test_ulps() -> None:
    got = np.array([1 + 2.0**-23, 1e-31, np.nan, np.inf, -np.inf, 2.0])
    exact = np.array([1.0, 0.0, 1.0, 1e60, 1e60, np.inf])
    off = gpu.ulps(got, exact, "float32", 1.0)
    assert off.tolist() == [1.0, pytest.approx(1e-31 * 2**23), np.inf, 0.0, np.inf, np.inf]


def test_the_table(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(compilation, "has_compiler", lambda _: True)
    monkeypatch.setattr(torch, "compile", lambda program, **_: program)
    compilation.compiled_form.cache_clear()
    gpu.speed("cpu", 3_000, (3, 100))
    compilation.compiled_form.cache_clear()
    rows = [line.split(" | ") for line in capsys.readouterr().out.splitlines()[2:]]
    assert len(rows) == 2 * (1 + 2 * 5)
    assert {len(row) for row in rows if "copy" not in row[0]} == {7}
    assert all(float(row[3]) > 0 for row in rows)


@pytest.mark.parametrize("name", gpu.SPECS)
def test_both_sides_compute_the_same(name: str) -> None:
    z, y = torch.randn(50, 7, dtype=torch.float64), torch.randint(7, (50,))
    loss, grad = gpu.autograd(gpu.USUAL[name], z, y)
    ev = lossviz.evaluate(gpu.SPECS[name], z, y)
    torch.testing.assert_close(ev.reduce("sum"), loss)
    torch.testing.assert_close(ev.grad, grad)


def test_it_needs_torch_and_numpy_alone() -> None:
    """Where there is a device there may be nothing else."""
    allowed = {"torch", "numpy", "lossviz", "benchmarks"}
    code = (
        "import sys, torch, numpy; before = set(sys.modules); import benchmarks.gpu;"
        "print(*{m.split('.')[0] for m in set(sys.modules) - before} - set(sys.stdlib_module_names))"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) <= allowed
