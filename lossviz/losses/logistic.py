"""Logistic loss, log(1 + e^{−yz}): binary cross-entropy for labels y = −1, +1."""

from __future__ import annotations

from ..texts import say
from .cross_entropy import cross_entropy
from .parameters import TEMPERATURE
from .places import MapEntry
from .spec import Limit, Loss, TorchFunction

LOGISTIC = Loss(
    key="logistic",
    name=say("logistic loss"),
    activations=("sigmoid",),
    targets="signs",
    formula=cross_entropy,
    parameters=(TEMPERATURE,),
    own_parameters=(),
    latex=lambda _: r"\ell = \log\left(1 + e^{-y z}\right)",
    latex_grad=lambda _: r"\frac{\partial \ell}{\partial z} = -\frac{y}{1 + e^{y z}}",
    latex_term=lambda _, p, __: rf"-\log {p}",
    pytorch=lambda _: [],
    normalizer={"sigmoid": "elements"},
    limits=(Limit({}, "cross-entropy", say("with t = (1 + y)/2 it is binary cross-entropy"), activations=("sigmoid",)),),
    source=say("Berkson 1944; Cox 1958; torch.nn.functional.soft_margin_loss"),
    summary=say("Binary cross-entropy as a function of the margin y·z."),
    functions={"sigmoid": TorchFunction("soft_margin_loss")},
    places=(
        MapEntry(
            "logistic",
            "no activation",
            say("labels are ±1"),
            {"task": "binary", "targets": "1"},
            say("Binary classification with labels ±1: margins, boosting, linear models."),
            say("Cox 1958; Friedman, Hastie and Tibshirani 2000 for the margin form."),
            formula=r"\log(1 + e^{-yz})",
        ),
    ),
)
