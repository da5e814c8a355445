"""Experiments whose outcome is known, for and against the claim; tests hold them to it, and a page computes them anew."""

from __future__ import annotations

from typing import NamedTuple

from ...data.worlds import Recipe
from ...losses import loss
from .experiment import Experiment


class Scene(NamedTuple):
    """An experiment worth a look. says: what was found, in a sentence; measure: the key of one of `MEASURES` that shows it."""

    key: str
    title: str
    says: str
    experiment: Experiment
    measure: str
    source: str = "measured for this project"


FOCUSED = (loss("cross-entropy"), *(loss("focal", gamma=gamma) for gamma in (1.0, 2.0, 5.0)))
"""Cross-entropy, and softmax focal loss."""

BALANCED = (
    loss("cross-entropy", "sigmoid"),
    loss("cross-entropy", "sigmoid", alpha=(0.25, 0.75)),
    loss("focal", "sigmoid", gamma=2.0, alpha=(0.75, 0.25)),
    loss("focal", "sigmoid", gamma=2.0, alpha=(0.25, 0.75)),
)
"""Cross-entropy and focal loss, γ = 2, with α of the rare class ¼, as in RetinaNet, and ¾.

α is on a class's own samples and 1 − α on the others, so two sigmoids with α and 1 − α see each sample alike, as one would.
"""


def _gaussians(key: str, noise: str, title: str, says: str) -> Scene:
    """A linear model of two Gaussians at ±1.1, n = 600, trained until nothing moves; a tenth of all labels are wrong."""
    even = noise == "uniform"
    recipe = Recipe("gaussians", noise=noise, rate=0.1 if even else 0.2, pair=None if even else (1, 0))
    losses = tuple(spec for spec in FOCUSED if spec.gamma != 1)
    experiment = Experiment(recipe, losses, 12, optimiser="sgd", learning_rate=0.5, epochs=150, batch=600)
    return Scene(key, title, says, experiment, "accuracy")


def _digits(percent: int, says: str) -> Scene:
    """An MLP of the digits under uniform noise, which has room enough to learn wrong labels by heart."""
    recipe = Recipe("digits", 1000, noise="uniform", rate=percent / 100)
    experiment = Experiment(recipe, FOCUSED, 12, width=64, learning_rate=0.003)
    return Scene(
        f"digits-uniform-{percent}", f"Digits, {percent} % of the labels wrong at random", says, experiment, "accuracy"
    )


def _rare(key: str, prior: float | None, title: str, says: str) -> Scene:
    """A linear model of two Gaussians, of which one is a thousand times rarer."""
    experiment = Experiment(Recipe("gaussians", 20_000, ratio=1000), BALANCED, 8, epochs=20, batch=200, prior=prior)
    return Scene(
        key, title, says, experiment, "precision", "measured for this project; the prior: Lin et al. 2017, section 4.1"
    )


SCENES: dict[str, Scene] = {
    scene.key: scene
    for scene in (
        _gaussians(
            "gaussians-uniform",
            "uniform",
            "Linear model, evenly spread noise",
            "As the claim has it: noise that is alike everywhere makes no difference to focal loss that could be seen.",
        ),
        _gaussians(
            "gaussians-one-class",
            "one class",
            "Linear model, one class mislabelled",
            "As the claim has it: wrong labels of one class make it look hard, and γ lowers the accuracy.",
        ),
        _gaussians(
            "gaussians-far",
            "far from boundary",
            "Linear model, mislabelled far from the boundary",
            "As the claim has it, and most: wrong labels that look hardest pull hardest, and the more the larger γ is.",
        ),
        _gaussians(
            "gaussians-near",
            "near boundary",
            "Linear model, mislabelled near the boundary",
            "Against the claim: one class's labels are wrong again, and focal loss does better than cross-entropy.",
        ),
        _digits(
            10,
            "Against the claim: the noise is evenly spread, and γ lowers the accuracy and learns more wrong labels by heart.",
        ),
        _digits(
            40, "Against the claim: with more of the same noise γ loses more, and again learns more wrong labels by heart."
        ),
        _rare(
            "rare-1000",
            None,
            "1000:1, without a prior",
            "Against the claim: the common class carries nearly all of the loss at first, but γ raises no average precision.",
        ),
        _rare(
            "rare-1000-prior",
            0.01,
            "1000:1, with the prior π = 0.01",
            "The loss begins low, and the rare class has its share of it at once; in the end average precision hardly differs.",
        ),
    )
}
"""All scenes by key, in screen order."""


class Published(NamedTuple):
    """The average precision, in %, that a detector reached with a γ and an α of the foreground."""

    gamma: float
    alpha: float
    ap: float


RETINANET = (
    Published(0.0, 0.10, 0.0),
    Published(0.0, 0.25, 10.8),
    Published(0.0, 0.50, 30.2),
    Published(0.0, 0.75, 31.1),
    Published(0.0, 0.90, 30.8),
    Published(0.0, 0.99, 28.7),
    Published(0.0, 0.999, 25.1),
    Published(0.1, 0.75, 31.4),
    Published(0.2, 0.75, 31.9),
    Published(0.5, 0.50, 32.9),
    Published(1.0, 0.25, 33.7),
    Published(2.0, 0.25, 34.0),
    Published(5.0, 0.25, 32.2),
)
"""What γ and α did to RetinaNet: every α of cross-entropy that was tried, and the best α of each γ; all with π = 0.01."""

RETINANET_SOURCE = (
    "Lin, Goyal, Girshick, He, Dollár 2017, Focal Loss for Dense Object Detection, table 1a and 1b: ResNet-50-FPN, 600 pixels, "
    "COCO minival"
)
