"""The work of `lossviz report`: reads a file of predictions of any size a block at a time, and writes one HTML file."""

from __future__ import annotations

import argparse
import resource
import sys
import time
from typing import Any

from ..data.characters import visible
from ..data.files.loader import stream
from ..data.files.problems import FileProblem
from ..data.files.recognition import ColumnFlags
from ..data.predictions import Survey
from ..errors import InputError
from ..evaluation.devices import use_threads
from ..fields import Choice, Number
from ..losses import LOSSES, LossSpec, loss
from ..numbers import counted
from ..report import compute, passes, report
from ..state.batch import batch_activations, batch_losses, named, query_of_lines
from .loss_parameters import loss_parameters
from .progress import Bar, Observed

GAMMAS = (2.0, 0.0, 1.0, 5.0)
"""The γ of a report without --gamma, the present one first."""


def write(options: argparse.Namespace) -> int:
    """0 if a report was written, 2 if not, and why on the standard error."""
    try:
        return _report(options)
    except (FileProblem, InputError, OSError) as problem:
        lines = [f"lossviz: {problem}", *(f"  {remedy.flag}    {remedy.label}" for remedy in getattr(problem, "remedies", ()))]
        for line in "\n".join(lines).split("\n"):
            print(visible(line), file=sys.stderr)  # texts of the file, which a terminal could obey
        return 2


def _report(options: argparse.Namespace) -> int:
    start = time.perf_counter()
    use_threads(options.threads)
    with Bar("Checking", 1.0) as bar:
        source = stream(options.files, _flags(options), bar.reach)
    survey = source.survey
    first = next(iter(source.blocks())).rows(slice(0, 50))
    lines = tuple(named(spec, first, slot) for slot, spec in enumerate(_specs(options, survey)))
    with Bar("Computing", survey.samples * passes(survey), " samples") as bar:
        content = compute(Observed(source, bar.add), query_of_lines(survey, lines))
    options.output.write_text(report(content, language=options.lang), encoding="utf-8")
    seconds = time.perf_counter() - start
    ignored = f" ({survey.rows - survey.samples:,} of {survey.rows:,} rows ignored)" if survey.ignored else ""
    classes = "1 sigmoid logit" if survey.classes == 1 else counted(survey.classes, "class", "classes")
    shape = f"{counted(survey.samples, 'sample')} × {classes}{ignored}"
    print(f"{options.output}: {shape}, {seconds:.1f} s, peak memory {_peak()} MB")
    return 0


def _flags(options: argparse.Namespace) -> ColumnFlags:
    """What is said of the columns."""
    values = {name: getattr(options, name) for name in ColumnFlags._fields}
    lists = ("logits", "probs", "label", "classes", "ignore_label")
    return ColumnFlags(**values | {name: tuple(values[name] or ()) for name in lists})


def _specs(options: argparse.Namespace, survey: Survey) -> list[LossSpec]:
    """The losses of the options; InputError if one does not go with the file."""
    if options.loss not in batch_losses(survey):
        raise InputError("--loss", options.loss, f"one of {', '.join(batch_losses(survey))} for a {survey.task} file")
    offered = batch_activations(options.loss, survey)
    if options.activation and options.activation not in offered:
        raise InputError("--activation", options.activation, f"{' or '.join(offered)} for {options.loss} on this file")
    activation = options.activation or (offered or LOSSES[options.loss].activations)[0]
    values = {name: value for name in loss_parameters() if (value := getattr(options, name)) is not None}
    if survey.masked and options.label_smoothing:
        raise InputError("--label-smoothing", f"{options.label_smoothing:g}", "0, since −inf of masked classes would cost ∞")
    own = {p.name: p for p in LOSSES[options.loss].parameters}
    for name in values:
        if name not in own:
            flags = ", ".join(f"--{p.replace('_', '-')}" for p in own if p != "ignore_index")
            raise InputError(f"--{name.replace('_', '-')}", str(values[name]), f"a parameter of {options.loss}: {flags}")
    gammas = dict.fromkeys(values.pop("gamma", GAMMAS)) if "gamma" in own else [None]
    parameters = {name: _value(own[name], value) for name, value in values.items()}
    variants: list[dict[str, Any]] = [{} if gamma is None else {"gamma": gamma} for gamma in gammas]
    return [loss(options.loss, activation, **parameters, **focusing) for focusing in variants]


def _value(field: Number | Choice, value: Any) -> Any:
    """A list of one as a number, where the parameter may be one."""
    if isinstance(value, list):
        return value[0] if len(value) == 1 and isinstance(field, Number) and field.scalar else tuple(value)
    return value


def _peak() -> int:
    """The peak memory of this process, in MB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit // 1_000_000
