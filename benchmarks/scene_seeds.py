"""The table of known results: every scene and its counterpart, trained over hundreds of seeds that no page begins with.

    python -m benchmarks.scene_seeds --seeds 400 --processes 16

It needs PyTorch and NumPy alone. Each process trains a chunk of seeds of one experiment on one thread and measures after the
last epoch. Arrays of the file, S seeds and L losses:

    seeds (S,)              numbers of the seeds
    measures (M,)           keys of `MEASURES`
    torch, numpy            versions that computed it
    KEY (2, M, L, S)        float32, percentage points: a scene with its noise or rare class, and its counterpart without
    KEY.ceilings (2, 2, S)  float32, percentage points: accuracy and average precision of the Bayes rule on the same test sets
    KEY.digest              of the settings, so that a table of other scenes is refused
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from lossviz.analysis.training.batched_training import train
from lossviz.analysis.training.ceiling import ceilings
from lossviz.analysis.training.counterparts import counterpart
from lossviz.analysis.training.experiment import Experiment
from lossviz.analysis.training.measures import MEASURES, measure_values
from lossviz.analysis.training.record import make_record
from lossviz.analysis.training.reference_results import CEILINGS, FILE, digest
from lossviz.analysis.training.scenes import SCENES
from lossviz.data.toy_datasets import DatasetSpec

FIRST = 1000
"""The first seed. The page begins with seed 0, so its draws are others than the table's."""

CHUNK = 25
"""At most so many seeds are trained at once: more would not be faster, and the processes would end less evenly."""


class Chunk(NamedTuple):
    """Some seeds of a scene (side 0) or of its counterpart (side 1)."""

    key: str
    side: int
    seeds: range


class Part(NamedTuple):
    """What a chunk came to: values (M, L, S), ceilings (2, S) or None for digits, and seconds of the processor."""

    chunk: Chunk
    values: np.ndarray
    ceilings: np.ndarray | None
    seconds: float


def experiment_of(key: str, side: int) -> Experiment:
    """A scene's experiment, or its counterpart."""
    experiment = SCENES[key].experiment
    chosen = counterpart(experiment) if side else experiment
    assert chosen is not None, f"{key} has no counterpart"
    return chosen


def train_chunk(chunk: Chunk) -> Part:
    """Train a chunk on one thread."""
    torch.set_num_threads(1)
    start = time.process_time()
    experiment = experiment_of(chunk.key, chunk.side)
    values, best = last(experiment, chunk.seeds), bayes(experiment.dataset_spec, chunk.seeds)
    return Part(chunk, values, best, time.process_time() - start)


def last(experiment: Experiment, seeds: range) -> np.ndarray:
    """All measures (M, L, S) after the last epoch, in percentage points."""
    epochs = (0, experiment.epochs)  # the first one is what a loss that diverges is told by
    end = [snapshot for _, snapshot in train(experiment, seeds, epochs=epochs) if snapshot is not None][-1]
    return np.stack([measure_values(make_record(experiment, [end]), key)[-1] for key in MEASURES])


def bayes(dataset_spec: DatasetSpec, seeds: range) -> np.ndarray | None:
    """Accuracy and average precision (2, S) of the Bayes rule, in percentage points; None for digits."""
    best = ceilings(dataset_spec, seeds)
    return None if best is None else 100 * np.stack([getattr(best, name) for name in CEILINGS])


def chunks(keys: Iterable[str], seeds: range) -> list[Chunk]:
    """All that is to be done, the dearest first, so that no process begins a long one at the end."""
    parts = [seeds[start : start + CHUNK] for start in range(0, len(seeds), CHUNK)]
    every = [Chunk(key, side, part) for key in keys for side in (0, 1) for part in parts]
    return sorted(every, key=lambda one: -experiment_of(one.key, one.side).seconds * len(one.seeds))


def train_chunks(todo: Sequence[Chunk], processes: int) -> Iterator[Part]:
    """The parts, in the order in which they are done."""
    if processes == 1:
        yield from map(train_chunk, todo)
        return
    # spawn: a fork of a process whose torch has threads may hang
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        for future in as_completed([pool.submit(train_chunk, chunk) for chunk in todo]):
            yield future.result()


def scene_arrays(key: str, parts: Iterable[Part]) -> dict[str, np.ndarray]:
    """A scene's arrays of the file."""
    scene_parts = [part for part in parts if part.chunk.key == key]
    sides = [sorted((p for p in scene_parts if p.chunk.side == side), key=lambda p: p.chunk.seeds.start) for side in (0, 1)]
    values = np.stack([np.concatenate([part.values for part in side], axis=-1) for side in sides])
    arrays = {key: values.astype(np.float32), f"{key}.digest": np.array(digest(SCENES[key].experiment))}
    if scene_parts[0].ceilings is not None:
        best = np.stack(
            [np.concatenate([part.ceilings for part in side if part.ceilings is not None], axis=-1) for side in sides]
        )
        arrays[f"{key}.ceilings"] = best.astype(np.float32)
    return arrays


def write(path: Path, seeds: range, arrays: dict[str, np.ndarray]) -> None:
    """The whole table, compressed, without pickles."""
    about = {
        "seeds": np.array(seeds, np.int64),
        "measures": np.array(list(MEASURES)),
        "torch": np.array(torch.__version__.split("+")[0]),
        "numpy": np.array(np.__version__),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, allow_pickle=False, **about, **arrays)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Trains every scene and its counterpart over many seeds, and writes the table."
    )
    parser.add_argument("--seeds", type=int, default=400, help="how many (400)")
    parser.add_argument("--first", type=int, default=FIRST, help=f"number of the first ({FIRST})")
    parser.add_argument(
        "--scenes", nargs="+", choices=list(SCENES), default=list(SCENES), help="keys; a part makes no whole table"
    )
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--out", type=Path, default=FILE)
    return parser.parse_args()


def main() -> None:
    """Train, say how far it is, and write."""
    options = parse_arguments()
    seeds = range(options.first, options.first + options.seeds)
    todo, parts, start = chunks(options.scenes, seeds), [], time.perf_counter()
    for part in train_chunks(todo, options.processes):
        parts.append(part)
        side = "counterpart" if part.chunk.side else "scene"
        done = f"{len(parts)}/{len(todo)} after {time.perf_counter() - start:.0f} s"
        print(f"{done}: {part.chunk.key} {side} {part.chunk.seeds} {part.seconds:.1f} s", flush=True)
    arrays: dict[str, np.ndarray] = {}
    for key in options.scenes:
        arrays |= scene_arrays(key, parts)
        busy = sum(part.seconds for part in parts if part.chunk.key == key)
        print(f"{key}: {busy / len(seeds):.3f} s of the processor for a seed of scene and counterpart")
    write(options.out, seeds, arrays)
    busy, size = sum(part.seconds for part in parts), options.out.stat().st_size / 1e6
    print(f"{time.perf_counter() - start:.0f} s, {busy:.0f} s of the processor; {options.out}: {size:.2f} MB")


if __name__ == "__main__":
    main()
