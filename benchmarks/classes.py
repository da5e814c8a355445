"""How fast softmax losses of hard labels are, from two classes to a vocabulary, beside autograd of the usual programs.

    python -m benchmarks.classes                 # 1e6 logits and 1e7, one thread and two, 2 classes to 128 256
    python -m benchmarks.classes --logits 1e6 --threads 1 --classes 10 1000 --soft --compiled

Both sides of a comparison run in turn, in one process, and every figure is a median: milliseconds, and the median of the ratios
of neighbouring runs. With one thread they are those of processor time, which other programs disturb least; with two they are
those of the clock, because a thread of torch that waits for more work after the peer's turn spins, and would count as ours.
`limit` is how many times longer than reading the logits and writing the gradient, at the rate of a copy measured in the same
process, lossviz takes on the clock. The peers:

    usual     F.cross_entropy, or log_softmax, gather and (1 − p)^γ, and autograd
    optax     its formula, z_y − max − log Σ exp(z − max), in torch, and autograd (cross-entropy alone)
    compiled  torch.compile of the usual program, where a compiler is found (with --compiled)
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

import lossviz

CLASSES = (2, 10, 100, 1_000, 32_000, 128_256)
GAMMA = 2.0

Program = Callable[[Tensor, Tensor], Tensor]


def cross_entropy(z: Tensor, t: Tensor) -> Tensor:
    """What everybody calls."""
    return F.cross_entropy(z, t, reduction="sum")


def focal(z: Tensor, t: Tensor) -> Tensor:
    """Softmax focal loss as usually written."""
    log_p = z.log_softmax(1)
    log_p = log_p.gather(1, t[:, None])[:, 0] if t.dim() == 1 else log_p
    terms = -((1 - log_p.exp()) ** GAMMA) * log_p
    return (terms if t.dim() == 1 else t * terms).sum()


def optax(z: Tensor, t: Tensor) -> Tensor:
    """Optax' softmax_cross_entropy_with_integer_labels, in torch."""
    shifted = z - z.amax(1, keepdim=True).detach()
    return (shifted.exp().sum(1).log() - shifted.gather(1, t[:, None])[:, 0]).sum()


def by_autograd(program: Program, z: Tensor, t: Tensor) -> None:
    leaf = z.detach().requires_grad_()
    program(leaf, t).backward()  # type: ignore[no-untyped-call]


def times(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of processor time and on the clock."""
    cpu, clock = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - cpu, time.perf_counter() - clock


def copy_time(z: Tensor) -> float:
    """Seconds that reading z and writing as much takes."""
    sink = torch.empty_like(z)
    return statistics.median(times(lambda: sink.copy_(z))[1] for _ in range(9))


def inputs(logits: int, classes: int, soft: bool) -> tuple[Tensor, Tensor]:
    torch.manual_seed(0)
    rows = max(1, logits // classes)
    z = 3 * torch.randn(rows, classes)
    return z, torch.rand(rows, classes).softmax(1) if soft else torch.randint(classes, (rows,))


def compare(name: str, spec: lossviz.losses.LossSpec, z: Tensor, t: Tensor, peers: dict[str, Program], rounds: int) -> None:
    sides: list[Callable[[], object]] = [lambda: lossviz.evaluate(spec, z, t)]
    sides += [lambda program=program: by_autograd(program, z, t) for program in peers.values()]  # type: ignore[misc]
    runs = [[times(side) for side in sides] for _ in range(rounds + 2)][2:]
    cpu, clock = ([statistics.median(run[i][k] for run in runs) * 1e3 for i in range(len(sides))] for k in (0, 1))
    kind = 0 if torch.get_num_threads() == 1 else 1
    shown = (cpu, clock)[kind]
    ratios = [statistics.median(run[i][kind] / run[0][kind] for run in runs) for i in range(1, len(sides))]
    others = "   ".join(f"{peer} {ms:8.2f} ms {ratio:5.2f} ×" for peer, ms, ratio in zip(peers, shown[1:], ratios, strict=True))
    limit = clock[0] / (copy_time(z) * 1e3)
    size = f"{z.shape[0]:,} × {z.shape[1]:,}"
    print(
        f"  {name:<14} {size:>19}  lossviz {shown[0]:8.2f} ms   {others}   limit {limit:5.1f} ×",
        flush=True,
    )


def table(threads: int, logits: int, classes: list[int], soft: bool, compiled: bool) -> None:
    """One process's table."""
    torch.set_num_threads(threads)
    print(f"{logits:,} float32 logits, {'soft' if soft else 'hard'} targets, {threads} thread{'s' * (threads > 1)}")
    rounds = 15 if logits <= 2_000_000 else 7
    for c in classes:
        z, t = inputs(logits, c, soft)
        for name, spec, usual in (
            ("cross-entropy", lossviz.loss("cross-entropy"), cross_entropy),
            ("focal", lossviz.loss("focal", gamma=GAMMA), focal),
        ):
            peers = {"usual": usual}
            if usual is cross_entropy and not soft:
                peers["optax"] = optax
            if compiled:
                torch.compiler.reset()
                peers["compiled"] = torch.compile(usual, dynamic=False)
            compare(name, spec, z, t, peers, rounds)


def crowded(logits: int, classes: int) -> None:
    """Two torch threads, alone and beside so many busy processes that there are two and three threads for every processor."""
    torch.set_num_threads(2)
    z, y = inputs(logits, classes, soft=False)
    spec = lossviz.loss("focal", gamma=GAMMA)

    def measured() -> float:
        return statistics.median(times(lambda: lossviz.evaluate(spec, z, y))[1] for _ in range(9))

    measured()
    quiet, figures = measured(), []
    for others in (1, 2):
        busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(others * (os.cpu_count() or 1))]
        try:
            figures.append(f"{others} busy a processor {measured() / quiet:.1f} ×")
        finally:
            for process in busy:
                process.kill()
                process.wait()
    print(f"  {z.shape[0]:,} × {z.shape[1]:,}: quiet {quiet * 1e3:.0f} ms, {', '.join(figures)}", flush=True)


def main(arguments: Sequence[str] = ()) -> None:
    """Every table asked for, a process each."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--logits", type=float, nargs="+", default=[1e6, 1e7])
    parser.add_argument("--classes", type=int, nargs="+", default=list(CLASSES))
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--soft", action="store_true", help="soft targets instead of labels")
    parser.add_argument("--compiled", action="store_true", help="torch.compile of the usual program, too")
    options = parser.parse_args(arguments)
    for logits in options.logits:
        for threads in options.threads:
            # A process each: which pages the C library still holds from earlier work moves both sides.
            call = f"table({threads}, {int(logits)}, {options.classes}, {options.soft}, {options.compiled})"
            subprocess.run([sys.executable, "-c", f"from benchmarks.classes import table; {call}"], check=True)
    print("two threads on a busy machine, on the clock")
    for classes in (10, 1_000):
        crowded(65_536_000, classes)


if __name__ == "__main__":
    main(sys.argv[1:])
