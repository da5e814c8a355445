"""The experiment as a program of its own: it runs without lossviz, and says what the page says."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from contextlib import redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from lossviz import LOSSES, InputError, evaluate, loss
from lossviz.analysis.training import (
    Experiment,
    claim,
    counterpart,
    estimate,
    make_record,
    measure_values,
    paired_differences,
    train,
)
from lossviz.analysis.training.script import script
from lossviz.data import digits
from lossviz.data.toy_datasets import DatasetSpec, make_dataset

from ... import specs

pytestmark = pytest.mark.usefixtures("few_test_samples")

CE, FOCAL = loss("cross-entropy"), loss("focal", gamma=2.0)
SIGMOIDS = (
    loss("cross-entropy", "sigmoid"),
    loss("focal", "sigmoid", gamma=2.0, alpha=0.25),
    loss("quality-focal", gamma=1.5),
)
KIN = (CE, loss("cross-entropy", weight=(1.0, 3.0), label_smoothing=0.1), loss("focal", gamma=0.5, temperature=2.0))

EXPERIMENTS = {
    "gaussians, linear, sgd, one class": Experiment(
        DatasetSpec("gaussians", 200, noise="one class", rate=0.2, pair=(1, 0)), (CE, FOCAL), 6, 0, "sgd", 0.05, 4, 200
    ),
    "gaussians, weights and smoothing, far": Experiment(
        DatasetSpec("gaussians", 150, means=(-1, 0.5, 1, 0), noise="far from boundary", rate=0.1),
        KIN,
        2,
        0,
        "adam",
        0.03,
        4,
        40,
    ),
    "moons, MLP, adam, uniform, a single seed": Experiment(
        DatasetSpec("moons", 180, separation=0.6, noise="uniform", rate=0.15), (CE, FOCAL), 1, 8, "adam", 0.02, 5, 64
    ),
    "rings, MLP, sgd, near, equal gradient": Experiment(
        DatasetSpec("rings", 160, noise="near boundary", rate=0.2), KIN, 2, 12, "sgd", 0.05, 4, 64, equal_gradient=True
    ),
    "gaussians, sigmoid, rare, prior": Experiment(
        DatasetSpec("gaussians", 1000, ratio=50, rare=0), SIGMOIDS, 2, 4, "adam", 0.02, 4, 128, prior=0.01
    ),
    "digits, MLP, adam, pair": Experiment(
        DatasetSpec("digits", 300, noise="pair", rate=0.5, pair=(3, 8)), (CE, FOCAL), 2, 16, "adam", 0.01, 4, 64
    ),
    "digits, linear, rare, far, prior, equal gradient": Experiment(
        DatasetSpec("digits", 400, ratio=4, rare=8, noise="far from boundary", rate=0.1),
        SIGMOIDS,
        2,
        0,
        "adam",
        0.02,
        4,
        64,
        0.05,
        True,
    ),
    "digits, MLP, sgd, near": Experiment(
        DatasetSpec("digits", 250, noise="near boundary", rate=0.2), (CE, FOCAL), 2, 12, "sgd", 0.1, 4, 50, first_seed=40
    ),
}
named = pytest.mark.parametrize("key", EXPERIMENTS)

SHOWN = ("accuracy", "balanced", "precision", "memorised")

RUN = """import json, runpy
scope = runpy.run_path("experiment.py", run_name="__main__")
print(json.dumps([values.tolist() for values in scope["present"].values()]))"""


@cache
def ran(program: str) -> tuple[str, np.ndarray]:
    """What a program prints, and its numbers (1 or 2, 4, L, S)."""
    scope: dict[str, Any] = {"__name__": "__main__"}
    with redirect_stdout(StringIO()) as output:
        exec(compile(program, "<experiment>", "exec"), scope)
    both = [scope[name] for name in ("results", "present", "absent") if name in scope]
    return output.getvalue(), np.array([list(one.values()) for one in both])


def test_it_runs_where_there_is_no_lossviz(tmp_path: Path) -> None:
    """In an interpreter that finds torch and NumPy alone, with every warning an error."""
    program = script(EXPERIMENTS["gaussians, linear, sgd, one class"])
    (tmp_path / "experiment.py").write_text(program, "utf-8")
    command = [sys.executable, "-I", "-X", "utf8", "-W", "error", "-c", RUN]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    *output, values = done.stdout.splitlines()
    text, wanted = ran(program)
    assert output == text.splitlines()
    np.testing.assert_array_equal(np.array(json.loads(values)), wanted[0])


def numbers(experiment: Experiment) -> np.ndarray:
    """What the page says after the last epoch, (4, L, S)."""
    snapshots = [snapshot for _, snapshot in train(experiment) if snapshot is not None]
    last = make_record(experiment, snapshots[-1:])
    return np.stack([measure_values(last, key)[-1] for key in SHOWN])


@named
def test_it_says_what_the_page_says(key: str) -> None:
    experiment = EXPERIMENTS[key]
    absent = counterpart(experiment) if claim(experiment) else None
    output, values = ran(script(experiment))
    wanted = np.stack([numbers(one) for one in (experiment, absent) if one is not None])
    np.testing.assert_allclose(values, wanted, rtol=0, atol=1e-9)
    parts = [*wanted, wanted[0] - wanted[1]] if absent else [*wanted]
    assert printed(output) == [row for part in parts for row in expected(part)]
    assert all(len({tuple(row) for row in values.tolist()}) > 1 for values in wanted[0][:1]), "all losses alike prove nothing"


def printed(output: str) -> list[list[str]]:
    """The numbers of each row of the tables."""
    rows = [line for line in output.splitlines()[1:] if line.startswith("  ")]
    return [re.findall(r"[-+]?\d+\.\d{3}(?=[\s,\]]|$)", row) for row in rows]


def expected(values: np.ndarray) -> list[list[str]]:
    """The page's numbers (4, L, S) in the program's digits; measures that are nothing are left out."""
    rows = []
    for losses in values[~np.isnan(values).any((1, 2))]:
        of = estimate(paired_differences(losses))
        for n, own in enumerate(losses):
            ends = (of.low[n - 1], of.high[n - 1]) if n and np.isfinite(of.low[n - 1]) else ()
            rows.append([f"{own.mean():.3f}", *(f"{x:+.3f}" for x in ((of.mean[n - 1], *ends) if n else ()))])
    return rows


def test_another_loss_would_have_been_seen() -> None:
    program = script(EXPERIMENTS["moons, MLP, adam, uniform, a single seed"])
    other = program.replace("gamma = 2.0", "gamma = 2.5")
    assert other != program
    (_, values), (_, changed) = ran(program), ran(other)
    assert (values[0, :, 0] == changed[0, :, 0]).all()
    assert (values[0, 0, 1] != changed[0, 0, 1]).all()


@named
def test_it_is_a_clean_program_without_lossviz(key: str) -> None:
    program = script(EXPERIMENTS[key])
    modules = {node.module or "" for node in ast.walk(ast.parse(program)) if isinstance(node, ast.ImportFrom)}
    modules |= {a.name for node in ast.walk(ast.parse(program)) if isinstance(node, ast.Import) for a in node.names}
    allowed = {"__future__", "base64", "collections", "functools", "itertools", "math", "numpy", "sklearn", "torch", "typing"}
    assert {module.split(".")[0] for module in modules} <= allowed
    assert ("sklearn.datasets" in modules) == (EXPERIMENTS[key].dataset_spec.shape == "digits")
    check = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "E,F,W,I", "--line-length", "128", "-"]
    done = subprocess.run(check, input=program, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout
    assert "type: ignore" not in program


TRAINABLE = [(key, activation) for key, activation in specs.KINDS if LOSSES[key].targets == "any"]


@pytest.mark.parametrize(("key", "activation"), TRAINABLE)
@pytest.mark.parametrize("shape", ["gaussians", "digits"])
def test_every_loss_is_what_is_trained(key: str, activation: str, shape: str) -> None:
    """Every loss of the registry with every parameter alone and several together: its sum, and the gradient of that."""
    classes = 10 if shape == "digits" else 2
    rng = specs.seeded("script", key, activation, shape)
    chosen = [loss(key, activation, **one) for one in specs.switched_on(key, activation, classes)]
    # Every other parameter with two classes, and the others with ten.
    chosen = chosen[shape == "digits" :: 2] + [specs.drawn(key, activation, classes, rng) for _ in range(2)]
    chosen += [loss(key, activation, ignore_index=1)] if any(p.name == "ignore_index" for p in LOSSES[key].parameters) else []
    for start in range(0, len(chosen), 6):
        some = tuple(chosen[start : start + 6])
        z, y = torch.tensor(specs.logits(key, 7, classes, rng), requires_grad=True), torch.tensor(rng.integers(classes, size=7))
        for spec, total in zip(some, functions(Experiment(DatasetSpec(shape), some)), strict=True):
            value, ev = total(z, y), evaluate(spec, z.detach(), y)
            assert value.item() == pytest.approx(float(ev.loss.sum()), rel=1e-10), spec
            np.testing.assert_allclose(torch.autograd.grad(value, z)[0], ev.grad, rtol=1e-9, atol=1e-12, err_msg=str(spec))


def functions(experiment: Experiment) -> list[Any]:
    """The functions of the losses, of a program that is not run."""
    threads = torch.get_num_threads()
    scope: dict[str, Any] = {"__name__": "read"}
    exec(compile(script(experiment), "<experiment>", "exec"), scope)
    torch.set_num_threads(threads)
    return [function for _, function in scope["LOSSES"]]


@pytest.mark.parametrize("kind", ["near boundary", "far from boundary", "uniform", "pair"])
def test_its_datasets_are_those_that_are_trained_on(kind: str) -> None:
    for shape in ("digits", "rings"):
        dataset_spec = DatasetSpec(shape, 500, ratio=2, noise=kind, rate=0.3, pair=(0, 1) if kind != "uniform" else None)
        scope: dict[str, Any] = {"__name__": "read"}
        exec(compile(script(Experiment(dataset_spec, (CE,))), "<experiment>", "exec"), scope)
        for seed in (0, 5):
            for own, theirs in zip(scope["data"](scope["SPEC"], seed), make_dataset(dataset_spec, seed), strict=True):
                np.testing.assert_array_equal(own, theirs)
            assert scope["data"](scope["SPEC"], seed).wrong.any()


def test_the_shipped_digits_are_those_of_scikit_learn() -> None:
    from sklearn.datasets import load_digits

    images, labels, _ = digits.images()
    np.testing.assert_array_equal(images, load_digits().images)
    np.testing.assert_array_equal(labels, load_digits().target)


def test_losses_of_one_name_all_stand_in_it() -> None:
    program = script(Experiment(DatasetSpec("gaussians"), (FOCAL, FOCAL)))
    assert program.count('("softmax focal loss, γ = 2", loss_') == 2


def test_bad_settings_are_refused() -> None:
    with pytest.raises(InputError, match="learning_rate"):
        script(Experiment(DatasetSpec("gaussians"), (CE,), learning_rate=-1.0))
