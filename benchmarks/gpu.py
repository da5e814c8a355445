"""A graphics processor: are losses and gradients as exact there, and how far from the memory's speed are they?

    python -m benchmarks.gpu [--device cuda] [--logits 100000000]

Needs torch and NumPy alone, and at most four minutes. First every number of `gpu_reference.json`, which mpmath computed at 50
digits (`benchmarks.gpu_reference`), is compared in both precisions, by the criteria of the tests: 8 ulp of max(|exact|, 1), and
8 ulp of its own size for a small tail. Then softmax cross-entropy and focal loss are timed, loss and gradient, in five ways;
beside each stands what it would take to read the logits once and write the gradient once at the speed of a copy.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

import lossviz
from lossviz.evaluation import compilation
from lossviz.evaluation.activations import SoftmaxHard
from lossviz.losses import LossSpec

REFERENCE = Path(__file__).with_name("gpu_reference.json")
WIDE = (1_000, 40_000)
"""Numbers of classes of the wide rows: one that a compiled program adds up at once, one that it adds up in pieces."""

CLASSES = (10, 1_000, 128_256)
SPECS = {"cross-entropy": lossviz.loss("cross-entropy"), "focal, γ = 2": lossviz.loss("focal", gamma=2.0)}
DTYPES = ("float32", "float64")
ULPS = 8
TAIL = 1e-30
"""The smallest number that has to be right relative to its own size."""

ROUNDS, WARM_UP = 15, 3


# -- right -------------------------------------------------------------------------------------------------------------


def wide_logits(classes: int) -> np.ndarray:
    """Rows of many classes that need no file: ordinary ones, ones far apart, ones with a clear first."""
    ordinary = (np.arange(classes) * 7919 % 1009 / 64 - 8).astype(np.float32)
    first = ordinary / 4
    first[classes // 3] = 40
    return np.stack([ordinary, ordinary * 1024, first])


def column_sample(classes: int) -> list[int]:
    """The columns whose gradients are compared: all of a few classes, some of many."""
    return list(range(classes)) if classes <= 10 else [*range(0, classes, classes // 12), classes // 3, classes - 1]


def ulps(got: np.ndarray, exact: np.ndarray, dtype: str, floor: float) -> np.ndarray:
    """|got − exact| in ulps of max(|exact|, floor); past the largest float, ∞ and what finite logits cannot reach is right."""
    info = np.finfo(dtype)
    with np.errstate(invalid="ignore", over="ignore"):
        off = np.abs(got - exact) / (float(info.eps) * np.maximum(np.abs(exact), floor))
    enormous = np.abs(exact) > float(info.max)
    same = (np.sign(got) == np.sign(exact)) & (np.abs(got) > 1e-8 * float(info.max))
    return np.where(enormous, np.where(same, 0.0, np.inf), np.nan_to_num(off, nan=np.inf))


class Case(NamedTuple):
    """A loss, logits and targets for it, and the exact losses (N,) and gradients of some columns (N, K)."""

    spec: LossSpec
    logits: np.ndarray
    targets: np.ndarray
    exact: np.ndarray
    tail: bool

    def errors(self, device: str, dtype: str) -> np.ndarray:
        """How far off each loss and gradient is, in ulps; of a tail, only numbers that are not smaller than TAIL."""
        targets = self.targets.astype(dtype) if self.targets.dtype.kind == "f" else self.targets
        ev = lossviz.evaluate(self.spec, self.logits.astype(dtype), targets, device=device)
        grad = ev.grad[:, column_sample(ev.grad.shape[1])]
        got = torch.cat((ev.loss[:, None], grad), 1).double().cpu().numpy()
        off = ulps(got, self.exact, dtype, 0.0 if self.tail else 1.0)
        return off[np.abs(self.exact) >= TAIL] if self.tail else off.ravel()


def cases() -> Iterator[Case]:
    """Those of `gpu_reference.json`."""
    data = json.loads(REFERENCE.read_text("utf-8"))
    logits = {name: np.array(rows, np.float32) for name, rows in data["logits"].items()}
    logits |= {f"wide {classes}": wide_logits(classes) for classes in WIDE}
    for each in data["cases"]:
        spec = lossviz.loss(each["loss"], each["activation"], **each["parameters"])
        targets = np.array(each["targets"])
        targets = targets.astype(np.float32) if targets.dtype.kind == "f" else targets
        exact = np.column_stack((each["losses"], each["grads"]))
        yield Case(spec, logits[each["logits"]], targets, exact, each["tail"])


def is_worth_compiling(case: Case) -> bool:
    """A few of the cases with labels, since compiling takes seconds each: small tails, many classes, weights, a sigmoid."""
    spec, classes = case.spec, case.logits.shape[1]
    if spec.key == "focal" and spec.activation == "softmax":
        return (classes == 10 and spec.gamma in (0.5, 2.0)) or (classes == max(WIDE) and spec.gamma == 2)
    return spec.key == "cross-entropy" and spec.weight == (0.7, 0.0, 1.3) and case.targets.ndim == 1


@contextmanager
def compiled_from(logits: int) -> Iterator[None]:
    """lossviz's own switch, on; and from how many logits on."""
    before = compilation.MANY, os.environ.get("LOSSVIZ_COMPILE")
    compilation.MANY, os.environ["LOSSVIZ_COMPILE"] = logits, "1"
    try:
        yield
    finally:
        compilation.MANY = before[0]
        del os.environ["LOSSVIZ_COMPILE"]
        if before[1] is not None:
            os.environ["LOSSVIZ_COMPILE"] = before[1]


