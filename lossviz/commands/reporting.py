"""The work of `lossviz report`: reads a file of predictions of any size a block at a time, and writes one HTML file."""

from __future__ import annotations

import argparse
import resource
import sys
import time
from typing import Any

from ..batches import batch_activations, batch_losses, named
from ..data.files.checks import FileProblem
from ..data.files.reading import stream
from ..data.predictions import Survey
from ..errors import InputError
from ..evaluate import use_threads
from ..losses import LOSSES, LossSpec, loss
from ..report import compute, report


def write(given: argparse.Namespace) -> int:
    """0 if a report was written, 2 if not, and why on the standard error."""
    try:
        return _report(given)
    except (FileProblem, InputError, OSError) as problem:
        print(f"lossviz: {problem}", file=sys.stderr)
        return 2


def _report(given: argparse.Namespace) -> int:
    start = time.perf_counter()
    use_threads(given.threads)
    source = stream(given.file)
    survey = source.survey
    first = next(iter(source.blocks())).rows(slice(0, 50))
    lines = tuple(named(spec, first, slot) for slot, spec in enumerate(_specs(given, survey)))
    told = compute(source, lines, lambda done: _progress(done, survey.samples))
    given.output.write_text(report(told), encoding="utf-8")
    seconds = time.perf_counter() - start
    _progress(survey.samples, survey.samples, end="\n")
    print(f"{given.output}: {survey.samples:,} samples × {survey.classes} classes, {seconds:.1f} s, peak memory {_peak()} MB")
    return 0


def _specs(given: argparse.Namespace, survey: Survey) -> list[LossSpec]:
    """The losses that are asked for; InputError if one does not go with the file."""
    if given.loss not in batch_losses(survey):
        raise InputError("--loss", given.loss, f"one of {', '.join(batch_losses(survey))} for a {survey.task} file")
    offered = batch_activations(given.loss, survey)
    if given.activation and given.activation not in offered:
        raise InputError("--activation", given.activation, f"{' or '.join(offered)} for {given.loss} on this file")
    activation = given.activation or (offered or LOSSES[given.loss].activations)[0]
    known = {p.name for p in LOSSES[given.loss].parameters}
    parameters: dict[str, Any] = {
        name: value
        for name, value in (("label_smoothing", given.label_smoothing), ("temperature", given.temperature))
        if name in known
    }
    if given.alpha is not None:
        parameters["alpha"] = given.alpha
    gammas = dict.fromkeys(given.gamma) if "gamma" in known else [None]
    more = [{} if gamma is None else {"gamma": gamma} for gamma in gammas]
    return [loss(given.loss, activation, **parameters, **one) for one in more]


def _progress(done: int, rows: int, end: str = "") -> None:
    if sys.stderr.isatty():
        print(f"\r{done:,} of {rows:,} samples", end=end, file=sys.stderr, flush=True)


def _peak() -> int:
    """The most memory that this process has held, in MB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit // 1_000_000
