"""The program on the page: run it, and it says what `evaluate` says. It is written with autograd, so it is a witness."""

import ast
import itertools
import json
import math
import warnings
from contextlib import redirect_stdout
from io import StringIO

import numpy as np
import pytest
import torch

from lossviz import LOSSES, InputError, evaluate, loss, snippet
from lossviz.losses import LossSpec
from lossviz.naming.snippet import run

from .. import specs


def agree(spec: LossSpec, logits: object, targets: object, tolerance: float = 1e-10) -> None:
    """The program's loss and gradient are those of `evaluate`, to `tolerance` (relative, or absolute below 1)."""
    ev, ran = evaluate(spec, logits, targets), run(snippet(spec, logits, targets))
    assert math.isclose(ran.loss, float(ev.loss.sum()), rel_tol=tolerance, abs_tol=tolerance), spec
    np.testing.assert_allclose(ran.grad, ev.grad.numpy(), rtol=tolerance, atol=tolerance, err_msg=str(spec))


@pytest.mark.parametrize("classes", [1, 2, 3, 10])
@pytest.mark.parametrize(("key", "activation"), specs.KINDS)
def test_every_parameter_alone_is_reproduced(key: str, activation: str, classes: int) -> None:
    if LOSSES[key].targets == "signs" and classes > 1:
        return
    rng = specs.seeded("snippet", key, activation, classes)
    kinds = specs.TARGETS[LOSSES[key].targets]
    for n, parameters in enumerate(specs.switched_on(key, activation, classes)):
        # Two kinds of target for each: with the four numbers of classes, each parameter has all of them.
        for kind in {kinds[(n + classes) % len(kinds)], kinds[(n + classes + 2) % len(kinds)]}:
            rows = int(rng.integers(1, 4))
            logits, targets = specs.logits(key, rows, classes, rng), specs.targets(kind, rows, classes, rng)
            agree(loss(key, activation, **parameters), logits, targets)


@pytest.mark.parametrize(("key", "activation"), specs.KINDS)
def test_parameters_together_are_reproduced(key: str, activation: str) -> None:
    rng = specs.seeded("together", key, activation)
    seen = set()
    for _ in range(15):
        # One softmax class is always right: there the power of a soft form has no slope that autograd could find.
        classes = 1 if LOSSES[key].targets == "signs" else int(rng.integers(1 if activation == "sigmoid" else 2, 6))
        spec = specs.drawn(key, activation, classes, rng)
        kind = str(rng.choice(specs.TARGETS[LOSSES[key].targets]))
        agree(spec, specs.logits(key, 3, classes, rng), specs.targets(kind, 3, classes, rng), 1e-9)
        seen.add(spec)
    assert len(seen) > (7 if specs.declared(key, activation) else 0)


@pytest.mark.parametrize(("key", "activation"), specs.KINDS)
def test_float32_stays_float32(key: str, activation: str) -> None:
    rng = specs.seeded("float32", key, activation)
    classes = 1 if LOSSES[key].targets == "signs" else 4
    logits = specs.logits(key, 3, classes, rng).astype(np.float32)
    targets = specs.targets(specs.TARGETS[LOSSES[key].targets][0], 3, classes, rng)
    for form in (logits, torch.tensor(logits)):
        program = snippet(loss(key, activation), form, targets)
        assert "float32" in program
        assert "float64" not in program
        assert run(program).loss == pytest.approx(float(evaluate(loss(key, activation), form, targets).loss.sum()), rel=2e-6)


def test_lists_are_float64_as_in_evaluate() -> None:
    program = snippet(loss("focal"), [[2.0, 0.1, 0.0]], [0])
    assert "0.1, 0.0]], dtype=torch.float64" in program
    agree(loss("focal"), [[2.0, 0.1, 0.0]], [0], 1e-14)


IGNORING = [(key, a) for key, a in specs.KINDS if any(p.name == "ignore_index" for p in LOSSES[key].parameters)]


