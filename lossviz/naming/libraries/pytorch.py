"""PyTorch itself: the program of `lossviz.snippet`, run."""

from __future__ import annotations

from typing import Any

from ...texts import say
from ..snippet import run, snippet
from .case import Answer, Case


def answer(case: Case) -> Answer:
    """The program in float64 and what it returned."""
    code = snippet(case.spec, [list(case.logits)], targets(case))
    quiet = "\n".join(line for line in code.splitlines() if not line.startswith(("print(", "loss.backward")))
    builtin = "loss = F." in code
    notes = () if builtin else (say("PyTorch has no function for it: the formula is written out."),)
    return Answer(quiet, run(code).loss, "", notes)


def targets(case: Case) -> Any:
    """Targets in the form that PyTorch's own function would be given."""
    if case.spec.key == "logistic":
        return [1 if case.targets[0] > 0.5 else -1]
    if case.spec.activation in ("softmax", "exp") and case.label is not None:
        return [case.label]
    return [list(case.targets)]
