"""What the words of the page Training mean: an experiment, its losses by name, and what of the words could not be."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..analysis.training import Claim, Experiment, claim, claim_counterpart
from ..analysis.training.experiment import check_loss
from ..analysis.training.views import available_views
from ..data.toy_datasets import DatasetSpec, class_count, class_counts
from ..errors import InputError
from ..fields import Vector
from ..losses import LOSSES, LossSpec, loss
from ..naming.names import label
from ..texts import say
from .fields import FIELDS, TRAINING
from .pins import Pin, parse_pins, pins_text
from .sample import Values, read


class TrainingQuery(NamedTuple):
    """An experiment, what its losses are called, the first one first, and the smallest difference that matters, in points."""

    experiment: Experiment
    labels: tuple[str, ...]
    margin: float

    @property
    def claim(self) -> Claim | None:
        """The claim that the experiment is about."""
        return claim(self.experiment)

    @property
    def trainings(self) -> tuple[Experiment, ...]:
        """What is trained: the experiment, and its counterpart where a claim is judged by both."""
        counterpart_experiment = claim_counterpart(self.experiment)
        return (self.experiment,) if counterpart_experiment is None else (self.experiment, counterpart_experiment)


def training_query(values: Values) -> tuple[TrainingQuery, tuple[str, ...]]:
    """The experiment that these values describe, and what of them could not be; whether it can be trained, `check` says."""
    problems: list[str] = []
    v = read(values, {field.name: field for field in TRAINING}, problems)
    dataset_spec = _dataset_spec(v, problems)
    losses = _losses(v["losses"], class_count(dataset_spec.shape), problems)
    experiment = Experiment(
        dataset_spec,
        losses,
        seeds=v["seeds"],
        width=v["width"] if v["model"] == "mlp" else 0,
        optimiser=v["optimiser"],
        learning_rate=v["learning_rate"],
        epochs=v["epochs"],
        batch=v["batch_size"],
        prior=v["bias_prior"],
        equal_gradient=v["equal"] == "logit-gradient",
        first_seed=v["first_seed"],
    )
    return TrainingQuery(experiment, tuple(label(spec, [0]) for spec in losses), v["margin"]), tuple(problems)


def field_problems(values: Values) -> list[str]:
    """Which of these values do not go with the data. Controls do not offer them, and put a default in their place unasked."""
    messages: list[str] = []
    v = read(values, {field.name: field for field in TRAINING}, [])
    for name in ("rare", "flip_from", "flip_to"):
        _class(v, name, messages)
    look = str(values.get("look", FIELDS["look"].default))
    if look not in available_views(v["world"]):
        text = say(
            "look: {look} is not available for {world}, which have no plane to draw. Using {instead} instead.",
            look=look,
            world=v["world"],
            instead=FIELDS["look"].default,
        )
        messages.append(text)
    return messages


def field_values(experiment: Experiment) -> dict[str, Any]:
    """The values that `training_query` reads the experiment from; what they leave open is at its default."""
    dataset_spec, pair = experiment.dataset_spec, experiment.dataset_spec.pair or (1, 0)
    return {field.name: field.default for field in TRAINING} | {
        "world": dataset_spec.shape,
        "examples": dataset_spec.samples,
        "ratio": dataset_spec.ratio,
        "rare": str(dataset_spec.rare),
        "apart": dataset_spec.separation,
        "means": Vector.text(dataset_spec.means),
        "flips": dataset_spec.noise.replace(" ", "-"),
        "flip_rate": dataset_spec.rate,
        "flip_from": str(pair[0]),
        "flip_to": str(pair[1]),
        "model": experiment.model,
        "width": experiment.width or FIELDS["width"].default,
        "optimiser": experiment.optimiser,
        "learning_rate": experiment.learning_rate,
        "epochs": experiment.epochs,
        "batch_size": experiment.batch,
        "bias_prior": experiment.prior,
        "seeds": experiment.seeds,
        "first_seed": experiment.first_seed,
        "equal": experiment.budget,
        "losses": pins_text(map(Pin, experiment.losses)),
    }


def class_options(world: str) -> tuple[str, ...]:
    """The classes of a dataset, as words."""
    return tuple(map(str, range(class_count(world))))


def _dataset_spec(v: dict[str, Any], problems: list[str]) -> DatasetSpec:
    rare, a, b = (_class(v, name, problems) for name in ("rare", "flip_from", "flip_to"))
    means = FIELDS["means"].parse(v["means"]) if isinstance(v["means"], str) else v["means"]  # type: ignore[union-attr]
    if len(means) not in (0, 4):
        text = say(
            "means: found {n} numbers; expected 4: x and y of class 0, x and y of class 1. Using none instead.", n=len(means)
        )
        problems.append(text)
        means = ()
    noise = v["flips"].replace("-", " ") if v["flip_rate"] else "none"
    return DatasetSpec(
        v["world"],
        v["examples"],
        v["ratio"],
        rare,
        v["apart"],
        means if v["world"] != "digits" else (),
        noise,
        v["flip_rate"] if noise != "none" else 0.0,
        None if noise in ("none", "uniform") else (a, b),
    )


def _class(v: dict[str, Any], name: str, problems: list[str]) -> int:
    """A class that the dataset has."""
    number, most = int(v[name]), class_count(v["world"]) - 1
    if number > most:
        instead = int(FIELDS[name].default)  # type: ignore[arg-type]
        text = say(
            "{name}: found {number}; expected a class from 0 to {most}. Using {instead} instead.",
            name=name,
            number=number,
            most=most,
            instead=instead,
        )
        problems.append(text)
        return instead
    return number


def _losses(text: str, classes: int, problems: list[str]) -> tuple[LossSpec, ...]:
    """The losses that a text names, once each; those of the default where none is left."""
    pins, unread = parse_pins(text, name="losses")
    problems.extend(unread)
    specs: list[LossSpec] = []
    for number, pin in enumerate(pins, 1):
        try:
            check_loss(pin.spec, classes)
        except InputError as error:
            problems.append(say("losses, number {number}: {error} This loss is left out.", number=number, error=str(error)))
            continue
        if pin.spec not in specs:
            specs.append(pin.spec)
    default = str(FIELDS["losses"].default)
    return tuple(specs) if specs or text == default else _losses(default, classes, problems)


def presets(dataset_spec: DatasetSpec, first: LossSpec) -> dict[str, str]:
    """Comparisons worth one click, as the text of the word `losses`; with the activation of the present first loss."""
    a = first.activation
    ce, focal = loss("cross-entropy", a), loss("focal", a, gamma=2.0)
    weight = _balanced(dataset_spec)
    comparisons = {
        say("γ = 0, 1, 2, 5"): (ce, *(loss("focal", a, gamma=gamma) for gamma in (1.0, 2.0, 5.0))),
        say("Class weights"): (ce, loss("cross-entropy", a, weight=weight), focal, loss("focal", a, gamma=2.0, weight=weight)),
        say("Label smoothing"): (ce, loss("cross-entropy", a, label_smoothing=0.1), focal),
        say("Robust losses"): (ce, focal, *(loss(key, a) for key in ROBUST if key in LOSSES and a in LOSSES[key].activations)),
        say("α, with sigmoid"): (
            loss("cross-entropy", "sigmoid"),
            *(loss("focal", "sigmoid", gamma=2.0, alpha=alpha) for alpha in (None, 0.25, 0.75)),
        ),
    }
    return {name: pins_text(map(Pin, specs)) for name, specs in comparisons.items()}


ROBUST = ("generalized-cross-entropy", "symmetric-cross-entropy")


def _balanced(dataset_spec: DatasetSpec) -> tuple[float, ...]:
    """Weights N/(C·n_c) of the classes, to two decimals."""
    numbers = class_counts(dataset_spec)
    return tuple(round(sum(numbers) / (len(numbers) * max(n, 1)), 2) for n in numbers)
