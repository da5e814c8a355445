"""Settings → a short PyTorch program that reproduces the number on screen, and its execution.

The program is plain PyTorch with autograd: an independent witness of the closed forms in `losses`. Where PyTorch has a
function of that name the program calls it; where it has none (focal losses) it writes the formula in log space, because
(1 − p)^γ has an infinite slope at p = 1 for γ < 1 and autograd would answer nan.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import torch

from ..evaluation.evaluate import evaluate
from ..evaluation.result import Evaluation
from ..evaluation.targets import Targets
from ..fields import Number
from ..losses import LOSSES, LossSpec, as_spec
from ..losses.spec import NEUTRAL, TorchFunction


class Call(NamedTuple):
    """What a program consists of: what the loss is computed from, and the expression that computes it."""

    constants: list[str]
    steps: list[str]
    expression: str


def snippet(spec: LossSpec, logits: Any, targets: Any) -> str:
    """A PyTorch program that prints the summed loss of these samples and its gradient, as `evaluate` gives them.

    Args:
        spec: what `lossviz.loss` returns.
        logits: (N, C), or (N,) for one sigmoid logit a sample, as for `evaluate`; they are written into the program.
        targets: as for `evaluate`.

    Returns:
        Python that needs torch alone, calls PyTorch's own function where there is one, and has autograd make the gradient.

    Raises:
        InputError: as `evaluate` does.

    Example:
        >>> print(snippet(loss("cross-entropy"), [[2.0, 1.0, 0.0]], [0]).splitlines()[-4])
        loss = F.cross_entropy(logits, labels, reduction="sum")
    """
    spec = as_spec(spec, "snippet({}, logits, targets)")
    ev = evaluate(spec, logits, targets)
    made = call(spec, ev.logits.shape[1], ev.targets.dense is None, ev.targets.valid is not None, _holes(ev))
    dtype = ev.logits.dtype
    lines = [
        "import torch",
        "import torch.nn.functional as F",
        "",
        f"logits = torch.tensor({_numbers(ev.logits)}, dtype={dtype}, requires_grad=True)",
        _target_line(spec, ev.targets, dtype, targets),
        *_valid_line(ev.targets, made),
        *made.constants,
        "",
        *made.steps,
        f"loss = {made.expression}",
        "loss.backward()",
        'print("loss", loss.item())',
        'print("gradient", logits.grad.tolist())',
    ]
    return "\n".join(lines) + "\n"


class Result(NamedTuple):
    """What a program of `snippet` computed: the summed loss and its gradient, (N, C)."""

    loss: float
    grad: list[list[float]]


def run(program: str) -> Result:
    """Run a program that `snippet` has written, without its prints. Only ever give it such a program."""
    quiet = "\n".join(line for line in program.splitlines() if not line.startswith("print("))
    scope: dict[str, Any] = {}
    exec(compile(quiet, "<snippet>", "exec"), scope)
    return Result(scope["loss"].item(), scope["logits"].grad.tolist())


def _holes(ev: Evaluation) -> bool:
    """Whether a row that is ignored has a logit that is no number, or an infinite one."""
    valid = ev.targets.valid
    return valid is not None and not bool(ev.logits[~valid].isfinite().all())


def call(spec: LossSpec, classes: int, labels: bool, ignored: bool = False, holes: bool = False) -> Call:
    """The PyTorch expression of a setting.

    `labels`: the targets are class indices rather than one number per logit. `ignored`: some rows do not count; where PyTorch
    has no `ignore_index` the program then works on the rows that `valid` selects. `holes`: such rows hold nan or ±∞, and then
    it does so everywhere, because the gradient of log_softmax is nan there although the loss is 0.
    """
    rows = "[valid]" if ignored else ""
    function = _function(spec)
    if function is None:
        return _from_log_probabilities(spec, classes, labels, rows)
    whole = "ignore_index" in function.arguments and not (holes and spec.activation == "softmax")
    return _called(spec, function, labels, "" if whole else rows)


SUM = 'reduction="sum"'


def _function(spec: LossSpec) -> TorchFunction | None:
    """PyTorch's function of a setting: the loss's own, or cross-entropy's where nothing but cross-entropy is left of it."""
    kind = LOSSES[spec.key]
    if spec.alpha is not None or kind.pytorch(spec):
        return None
    return (kind.functions or LOSSES["cross-entropy"].functions)[spec.activation]


def _called(spec: LossSpec, function: TorchFunction, labels: bool, rows: str) -> Call:
    """A call of a function of PyTorch, which sums over the rows that count."""
    truth = "signs" if LOSSES[spec.key].targets == "signs" else ("labels" if labels else "targets") + rows
    arguments = _keyword_arguments(spec, *(name for name in function.arguments if not (rows and name == "ignore_index")))
    steps = [] if "label_smoothing" in function.arguments else _smoothing(spec, 2)
    constants = _weight(spec) + _constant("pos_weight", spec.pos_weight)
    return Call(constants, steps, f"F.{function.name}({_scaled(spec, rows)}, {truth}{arguments}, {SUM})")


