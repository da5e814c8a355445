"""Value and gradient of a loss over a batch, on CPU or GPU, in blocks.

Rows are worked on in blocks so small that all temporaries of one block stay in the processor's cache: ten million logits
need little more memory than their input and output, and the arithmetic runs at cache speed rather than memory speed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.autograd import forward_ad

from ..losses import LOSSES, as_spec
from ..losses.spec import Loss, LossSpec
from .activations import BLOCKS, MANY, Block, Rows
from .compilation import compiled_block, is_compiled
from .devices import CPU, chosen_device, chosen_dtype
from .logits import counted, shaped
from .result import Evaluation, rows_of_a_block, version_of
from .targets import Targets, as_tensor, read
from .weights import Factors, of_alpha, of_outcomes

SQUARED_AWAY = 1e-9
"""A temperature above which logits whose squares are finite stay finite when divided by it."""


def evaluate(
    spec: LossSpec, logits: Any, targets: Any, device: str | torch.device = "auto", dtype: torch.dtype | None = None
) -> Evaluation:
    """Probabilities, loss terms, loss and gradient of every sample of a batch.

    loss_n = Σ_c terms_nc and grad_nc = ∂loss_n/∂z_nc, the closed form of each loss and not autograd.

    Args:
        spec: what `lossviz.loss` returns.
        logits: array, list or tensor of shape (N, C), or (N,) for one sigmoid logit a sample; log-probabilities for "nll".
            Infinite logits are allowed where the limit exists.
        targets: integer labels (N,); probabilities or multi-hot (N, C) in [0, 1]; signs −1/+1 (N,) for "logistic". Rows whose
            label is ignored may hold anything, nan and ±∞ too: their loss and gradient are 0 and they do not count in a mean.
        device: "auto" stays where a tensor is, and otherwise takes $LOSSVIZ_DEVICE or the CPU.
        dtype: torch.float32 or torch.float64; by default that of the logits, and float64 for integers and lists.

    Returns:
        An `Evaluation`: `probs`, `terms` and `grad` (N, C), `loss` (N,), and `reduce` and `reduced_grad` for a batch.

    Raises:
        InputError: names the argument, the row, the value, and what is expected.

    Example:
        >>> round(evaluate(loss("cross-entropy"), [[2.0, 1.0, 0.0]], [0]).loss.item(), 9)
        0.407605964
    """
    return _evaluate(spec, logits, targets, device, dtype, None)


def evaluate_along(
    spec: LossSpec,
    name: str,
    values: NDArray[np.float64],
    logits: Any,
    targets: Any,
    device: str | torch.device = "auto",
    dtype: torch.dtype | None = None,
) -> Evaluation:
    """`evaluate` for R rows, the r-th of them under `spec` with its own numeric parameter `name` (gamma) at values[r].

    One batch for a whole sweep, which is small: it is not cut into blocks. The Evaluation's `spec` is the one given.
    """
    return _evaluate(spec, logits, targets, device, dtype, (name, values))


def detached_gradient(
    spec: LossSpec, logits: Any, targets: Any, device: str | torch.device = "auto", dtype: torch.dtype | None = None
) -> Tensor:
    """The gradient (N, C) of a program that holds the modulator constant: `modulator.detach() * ce`.

    The pull on an outcome is then its term over its −log p: weight, target and modulator, and nothing of the modulator's own
    slope. For a loss without γ, which has no modulator, it is the gradient. Arguments as those of `evaluate`.
    """
    work, z, _, _ = _work(spec, logits, targets, device, dtype, None)
    return work.valid(torch.cat([work.detached(*part) for part in _parts(_within_reach(z), work.targets.all)]))


def curvature(
    spec: LossSpec,
    logits: Any,
    targets: Any,
    direction: Any,
    device: str | torch.device = "auto",
    dtype: torch.dtype | None = None,
) -> Tensor:
    """vᵀHv (N,): the second derivative of each sample's loss along `direction` v, (C,) or (N, C); the rest as in `evaluate`.

    It is the forward-mode derivative of the closed-form gradient, along v. Infinite logits give the limit. Where a loss has
    no second derivative, which is where p = t for an outcome of the quality form with γ < 2, it is 0.
    """
    work, z, _, _ = _work(spec, logits, targets, device, dtype, None)
    v = as_tensor("direction", direction).to(z).expand_as(z).contiguous()
    change = torch.cat([work.directional_derivative(*part) for part in _parts(_within_reach(z), work.targets.all, v)])
    second = (work.valid(change) * v).sum(1)
    return torch.where(second.abs() < torch.finfo(z.dtype).max ** 0.25, second, second * torch.inf)


def _evaluate(
    spec: LossSpec,
    logits: Any,
    targets: Any,
    device: str | torch.device,
    dtype: torch.dtype | None,
    sweep: tuple[str, NDArray[np.float64]] | None,
) -> Evaluation:
    work, z, input_z, flat = _work(spec, logits, targets, device, dtype, sweep)
    n = len(z)
    rows = n if sweep else min(rows_of_a_block(z), n)
    if not sweep and is_compiled(work.activation, z):
        terms, grad = compiled_block(work.spec, work.activation, z, work.targets.all, work.all_finite)
    else:
        terms, grad = (x.contiguous() for x in work.block(z, work.targets.all)) if n == rows else work.blocks(z, rows)
    terms, grad = work.valid(terms), work.valid(grad)
    loss = terms.view(-1) if terms.shape[1] == 1 else terms.sum(1)
    return Evaluation(spec, input_z, terms, grad, loss, work.targets, flat, version_of(input_z))


def _work(
    spec: LossSpec,
    logits: Any,
    targets: Any,
    device: str | torch.device,
    dtype: torch.dtype | None,
    sweep: tuple[str, NDArray[np.float64]] | None,
) -> tuple[_Work, Tensor, Tensor, bool]:
    """What is to be done, on which logits (N, C), on which as they came, and whether that was as (N,)."""
    spec = as_spec(spec, "evaluate({}, logits, targets)")
    input_z, flat = _logits(logits, spec, device, dtype)
    kind = LOSSES[spec.key]
    target = read(targets, kind.targets, spec.activation, input_z, flat, spec.ignore_index)
    z, all_finite = counted(input_z, target.valid, spec)
    # With 0/1 targets of sigmoids, or class indices, the true outcome alone tells all (multi-hot softmax has several).
    one = target.hard and spec.label_smoothing == 0 and (target.dense is None or spec.per_logit)
    hard = one and kind.outcomes == "true"
    rows = len(z) if sweep else min(rows_of_a_block(z), len(z))
    mixed = spec.mixes_alpha and not hard
    weight, alpha = of_outcomes(spec, rows, z, mixed), of_alpha(spec, rows, z) if mixed else None
    all_finite = all_finite and spec.temperature > SQUARED_AWAY
    return _Work(spec, BLOCKS[spec.activation, hard], kind, target, weight, alpha, all_finite, sweep), z, input_z, flat


def _within_reach(z: Tensor) -> Tensor:
    """Infinite logits as numbers so large that they cannot be told from them, and yet have quotients and derivatives."""
    reach = torch.finfo(z.dtype).max ** 0.5
    return z.clamp(-reach, reach)


def _parts(z: Tensor, *others: Tensor) -> Iterator[tuple[Tensor, ...]]:
    """Some rows at a time of logits and of what goes with them; so few that activations take the formulas for few."""
    rows = max(1, (MANY - 1) // z.shape[1])
    return zip(*(torch.split(x, rows) for x in (z, *others)), strict=True)


def _fresh(z: Tensor) -> Tensor:
    """Memory for two outputs shaped like z, (2, N, C).

    On the CPU it is NumPy's, which asks the kernel for huge pages where torch's comes in small ones, whose first touch took
    half as long as all the arithmetic.
    """
    shape = (2, *z.shape)
    if z.device != CPU:
        return torch.empty(shape, dtype=z.dtype, device=z.device)
    return torch.from_numpy(np.empty(shape, np.float32 if z.dtype == torch.float32 else np.float64))


class _Work(NamedTuple):
    """All that the blocks of one evaluation have in common."""

    spec: LossSpec
    activation: Callable[[Rows], Block]
    loss: Loss
    targets: Targets
    weight: Factors
    alpha: Factors
    all_finite: bool
    sweep: tuple[str, NDArray[np.float64]] | None

    def block(self, z: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        """Terms and gradient of some rows, maybe transposed in memory."""
        part, terms, pull = self.answer(z, target)
        return part.terms(terms), part.grad(pull)

    def answer(self, z: Tensor, target: Tensor) -> tuple[Block, Tensor, Tensor]:
        """Some rows past their activation, and what the loss answers: terms and pull of every outcome."""
        spec = self.spec
        weight, alpha = (_first_rows(factors, len(z)) for factors in (self.weight, self.alpha))
        part = self.activation(Rows(z, target, weight, spec.temperature, spec.label_smoothing, self.all_finite, alpha))
        parameters = {name: getattr(spec, name) for name in self.loss.own_parameters}
        if self.sweep is not None:
            parameters[self.sweep[0]] = part.per_row(z.new_tensor(self.sweep[1]))
        return part, *self.loss.formula(part.outcomes, **parameters)

    def detached(self, z: Tensor, target: Tensor) -> Tensor:
        """The gradient of some rows with the modulator held constant, (B, C)."""
        part, terms, pull = self.answer(z, target)
        if not self.spec.has_gamma:
            return part.grad(pull)
        nll = part.outcomes.nll
        return part.grad(torch.where(nll == 0, pull, terms / nll))

    def directional_derivative(self, z: Tensor, target: Tensor, direction: Tensor) -> Tensor:
        """How fast the gradient of some rows changes along a direction, (B, C)."""
        with forward_ad.dual_level():
            grad = self.block(forward_ad.make_dual(z, direction), target)[1]  # type: ignore[no-untyped-call]
            slope: Tensor | None = forward_ad.unpack_dual(grad).tangent  # type: ignore[no-untyped-call]
        return torch.zeros_like(z) if slope is None else slope.nan_to_num(nan=0.0)

    def valid(self, x: Tensor) -> Tensor:
        """x (N, C) with zeros, in place, for rows that are ignored."""
        if self.targets.valid is not None:
            x[~self.targets.valid] = 0
        return x

    def blocks(self, z: Tensor, rows: int) -> tuple[Tensor, Tensor]:
        """The same for all rows, `rows` of them at a time."""
        both = _fresh(z)
        outputs = both[0], both[1]
        for start in range(0, len(z), rows):
            block = slice(start, start + rows)
            for output, part in zip(outputs, self.block(z[block], self.targets.all[block]), strict=True):
                output[block] = part
        return outputs


def _first_rows(factors: Factors, rows: int) -> Factors:
    """Factors of yes and no for a block of fewer rows; those of a softmax serve any number."""
    if factors is None or len(factors) == 1 or rows == factors[0].shape[0]:
        return factors
    return factors[0][:rows], factors[1][:rows]


def _logits(logits: Any, spec: LossSpec, device: str | torch.device, dtype: torch.dtype | None) -> tuple[Tensor, bool]:
    """Logits as (N, C) on their device and in their precision, and whether they came as (N,)."""
    z = as_tensor("logits", logits)
    chosen = chosen_device(device, logits)
    wanted = chosen_dtype(z, dtype, chosen)
    z = (z if z.dtype == wanted and z.device == chosen else z.to(chosen, wanted)).contiguous()
    return shaped(z, logits, spec)
