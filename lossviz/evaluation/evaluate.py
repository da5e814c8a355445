"""Value and gradient of a loss over a batch, on CPU or GPU, in blocks.

Rows are worked on in blocks so small that all temporaries of one block stay in the processor's cache: ten million logits
need little more memory than their input and output, and the arithmetic runs at cache speed rather than memory speed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.autograd import forward_ad

from ..losses import LOSSES, as_spec
from ..losses.spec import Loss, LossSpec
from .activations import BLOCKS, MANY, Block, ExpHard, Rows, SoftmaxHard
from .class_axis import ClassAxis, class_axis_of
from .compilation import compiled_block, is_compiled
from .devices import CPU, chosen_device, chosen_dtype
from .logits import counted, shaped
from .parallel import SLOWER, WORTHWHILE, in_blocks
from .result import Evaluation, rows_of_a_block, version_of
from .targets import Targets, as_tensor, read
from .unshifted_softmax import UnshiftedSoftmax, unshifted
from .weights import Factors, of_alpha, of_outcomes

UNSHIFTED_ROWS = 65_536
"""The most rows of a block that makes nothing larger than a number per row: more of these would not stay in the caches."""

OF_A_ROW = 32
"""How many logits that are exponentiated and scaled take as long as the numbers of a row."""

TRUE_ALONE = (SoftmaxHard, ExpHard)
"""Blocks whose terms are those of the true class alone."""

SQUARED_AWAY = 1e-9
"""A temperature above which logits whose squares are finite stay finite when divided by it."""


def evaluate(
    spec: LossSpec,
    logits: Any,
    targets: Any,
    device: str | torch.device = "auto",
    dtype: torch.dtype | None = None,
    *,
    class_axis: int | None = None,
) -> Evaluation:
    """Probabilities, loss terms, loss and gradient of every sample of a batch.

    loss_n = Σ_c terms_nc and grad_nc = ∂loss_n/∂z_nc, the closed form of each loss and not autograd. Where the logits require a
    gradient, `loss` and `reduce` have a graph whose backward is that closed form.

    Args:
        spec: what `lossviz.loss` returns.
        logits: array, list or tensor of shape (N, C), or (N,) for one sigmoid logit a sample; log-probabilities for "nll".
            Infinite logits are allowed where the limit exists. Also (N, C, d1, …) with targets (N, d1, …), or (…, C) with (…).
        targets: integer labels (N,); probabilities or multi-hot (N, C) in [0, 1]; signs −1/+1 (N,) for "logistic". Rows whose
            label is ignored may hold anything, nan and ±∞ too: their loss and gradient are 0 and they do not count in a mean.
        device: "auto" stays where a tensor is, and otherwise takes $LOSSVIZ_DEVICE or the CPU.
        dtype: torch.float32 or torch.float64; by default that of the logits, float64 for integers and lists, and float32 for
            half precision.
        class_axis: which dimension of the logits counts the classes, where their shape and that of the targets leave it open.

    Returns:
        An `Evaluation`: `probs`, `terms` and `grad` (N, C), `loss` (N,), and `reduce` and `reduced_grad` for a batch; of more
        dimensions all of them as the logits have.

    Raises:
        InputError: names the argument, the row, the value, and what is expected.

    Example:
        >>> round(evaluate(loss("cross-entropy"), [[2.0, 1.0, 0.0]], [0]).loss.item(), 9)
        0.407605964
    """
    return _evaluate(spec, logits, targets, device, dtype, None, class_axis)


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
    work, z = _checked(spec, logits, targets, device, dtype)
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
    work, z = _checked(spec, logits, targets, device, dtype)
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
    class_axis: int | None = None,
    shared: SharedBlocks | None = None,
) -> Evaluation:
    work, z, flat, axis = _read(spec, logits, targets, device, dtype, sweep, class_axis)
    terms, grad, true_probs = work.evaluated(z, shared)
    terms, grad = work.valid(terms), work.valid(grad)
    leaf = logits if isinstance(logits, Tensor) and logits.requires_grad and torch.is_grad_enabled() else None
    return Evaluation(spec, z, terms, grad, work.targets, flat, version_of(z), true_probs, axis, leaf)


def _read(
    spec: LossSpec,
    logits: Any,
    targets: Any,
    device: str | torch.device,
    dtype: torch.dtype | None,
    sweep: tuple[str, NDArray[np.float64]] | None = None,
    class_axis: int | None = None,
) -> tuple[_Work, Tensor, bool, ClassAxis | None]:
    """What is to be done, on which logits (N, C), not looked at; if they came as (N,); and the axis they had for classes."""
    spec = as_spec(spec, "evaluate({}, logits, targets)")
    z, axis = _logits(logits, device, dtype), None
    if z.dim() > 2 or class_axis is not None:
        targets = as_tensor("targets", targets)
        axis = class_axis_of(tuple(z.shape), tuple(targets.shape), class_axis)
        z, targets = axis.rows(z).contiguous(), axis.targets(targets)
    z, flat = shaped(z, logits, spec)
    kind = LOSSES[spec.key]
    target = read(targets, kind.targets, spec.activation, z, flat, spec.ignore_index)
    # With 0/1 targets of sigmoids, or class indices, the true outcome alone tells all (multi-hot softmax has several).
    one = target.hard and spec.label_smoothing == 0 and (target.dense is None or spec.per_logit)
    hard = one and kind.outcomes == "true"
    rows = len(z) if sweep else min(rows_of_a_block(z), len(z))
    mixed = spec.mixes_alpha and not hard
    weight, alpha = of_outcomes(spec, rows, z, mixed), of_alpha(spec, rows, z) if mixed else None
    return _Work(spec, BLOCKS[spec.activation, hard], kind, target, rows, weight, alpha, sweep), z, flat, axis


def _checked(
    spec: LossSpec, logits: Any, targets: Any, device: str | torch.device, dtype: torch.dtype | None
) -> tuple[_Work, Tensor]:
    """What is to be done, and the logits (N, C) to do it with."""
    work, z, *_ = _read(spec, logits, targets, device, dtype)
    return work.checked(z)


def _within_reach(z: Tensor) -> Tensor:
    """Infinite logits as numbers so large that they cannot be told from them, and yet have quotients and derivatives."""
    reach = torch.finfo(z.dtype).max ** 0.5
    return z.clamp(-reach, reach)


def _parts(z: Tensor, *others: Tensor) -> Iterator[tuple[Tensor, ...]]:
    """Some rows at a time of logits and of what goes with them; so few that activations take the formulas for few."""
    rows = max(1, (MANY - 1) // z.shape[1])
    return zip(*(torch.split(x, rows) for x in (z, *others)), strict=True)


def _fresh(z: Tensor, width: int) -> Tensor:
    """Memory for an output (N, width) of logits z.

    On the CPU it is NumPy's, which asks the kernel for huge pages where torch's comes in small ones, whose first touch took
    half as long as all the arithmetic.
    """
    shape = len(z), width
    if z.device != CPU:
        return torch.empty(shape, dtype=z.dtype, device=z.device)
    return torch.from_numpy(np.empty(shape, np.float32 if z.dtype == torch.float32 else np.float64))


Answer: TypeAlias = tuple[Tensor, Tensor, Tensor | None]
"""Terms, (N, C) or those of the true class alone (N, 1); gradient (N, C); probabilities of the true classes (N, 1), or None."""

SharedBlocks: TypeAlias = dict[tuple[int | None, int, int], UnshiftedSoftmax]
"""Blocks of a batch past their softmax, by what its labels depend on and where a block begins and ends."""


class SeveralLosses:
    """Logits and targets of which several losses are asked, one after the other: γ and γ again.

    What does not depend on the loss, the exponentials and their sums, is computed once and kept for as long as this is: as
    much memory as the logits take. That is so for softmax and labels on the CPU; all else is evaluated as ever.
    """

    def __init__(self, logits: Any, targets: Any, device: str | torch.device = "auto") -> None:
        self.logits, self.targets, self.device = logits, targets, device
        self.blocks: SharedBlocks = {}

    def evaluate(self, spec: LossSpec) -> Evaluation:
        """What `evaluate` gives."""
        return _evaluate(spec, self.logits, self.targets, self.device, None, None, None, self.blocks)


class _Work(NamedTuple):
    """All that the blocks of one evaluation have in common."""

    spec: LossSpec
    activation: Callable[[Rows], Block]
    loss: Loss
    targets: Targets
    rows: int
    weight: Factors
    alpha: Factors
    sweep: tuple[str, NDArray[np.float64]] | None
    all_finite: bool = False

    def checked(self, z: Tensor) -> tuple[_Work, Tensor]:
        """The logits to compute with, looked at (see `counted`), and the work that knows what was seen."""
        z, all_finite = counted(z, self.targets.valid, self.spec)
        return self._replace(all_finite=all_finite and self.spec.temperature > SQUARED_AWAY), z

    def evaluated(self, z: Tensor, shared: SharedBlocks | None) -> Answer:
        """The answer for logits that nobody has looked at."""
        compiled = self.sweep is None and is_compiled(self.activation, z)
        if self.activation is SoftmaxHard and z.device == CPU and self.spec.temperature == 1 and not (self.sweep or compiled):
            return self.unshifted(z, shared)
        work, z = self.checked(z)
        if compiled:
            return *compiled_block(self.spec, self.activation, z, self.targets.all, work.all_finite), None
        return work.blocks(z, self.targets.all)

    def unshifted(self, z: Tensor, shared: SharedBlocks | None) -> Answer:
        """The same by `unshifted_softmax`, but for rows that are not to be had so."""
        terms, grad, true_probs, target = _fresh(z, 1), _fresh(z, z.shape[1]), _fresh(z, 1), self.targets.all
        far: list[Tensor] = []

        def work(block: slice) -> None:
            inputs = self.inputs(z[block], target[block])
            part = unshifted(inputs, grad[block]) if shared is None else self._shared(shared, block, inputs, grad[block])
            true_probs[block] = part.outcomes.p.t()
            terms[block] = self.both(part)[0]
            if part.far is not None:
                far.append(part.far.nonzero()[:, 0] + block.start)

        # Nothing but numbers per row is made on the way, so blocks may be larger, and calls into torch fewer.
        in_blocks(work, len(z), min(4 * self.rows, UNSHIFTED_ROWS), z.numel() + OF_A_ROW * len(z))
        if far:
            rows = torch.cat(far)
            checked, z = self.checked(z)
            terms[rows], grad[rows], p = checked.blocks(z[rows], target[rows])
            assert p is not None
            true_probs[rows] = p
        return terms, grad, true_probs

    def _shared(self, shared: SharedBlocks, block: slice, inputs: Rows, out: Tensor) -> UnshiftedSoftmax:
        key = self.spec.ignore_index, block.start, block.stop
        if key not in shared:
            shared[key] = unshifted(inputs, _fresh(out, out.shape[1]))
        return shared[key].again(inputs, out)

    def blocks(self, z: Tensor, target: Tensor) -> Answer:
        """The same by the activation's own block, of logits that were looked at."""
        if self.sweep is not None or (len(z) <= self.rows and z.numel() < WORTHWHILE):
            part = self.part(z, target)
            true_probs = part.outcomes.p.t() if self.activation in TRUE_ALONE else None
            terms, grad = self.both(part)
            return terms.contiguous(), grad.contiguous(), true_probs
        alone = self.activation in TRUE_ALONE
        terms, grad = _fresh(z, 1 if alone else z.shape[1]), _fresh(z, z.shape[1])
        true_probs = _fresh(z, 1) if alone else None

        def work(block: slice) -> None:
            part = self.part(z[block], target[block])
            if true_probs is not None:
                true_probs[block] = part.outcomes.p.t()
            terms[block], grad[block] = self.both(part)

        in_blocks(work, len(z), self.rows, SLOWER * z.numel())
        return terms, grad, true_probs

    def inputs(self, z: Tensor, target: Tensor) -> Rows:
        """Some rows for an activation."""
        weight, alpha = (_first_rows(factors, len(z)) for factors in (self.weight, self.alpha))
        return Rows(z, target, weight, self.spec.temperature, self.spec.label_smoothing, self.all_finite, alpha)

    def part(self, z: Tensor, target: Tensor) -> Block:
        """Some rows past their activation."""
        return self.activation(self.inputs(z, target))

    def answer(self, part: Block) -> tuple[Tensor, Tensor]:
        """What the loss says of some rows: terms and pull of every outcome."""
        parameters = {name: getattr(self.spec, name) for name in self.loss.own_parameters}
        if self.sweep is not None:
            parameters[self.sweep[0]] = part.per_row(part.outcomes.nll.new_tensor(self.sweep[1]))
        return self.loss.formula(part.outcomes, **parameters)

    def both(self, part: Block) -> tuple[Tensor, Tensor]:
        """Terms and gradient of some rows, both maybe transposed in memory."""
        terms, pull = self.answer(part)
        return part.terms(terms), part.grad(pull)

    def detached(self, z: Tensor, target: Tensor) -> Tensor:
        """The gradient of some rows with the modulator held constant, (B, C)."""
        part = self.part(z, target)
        terms, pull = self.answer(part)
        if not self.spec.has_gamma:
            return part.grad(pull)
        nll = part.outcomes.nll
        return part.grad(torch.where(nll == 0, pull, terms / nll))

    def directional_derivative(self, z: Tensor, target: Tensor, direction: Tensor) -> Tensor:
        """How fast the gradient of some rows changes along a direction, (B, C)."""
        with forward_ad.dual_level():
            grad = self.both(self.part(forward_ad.make_dual(z, direction), target))[1]  # type: ignore[no-untyped-call]
            slope: Tensor | None = forward_ad.unpack_dual(grad).tangent  # type: ignore[no-untyped-call]
        return torch.zeros_like(z) if slope is None else slope.nan_to_num(nan=0.0)

    def valid(self, x: Tensor) -> Tensor:
        """x (N, C) with zeros, in place, for rows that are ignored."""
        if self.targets.valid is not None:
            x[~self.targets.valid] = 0
        return x


def _first_rows(factors: Factors, rows: int) -> Factors:
    """Factors of yes and no for a block of fewer rows; those of a softmax serve any number."""
    if factors is None or len(factors) == 1 or rows == factors[0].shape[0]:
        return factors
    return factors[0][:rows], factors[1][:rows]


def _logits(logits: Any, device: str | torch.device, dtype: torch.dtype | None) -> Tensor:
    """Logits on their device and in their precision."""
    z = as_tensor("logits", logits)
    chosen = chosen_device(device, logits)
    wanted = chosen_dtype(z, dtype, chosen)
    return (z if z.dtype == wanted and z.device == chosen else z.to(chosen, wanted)).contiguous()
