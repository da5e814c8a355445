"""The closed form as a compiled program: when it is used, that its numbers are the same, and what torch makes of its shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch import Tensor

import lossviz
from lossviz.evaluation import compilation, softmax_rows
from lossviz.losses import LossSpec

COMPILE = torch.compile
SPECS = (
    lossviz.loss("focal", gamma=2.0, weight=(1.0, 2.0, 0.0, 4.0, 5.0), temperature=2.0),
    lossviz.loss("cross-entropy"),
    lossviz.loss("focal", "sigmoid", gamma=0.5, pos_weight=3.0),
)
LABELS = torch.tensor([0, 1, -100, 4, 2, 1, 0])


@pytest.fixture
def shapes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[list[Any]]]:
    """The shapes of the logits that programs are compiled for, by torch's own tracing and without a compiler of C++."""
    shapes: list[list[Any]] = []

    def backend(graph: torch.fx.GraphModule, _: object) -> torch.fx.GraphModule:
        inputs = [node.meta["example_value"] for node in graph.graph.nodes if node.op == "placeholder"]
        shapes.extend(list(x.shape) for x in inputs if isinstance(x, Tensor) and x.dim() == 2)
        return graph

    def compile_with(program: Callable[..., Any], **_: object) -> Callable[..., Any]:
        return COMPILE(program, backend=backend)

    monkeypatch.setattr(torch, "compile", compile_with)
    monkeypatch.setattr(compilation, "MANY", 1)
    monkeypatch.setattr(compilation, "DEVICES", ("cpu",))
    monkeypatch.setattr(compilation, "has_compiler", lambda _: True)
    monkeypatch.setenv("LOSSVIZ_COMPILE", "1")
    compilation.compiled_form.cache_clear()
    yield shapes
    compilation.compiled_form.cache_clear()


def logits(rows: int = 7, classes: int = 5) -> Tensor:
    return 4 * torch.randn(rows, classes, generator=torch.Generator().manual_seed(1), dtype=torch.float64)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: f"{spec.activation}-{spec.key}")
@pytest.mark.parametrize("whole", [5, 2])
def test_a_compiled_evaluation_is_the_same(
    spec: LossSpec, whole: int, shapes: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(softmax_rows, "WHOLE", whole)
    monkeypatch.setattr(softmax_rows, "PIECE", 2)
    ev = lossviz.evaluate(spec, logits(), LABELS)
    assert shapes and shapes[0] == [7, 5]
    monkeypatch.setenv("LOSSVIZ_COMPILE", "0")
    plain = lossviz.evaluate(spec, logits(), LABELS)
    for name in ("loss", "terms", "grad", "probs"):
        torch.testing.assert_close(getattr(ev, name), getattr(plain, name), rtol=1e-13, atol=1e-15)
    assert ev.terms.shape == (7, 5) and ev.grad.is_contiguous()
    torch.testing.assert_close(ev.reduce(), plain.reduce(), rtol=1e-14, atol=0)


def test_a_program_knows_its_classes_and_then_takes_any_rows(shapes: list[list[Any]]) -> None:
    """Torch would remember other shapes of the same code, and make a variable of whatever has changed since."""
    for gamma in (2.0, 3.0):
        for rows, classes in ((5, 3), (7, 10), (9, 10), (11, 10)):
            y = torch.zeros(rows, dtype=torch.long)
            lossviz.evaluate(lossviz.loss("focal", gamma=gamma), logits(rows, classes), y)
    assert [[type(n) for n in shape] for shape in shapes] == [[int, int], [int, int], [torch.SymInt, int]] * 2


@pytest.mark.parametrize("targets", [LABELS.clamp(min=0), torch.full((7, 5), 0.2)], ids=["labels", "soft"])
def test_nothing_is_compiled_unless_wanted(targets: Tensor, shapes: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    spec = lossviz.loss("cross-entropy")
    soft = targets.is_floating_point()
    lossviz.evaluate(spec, logits(), targets)
    assert bool(shapes) != soft
    shapes.clear()
    compilation.compiled_form.cache_clear()
    monkeypatch.setattr(compilation, "MANY", 36)
    lossviz.evaluate(spec, logits(), targets)
    monkeypatch.setattr(compilation, "MANY", 1)
    monkeypatch.setattr(compilation, "DEVICES", ("cuda",))
    lossviz.evaluate(spec, logits(), targets)
    monkeypatch.setattr(compilation, "DEVICES", ("cpu",))
    monkeypatch.delenv("LOSSVIZ_COMPILE")
    lossviz.evaluate(spec, logits(), targets)
    assert not shapes


@pytest.mark.parametrize("error", [RuntimeError("no g++"), ImportError("no triton"), FileNotFoundError("no header")])
def test_without_a_compiler_all_goes_on_as_before(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> Any:
        raise error

    monkeypatch.setattr(torch, "compile", fail)
    monkeypatch.setattr(compilation, "MANY", 1)
    monkeypatch.setattr(compilation, "DEVICES", ("cpu",))
    monkeypatch.setenv("LOSSVIZ_COMPILE", "1")
    compilation.has_compiler.cache_clear()
    try:
        assert not compilation.has_compiler("cpu")
        assert lossviz.evaluate(SPECS[1], logits(), LABELS).loss.shape == (7,)
    finally:
        compilation.has_compiler.cache_clear()
