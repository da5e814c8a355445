"""What an activation is: whose probabilities it gives, and how it is written."""

from __future__ import annotations

from typing import NamedTuple


class Activation(NamedTuple):
    """How logits become probabilities.

    Attributes:
        name: the word in `lossviz.loss` and in links.
        per_logit: whether each logit has a distribution over yes and no of its own; otherwise a sample's classes share one.
        normalised: whether it makes probabilities itself; otherwise log-probabilities come in.
        latex: the probability of class i, where {T} stands for what divides a logit.
    """

    name: str
    per_logit: bool
    normalised: bool
    latex: str

    def outcomes(self, classes: int) -> int:
        """How many outcomes a distribution has: K of label smoothing."""
        return 2 if self.per_logit else classes

    def formula(self, temperature: float = 1.0) -> str:
        """The probability of class i in LaTeX, with T where it is not 1."""
        return self.latex.replace("{T}", "" if temperature == 1 else " / T")


ACTIVATIONS: dict[str, Activation] = {
    activation.name: activation
    for activation in (
        Activation("softmax", per_logit=False, normalised=True, latex=r"p_i = \frac{e^{z_i{T}}}{\sum_j e^{z_j{T}}}"),
        Activation("sigmoid", per_logit=True, normalised=True, latex=r"p_i = \frac{1}{1 + e^{-z_i{T}}}"),
        Activation("exp", per_logit=False, normalised=False, latex=r"p_i = e^{z_i}"),
    )
}
"""All activations by name. What each computes stands in `evaluation/activations.py`."""
