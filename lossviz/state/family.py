"""A map of the family: every name of the field is a place, that is settings, and what people use them for.

Titles, other names and explanations are derived from the settings (`names`); here stands only what settings cannot say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from ..evaluation.setting import Setting, as_targets
from ..naming.catalogue import Names
from ..naming.names import names
from .sample import View, resolve


class Place(NamedTuple):
    """words: the settings, as a link has them. use: what it is typically for. origin: where it comes from."""

    words: Mapping[str, str | float]
    use: str
    origin: str

    @property
    def view(self) -> View:
        """The place's own sample under its loss."""
        return resolve(self.words)

    @property
    def names(self) -> Names:
        """What it is called."""
        return called(self.view.setting)


class Region(NamedTuple):
    """An activation and the terms that count after it."""

    title: str
    terms: str
    rows: Mapping[str, tuple[str, ...]]


def called(setting: Setting) -> Names:
    """The names of a setting."""
    return names(setting.spec, as_targets(setting.spec, np.array([setting.targets])))


def here(setting: Setting) -> str | None:
    """The place whose name a setting has; None where the map has none."""
    title = called(setting).title
    return next((key for key, place in PLACES.items() if place.names.title == title), None)


def _softmax(**words: str | float) -> dict[str, str | float]:
    return {"sample": "own numbers", "loss": "cross-entropy", "activation": "softmax", **words}


def _one(**words: str | float) -> dict[str, str | float]:
    return {"task": "binary", "loss": "cross-entropy", "activation": "sigmoid", **words}


def _several(**words: str | float) -> dict[str, str | float]:
    return {"task": "multi-label", "loss": "cross-entropy", "activation": "sigmoid", **words}


PLACES: dict[str, Place] = {
    "categorical": Place(
        _softmax(),
        "Classification into one of C classes: images, tokens of a language model, anything with a single right answer.",
        "Good 1952 for the logarithmic score; Bridle 1990 put softmax before it. Caffe called both together SoftmaxWithLoss.",
    ),
    "weighted": Place(
        _softmax(weight="1 2 4"),
        "Rare classes, or mistakes of different cost. PyTorch's mean divides by the weights, so a batch of one feels none.",
        "Cost-sensitive learning: Elkan 2001, The Foundations of Cost-Sensitive Learning.",
    ),
    "smoothed": Place(
        _softmax(label_smoothing=0.1),
        "Against overconfidence: the best logits are finite, their lead log((1 − ε)C/ε + 1).",
        "Szegedy et al. 2016, Rethinking the Inception Architecture, section 7.",
    ),
    "tempered": Place(
        _softmax(temperature=2.0),
        "Calibration after training, and soft targets for distillation: T > 1 flattens the probabilities.",
        "Hinton et al. 2015 for distillation, Guo et al. 2017 for calibration.",
    ),
    "soft": Place(
        _softmax(target="soft", targets="0.7 0.2 0.1"),
        "Distillation from a teacher's probabilities, mixup, several annotators who disagree.",
        "Kullback and Leibler 1951 for the divergence; Hinton et al. 2015 for distillation.",
    ),
    "shared": Place(
        _softmax(target="soft", targets="0.5 0 0.5"),
        "Tags of an image where one ranking of all classes is wanted, and their number is not asked.",
        "Mahajan et al. 2018, Exploring the Limits of Weakly Supervised Pretraining, section 2.",
    ),
    "softmax-focal": Place(
        _softmax(loss="focal", gamma=2.0),
        "Segmentation and classification with many easy samples; calibration of networks (Mukhoti et al. 2020).",
        "Lin et al. 2017 have it for sigmoids; the softmax version spread with Keras and segmentation libraries.",
    ),
    "softmax-focal-soft": Place(
        _softmax(loss="focal", gamma=2.0, target="soft", targets="0.7 0.2 0.1"),
        "Focal loss together with label smoothing or mixup. Its minimum is not at the targets.",
        "Keras' CategoricalFocalCrossentropy and others: a factor on each class's term.",
    ),
    "binary": Place(
        _one(),
        "One yes-or-no question: spam, click, defect; the discriminator of a GAN.",
        "Cox 1958, The Regression Analysis of Binary Sequences; as a network's loss since the 1980s.",
    ),
    "balanced": Place(
        _one(alpha=0.25),
        "A baseline for imbalance: α on positives, 1 − α on negatives, whatever their difficulty.",
        "Lin et al. 2017, eq. 3; Xie and Tu 2015 (edge detection) before.",
    ),
    "positive": Place(
        _one(pos_weight=3.0),
        "Rare positives: the recall goes up, and the threshold on the true probability down to 1/(1 + w).",
        "King and Zeng 2001 for logistic regression of rare events; PyTorch's pos_weight.",
    ),
    "one-vs-rest": Place(
        _softmax(activation="sigmoid"),
        "One true class, yet each is asked on its own: open sets, detectors, very many classes.",
        "Rifkin and Klautau 2004, In Defense of One-Vs-All Classification.",
    ),
    "multi-label": Place(
        _several(),
        "Several classes may be true at once: tags, findings in an X-ray. MultiLabelSoftMarginLoss is its mean over classes.",
        "A sum of C logistic regressions; Nam et al. 2014, Large-scale Multi-label Text Classification, for networks.",
    ),
    "binary-soft": Place(
        _one(target="soft", targets="0.7"),
        "A probability as the target: click rates, smoothed labels, a teacher.",
        "The same formula: nothing in it asks t to be 0 or 1.",
    ),
    "multi-label-soft": Place(
        _several(target="soft", targets="0.9 0.25 0"),
        "Tags with degrees, or smoothed tags.",
        "The same sum: nothing in it asks t to be 0 or 1.",
    ),
    "sigmoid-focal": Place(
        _one(loss="focal", gamma=2.0),
        "Dense detection: a hundred thousand easy negatives shall not drown a hundred positives.",
        "Lin et al. 2017, Focal Loss for Dense Object Detection, eq. 4.",
    ),
    "retinanet": Place(
        _one(loss="focal", gamma=2.0, alpha=0.25),
        "What RetinaNet was trained with. With γ = 2 the best α is below ½: γ has turned the negatives down already.",
        "Lin et al. 2017, eq. 5.",
    ),
    "focal-mixed": Place(
        _one(loss="focal", gamma=2.0, soft_form="mixed", target="soft", targets="0.7"),
        "What torchvision, fvcore, Keras' binary version and Optax compute when a target is soft.",
        "The reference code of Detectron and fvcore.",
    ),
    "focal-exp-ce": Place(
        _one(loss="focal", gamma=2.0, soft_form="exp-ce", target="soft", targets="0.7"),
        "What segmentation_models_pytorch computes: its minimum stays at the target.",
        "pytorch-toolbelt, to which segmentation_models_pytorch refers.",
    ),
    "quality-focal": Place(
        _one(loss="quality-focal", gamma=2.0, target="soft", targets="0.7"),
        "A detector's score that is to be the overlap of its box.",
        "Li et al. 2020, Generalized Focal Loss, eq. 2.",
    ),
    "nll": Place(
        {"sample": "own numbers", "loss": "nll"},
        "After a log-softmax of one's own, or for a model that gives log-probabilities itself.",
        "Fisher 1912–1922, maximum likelihood; Torch's ClassNLLCriterion.",
    ),
    "logistic": Place(
        {"task": "binary", "loss": "logistic", "targets": "1"},
        "Binary classification with labels ±1: margins, boosting, linear models.",
        "Cox 1958; Friedman, Hastie and Tibshirani 2000 for the margin form.",
    ),
    "generalized": Place(
        _softmax(loss="generalized-cross-entropy"),
        "Labels of which some are wrong: one that the model does not believe pulls little.",
        "Zhang and Sabuncu 2018; the same power of p is Ferrari and Yang 2010, maximum Lq-likelihood.",
    ),
    "symmetric": Place(
        _softmax(loss="symmetric-cross-entropy"),
        "Labels of which some are wrong: the reverse part stays bounded, and a little cross-entropy keeps training going.",
        "Wang et al. 2019, Symmetric Cross Entropy for Robust Learning with Noisy Labels.",
    ),
}
"""All places by key."""

