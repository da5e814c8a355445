"""What an evaluation gives back, and how a batch of losses becomes one number."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from ..errors import InputError, unknown_name
from ..losses import LOSSES
from ..losses.spec import LossSpec
from ..texts import say
from .activations import probabilities
from .class_axis import ClassAxis
from .closed_form import ClosedForm
from .logits import undefined
from .parallel import SLOWER, in_blocks
from .targets import Targets

BLOCK = 131_072
"""Logits a block: few enough for the caches, many enough that calls into torch do not count."""

REDUCTIONS = ("mean", "sum", "none")
NORMALIZERS = ("torch", "samples", "elements", "positives", "weights")


GPU_BLOCK = 33_554_432
"""Logits a block on a GPU: twice to three times as fast there as the blocks of a processor with 16 threads."""


def rows_of_a_block(z: Tensor) -> int:
    """How many rows of logits are worked on at once."""
    return max(1, (GPU_BLOCK if z.device.type == "cuda" else BLOCK) // z.shape[1])


def version_of(z: Tensor) -> int:
    """How often a tensor has been written to; tensors of inference mode do not say."""
    return 0 if z.is_inference() else z._version


@dataclass(eq=False)
class Evaluation:
    """What `evaluate` gives back; all tensors on the device and in the dtype of the computation.

    probs, terms, grad are (N, C): probabilities, each logit's share of its sample's loss, and d loss_n / d z_n (not reduced).
    loss is (N,), the sum of the terms over classes. Of logits of more dimensions they have as many, in the same order. `logits`
    (N, C) are those given, not a copy: a tensor that is to be changed in place has to wait until `probs`, which is computed
    when first asked for, has been read. `nonzero_terms` are the terms, or those of the true classes alone, (N, 1); `row_grad`
    is the gradient as (N, C) in any case. `true_probs` are the probabilities of the true classes, (N, 1), where labels alone
    count and they came up on the way. `leaf`: the logits that came with a wish for a gradient.
    """

    spec: LossSpec
    logits: Tensor
    nonzero_terms: Tensor
    row_grad: Tensor
    targets: Targets
    flat: bool
    version: int
    true_probs: Tensor | None = None
    class_axis: ClassAxis | None = None
    leaf: Tensor | None = None

    @cached_property
    def grad(self) -> Tensor:
        """∂loss_n/∂z_n, not reduced, (N, C)."""
        return self._as_logits(self.row_grad)

    @cached_property
    def terms(self) -> Tensor:
        """Each logit's share of its sample's loss, (N, C)."""
        terms = self.nonzero_terms
        if terms.shape != self.row_grad.shape:
            assert self.targets.labels is not None
            terms = torch.zeros_like(self.row_grad).scatter_(1, self.targets.labels[:, None], terms)
        terms = self._as_logits(terms)
        if self.leaf is None or not self.spec.per_logit:
            return terms
        return ClosedForm.apply(self.leaf, terms, self.grad)  # type: ignore[no-untyped-call, no-any-return]

    @cached_property
    def loss(self) -> Tensor:
        """Each sample's loss, (N,)."""
        axis = 1 if self.class_axis is None else self.class_axis.axis
        if self.leaf is not None and self.spec.per_logit:
            return self.terms.sum(axis)
        loss = self.nonzero_terms.view(-1) if self.nonzero_terms.shape[1] == 1 else self.nonzero_terms.sum(1)
        loss = loss if self.class_axis is None else self.class_axis.as_samples(loss)
        if self.leaf is None:
            return loss
        return ClosedForm.apply(self.leaf, loss.unsqueeze(axis), self.grad).squeeze(axis)  # type: ignore[no-untyped-call, no-any-return]

    def _as_logits(self, x: Tensor) -> Tensor:
        return x if self.class_axis is None else self.class_axis.as_logits(x)

    @cached_property
    def probs(self) -> Tensor:
        """Probabilities (N, C), nan in ignored rows whose logits have none. InputError if the logits changed in place since."""
        if version_of(self.logits) != self.version:
            value = say("values changed in place since evaluate")
            raise InputError("logits", value, say("unchanged logits until probs is read"))
        probs = torch.empty_like(self.logits)

        def work(block: slice) -> None:
            probs[block] = probabilities(self.spec.activation, self.logits[block], self.spec.temperature)

        in_blocks(work, len(probs), rows_of_a_block(probs), SLOWER * probs.numel())
        if self.targets.valid is not None:
            probs[~self.targets.valid & undefined(self.logits, self.spec.activation)] = torch.nan
        return self._as_logits(probs)

    def reduce(self, reduction: str = "mean", normalizer: str = "torch") -> Tensor:
        """The batch's loss, Σ loss_n, or that over `denominator(normalizer)`, or what torch returns unreduced.

        Args:
            reduction: "mean", "sum" or "none".
            normalizer: what a mean divides by: see `denominator`.

        Returns:
            A tensor of one number; for "none" (N,) with softmax and log-probabilities, and one number per logit with sigmoid.
            The mean of a batch in which every row is ignored is nan, as in torch.

        Raises:
            InputError: for an unknown reduction or normalizer.

        Example:
            >>> ev = evaluate(loss("cross-entropy"), [[2.0, 1.0, 0.0], [0.0, 0.0, 0.0]], [0, 1])
            >>> round(ev.reduce("mean").item(), 6), ev.reduce("none").shape
            (0.753109, torch.Size([2]))
        """
        _check_option("reduction", reduction, REDUCTIONS)
        if reduction == "none":
            return self.terms if self.spec.per_logit and not self.flat else self.loss
        total = self.loss.sum()
        return total if reduction == "sum" else total / self.denominator(normalizer)

    def reduced_grad(self, reduction: str = "mean", normalizer: str = "torch") -> Tensor:
        """The gradient of `reduce(reduction, normalizer)` with respect to the logits.

        Args:
            reduction: "mean", "sum" or "none".
            normalizer: what a mean divides by: see `denominator`.

        Returns:
            (N, C). For "none" it is `grad`: row n is the gradient of sample n's own loss. Ignored rows have gradient 0 whatever
            the mean.

        Raises:
            InputError: for an unknown reduction or normalizer.
        """
        _check_option("reduction", reduction, REDUCTIONS)
        if reduction != "mean":
            return self.grad
        denominator = self.denominator(normalizer)
        return self.grad / denominator if denominator else torch.zeros_like(self.grad)

    def denominator(self, normalizer: str = "torch") -> float:
        """What a mean divides the sum of the losses by; ignored rows count nowhere.

        Args:
            normalizer: "samples" N; "elements" N·C; "positives" Σ t, at least 1 (RetinaNet); "weights" the sum of the class
                weights of the true classes (softmax) or of all elements (sigmoid); "torch" what torch's functional of that name
                does: Σ w_y for softmax and NLL with integer labels, N with probability targets, N·C for sigmoid, N for focal
                losses.

        Raises:
            InputError: for an unknown normalizer.
        """
        _check_option("normalizer", normalizer, NORMALIZERS)
        if normalizer == "torch":
            normalizer = LOSSES[self.spec.key].normalizer[self.spec.activation]
            if normalizer == "torch":
                normalizer = "weights" if self.targets.dense is None else "samples"
        n, c = self.row_grad.shape
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
        c = self.row_grad.shape[1]
        weight = self.row_grad.new_tensor(self.spec.weight or (1.0,) * c)
        if self.spec.per_logit:
            return samples * float(weight.sum())
        labels, dense = self.targets.labels, self.targets.dense
        return float(self._valid(weight[labels] if dense is None else dense @ weight).sum())


def _check_option(argument: str, value: str, options: tuple[str, ...]) -> None:
    if value not in options:
        raise unknown_name(argument, value, options)