@pytest.mark.parametrize(("key", "activation"), IGNORING)
@pytest.mark.parametrize("ignored", [None, 0, 1, -1, 255])
def test_ignored_rows_do_not_count(key: str, activation: str, ignored: int | None) -> None:
    rng = specs.seeded("ignore", key, activation, ignored)
    logits = specs.logits(key, 5, 3, rng)
    labels = np.array([0, 1, 2, 1, 0])
    labels[1:3] = -100 if ignored is None else ignored
    parameters = {"ignore_index": ignored, "weight": (0.5, 1.5, 2.5)}
    agree(loss(key, activation, **parameters), logits, labels)
    assert run(snippet(loss(key, activation, **parameters), logits, labels)).grad[1] == [0, 0, 0]


def test_all_rows_ignored_is_zero() -> None:
    for key, activation in IGNORING:
        agree(loss(key, activation), [[0.5, -1.0]], [-100])


def test_flat_sigmoid_logits_and_integers_are_taken() -> None:
    agree(loss("focal", "sigmoid", alpha=0.25), [1.5, -0.5], [1, 0])
    agree(loss("cross-entropy", "sigmoid"), [1.5, -0.5], [0.25, 0.5])
    agree(loss("logistic"), [1.5, -0.5], [-1, 1])
    agree(loss("cross-entropy"), [[3, 1, 0]], [2])


SATURATED = [
    ("sigmoid", [20.0], 1),
    ("sigmoid", [-60.0], 0),
    ("softmax", [50.0, 1.0, 0.0], 0),
    ("softmax", [900.0, 1.0, 0.0], 0),
]


@pytest.mark.parametrize("gamma", [0.1, 0.5, 0.9])
@pytest.mark.parametrize(("activation", "logits", "label"), SATURATED)
def test_a_saturated_sample_with_gamma_below_1_has_a_gradient(gamma: float, activation: str, logits: list, label: int) -> None:
    """Where the usual formula answers nan (kornia#918). torch's log_softmax has no tail there, its logsigmoid has."""
    spec = loss("focal", activation, gamma=gamma)
    agree(spec, [logits], [label], 1e-15)
    if activation == "sigmoid":
        ev, ran = evaluate(spec, [logits], [label]), run(snippet(spec, [logits], [label]))
        assert ran.loss == pytest.approx(float(ev.loss[0]), rel=1e-12, abs=0)
        np.testing.assert_allclose(ran.grad, ev.grad.numpy(), rtol=1e-12)
        assert 0 < abs(ran.grad[0][0]) < 1e-9


@pytest.mark.parametrize(("key", "activation"), specs.KINDS)
@pytest.mark.parametrize("infinite", [math.inf, -math.inf])
def test_infinite_logits_make_a_program_that_runs(key: str, activation: str, infinite: float) -> None:
    for logits in ([[infinite]], [[infinite, 1.0, 0.0]], [[0.0, -math.inf, infinite]]):
        if LOSSES[key].targets == "signs" and len(logits[0]) > 1:
            continue
        program = snippet(loss(key, activation), logits, [1] if LOSSES[key].targets == "signs" else [0])
        assert "inf" in program
        run(program)


FACTS = [
    (loss("cross-entropy"), [[2.0, 1.0, 0.0]], [0], 0.4076),
    (loss("cross-entropy"), [[4.0, 1.0, 0.0]], [0], 0.0659),
    (loss("nll"), [[4.0, 1.0, 0.0]], [0], -4.0),
    (loss("cross-entropy", "sigmoid"), [[2.0, 1.0, 0.0]], [0], 2.133),
    (loss("cross-entropy", "sigmoid"), [[7.0, 6.0, 5.0]], [0], 11.010),
    (loss("focal", "sigmoid"), [[0.0]], [[1.0]], 0.1733),
    (loss("focal"), [[0.0] * 10], [3], 1.8651),
]


@pytest.mark.parametrize(("spec", "logits", "targets", "expected"), FACTS)
def test_the_program_gives_the_known_numbers(spec: LossSpec, logits: list, targets: list, expected: float) -> None:
    assert run(snippet(spec, logits, targets)).loss == pytest.approx(expected, abs=0.51e-4 if expected < 2 else 0.51e-3)