REGIONS: tuple[Region, ...] = (
    Region(
        "Softmax, then the terms of the target's classes",
        r"-\sum_i w_i\, t_i\, (1 - p_i)^{\gamma} \log p_i",
        {
            "one class is true": ("categorical", "weighted", "smoothed", "tempered"),
            "the target is a distribution": ("soft", "shared"),
            "with γ": ("softmax-focal", "softmax-focal-soft"),
        },
    ),
    Region(
        "Sigmoid, then yes and no of every class",
        r"\begin{aligned}-\sum_i w_i \big[ & t_i (1 - p_i)^{\gamma} \log p_i \\"
        r" & + (1 - t_i)\, p_i^{\gamma} \log (1 - p_i) \big]\end{aligned}",
        {
            "one question": ("binary", "balanced", "positive"),
            "several classes": ("one-vs-rest", "multi-label"),
            "soft targets": ("binary-soft", "multi-label-soft"),
            "with γ": ("sigmoid-focal", "retinanet"),
            "with γ and soft targets": ("focal-mixed", "focal-exp-ce", "quality-focal"),
        },
    ),
    Region(
        "No activation of its own",
        r"-\log p_y \quad\text{or}\quad \log(1 + e^{-yz})",
        {"log-probabilities come in": ("nll",), "labels are ±1": ("logistic",)},
    ),
    Region(
        "Something else than the logarithm",
        r"\sum_i w_i\, t_i\, \frac{1 - p_i^{\,q}}{q} \quad\text{or}\quad a\,\mathrm{CE} - b \sum_i p_i \log t_i",
        {"some labels are wrong": ("generalized", "symmetric")},
    ),
)
"""The map: columns, and in each rows of places."""
