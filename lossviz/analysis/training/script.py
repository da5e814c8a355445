"""An experiment as a standalone program: PyTorch and NumPy, without lossviz, that arrives at the same numbers.

It consists of the code that lossviz itself draws its datasets with, of the plain loop, and of losses as `snippet` writes them.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

import numpy as np
import torch

from ...losses import LossSpec
from ...naming.names import label
from ...naming.snippet import call
from ..quantiles import student
from . import intervals, training_loop
from .claims import claim
from .experiment import Experiment
from .models import initial_biases, uniform_init
from .script_data import data_code
from .script_text import literal, source, title
from .sentences import losses_in_words
from .snapshots import average_precision


def script(experiment: Experiment) -> str:
    """An experiment as a Python program that trains seed by seed and loss by loss, and prints the last epoch's measures.

    It needs PyTorch, NumPy and, for the digits, scikit-learn. Rounding aside its numbers are those of `train`.

    Raises:
        InputError: for settings of which nothing can be trained.
    """
    experiment.check()
    parts = [*data_code(experiment), *_losses(experiment), *_loop(experiment)]
    code = "\n\n\n".join(part.strip("\n") for part in parts)
    return f"{_head(experiment, code)}\n\n{code}\n"


INTERVALS = (intervals.bootstrap_t, intervals.bootstrap_weights.__wrapped__, intervals.quantile)
"""What the intervals need besides."""

IMPORTS = (
    ("base64.", "import base64"),
    ("math.", "import math"),
    ("Callable", "from collections.abc import Callable, Sequence"),
    ("lru_cache", "from functools import lru_cache, partial"),
    ("pairwise", "from itertools import pairwise"),
    ("NamedTuple", "from typing import Any, NamedTuple"),
    ("np.", "\nimport numpy as np"),
    ("torch.", "import torch"),
    ("F.", "import torch.nn.functional as F"),
    ("NDArray", "from numpy.typing import NDArray"),
    ("load_digits", "from sklearn.datasets import load_digits"),
    ("Tensor", "from torch import Tensor"),
)
"""What code that has the word on the left needs, in the order in which it is written."""


def _head(experiment: Experiment, code: str) -> str:
    needs = "PyTorch, NumPy and scikit-learn" if experiment.dataset_spec.shape == "digits" else "PyTorch and NumPy"
    versions = f"torch {torch.__version__.split('+')[0]} and numpy {np.__version__}"
    doc = ABOUT.format(needs=needs, versions=versions).strip()
    return "\n".join(
        [doc, "", "from __future__ import annotations", "", *(line for word, line in IMPORTS if word in code), ALIASES]
    )


ABOUT = '''
"""An experiment of lossviz as a plain program: each loss trains each seed's model, one after the other.

It needs {needs}, and prints what the page says after the last epoch. Each seed has its own
data, label noise, initialization and batches, which all losses share. Written with {versions}.
"""
'''


ALIASES = """
Array = NDArray[np.float64]
Labels = NDArray[np.int64]
Loss = Callable[[Tensor, Tensor], Tensor]

torch.set_num_threads(1)  # so small a model only waits for a second thread
"""


def _losses(experiment: Experiment) -> Iterator[str]:
    """A function for each loss, and all of them by name."""
    yield title("The losses")
    yield from (_loss(n, spec, experiment.classes) for n, spec in enumerate(experiment.losses))
    if experiment.equal_gradient:
        yield source(training_loop.equal_gradient)
    template = "equal_gradient(loss_{}, loss_0)" if experiment.equal_gradient else "loss_{}"
    functions = ["loss_0", *(template.format(n) for n in range(1, len(experiment.losses)))]
    names = [literal(_name(spec, experiment.classes)) for spec in experiment.losses]
    yield "\n".join(["LOSSES = [", *(f"    ({a}, {b})," for a, b in zip(names, functions, strict=True)), "]"])


def _name(spec: LossSpec, classes: int) -> str:
    return label(spec, np.eye(classes)[[0]])


def _loss(n: int, spec: LossSpec, classes: int) -> str:
    """The sum of a batch's losses as a function."""
    ignored = spec.ignore_index is not None and 0 <= spec.ignore_index < classes
    made = call(spec, classes, spec.activation == "softmax", ignored)
    lines = [*made.constants, *made.steps, f"return {made.expression}"]
    if spec.activation == "sigmoid":
        lines.insert(0, f"targets = F.one_hot(labels, {classes}).to(logits.dtype)")
    if "[valid]" in " ".join(lines):
        lines.insert(0, f"valid = labels != {spec.ignore_index}")
    lines.insert(0, f'"""The sum of {_name(spec, classes)}."""')
    return f"def loss_{n}(logits: Tensor, labels: Tensor) -> Tensor:\n" + textwrap.indent("\n".join(lines), "    ")