def test_weighted_mean_numbers_from_the_sum() -> None:
    """pytorch#25571: same data, w = (2, 4, 6): Σ/Σw and Σ/N are different means of one sum."""
    spec = loss("cross-entropy", weight=(2.0, 4.0, 6.0))
    logits, labels = [[0.2, 1.0, 0.1], [1.5, 0.3, 0.6], [0.1, 0.2, 2.0]], [0, 2, 1]
    total = run(snippet(spec, logits, labels)).loss
    assert total / 12 == pytest.approx(float(evaluate(spec, logits, labels).reduce("mean")), rel=1e-12)


def test_the_program_runs_on_its_own() -> None:
    """What a person copies: several programs one after the other, each printing its loss and its gradient."""
    rng = specs.seeded("fresh")
    cases = []
    for key, activation in specs.KINDS:
        classes = 1 if LOSSES[key].targets == "signs" else 3
        spec = specs.drawn(key, activation, classes, rng)
        targets = specs.targets(specs.TARGETS[LOSSES[key].targets][-1], 2, classes, rng)
        cases.append((spec, specs.logits(key, 2, classes, rng), targets))
    program = "\n".join(snippet(*case) for case in cases)
    with redirect_stdout(StringIO()) as output, warnings.catch_warnings():
        warnings.simplefilter("error")
        exec(compile(program, "<copied>", "exec"), {"__name__": "__main__"})
    printed = output.getvalue().splitlines()
    assert len(printed) == 2 * len(cases)
    for (spec, logits, targets), first, second in zip(cases, printed[::2], printed[1::2], strict=True):
        ev = evaluate(spec, logits, targets)
        assert float(first.removeprefix("loss ")) == pytest.approx(float(ev.loss.sum()), rel=1e-10)
        np.testing.assert_allclose(json.loads(second.removeprefix("gradient ")), ev.grad.numpy(), rtol=1e-10, atol=1e-12)


def test_the_program_holds_no_number_that_is_not_of_the_setting() -> None:
    """Change every number of the input and no number of the old program is left, but those that PyTorch's calls need."""

    def numbers(*values: float) -> set[float]:
        a, b, c, d, e, f, g, h, i, j = values
        spec = loss("focal", gamma=a, weight=(b, c, d), label_smoothing=e / 100, temperature=f)
        program = snippet(spec, [[g, h, -i]], [[j / 100, 1 - j / 100, 0.0]])
        constants = [n.value for n in ast.walk(ast.parse(program)) if isinstance(n, ast.Constant)]
        return {abs(value) for value in constants if isinstance(value, int | float) and not isinstance(value, bool)}

    rng = specs.seeded("derived")
    common = numbers(*rng.uniform(1.1, 9.9, 10)) & numbers(*rng.uniform(1.1, 9.9, 10))
    assert common <= {0.0, 1.0, 2.0, 3.0}


@pytest.mark.parametrize(("key", "activation"), specs.KINDS)
def test_the_program_reads_only_names_it_has_made(key: str, activation: str) -> None:
    rng = specs.seeded("names", key, activation)
    classes = 1 if LOSSES[key].targets == "signs" else 3
    for parameters, kind in itertools.product(specs.switched_on(key, activation, classes), specs.TARGETS[LOSSES[key].targets]):
        program = snippet(
            loss(key, activation, **parameters), specs.logits(key, 1, classes, rng), specs.targets(kind, 1, classes, rng)
        )
        nodes = [n for n in ast.walk(ast.parse(program)) if isinstance(n, ast.Name)]
        made = {n.id for n in nodes if isinstance(n.ctx, ast.Store)}
        read = {n.id for n in nodes if isinstance(n.ctx, ast.Load)}
        assert read <= made | {"torch", "F", "print", "float"}
        assert made <= read, "a constant that nothing uses"
        assert max(map(len, program.splitlines())) < 200


def test_bad_input_is_refused_as_by_evaluate() -> None:
    for logits, targets in (([[math.nan, 0]], [0]), ([[1.0, 0]], [2]), ([1.0, 2.0], [0]), ("x", [0])):
        with pytest.raises(InputError):
            snippet(loss("cross-entropy"), logits, targets)
