"""Experiments whose outcome is known over hundreds of seeds; a page trains them anew with a few."""

from __future__ import annotations

from typing import NamedTuple

from ...data.toy_datasets import DatasetSpec
from ...losses import LossSpec, loss
from ...texts import say
from .experiment import Experiment


class TrainingScene(NamedTuple):
    """An experiment worth a look. says: why it comes out as it does; measure: the key of one of `MEASURES` that shows it."""

    key: str
    title: str
    reason: str
    experiment: Experiment
    measure: str
    source: str = say("measured for this project")


SOFTMAX_FOCAL = (loss("cross-entropy"), *(loss("focal", gamma=gamma) for gamma in (1.0, 2.0, 5.0)))
"""Cross-entropy, and softmax focal loss."""

SIGMOID_FOCAL = (
    loss("cross-entropy", "sigmoid"),
    loss("focal", "sigmoid", gamma=2.0),
    loss("focal", "sigmoid", gamma=5.0),
)
"""Sigmoid cross-entropy, and focal loss at the same α, none: only γ differs."""

ALPHA_FOCAL = (
    loss("focal", "sigmoid", gamma=2.0),
    loss("focal", "sigmoid", gamma=2.0, alpha=(0.75, 0.25)),
    loss("focal", "sigmoid", gamma=2.0, alpha=(0.25, 0.75)),
)
"""Focal loss, γ = 2 throughout, with no α and with α of the rare class ¼, as in RetinaNet, and ¾: only α differs.

α is on a class's own samples and 1 − α on the others, so two sigmoids with α and 1 − α see each sample alike, as one would.
"""


def _gaussians(key: str, noise: str, title: str, reason: str) -> TrainingScene:
    """A linear model of two Gaussians at ±1.1, n = 600, trained until nothing moves; a tenth of all labels are wrong."""
    even = noise == "uniform"
    dataset_spec = DatasetSpec("gaussians", noise=noise, rate=0.1 if even else 0.2, pair=None if even else (1, 0))
    losses = tuple(spec for spec in SOFTMAX_FOCAL if spec.gamma != 1)
    experiment = Experiment(dataset_spec, losses, 12, optimiser="sgd", learning_rate=0.5, epochs=150, batch=600)
    return TrainingScene(key, title, reason, experiment, "accuracy")


def _digits(percent: int, reason: str) -> TrainingScene:
    """An MLP of the digits under uniform noise, which has enough capacity to memorize wrong labels."""
    dataset_spec = DatasetSpec("digits", 1000, noise="uniform", rate=percent / 100)
    experiment = Experiment(dataset_spec, SOFTMAX_FOCAL, 12, width=64, learning_rate=0.003)
    title = say("Digits, {percent}% of the labels wrong at random", percent=percent)
    return TrainingScene(f"digits-uniform-{percent}", title, reason, experiment, "accuracy")


def _rare(
    key: str, title: str, reason: str, losses: tuple[LossSpec, ...] = SIGMOID_FOCAL, prior: float | None = None
) -> TrainingScene:
    """A small MLP of two moons, of which one is a thousand times rarer: after ten epochs there is still much to learn.

    On the same test sets the best possible average precision is some 20 points above cross-entropy's.
    """
    dataset_spec = DatasetSpec("moons", 20_000, ratio=1000, separation=0.8)
    experiment = Experiment(dataset_spec, losses, 12, width=16, epochs=10, batch=100, prior=prior)
    if prior is None:
        return TrainingScene(key, title, reason, experiment, "precision")
    source = say("measured for this project; the prior: Lin et al. 2017, section 4.1")
    return TrainingScene(key, title, reason, experiment, "precision", source)


SCENES: dict[str, TrainingScene] = {
    scene.key: scene
    for scene in (
        _gaussians(
            "gaussians-uniform",
            "uniform",
            say("Linear model, uniform label noise"),
            say(
                "Both classes have equally many wrong labels, so by symmetry the best line stays where it was, whatever γ is. "
                "The remaining differences are hundredths of a point."
            ),
        ),
        _gaussians(
            "gaussians-one-class",
            "one class",
            say("Linear model, one class mislabeled"),
            say(
                "These wrong labels look hard to a model trained with cross-entropy, and γ gives them more weight: the line "
                "moves farther into the mislabeled class, and accuracy falls more the larger γ is."
            ),
        ),
        _gaussians(
            "gaussians-far",
            "far from boundary",
            say("Linear model, mislabeled far from the boundary"),
            say(
                "Wrong labels far from the boundary look hardest of all, and γ gives them the most weight: the line moves "
                "farthest, and accuracy falls most."
            ),
        ),
        _gaussians(
            "gaussians-near",
            "near boundary",
            say("Linear model, mislabeled near the boundary"),
            say(
                "Cross-entropy’s line has moved past most of these wrong labels, so they look easy: γ takes weight from them, "
                "the line stays closer to where it should be, and accuracy rises."
            ),
        ),
        _digits(
            10,
            say(
                "An MLP has enough capacity to memorize wrong labels. It finds them hardest, γ gives them more weight, and "
                "accuracy falls."
            ),
        ),
        _digits(
            40,
            say("As with 10%, only more so: γ makes the MLP memorize more wrong labels, and accuracy falls further."),
        ),
        _rare(
            "rare-1000",
            say("1000:1, γ without an initial prior"),
            say(
                "At first nearly all of the loss comes from the common class, and after ten epochs cross-entropy is still far "
                "from the best possible ranking. γ damps the common class sooner and pulls ahead."
            ),
        ),
        _rare(
            "rare-1000-prior",
            say("1000:1, γ with the initial prior π = 0.01"),
            say(
                "With the initial prior the common class no longer drowns out the rare one: cross-entropy gains most from "
                "that, and the lead of γ shrinks."
            ),
            prior=0.01,
        ),
        _rare(
            "rare-1000-alpha",
            say("1000:1, α at γ = 2"),
            say(
                "α = ¾ gives the rare class three times the weight of the rest: more of it is found and, in so short a "
                "training, ranked higher as well. ¼, the paper’s choice, does the opposite here."
            ),
            ALPHA_FOCAL,
        ),
    )
}
"""All scenes by key, in screen order."""


class PublishedResult(NamedTuple):
    """The average precision, in %, that a detector reached with a γ and an α of the foreground."""

    gamma: float
    alpha: float
    ap: float


RETINANET = (
    PublishedResult(0.0, 0.10, 0.0),
    PublishedResult(0.0, 0.25, 10.8),
    PublishedResult(0.0, 0.50, 30.2),
    PublishedResult(0.0, 0.75, 31.1),
    PublishedResult(0.0, 0.90, 30.8),
    PublishedResult(0.0, 0.99, 28.7),
    PublishedResult(0.0, 0.999, 25.1),
    PublishedResult(0.1, 0.75, 31.4),
    PublishedResult(0.2, 0.75, 31.9),
    PublishedResult(0.5, 0.50, 32.9),
    PublishedResult(1.0, 0.25, 33.7),
    PublishedResult(2.0, 0.25, 34.0),
    PublishedResult(5.0, 0.25, 32.2),
)
"""What γ and α did to RetinaNet: every α of cross-entropy that was tried, and the best α of each γ; all with π = 0.01."""

RETINANET_SOURCE = say(
    "Lin, Goyal, Girshick, He, Dollár 2017, Focal Loss for Dense Object Detection, table 1a and 1b: ResNet-50-FPN, 600 pixels, "
    "COCO minival"
)
