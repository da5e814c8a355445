"""Value and gradient of a loss over a batch, on CPU or GPU, in blocks. The only file that knows devices.

Rows are worked on in blocks so small that all temporaries of one block stay in the processor's cache: ten million logits
need little more memory than their input and output, and the arithmetic runs at cache speed rather than memory speed.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .activations import BLOCKS, Block, Rows, probabilities
from .errors import InputError, unknown_name
from .losses import LOSSES
from .losses.spec import Loss, LossSpec
from .targets import Targets, as_tensor, read

BLOCK = 131_072
"""Logits a block and a thread: few enough for the caches, many enough that calls into torch do not count."""

CPU = torch.device("cpu")
SQUARED_AWAY = 1e-9
"""A temperature above which logits whose squares are finite stay finite when divided by it."""

REDUCTIONS = ("mean", "sum", "none")
NORMALIZERS = ("torch", "samples", "elements", "positives", "weights")


@dataclass(eq=False)
class Evaluation:
    """What `evaluate` gives back; all tensors on the device and in the dtype of the computation.

    probs, terms, grad are (N, C): probabilities, each logit's share of its sample's loss, and d loss_n / d z_n (not reduced).
    loss is (N,), the sum of the terms over classes. logits (N, C) are those given, not a copy: a tensor that is to be
    changed in place has to wait until `probs`, which is computed when first asked for, has been read.
    """

    spec: LossSpec
    logits: Tensor
    terms: Tensor
    grad: Tensor
    loss: Tensor
    targets: Targets
    flat: bool
    version: int

    @cached_property
    def probs(self) -> Tensor:
        """Probabilities (N, C). InputError if the logits' tensor has been changed in place since."""
        if _version(self.logits) != self.version:
            raise InputError("logits", "values changed in place since evaluate", "unchanged logits until probs is read")
        rows = _rows(self.logits)
        probs = torch.empty_like(self.logits)
        for start in range(0, len(probs), rows):
            here = slice(start, start + rows)
            probs[here] = probabilities(self.spec.activation, self.logits[here], self.spec.temperature)
        return probs

    def reduce(self, reduction: str = "mean", normalizer: str = "torch") -> Tensor:
        """The batch's loss: "sum", "none", or "mean" = sum / `denominator(normalizer)`.

        "none" is (N,) for softmax and log-probabilities, and one number per logit for sigmoid, as torch returns it. The mean
        of a batch in which every row is ignored is nan, as in torch.
        """
        _known("reduction", reduction, REDUCTIONS)
        if reduction == "none":
            if self.spec.activation != "sigmoid":
                return self.loss
            return self.loss if self.flat else self.terms
        total = self.loss.sum()
        return total if reduction == "sum" else total / self.denominator(normalizer)

    def reduced_grad(self, reduction: str = "mean", normalizer: str = "torch") -> Tensor:
        """The gradient of `reduce(reduction, normalizer)` with respect to the logits, (N, C).

        For "none" it is `grad`: row n is the gradient of sample n's own loss. Ignored rows have gradient 0 whatever the mean.
        """
        _known("reduction", reduction, REDUCTIONS)
        if reduction != "mean":
            return self.grad
        denominator = self.denominator(normalizer)
        return self.grad / denominator if denominator else torch.zeros_like(self.grad)

    def denominator(self, normalizer: str = "torch") -> float:
        """What a mean divides the sum of the losses by; ignored rows count nowhere.

        "samples" N · "elements" N·C · "positives" Σ t, at least 1 (RetinaNet) · "weights" Σ of the class weight of each true
        class (softmax) or of each element (sigmoid) · "torch" what torch's functional of that name does: Σ w_y for softmax
        and NLL with integer labels, N with probability targets, N·C for sigmoid; N for focal losses.
        """
        _known("normalizer", normalizer, NORMALIZERS)
        if normalizer == "torch":
            normalizer = LOSSES[self.spec.key].normalizer[self.spec.activation]
            if normalizer == "torch":
                normalizer = "weights" if self.targets.dense is None else "samples"
        n, c = self.grad.shape
        samples = n if self.targets.valid is None else int(self.targets.valid.sum())
        if normalizer == "samples":
            return samples
        if normalizer == "elements":
            return samples * c
        if normalizer == "positives":
            return max(1.0, samples if self.targets.dense is None else float(self._valid(self.targets.dense).sum()))
        return self._weights(samples)

    def _valid(self, x: Tensor) -> Tensor:
        return x if self.targets.valid is None else x[self.targets.valid]

    def _weights(self, samples: int) -> float:
        c = self.grad.shape[1]
        weight = self.grad.new_tensor(self.spec.weight or (1.0,) * c)
        if self.spec.activation == "sigmoid":
            return samples * float(weight.sum())
        labels, dense = self.targets.labels, self.targets.dense
        return float(self._valid(weight[labels] if dense is None else dense @ weight).sum())