def exactness(device: str, chosen: list[Case], way: str) -> int:
    """Print how far off the worst number is; gives how many are further off than they may be."""
    print("| | dtype | settings | numbers | worst | past 8 ulp |\n| --- | --- | --: | --: | --: | --: |")
    bad = 0
    for dtype in DTYPES:
        errors = [(case, case.errors(device, dtype)) for case in chosen]
        for tail in (False, True):
            group = [(case, off) for case, off in errors if case.tail == tail]
            if not group:
                continue
            every = np.concatenate([off for _, off in group])
            size = "its own size" if tail else "max(size, 1)"
            far = int((every > ULPS).sum())
            bad += far
            print(f"| {way} | {dtype} | {len(group)} | {every.size:,} | {every.max():.2f} ulp of {size} | {far} |", flush=True)
            for case, off in group:
                if (off > ULPS).any():
                    print(f"  {off.max():.3g} ulp: {case.spec} on logits {case.logits.shape}")
    return bad


# -- fast --------------------------------------------------------------------------------------------------------------


def seconds(work: Callable[[], object], device: str, rounds: int = ROUNDS) -> float:
    """The median of some rounds after a warm-up, by the device's own clock where it has one."""
    for _ in range(WARM_UP):
        work()
    return statistics.median(on_gpu(work, rounds) if device.startswith("cuda") else on_cpu(work, rounds))


def on_cpu(work: Callable[[], object], rounds: int) -> list[float]:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return times


def on_gpu(work: Callable[[], object], rounds: int) -> list[float]:
    """Rounds are queued one behind the other, as in training: what the processor does meanwhile is not waited for."""
    events = [[torch.cuda.Event(enable_timing=True) for _ in range(2)] for _ in range(rounds)]
    for begin, end in events:
        begin.record()
        work()
        end.record()
    torch.cuda.synchronize()
    return [begin.elapsed_time(end) / 1e3 for begin, end in events]


def cross_entropy(z: Tensor, y: Tensor) -> Tensor:
    """As everybody calls it; summed apart, because torch's own sum and mean take ten times as long where rows are many."""
    return F.cross_entropy(z, y, reduction="none").sum()


def focal(z: Tensor, y: Tensor) -> Tensor:
    """As usually composed."""
    log_p = z.log_softmax(1).gather(1, y[:, None])[:, 0]
    return -((1 - log_p.exp()) ** 2 * log_p).sum()