def _from_log_probabilities(spec: LossSpec, classes: int, labels: bool, rows: str) -> Call:
    """A loss that PyTorch has no function for, from the log-probabilities of all outcomes: t, log_p and log_q = log(1 − p)."""
    formula = LOSSES[spec.key].pytorch(spec)
    constants = _weight(spec) + _constant("alpha", spec.alpha) + _constant("pos_weight", spec.pos_weight)
    constants += _numbers_of(spec, formula)
    steps = [f"targets = F.one_hot(labels{rows}, {classes}).to(logits.dtype)"] if labels else []
    steps += [f"targets = targets{rows}"] if rows and not labels else []
    steps += _smoothing(spec, spec.outcomes(classes))
    steps += [f"z = {_scaled(spec, rows)}", *_outcomes(spec, "log_q" in " ".join(formula)), *_mixed_alpha(spec)]
    if formula and formula[-1].startswith("cost = "):
        return Call(constants, [*steps, *formula], f"({_factors(spec)}t * cost).sum()")
    steps.append(f"ce = -{_factors(spec)}t * log_p")
    return Call(constants, [*steps, *formula], "(modulator * ce).sum()" if formula else "ce.sum()")


def _numbers_of(spec: LossSpec, formula: list[str]) -> list[str]:
    """Those of the loss's own numbers that its lines read."""
    kind, code = LOSSES[spec.key], " ".join(line.split("#")[0] for line in formula)
    names = [p.name for p in kind.parameters if isinstance(p, Number) and p.name in kind.own_parameters]
    return [f"{name} = {getattr(spec, name)!r}" for name in names if re.search(rf"\b{name}\b", code)]


def _outcomes(spec: LossSpec, complement: bool) -> list[str]:
    """t and log_p of every outcome, and log_q if it is needed."""
    if spec.per_logit:
        lines = [
            "t = torch.stack([targets, 1 - targets], -1)  # yes and no of every logit",
            "log_p = F.logsigmoid(torch.stack([z, -z], -1))",
        ]
        return [*lines, "log_q = log_p.flip(-1)  # log(1 - p)"] if complement else lines
    lines = ["t = targets", "log_p = F.log_softmax(z, -1)"]
    if not complement:
        return lines
    return [
        *lines,
        "own = torch.eye(z.shape[-1], dtype=torch.bool)",
        "others = z.unsqueeze(-2).masked_fill(own, torch.finfo(z.dtype).min).logsumexp(-1)",
        "log_q = others - z.logsumexp(-1, keepdim=True)  # log(1 - p)",
    ]


def _factors(spec: LossSpec) -> str:
    """The weights in front of each outcome's cross-entropy, as an expression that ends in ` * ` or is empty."""
    alpha = "" if spec.alpha is None else "alpha_t * " if spec.mixes_alpha else f"{_alphas(spec)} * "
    if spec.activation == "softmax":
        return ("weight * " if spec.weight is not None else "") + alpha
    factors = ("weight[:, None] * " if spec.weight is not None else "") + alpha
    return factors + ("torch.stack([pos_weight, torch.ones_like(pos_weight)], -1) * " if spec.pos_weight is not None else "")


def _alphas(spec: LossSpec) -> str:
    """α of each outcome."""
    return "alpha" if not spec.per_logit else "torch.stack([alpha, 1 - alpha], -1)"


def _mixed_alpha(spec: LossSpec) -> list[str]:
    """The one α of a distribution whose targets mix it."""
    return [f"alpha_t = ({_alphas(spec)} * t).sum(-1, keepdim=True)"] if spec.mixes_alpha else []


def _smoothing(spec: LossSpec, outcomes: int) -> list[str]:
    epsilon = spec.label_smoothing
    return [f"targets = targets * (1 - {epsilon!r}) + {epsilon!r} / {outcomes}"] if epsilon else []


def _scaled(spec: LossSpec, rows: str = "") -> str:
    return f"logits{rows}" if spec.temperature == 1 else f"logits{rows} / {spec.temperature!r}"


def _weight(spec: LossSpec) -> list[str]:
    return _constant("weight", spec.weight)


def _constant(name: str, value: Any) -> list[str]:
    if value is None:
        return []
    return [f"{name} = torch.tensor({list(value) if isinstance(value, tuple) else value!r}, dtype=logits.dtype)"]


def _keyword_arguments(spec: LossSpec, *names: str) -> str:
    """Keyword arguments of a torch function, for the parameters that are not at rest."""
    parts = []
    for name in names:
        value = getattr(spec, name)
        if value != NEUTRAL[name]:
            parts.append(f", {name}={name if name in ('weight', 'pos_weight') else repr(value)}")
    return "".join(parts)


def _numbers(rows: torch.Tensor) -> str:
    text = repr(rows.tolist())
    return re.sub(r"\b(inf|nan)\b", r"float('\1')", text)


def _valid_line(read: Targets, made: Call) -> list[str]:
    if read.valid is None or "[valid]" not in " ".join((*made.steps, made.expression)):
        return []
    return [f"valid = torch.tensor({read.valid.tolist()})  # the rows that are not ignored"]


def _target_line(spec: LossSpec, read: Targets, dtype: torch.dtype, labels: Any) -> str:
    if LOSSES[spec.key].targets == "signs":
        assert read.dense is not None
        signs = (read.dense * 2 - 1).tolist()
        return f"signs = torch.tensor({signs}, dtype={dtype})"
    if read.dense is None:
        return f"labels = torch.tensor({torch.as_tensor(labels).tolist()})"
    return f"targets = torch.tensor({read.dense.tolist()}, dtype={dtype})"
