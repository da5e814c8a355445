"""Training that comes to nothing: logits that are no numbers any more, or a loss far above that of having learned nothing."""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ...errors import InputError
from ...evaluation.evaluate import evaluate
from ...evaluation.setting import Array
from ...losses import LOSSES
from ...texts import say
from .experiment import Experiment

DIVERGENCE_FACTOR = 20.0
"""So many times the loss of having learned nothing is worse than nothing: sound settings stay below 5, and mostly below 1."""


def check_finite(experiment: Experiment, z: Tensor, epoch: int) -> None:
    """InputError that names the loss, the epoch and how many seeds, where a logit (L, S, …) is no number any more."""
    finite = z.detach().isfinite()
    if not finite.all():
        raise _divergence_error(experiment, (~finite).flatten(2).any(-1).cpu().numpy(), epoch)


def check_loss(experiment: Experiment, loss: Array, worst: Array, epoch: int) -> None:
    """The same where mean losses (L, S) are far beyond the worst that having learned nothing can mean."""
    diverged = loss > DIVERGENCE_FACTOR * worst
    if diverged.any():
        raise _divergence_error(experiment, diverged, epoch)


def uninformed_loss(experiment: Experiment, labels: Tensor, dtype: torch.dtype) -> Array:
    """The mean loss (L, S) of equal logits, or cross-entropy's, ln C, where that is more; labels (S, N)."""
    z = torch.zeros(labels.numel(), experiment.classes, dtype=dtype, device=labels.device)
    means = [evaluate(spec, z, labels.view(-1)).loss.view(labels.shape).mean(1) for spec in experiment.losses]
    # Focal loss makes so little of equal logits that a first step may be many times worse and yet no harm.
    return np.stack([mean.cpu().numpy() for mean in means]).clip(math.log(experiment.classes)).astype(np.float64)


def _divergence_error(experiment: Experiment, diverged: NDArray[np.bool_], epoch: int) -> InputError:
    worst = int(diverged.sum(1).argmax())
    what = say(
        "{rate:g}: {loss} diverged in epoch {epoch}, {diverged} of {seeds} seeds",
        rate=experiment.learning_rate,
        loss=LOSSES[experiment.losses[worst].key].name,
        epoch=epoch,
        diverged=int(diverged[worst].sum()),
        seeds=diverged.shape[1],
    )
    return InputError("learning_rate", what, say("a smaller one"))
