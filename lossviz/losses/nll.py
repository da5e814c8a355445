"""Negative log-likelihood: minus the log-probability of the true class, which somebody else has computed."""

from __future__ import annotations

from ..texts import say
from .cross_entropy import cross_entropy
from .parameters import IGNORE_INDEX, WEIGHT
from .places import MapEntry
from .spec import Limit, Loss, TorchFunction

NLL = Loss(
    key="nll",
    name=say("negative log-likelihood"),
    activations=("exp",),
    targets="indices",
    formula=cross_entropy,
    parameters=(WEIGHT, IGNORE_INDEX),
    own_parameters=(),
    latex=lambda _: r"\ell = -\log p_y",
    latex_grad=lambda _: r"\frac{\partial \ell}{\partial \log p_k} = -[k = y]",
    latex_term=lambda _, p, __: rf"-\log {p}",
    pytorch=lambda _: [],
    normalizer={"exp": "torch"},
    limits=(Limit({}, "cross-entropy", say("on log-softmax of the logits it is cross-entropy"), activations=("softmax",)),),
    source=say("Fisher 1922; torch.nn.functional.nll_loss"),
    summary=say("The second half of cross-entropy: it expects log-probabilities and does not check that they are."),
    functions={"exp": TorchFunction("nll_loss", ("weight", "ignore_index"))},
    places=(
        MapEntry(
            "nll",
            "no activation",
            say("log-probabilities as input"),
            {"sample": "own numbers"},
            say("After your own log-softmax, or for a model that outputs log-probabilities."),
            say("Fisher 1912–1922, maximum likelihood; Torch's ClassNLLCriterion."),
            formula=r"-\log p_y",
        ),
    ),
)
