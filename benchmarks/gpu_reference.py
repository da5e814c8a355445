"""Writes gpu_reference.json: losses and gradients by mpmath at 50 digits, for `benchmarks.gpu` to compare a device with.

Logits and soft targets are float32 numbers, so that one truth serves both precisions. The settings are those of the tests
(`tests/evaluation/test_numerics.py`), each on fewer rows: python -m benchmarks.gpu_reference
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from itertools import product
from typing import Any, TypeAlias

import numpy as np

import lossviz
from benchmarks.gpu import REFERENCE, WIDE, column_sample, wide_logits
from tests import drawn, reference
from tests.evaluation.test_numerics import ACCEPTED, FORMS, GAMMAS, PARAMETERS
from tests.specs import reference_of

Case: TypeAlias = tuple[str, dict[str, Any]]
"""Name of a set of logits, and what `benchmarks.gpu` reads of a case but its logits."""

ROWS = [0, 1, 6, 7, 8, 9, 12, 13, 16, 19]
"""Of `drawn.logits`: two ordinary rows, two each of size 30, 100 and 10⁴, equal logits and ties."""

TAIL = 14
"""Rows whose true class leads by up to 69, which leaves 10⁻³⁰ of the others."""


def truth(spec: lossviz.losses.LossSpec, logits: list[float], target: Any) -> reference.Exact:
    setting = reference_of(spec)
    if spec.key == "nll":
        return reference.log_probability(setting, logits, target)
    if isinstance(target, list):
        return reference.sample(setting, logits, target)
    if spec.key == "logistic":
        return reference.sample(setting, logits, [(target + 1) / 2])
    return reference.labelled(setting, logits, target)


def case(spec: lossviz.losses.LossSpec, logits: str, rows: np.ndarray, targets: np.ndarray, tail: bool = False) -> Case:
    exact = [truth(spec, row, target) for row, target in zip(rows.tolist(), targets.tolist(), strict=True)]
    columns = column_sample(rows.shape[1])
    return logits, {
        "loss": spec.key,
        "activation": spec.activation,
        "parameters": {name: value for name, value in spec.parameters if value is not None},
        "targets": shortest(targets),
        "tail": tail,
        "losses": [float(sample.loss) for sample in exact],
        "grads": [[float(sample.grad[k]) for k in columns] for sample in exact],
    }


def shortest(x: np.ndarray) -> Any:
    """Lists of numbers with no more digits than tell them apart in their own precision."""
    return [shortest(row) for row in x] if x.ndim else (float(str(x)) if x.dtype.kind == "f" else int(x))


def soft_or_hard(rows: int, activation: str, soft: bool, rng: np.random.Generator) -> np.ndarray:
    if soft:
        return drawn.soft(rows, 3, "float32", rng, distribution=activation == "softmax")
    return rng.integers(3, size=rows)


def with_parameters(sets: dict[str, np.ndarray]) -> Iterator[Case]:
    """Every loss with every parameter, in turn with labels and with soft targets; and log-probabilities and signs."""
    for number, ((key, activation, own), name) in enumerate(ACCEPTED):
        rng = drawn.generator("gpu", key, activation, own, name)
        targets = soft_or_hard(len(sets["ordinary"]), activation, number % 2 == 1, rng)
        yield case(lossviz.loss(key, activation, **own, **PARAMETERS[name]), "ordinary", sets["ordinary"], targets)
    rng = drawn.generator("gpu", "other inputs")
    for weight in (None, (2.0, 0.0, 6.5)):
        yield case(lossviz.loss("nll", weight=weight), "ordinary", sets["ordinary"], rng.integers(3, size=len(ROWS)))
    for temperature in (1.0, 0.3, 4.0):
        spec = lossviz.loss("logistic", temperature=temperature)
        yield case(spec, "one logit", sets["one logit"], rng.choice([-1, 1], len(sets["one logit"])))


def with_gammas(sets: dict[str, np.ndarray]) -> Iterator[Case]:
    """Focal loss with every γ: of labels, of soft targets in every form, and of logits without bounds."""
    for gamma, activation in [*drawn.alternating(GAMMAS, ("softmax", "sigmoid")), (2.0, "softmax"), (0.5, "sigmoid")]:
        for logits in ("ordinary", "unbounded"):
            labels = drawn.generator("gpu", gamma, activation, logits).integers(3, size=len(sets[logits]))
            yield case(lossviz.loss("focal", activation, gamma=gamma), logits, sets[logits], labels)
    for form, gamma, activation in drawn.alternating(FORMS, GAMMAS, ("softmax", "sigmoid")):
        if form == "quality" and gamma < 1:
            continue  # steeper near p = t than any arithmetic of that precision can follow: the tests judge it apart
        rng = drawn.generator("gpu", form, gamma, activation)
        targets = soft_or_hard(len(sets["ordinary"]), activation, True, rng)
        yield case(lossviz.loss("focal", activation, gamma=gamma, soft_form=form), "ordinary", sets["ordinary"], targets)


def with_tails(sets: dict[str, np.ndarray]) -> Iterator[Case]:
    """Well-classified samples, whose losses and gradients are tiny."""
    for classes in (1, 2, 3, 10):
        rng = drawn.generator("gpu", "tail", classes)
        labels = rng.integers(2 if classes == 1 else classes, size=TAIL)
        margins = rng.uniform(0, -math.log(1e-30), TAIL)
        z = rng.normal(0, 1, (TAIL, classes))
        if classes == 1:
            z[:, 0] = margins * (2 * labels - 1)
        else:
            z[np.arange(TAIL), labels] += margins
        sets[f"tail {classes}"] = z.astype(np.float32)
        for gamma in (0.0, 0.5, 1.0, 2.0, 5.0):
            spec = lossviz.loss("focal", "sigmoid" if classes == 1 else "softmax", gamma=gamma)
            yield case(spec, f"tail {classes}", sets[f"tail {classes}"], labels, tail=True)


def of_many_classes() -> Iterator[Case]:
    few, many = WIDE
    for classes, gamma, activation in (*product((few,), (0.0, 0.5, 2.0), ("softmax", "sigmoid")), (many, 2.0, "softmax")):
        z = wide_logits(classes)
        labels = drawn.generator("gpu", classes).integers(classes, size=len(z))
        labels[-1] = classes // 3  # the clear first
        yield case(lossviz.loss("focal", activation, gamma=gamma), f"wide {classes}", z, labels)


def main() -> None:
    rng = drawn.generator("gpu", "logits")
    drawn_rows = drawn.logits(3, "float32", rng)
    sets = {
        "ordinary": drawn_rows[ROWS],
        "one logit": drawn.logits(1, "float32", rng)[[0, 1, 6, 7, 8, 9, 12, 13, 16, 18]],
        "unbounded": np.concatenate([drawn_rows[14:16], drawn.infinite(3, "float32", rng)]),
    }
    cases = [*with_parameters(sets), *with_gammas(sets), *with_tails(sets), *of_many_classes()]
    lines = ",\n".join(json.dumps({"logits": name, **rest}, separators=(",", ":")) for name, rest in cases)
    logits = json.dumps({name: shortest(z) for name, z in sets.items()}, separators=(",", ":"))
    REFERENCE.write_text(f'{{"logits":{logits},\n"cases":[\n{lines}\n]}}\n', "utf-8")
    print(f"{len(cases)} cases, {REFERENCE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
