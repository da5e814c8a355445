"""The closed-form gradient as autograd's: a loss that was evaluated takes part in a training loop."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from ..errors import InputError
from ..texts import say


class ClosedForm(torch.autograd.Function):
    """Losses as a function of the logits (as they came), with the gradient that is known already."""

    @staticmethod
    def forward(ctx: Any, logits: Tensor, losses: Tensor, grad: Tensor) -> Tensor:
        """The losses; `grad` (of the logits' shape) is that of each, and losses broadcast against it."""
        ctx.save_for_backward(grad)
        ctx.kind = logits.shape, logits.dtype, logits.device
        return losses.view_as(losses)

    @staticmethod
    def backward(ctx: Any, *outer: Tensor) -> tuple[Tensor, None, None]:
        """The outer gradient times the inner one."""
        if torch.is_grad_enabled():
            expected = say("False: the gradient is a closed form, and has none of its own")
            raise InputError("create_graph", "True", expected)
        (grad,) = ctx.saved_tensors
        shape, dtype, device = ctx.kind
        return (outer[0] * grad).reshape(shape).to(device, dtype), None, None