USUAL = {"cross-entropy": cross_entropy, "focal, γ = 2": focal}


def autograd(program: Callable[[Tensor, Tensor], Tensor], z: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    leaf = z.detach().requires_grad_()
    value = program(leaf, y)
    return value.detach(), torch.autograd.grad(value, leaf)[0]


def ways(name: str, z: Tensor, y: Tensor, compiler: bool) -> dict[str, Callable[[], object]]:
    """Loss and gradient of one loss in every way; the first is what the others are compared with."""
    spec, usual = SPECS[name], USUAL[name]

    def evaluated() -> object:
        return lossviz.evaluate(spec, z, y)

    def evaluated_compiled() -> object:
        with compiled_from(1):
            return lossviz.evaluate(spec, z, y)

    every: dict[str, Callable[[], object]] = {
        "autograd": lambda: autograd(usual, z, y),
        "lossviz.evaluate": evaluated,
    }
    if compiler:
        form = compilation.compiled_form(spec, SoftmaxHard, True, (z.shape[1], z.dtype, z.device.type))
        program = torch.compile(usual, dynamic=False)
        every["torch.compile of autograd"] = lambda: autograd(program, z, y)
        every["torch.compile of the closed form"] = lambda: form(z, y, None)
        every["lossviz.evaluate, LOSSVIZ_COMPILE=1"] = evaluated_compiled
    return every


def speed(device: str, logits: int, classes: tuple[int, ...] = CLASSES) -> None:
    """Print the table: milliseconds, the share of a copy's speed, times as fast as autograd."""
    compiler = compilation.has_compiler(torch.device(device).type)
    if not compiler:
        print("There is no compiler for this device.")
    print("| loss | C | | ms | of copy bandwidth | × autograd | first call, s |\n| --- | --: | --- | --: | --: | --: | --: |")
    for c in classes:
        torch.manual_seed(0)
        n = max(1, logits // c)
        z, y = 3 * torch.randn(n, c, device=device), torch.randint(c, (n,), device=device)
        copy = seconds(partial(torch.empty_like(z).copy_, z), device)
        print(f"| copy | {c:,} | {2 * z.nbytes / copy / 1e12:.3f} TB/s | {copy * 1e3:.3f} | 100% | | |")
        for name in SPECS:
            usual = None
            for way, work in ways(name, z, y, compiler).items():
                start = time.perf_counter()
                work()
                if device.startswith("cuda"):
                    torch.cuda.synchronize()
                first = time.perf_counter() - start
                median = seconds(work, device)
                usual = usual or median
                row = f"{median * 1e3:.3f} | {copy / median:.0%} | {usual / median:.2f} | {first:.1f}"
                print(f"| {name} | {c:,} | {way} | {row} |", flush=True)


def main(arguments: list[str] | tuple[str, ...] = ()) -> None:
    """Compare and time on a device; without one there is nothing to say."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--logits", type=int, default=100_000_000)
    options = parser.parse_args(list(arguments))
    if options.device.startswith("cuda") and not torch.cuda.is_available():
        print("GPU: there is no CUDA device.")
        return
    card = torch.cuda.get_device_name(options.device) if options.device.startswith("cuda") else options.device
    print(f"{card}, torch {torch.__version__}, {time.strftime('%Y-%m-%d')}\n")
    start = time.perf_counter()
    every = list(cases())
    exactness(options.device, every, "as it is")
    print(f"\nLoss and gradient at {options.logits:,} float32 logits\n")
    speed(options.device, options.logits)
    if compilation.has_compiler(torch.device(options.device).type):
        print()
        with compiled_from(1):
            exactness(options.device, [case for case in every if is_worth_compiling(case)], "compiled")
    print(f"\n{time.perf_counter() - start:.0f} s in all")


if __name__ == "__main__":
    main(sys.argv[1:])
