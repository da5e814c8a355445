"""Where torch computes, and in which precision. The only file that knows devices."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor

from ..errors import InputError
from ..texts import joined, say

HALF = (torch.float16, torch.bfloat16)
"""Precisions that logits may come in and that nothing is computed in."""

CPU = torch.device("cpu")


@lru_cache(maxsize=1)
def devices() -> tuple[str, ...]:
    """The devices of this machine, the CPU first."""
    names = ["cpu"]
    if torch.cuda.is_available():
        names += [f"cuda:{i}" for i in range(torch.cuda.device_count())]
    if torch.backends.mps.is_available():
        names.append("mps")
    return tuple(names)


def chosen_device(device: str | torch.device, logits: Any) -> torch.device:
    """The device that logits are computed on: where a tensor is, $LOSSVIZ_DEVICE, the CPU, or the one that is named."""
    if device == "auto":
        device = logits.device if isinstance(logits, Tensor) else os.environ.get("LOSSVIZ_DEVICE") or "cpu"
    if device == "cpu" or device == CPU:
        return CPU
    try:
        chosen = torch.device(device)
        torch.zeros(1, device=chosen).item()  # also refuses "meta", which holds no numbers
    except (RuntimeError, AssertionError, TypeError):
        raise InputError("device", repr(device), say("one of {names}", names=joined(devices(), ", "))) from None
    return chosen


def chosen_dtype(z: Tensor, dtype: torch.dtype | None, device: torch.device) -> torch.dtype:
    """The precision that logits are computed in: their own, float32 for less, float64 for integers, or one that is named."""
    if dtype is None:
        dtype = torch.float64 if not z.is_floating_point() else torch.float32 if z.dtype in HALF else z.dtype
    if dtype not in (torch.float32, torch.float64):
        expected = say("float32 or float64; convert, or pass dtype=")
        raise InputError("dtype", str(dtype).removeprefix("torch."), expected)
    if dtype == torch.float64 and device.type == "mps":
        expected = say("float32: this device has no float64; pass dtype=torch.float32")
        raise InputError("dtype", say("float64 on mps"), expected)
    return dtype


def default_device() -> str:
    """The device that "auto" takes for lists and arrays: $LOSSVIZ_DEVICE, or the CPU."""
    return str(chosen_device("auto", None))


def working_dtype(device: str) -> torch.dtype:
    """The best precision of a device: float64, but float32 on MPS, which has no other."""
    return torch.float32 if device.startswith("mps") else torch.float64


def use_threads(count: int) -> None:
    """Set how many threads torch works with, for the whole process."""
    torch.set_num_threads(count)
