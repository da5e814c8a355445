"""Cross-entropy, −Σ t log p: over classes with softmax, over yes and no of every class with sigmoid."""

from __future__ import annotations

import torch
from torch import Tensor

from ..texts import say
from .outcomes import Outcomes
from .parameters import ALPHA, IGNORE_INDEX, LABEL_SMOOTHING, POS_WEIGHT, TEMPERATURE, WEIGHT
from .places import BINARY, MULTI_LABEL, SOFTMAX, MapEntry
from .spec import Limit, Loss, LossSpec, TorchFunction


def cross_entropy(o: Outcomes) -> tuple[Tensor, Tensor]:
    """Terms −w t log p, with 0·log 0 = 0, and pull w t: cross-entropy pulls alike whatever p is."""
    pull = o.share(torch.ones_like(o.nll))
    return o.times(pull, o.nll), pull


def latex(spec: LossSpec) -> str:
    """The formula of one sample's loss."""
    if spec.activation == "sigmoid":
        return r"\begin{aligned}\ell = -\sum_i \big[ & t_i \log p_i \\ & + (1 - t_i) \log (1 - p_i) \big]\end{aligned}"
    return r"\ell = -\sum_i t_i \log p_i"


def latex_grad(spec: LossSpec) -> str:
    """The formula of its gradient with respect to the logits."""
    if spec.activation == "sigmoid":
        weighted = spec.weight is not None or spec.alpha is not None or spec.pos_weight is not None
        # With weights t and 1 − t no longer sum to 1, and p − t is what is left when they do.
        right = r"(1 - t_k)\, p_k - t_k (1 - p_k)" if weighted else "p_k - t_k"
        return r"\frac{\partial \ell}{\partial z_k} = " + right
    return r"\frac{\partial \ell}{\partial z_k} = p_k \sum_i t_i - t_k"


def latex_term(_: LossSpec, p: str, __: str) -> str:
    """−log p."""
    return rf"-\log {p}"


