"""How long an experiment of the training lab takes: all losses and seeds as one program, beside the plain loop.

Twelve seeds of four losses (γ = 0, 1, 2, 5) train an MLP 64-64-10 on 1 000 digits for 60 epochs, batches of 64, Adam. The plain
loop is the program that the page hands out, with autograd, on the first seed; its time is scaled to twelve. Both arrive at the
same numbers, and that is looked at. The batched program measures 25 epochs on the way, the plain loop only the last.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
import torch

import lossviz
from lossviz.analysis.training import Experiment, Snapshot, make_record, measure_values, merge_snapshots, train
from lossviz.analysis.training.script import script
from lossviz.data.toy_datasets import DatasetSpec

from .server import line

SEEDS, ROUNDS = 12, 3
EXPERIMENT = Experiment(
    DatasetSpec("digits", 1000, noise="uniform", rate=0.1),
    tuple(lossviz.loss("focal", gamma=gamma) for gamma in (0.0, 1.0, 2.0, 5.0)),
    SEEDS,
    width=64,
    learning_rate=0.003,
)

Result = TypeVar("Result")


def timed(work: Callable[[], Result]) -> tuple[float, float, Result]:
    """Seconds by the clock and of the processor, and what came out."""
    start, busy = time.perf_counter(), time.process_time()
    result = work()
    return time.perf_counter() - start, time.process_time() - busy, result


def part(seeds: range) -> Snapshot:
    """The last epoch's snapshot of some seeds."""
    return [snapshot for _, snapshot in train(EXPERIMENT, seeds) if snapshot is not None][-1]


def one() -> Snapshot:
    return part(range(SEEDS))


def two() -> Snapshot:
    """As the app trains: half of the seeds in a thread each."""
    with ThreadPoolExecutor(2) as pool:
        return merge_snapshots(list(pool.map(part, (range(SEEDS // 2), range(SEEDS // 2, SEEDS)))))


def plain() -> np.ndarray:
    """Accuracies (L,) of the first seed, by the standalone program."""
    scope: dict[str, Any] = {"__name__": "plain"}
    exec(compile(script(replace(EXPERIMENT, seeds=1)), "<experiment>", "exec"), scope)
    losses = [loss for _, loss in scope["LOSSES"]]
    arguments = (scope[name] for name in ("READOUTS", "data"))
    results = scope["compare_losses"](scope["HYPERPARAMETERS"], losses, *arguments, range(1))
    return results["clean accuracy"][:, 0]


def main() -> None:
    """Medians of rounds in turn; the plain loop's is of one seed, times the seeds."""
    print("\nTraining")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        list(train(replace(EXPERIMENT, epochs=1), range(1)))  # the optimiser's modules take a second to import
        sides: dict[str, Callable[[], Any]] = {"one": one, "two": two, "plain": plain}
        rounds = [{name: timed(side) for name, side in sides.items()} for _ in range(ROUNDS)]
    finally:
        torch.set_num_threads(before)
    clock, busy = ({name: statistics.median(r[name][n] for r in rounds) for name in sides} for n in (0, 1))
    loop = SEEDS * clock["plain"]
    losses = len(EXPERIMENT.losses)
    line(f"{SEEDS} seeds × {losses} losses", f"{clock['one']:.1f} s", f"one thread; {busy['one']:.1f} s of the processor")
    line(
        "... as the app trains",
        f"{clock['two']:.1f} s",
        f"half the seeds in a thread each; {busy['two']:.1f} s of the processor (wanted 10 s on two cores)",
    )
    line(
        "... as the plain loop",
        f"{loop:.1f} s",
        f"{SEEDS} times {clock['plain']:.1f} s of one seed ({busy['plain']:.1f} s of the processor): "
        f"{loop / clock['two']:.1f} × slower than in the app, {loop / clock['one']:.1f} × than on one thread",
    )
    last = rounds[-1]
    batched, apart = (measure_values(make_record(EXPERIMENT, [last[name][2]]), "accuracy")[-1] for name in ("one", "two"))
    off = max(np.abs(batched - apart).max(), np.abs(batched[:, 0] - last["plain"][2]).max())
    accuracies = ", ".join(f"{value:.2f}" for value in last["plain"][2])
    line("accuracies of the first seed", f"± {off:.0e}", f"points apart at most: {accuracies} %")


if __name__ == "__main__":
    main()
