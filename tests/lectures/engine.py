"""What the engine makes of a link: a sample, a curve, a batch or a training."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

import lossviz
from lossviz.analysis import curves
from lossviz.analysis.mistakes import CARDS
from lossviz.analysis.mistakes.card import CardResult, run_card
from lossviz.analysis.training import Experiment, Record, contrast, estimate, make_record, measure_values, train
from lossviz.data import digits
from lossviz.data.detector import detector
from lossviz.data.noise import noisy
from lossviz.evaluation.result import Evaluation
from lossviz.evaluation.setting import Setting, as_targets
from lossviz.lectures import place
from lossviz.state.fields import FIELDS
from lossviz.state.links import from_text
from lossviz.state.pins import parse_pins
from lossviz.state.sample import resolve
from lossviz.state.training import TrainingQuery, training_query

Array = NDArray[np.float64]


def values(link: str) -> dict[str, Any]:
    """The values of a link's words."""
    return {name: from_text(FIELDS[name], text) for name, text in place(link)[1].items()}


def value(link: str, name: str) -> Any:
    """The value of one word, which may be the default."""
    return values(link).get(name, FIELDS[name].default)


def setting(link: str) -> Setting:
    """The sample of a link under its loss."""
    return resolve(values(link)).setting


def evaluated(one: Setting) -> Evaluation:
    """Loss, probabilities and gradient of a sample."""
    return lossviz.evaluate(one.spec, np.array([one.logits]), as_targets(one.spec, np.array([one.targets])))


def sample(link: str) -> Evaluation:
    """Loss, probabilities and gradient of the sample of a link."""
    return evaluated(setting(link))


def pinned(link: str, number: int = 0) -> Evaluation:
    """The same of what the sample is compared with."""
    pins, problems = parse_pins(values(link)["pins"])
    assert not problems
    return evaluated(setting(link)._replace(spec=pins[number].spec))


def curve(link: str, quantity: str) -> curves.Curve:
    """A curve of the sample of a link along the axis that the link has."""
    return curves.curve(setting(link), 0, value(link, "x"), quantity)


def card(link: str) -> CardResult:
    """Both programs of a mistake on the sample of a link."""
    one = setting(link)
    return run_card(CARDS[value(link, "card")], one.logits, one.targets, points=3)


def focal(p: float, gamma: float, **parameters: Any) -> Evaluation:
    """Focal loss of a positive sample to which the model gives p."""
    return lossviz.evaluate(lossviz.loss("focal", "sigmoid", gamma=gamma, **parameters), [np.log(p / (1 - p))], [1])


def multiplier(p: float, gamma: float) -> float:
    """The gradient of focal loss over that of cross-entropy."""
    return float(focal(p, gamma).grad / focal(p, 0.0).grad)


class Anchors(NamedTuple):
    """Loss and length of the gradient (N,) of a detector's anchors, and which of them are objects."""

    loss: Array
    norm: Array
    objects: NDArray[np.bool_]

    def background(self, what: Array) -> float:
        """The share of background, in percent."""
        return float(100 * what[~self.objects].sum() / what.sum())

    def hardest(self, part: float, side: NDArray[np.bool_] | None = None) -> float:
        """The share of the loss that the hardest part of a side carries, or of all anchors, in percent."""
        loss = np.sort(self.loss if side is None else self.loss[side])[::-1]
        return float(100 * loss[: round(len(loss) * part)].sum() / loss.sum())


@cache
def anchors(link: str, gamma: float) -> Anchors:
    """The detector's anchors of a link under focal loss, γ = 0 being cross-entropy."""
    names = ("positives", "negatives", "separation", "prior", "seed")
    rows = detector(*(value(link, name) for name in names)).rows
    ev = lossviz.evaluate(lossviz.loss("focal", "sigmoid", gamma=gamma), rows.logits[:, 0].astype(float), rows.targets)
    return Anchors(ev.loss.numpy(), np.abs(ev.grad.numpy().ravel()), rows.targets == 1)


class Ranking(NamedTuple):
    """Of digits some of whose labels are wrong: loss and gradient (N,), p_t (N,), and which are wrong (N,)."""

    loss: Array
    norm: Array
    p: Array
    wrong: NDArray[np.bool_]

    @property
    def share(self) -> float:
        """The share of the gradient that falls on wrong labels, in percent."""
        return float(100 * self.norm[self.wrong].sum() / self.norm.sum())

    def wrong_among(self, first: int) -> int:
        """How many labels are wrong among the first by loss."""
        return int(self.wrong[np.argsort(-self.loss, kind="stable")[:first]].sum())


@cache
def ranking(link: str, gamma: float) -> Ranking:
    """The digits of a link under focal loss."""
    rows = noisy(digits.batch(), value(link, "noise"), value(link, "noise_rate"), value(link, "noise_seed"), None).rows
    ev = lossviz.evaluate(lossviz.loss("focal", gamma=gamma), rows.logits.astype(float), rows.targets)
    p = ev.probs.numpy()[np.arange(len(rows)), rows.targets]
    assert rows.suspects is not None
    return Ranking(ev.loss.numpy(), ev.grad.norm(dim=1).numpy(), p, rows.suspects)


class Trained(NamedTuple):
    """The experiment of a link after some of its epochs, the last one last, and beside it what has no noise."""

    query: TrainingQuery
    record: Record
    counterpart: Record | None

    def mean(self, measure: str, number: int = 0) -> float:
        """The mean over seeds of a measure at the end, in percent, of one of the losses."""
        return float(measure_values(self.record, measure)[-1].mean(-1)[number])

    def change(self, measure: str, number: int = 1, epoch: int = -1) -> float:
        """The mean difference of a loss to the first one, with the noise."""
        return float(contrast(self.record, None, measure).differences[epoch].mean(-1)[number - 1])

    def effect(self, measure: str = "accuracy", number: int = 1, epoch: int = -1) -> tuple[float, float, float]:
        """What the noise changes of that difference: the mean, and the ends of its interval."""
        estimates = estimate(contrast(self.record, self.counterpart, measure).effect[epoch])
        return float(estimates.mean[number - 1]), float(estimates.low[number - 1]), float(estimates.high[number - 1])

    def seeds(self, number: int = 1) -> Array:
        """What the noise changes of the accuracy, seed by seed."""
        differences: Array = contrast(self.record, self.counterpart, "accuracy").effect[-1][number - 1]
        return differences


@cache
def trained(link: str) -> Trained:
    """The training of a link; what several links have in common is trained once."""
    query, problems = training_query(values(link))
    assert not problems
    records = [_trained(experiment) for experiment in query.trainings]
    return Trained(query, records[0], records[1] if len(records) > 1 else None)


EARLY = 2
"""An early epoch that is measured, too."""


@cache
def _trained(experiment: Experiment) -> Record:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        snapshots = train(experiment, epochs=(0, EARLY, experiment.epochs))
        return make_record(experiment, [one for _, one in snapshots if one is not None])
    finally:
        torch.set_num_threads(threads)


def underconfident(record: Record, number: int) -> bool:
    """Whether a loss's predictions are right more often than they say."""
    _, confidence, right, _ = np.moveaxis(record.runs.reliability[-1][number], -1, 0)
    return bool(right.sum() > confidence.sum())