CROSS_ENTROPY = Loss(
    key="cross-entropy",
    name=say("cross-entropy"),
    activations=("softmax", "sigmoid"),
    targets="any",
    formula=cross_entropy,
    parameters=(ALPHA, WEIGHT, POS_WEIGHT, LABEL_SMOOTHING, TEMPERATURE, IGNORE_INDEX),
    own_parameters=(),
    latex=latex,
    latex_grad=latex_grad,
    latex_term=latex_term,
    pytorch=lambda _: [],
    normalizer={"softmax": "torch", "sigmoid": "elements"},
    limits=(
        Limit(
            {"alpha": 0.5},
            "cross-entropy",
            say("α = ½ is exactly half of cross-entropy"),
            factor=0.5,
        ),
        Limit({}, "focal", say("it is focal loss with γ = 0"), parameters={"gamma": 0.0}),
    ),
    source=say("Good 1952, Rational Decisions; Bridle 1990 for softmax with cross-entropy"),
    summary=say("How surprising the true class is under the predicted probabilities, in nats."),
    functions={
        "softmax": TorchFunction("cross_entropy", ("weight", "ignore_index", "label_smoothing")),
        "sigmoid": TorchFunction("binary_cross_entropy_with_logits", ("weight", "pos_weight")),
    },
    places=(
        MapEntry(
            "categorical",
            "softmax",
            say("one class is true"),
            SOFTMAX,
            say(
                "Classification into one of C classes: images, tokens of a language model, anything with a single right answer."
            ),
            say(
                "Good 1952 for the logarithmic score; Bridle 1990 put softmax before it. Caffe called the pair SoftmaxWithLoss."
            ),
        ),
        MapEntry(
            "weighted",
            "softmax",
            say("one class is true"),
            {**SOFTMAX, "weight": "1 2 4"},
            say(
                "Rare classes, or mistakes with unequal costs. PyTorch's mean divides by the weights, so in a batch of one "
                "they cancel."
            ),
            say("Cost-sensitive learning: Elkan 2001, The Foundations of Cost-Sensitive Learning."),
        ),
        MapEntry(
            "smoothed",
            "softmax",
            say("one class is true"),
            {**SOFTMAX, "label_smoothing": 0.1},
            say("Against overconfidence: the optimal logits are finite, with a lead of log((1 − ε)C/ε + 1)."),
            say("Szegedy et al. 2016, Rethinking the Inception Architecture, section 7."),
        ),
        MapEntry(
            "tempered",
            "softmax",
            say("one class is true"),
            {**SOFTMAX, "temperature": 2.0},
            say("Calibration after training, and soft targets for distillation: T > 1 flattens the probabilities."),
            say("Hinton et al. 2015 for distillation, Guo et al. 2017 for calibration."),
        ),
        MapEntry(
            "soft",
            "softmax",
            say("the target is a distribution"),
            {**SOFTMAX, "target": "soft", "targets": "0.7 0.2 0.1"},
            say("Distillation from a teacher's probabilities, mixup, several annotators who disagree."),
            say("Kullback and Leibler 1951 for the divergence; Hinton et al. 2015 for distillation."),
        ),
        MapEntry(
            "shared",
            "softmax",
            say("the target is a distribution"),
            {**SOFTMAX, "target": "soft", "targets": "0.5 0 0.5"},
            say("Image tags, where one ranking of all classes is wanted rather than a yes or no for each."),
            say("Mahajan et al. 2018, Exploring the Limits of Weakly Supervised Pretraining, section 2."),
        ),
        MapEntry(
            "binary",
            "sigmoid",
            say("one yes-or-no question"),
            BINARY,
            say("One yes-or-no question: spam, click, defect; the discriminator of a GAN."),
            say("Cox 1958, The Regression Analysis of Binary Sequences; as a network's loss since the 1980s."),
        ),
        MapEntry(
            "balanced",
            "sigmoid",
            say("one yes-or-no question"),
            {**BINARY, "alpha": 0.25},
            say("A baseline for imbalance: α on positives, 1 − α on negatives, regardless of difficulty."),
            say("Lin et al. 2017, eq. 3; before that Xie and Tu 2015 (edge detection)."),
        ),
        MapEntry(
            "positive",
            "sigmoid",
            say("one yes-or-no question"),
            {**BINARY, "pos_weight": 3.0},
            say("Rare positives: recall rises, and the threshold on the true probability falls to 1/(1 + w)."),
            say("King and Zeng 2001 for logistic regression of rare events; PyTorch's pos_weight."),
        ),
        MapEntry(
            "one-vs-rest",
            "sigmoid",
            say("several classes"),
            {**SOFTMAX, "activation": "sigmoid"},
            say("One true class, but a separate decision for each: open-set recognition, detectors, very many classes."),
            say("Rifkin and Klautau 2004, In Defense of One-Vs-All Classification."),
        ),
        MapEntry(
            "multi-label",
            "sigmoid",
            say("several classes"),
            MULTI_LABEL,
            say(
                "Several classes may be true at once: tags, findings in an X-ray. "
                "MultiLabelSoftMarginLoss is its mean over classes."
            ),
            say("A sum of C logistic regressions; Nam et al. 2014, Large-scale Multi-label Text Classification, for networks."),
        ),
        MapEntry(
            "binary-soft",
            "sigmoid",
            say("soft targets"),
            {**BINARY, "target": "soft", "targets": "0.7"},
            say("A probability as the target: click rates, smoothed labels, a teacher."),
            say("The same formula: nothing in it requires t to be 0 or 1."),
        ),
        MapEntry(
            "multi-label-soft",
            "sigmoid",
            say("soft targets"),
            {**MULTI_LABEL, "target": "soft", "targets": "0.9 0.25 0"},
            say("Graded tags, or smoothed ones."),
            say("The same sum: nothing in it requires t to be 0 or 1."),
        ),
    ),
)