def _loop(experiment: Experiment) -> Iterator[str]:
    """The plain loop and its numbers."""
    yield title("The plain loop")
    yield from (
        source(x)
        for x in (
            training_loop.Hyperparameters,
            uniform_init,
            training_loop.predict,
            training_loop.train_model,
            training_loop.Readout,
            training_loop.log_odds,
        )
    )
    yield source(average_precision)
    yield f"METRICS = {training_loop.METRICS}"
    yield from (source(x) for x in (training_loop.evaluate_model, training_loop.compare_losses))
    yield f"DRAWS, FEWEST, SAME = {intervals.DRAWS}, {intervals.FEWEST}, {intervals.SAME}"
    yield from (source(x) for x in (intervals.simultaneous, intervals.distinct_values, *INTERVALS, training_loop.format_table))
    kind = "Adam(weights, {})" if experiment.optimiser == "adam" else "SGD(weights, {}, momentum=0.9)"
    optimiser = kind.format(experiment.learning_rate)
    t = _quantile(experiment.seeds - 1)
    shown = RUN_BOTH.format(cause=about.cause) if (about := claim(experiment)) else RUN
    yield MAIN.format(
        experiment=experiment,
        optimiser=optimiser,
        biases=_biases(experiment),
        t=t,
        readouts=_readouts(experiment),
        heading=_heading(experiment),
        shown=shown.strip("\n"),
    )


def _heading(experiment: Experiment) -> str:
    seeds, losses = experiment.seed_numbers, len(experiment.losses) - 1
    which = f"{len(seeds)} seeds, {seeds[0]} to {seeds[-1]}" if len(seeds) > 1 else f"seed {seeds[0]}"
    level = f"95 % interval over seeds, for {losses_in_words(losses)} at once" if losses > 1 else "95 % interval over seeds"
    return f'"after the last epoch, {which}, in %; "\n        "difference to the first loss in points [{level}]"'


def _readouts(experiment: Experiment) -> str:
    rare = experiment.dataset_spec.rare
    rows = [f"    Readout({literal(spec.activation)}, {spec.temperature}, rare={rare})," for spec in experiment.losses]
    return "\n".join(["READOUTS = [", *rows, "]"])


def _quantile(freedom: int) -> str:
    if not freedom:
        return "0.0  # one seed has no interval"
    return f"{student(freedom, 0.95)}  # 95 % of Student's distribution with ν = {freedom} lie within ±t"


def _biases(experiment: Experiment) -> str:
    """The last layer's first biases as an argument: they are alike but for the rare class's."""
    biases, rare = initial_biases(experiment)[0].tolist(), experiment.dataset_spec.rare
    common = biases[rare - 1]
    if experiment.prior is None:
        return f"biases=({common},) * {len(biases)},"
    comment = f"# Class {rare} starts at probability {experiment.prior}."
    return f"{comment}\n    biases=({common},) * {rare} + ({biases[rare]},) + ({common},) * {len(biases) - rare - 1},"


MAIN = """
{readouts}

HYPERPARAMETERS = Hyperparameters(
    layer_sizes={experiment.layer_sizes},
    {biases}
    optimiser=lambda weights: torch.optim.{optimiser},
    epochs={experiment.epochs},
    batch={experiment.batch},
)

if __name__ == "__main__":
    names, losses = zip(*LOSSES, strict=True)
    seeds = {experiment.seed_numbers}
    t = {t}
    about = (
        {heading}
    )
{shown}
"""

RUN = """
    results = compare_losses(HYPERPARAMETERS, losses, READOUTS, partial(data, SPEC), seeds)
    print(format_table(f"As set, {about}", names, results, t))
"""

RUN_BOTH = """
    present = compare_losses(HYPERPARAMETERS, losses, READOUTS, partial(data, SPEC), seeds)
    absent = compare_losses(HYPERPARAMETERS, losses, READOUTS, partial(data, COUNTERPART), seeds)
    effect = {{name: present[name] - absent[name] for name in METRICS}}
    for head, values in (("With {cause}", present), ("Without", absent), ("With − without", effect)):
        print(format_table(f"{{head}}, {{about}}", names, values, t), end="\\n\\n")
"""
