"""How fast a loss and its gradient are, beside autograd through the formula that everybody uses.

Every comparison runs its two sides in turn and reports the medians and the median of the ratios of neighbouring runs, so that
a machine that is busy with something else slows both. Nothing is asserted.

Threads for an interactive server: one. A page evaluates a few hundred rows, which a second thread only waits for; and the
sessions of a server run beside each other, so that a second thread of one takes the processor from another. The last table
printed here measures both; `lossviz.ui.server.cache` applies it.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import torch
import torch.nn.functional as F
from torch import Tensor

import lossviz

GAMMA, ALPHA = 2.0, 0.25
SIGMOID = lossviz.loss("focal", "sigmoid", gamma=GAMMA, alpha=ALPHA)
SOFTMAX = lossviz.loss("focal", "softmax", gamma=GAMMA)


def usual_sigmoid(z: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
    """torchvision's formula, in our words, and its gradient by autograd."""
    leaf = z.detach().requires_grad_()
    prob = leaf.sigmoid()
    mixed = prob * t + (1 - prob) * (1 - t)
    value = F.binary_cross_entropy_with_logits(leaf, t, reduction="none") * (1 - mixed) ** GAMMA
    value = (ALPHA * t + (1 - ALPHA) * (1 - t)) * value
    return value.detach(), torch.autograd.grad(value.sum(), leaf)[0]


def usual_softmax(z: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Softmax focal loss as usually written, and its gradient by autograd."""
    leaf = z.detach().requires_grad_()
    log_p = leaf.log_softmax(1).gather(1, y[:, None])[:, 0]
    value = -((1 - log_p.exp()) ** GAMMA) * log_p
    return value.detach(), torch.autograd.grad(value.sum(), leaf)[0]


def ours(spec: lossviz.losses.LossSpec, z: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
    ev = lossviz.evaluate(spec, z, t)
    return ev.loss, ev.grad


def seconds(work: Callable[[], object], times: int = 1) -> float:
    start = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - start) / times


def compare(name: str, usual: Callable[[], object], mine: Callable[[], object], rounds: int, times: int = 1) -> float:
    """Print medians of both and the median ratio; returns our median in seconds."""
    pairs = [(seconds(usual, times), seconds(mine, times)) for _ in range(rounds + 2)][2:]
    a, b = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = statistics.median(u / m for u, m in pairs)
    print(f"  {name:<34} usual {a * 1e6:10.1f} µs   lossviz {b * 1e6:10.1f} µs   {ratio:5.2f} × faster")
    return b


def sigmoid_inputs(n: int) -> tuple[Tensor, Tensor]:
    torch.manual_seed(0)
    return 3 * torch.randn(n), (torch.rand(n) < 0.3).float()


def copy_rate() -> float:
    """Bytes a second that a copy of 64 MB moves, read and written."""
    source = torch.ones(16_000_000)
    sink = torch.empty_like(source)
    return 2 * source.nbytes / statistics.median(seconds(lambda: sink.copy_(source)) for _ in range(15))


def speed(threads: int) -> None:
    torch.set_num_threads(threads)
    print(f"loss and gradient, float32, {threads} thread{'s' * (threads > 1)}")
    big, hot = sigmoid_inputs(1_000_000)
    seconds = compare("sigmoid focal, 1 000 000", lambda: usual_sigmoid(big, hot), lambda: ours(SIGMOID, big, hot), 25)
    limit = 4 * big.nbytes / copy_rate()  # logits and targets in, loss and gradient out
    print(f"  {'':<34} memory alone would take {limit * 1e6:8.1f} µs: {seconds / limit:.1f} × that")
    rows, y = 3 * torch.randn(100_000, 10), torch.randint(10, (100_000,))
    compare("softmax focal, 100 000 × 10", lambda: usual_softmax(rows, y), lambda: ours(SOFTMAX, rows, y), 15)
    z, t = sigmoid_inputs(1_000)
    compare("sigmoid focal, 1 000", lambda: usual_sigmoid(z, t), lambda: ours(SIGMOID, z, t), 40, 100)


PEAK = """
import threading, time, torch, lossviz
torch.set_num_threads(1)
spec = lossviz.loss("focal", "sigmoid", gamma=2.0, alpha=0.25)
lossviz.evaluate(spec, torch.zeros(70_000), torch.zeros(70_000))
highest, done = 0, False
def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4096
def watch():
    global highest
    while not done:
        highest = max(highest, resident())
        time.sleep(0.001)
bare, watcher = resident(), threading.Thread(target=watch)
watcher.start()
z, t = torch.randn(10_000_000), torch.ones(10_000_000)
ev = lossviz.evaluate(spec, z, t)
highest, done = max(highest, resident()), True
watcher.join()
print(highest - bare, z.nbytes + t.nbytes + ev.terms.nbytes + ev.grad.nbytes)
"""


def memory() -> None:
    """Peak memory of a process that evaluates ten million logits, beside what goes in and comes out; on Linux."""
    # Watched from a thread: containers do not always keep the high-water mark.
    out = subprocess.run([sys.executable, "-c", PEAK], capture_output=True, text=True, check=True).stdout
    used, needed = map(int, out.split())
    print(f"10 000 000 logits: peak {used / 1e6:.0f} MB above the bare process; input and output are {needed / 1e6:.0f} MB")


def threads() -> None:
    """One torch thread or two, for what a server does."""
    sweep, y = 3 * torch.randn(61, 10, dtype=torch.float64), torch.randint(10, (61,))
    big, hot = sigmoid_inputs(1_000_000)

    def two_at_once(work: Callable[[], object], times: int) -> float:
        with ThreadPoolExecutor(2) as pool:
            start = time.perf_counter()
            list(pool.map(lambda _: [work() for _ in range(times)], range(2)))
            return (time.perf_counter() - start) / times

    jobs: dict[str, Callable[[], float]] = {
        "a sweep of 61 × 10": lambda: seconds(lambda: ours(SOFTMAX, sweep, y), 100),
        "1 000 000 logits": lambda: seconds(lambda: ours(SIGMOID, big, hot)),
        "two sessions, a sweep each": lambda: two_at_once(lambda: ours(SOFTMAX, sweep, y), 100),
        "two sessions, 1 000 000 logits each": lambda: two_at_once(lambda: ours(SIGMOID, big, hot), 3),
    }
    print("torch threads of a server")
    for name, job in jobs.items():
        durations: dict[int, list[float]] = {1: [], 2: []}
        for _ in range(12):
            for count, times in durations.items():
                torch.set_num_threads(count)
                times.append(job())
        one, two = (statistics.median(times) * 1e6 for times in durations.values())
        print(f"  {name:<36} 1 thread {one:9.1f} µs   2 threads {two:9.1f} µs")


def main() -> None:
    for count in (1, 2):
        # A process each: which pages the C library still holds from earlier work moves both sides by more than their ratio.
        subprocess.run([sys.executable, "-c", f"from benchmarks.losses import speed; speed({count})"], check=True)
    before = torch.get_num_threads()
    try:
        memory()
        threads()
    finally:
        torch.set_num_threads(before)


if __name__ == "__main__":
    main()