def evaluate(
    spec: LossSpec, logits: Any, targets: Any, device: str | torch.device = "auto", dtype: torch.dtype | None = None
) -> Evaluation:
    """Probabilities, loss terms, loss and gradient of every sample of a batch.

    logits: (N, C), or (N,) for one sigmoid logit a sample; array, list or tensor; log-probabilities for "nll". Infinite
    logits are allowed where the limit exists. targets: integer labels (N,); probabilities or multi-hot (N, C) in [0, 1];
    signs −1/+1 (N,) for "logistic".
    device: "auto" stays where a tensor is, and otherwise takes $LOSSVIZ_DEVICE or the CPU. dtype: float64 stays float64,
    float32 stays float32, integers and lists become float64, unless given.

    The gradient is the closed form of each loss, not autograd. Raises InputError that names argument, row, value, and what
    is expected.

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


def _evaluate(
    spec: LossSpec,
    logits: Any,
    targets: Any,
    device: str | torch.device,
    dtype: torch.dtype | None,
    along: tuple[str, NDArray[np.float64]] | None,
) -> Evaluation:
    z, flat, tame = _logits(logits, spec, device, dtype)
    kind = LOSSES[spec.key]
    given = read(targets, kind.targets, spec.activation, z, flat, spec.ignore_index)
    # With 0/1 targets of sigmoids, or class indices, the true outcome alone tells all (multi-hot softmax has several).
    hard = given.hard and spec.label_smoothing == 0 and (given.dense is None or spec.activation == "sigmoid")
    n, classes = z.shape
    rows = n if along else min(_rows(z), n)
    work = _Work(spec, BLOCKS[spec.activation, hard], kind, given, _weights(spec, rows, z), tame, along)
    terms, grad = (x.contiguous() for x in work.block(z, given.all)) if n == rows else work.blocks(z, rows)
    if given.valid is not None:
        terms[~given.valid] = 0
        grad[~given.valid] = 0
    loss = terms.view(-1) if classes == 1 else terms.sum(1)
    return Evaluation(spec, z, terms, grad, loss, given, flat, _version(z))


def _version(z: Tensor) -> int:
    """How often a tensor has been written to; tensors of inference mode do not say."""
    return 0 if z.is_inference() else z._version


def _fresh(z: Tensor) -> Tensor:
    """Memory for two outputs shaped like z, (2, N, C).

    On the CPU it is NumPy's, which asks the kernel for huge pages where torch's comes in small ones, whose first touch took
    half as long as all the arithmetic.
    """
    shape = (2, *z.shape)
    if z.device != CPU:
        return torch.empty(shape, dtype=z.dtype, device=z.device)
    return torch.from_numpy(np.empty(shape, np.float32 if z.dtype == torch.float32 else np.float64))


def _rows(z: Tensor) -> int:
    """How many rows make a block."""
    return max(1, BLOCK * torch.get_num_threads() // z.shape[1])


class _Work(NamedTuple):
    """All that the blocks of one evaluation have in common."""

    spec: LossSpec
    activation: Callable[[Rows], Block]
    loss: Loss
    targets: Targets
    weight: tuple[Tensor, ...] | None
    tame: bool
    along: tuple[str, NDArray[np.float64]] | None

    def block(self, z: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        """Terms and gradient of some rows, maybe transposed in memory."""
        spec = self.spec
        weight = self.weight
        if weight is not None and len(weight) == 2 and z.shape[0] < weight[0].shape[0]:
            weight = weight[0][: z.shape[0]], weight[1][: z.shape[0]]
        part = self.activation(Rows(z, target, weight, spec.temperature, spec.label_smoothing, self.tame))
        own = {name: getattr(spec, name) for name in self.loss.own}
        if self.along is not None:
            own[self.along[0]] = part.per_row(z.new_tensor(self.along[1]))
        terms, pull = self.loss.formula(part.outcomes, **own)
        return part.terms(terms), part.grad(pull)

    def blocks(self, z: Tensor, rows: int) -> tuple[Tensor, Tensor]:
        """The same for all rows, `rows` of them at a time."""
        both = _fresh(z)
        outputs = both[0], both[1]
        for start in range(0, len(z), rows):
            here = slice(start, start + rows)
            for output, part in zip(outputs, self.block(z[here], self.targets.all[here]), strict=True):
                output[here] = part
        return outputs


def _logits(given: Any, spec: LossSpec, device: str | torch.device, dtype: torch.dtype | None) -> tuple[Tensor, bool, bool]:
    """Logits as a checked (N, C) tensor, whether they came as (N,), and whether they are tame (see `Outcomes`)."""
    z = as_tensor("logits", given)
    chosen = _device(device, given)
    wanted = _dtype(z, dtype, chosen)
    z = (z if z.dtype == wanted and z.device == chosen else z.to(chosen, wanted)).contiguous()
    flattened = z if z.dim() == 1 else z.view(-1)
    flat = z.dim() == 1 and spec.activation == "sigmoid"
    z = z.view(-1, 1) if flat else z
    if z.dim() != 2 or z.shape[1] == 0:
        raise InputError("logits", f"shape {tuple(given.shape if hasattr(given, 'shape') else z.shape)}", _shape_words(spec))
    if spec.key == "logistic" and z.shape[1] != 1:
        raise InputError("logits", f"shape {tuple(z.shape)}", "shape (N,): one logit per sample")
    # One pass tells that all is finite, with squares to spare; only if it is not does anybody look closer.
    tame = math.isfinite(torch.dot(flattened, flattened).item())
    if not tame:
        _check_non_finite(z, spec)
    return z, flat, tame and spec.temperature > SQUARED_AWAY


def _shape_words(spec: LossSpec) -> str:
    return "shape (N, C), or (N,) for one logit per sample" if spec.activation == "sigmoid" else "shape (N, C)"


def _check_non_finite(z: Tensor, spec: LossSpec) -> None:
    row = _first(z.isnan().any(1))
    if row is not None:
        raise InputError("logits", "nan", "a number", row)
    if spec.activation == "softmax":
        top = z.amax(1, keepdim=True)
        row = _first((top.isinf() & ((z == top).sum(1, keepdim=True) > 1)).any(1))
        if row is not None:
            raise InputError("logits", "several logits tied at infinity", "at most one: the limit does not exist", row)


def _first(bad: Tensor) -> int | None:
    where = bad.nonzero()
    return int(where[0]) if len(where) else None


def _weights(spec: LossSpec, rows: int, z: Tensor) -> tuple[Tensor, ...] | None:
    """The factor of each outcome: per class (C,) for softmax; yes and no, each (rows, C), for sigmoid; None if all are 1."""
    if spec.alpha is None and spec.weight is None and spec.pos_weight is None:
        return None
    return _weight_table(spec, rows if spec.activation == "sigmoid" else 0, z.shape[1], z.dtype, z.device)


@lru_cache(maxsize=16)
def _weight_table(spec: LossSpec, rows: int, classes: int, dtype: torch.dtype, device: torch.device) -> tuple[Tensor, ...]:
    # Kept because small evaluations repeat, and written out for every row because broadcasting is slower than reading.
    def per_class(name: str, off: float) -> Tensor:
        value = getattr(spec, name)
        if isinstance(value, tuple) and len(value) != classes:
            raise InputError(name, f"{len(value)} values", f"{classes}, one per class of the logits")
        return torch.tensor(off if value is None else value, dtype=torch.float64).expand(classes)

    base, alpha = per_class("weight", 1.0), per_class("alpha", 1.0)
    if spec.activation != "sigmoid":
        return ((base * alpha).to(device, dtype),)
    positive = base * per_class("pos_weight", 1.0)
    factors = (positive, base) if spec.alpha is None else (positive * alpha, base * (1 - alpha))
    return tuple(factor.to(device, dtype).repeat(rows, 1) for factor in factors)


def _known(argument: str, value: str, options: tuple[str, ...]) -> None:
    if value not in options:
        raise unknown_name(argument, value, options)


@lru_cache(maxsize=1)
def devices() -> tuple[str, ...]:
    """The devices of this machine, the CPU first."""
    found = ["cpu"]
    if torch.cuda.is_available():
        found += [f"cuda:{i}" for i in range(torch.cuda.device_count())]
    if torch.backends.mps.is_available():
        found.append("mps")
    return tuple(found)


def _device(device: str | torch.device, given: Any) -> torch.device:
    if device == "auto":
        device = given.device if isinstance(given, Tensor) else os.environ.get("LOSSVIZ_DEVICE") or "cpu"
    if device == "cpu" or device == CPU:
        return CPU
    try:
        chosen = torch.device(device)
        torch.zeros(1, device=chosen).item()  # also refuses "meta", which holds no numbers
    except (RuntimeError, AssertionError, TypeError):
        raise InputError("device", repr(device), "one of " + ", ".join(devices())) from None
    return chosen


def _dtype(z: Tensor, dtype: torch.dtype | None, device: torch.device) -> torch.dtype:
    if dtype is None:
        dtype = z.dtype if z.is_floating_point() else torch.float64
    if dtype not in (torch.float32, torch.float64):
        raise InputError("dtype", str(dtype).removeprefix("torch."), "float32 or float64; convert, or pass dtype=")
    if dtype == torch.float64 and device.type == "mps":
        raise InputError("dtype", "float64 on mps", "float32: this device has no float64; pass dtype=torch.float32")
    return dtype


def default_device() -> str:
    """The device that "auto" takes for lists and arrays: $LOSSVIZ_DEVICE, or the CPU."""
    return str(_device("auto", None))


def working_dtype(device: str) -> torch.dtype:
    """The best precision of a device: float64, but float32 on MPS, which has no other."""
    return torch.float32 if device.startswith("mps") else torch.float64


def use_threads(count: int) -> None:
    """Set how many threads torch works with, for the whole process."""
    torch.set_num_threads(count)
