"""The statements, right and wrong ones."""

from __future__ import annotations

from . import sides
from .statement import Identity, Knob

SCALE = Knob("s", "all logits times s", 0.0, 20.0, 1.0)
SHIFT = Knob("c", "added to all logits", -50.0, 50.0, 5.0)

IDENTITIES: dict[str, Identity] = {
    one.key: one
    for one in (
        Identity(
            "ce-nll",
            "Cross-entropy is NLL after log-softmax",
            "cross-entropy of the logits",
            "NLL of log-softmax",
            "PyTorch's CrossEntropyLoss is the two in sequence. For large s, a confident sample's loss is below the "
            "last digit of its log-softmax: the right side becomes 0, the left one does not.",
            SCALE,
            sides.ce_nll,
        ),
        Identity(
            "two-classes",
            "A softmax over two classes is a sigmoid of the difference",
            "softmax probability of the true class",
            "sigmoid of its lead",
            "With more than two classes the lead is over the log-sum-exp of all others.",
            Knob("c", "added to the true class's logit", -40.0, 40.0, 0.0),
            sides.two_classes,
        ),
        Identity(
            "logistic",
            "Logistic loss is binary cross-entropy",
            "log(1 + e⁻ʸᶻ)",
            "BCE of the same logit",
            "Labels ±1 instead of 0 and 1 fold its two cases into one formula.",
            Knob("s", "the margin times s", -20.0, 20.0, 1.0),
            sides.logistic,
        ),
        Identity(
            "gamma-0",
            "Focal loss with γ = 0 is cross-entropy",
            "focal loss",
            "cross-entropy",
            "At γ = 0 the factor (1 − p)⁰ is 1. Raise γ, and it is focal loss.",
            Knob("γ", "focusing", 0.0, 5.0, 0.0),
            sides.gamma,
            at_rest=True,
        ),
        Identity(
            "alpha",
            "With γ = 0, sigmoid focal loss is BCE whatever α is",
            "α-balanced loss, γ = 0",
            "BCE",
            "Wrong: α weights positives and 1 − α negatives, so even α = ½ is only half of it; torchvision's default is 0.25.",
            Knob("α", "class balance", 0.0, 1.0, 0.25),
            sides.alpha,
            true=False,
        ),
        Identity(
            "smoothing",
            "Label smoothing is cross-entropy with mixed targets",
            "label_smoothing = ε",
            "targets (1 − ε) t + ε/C",
            "The loss is the same; only the target has moved. (ε/C, not ε/(C − 1).)",
            Knob("ε", "label smoothing", 0.0, 1.0, 0.1),
            sides.smoothing,
        ),
        Identity(
            "kl",
            "Soft-target cross-entropy is KL divergence plus entropy",
            "cross-entropy with targets q",
            "KL(q‖p) + H(q)",
            "The entropy does not depend on the logits: both have the same gradient, and distillation may use either.",
            Knob("u", "targets mixed with uniform", 0.0, 1.0, 0.3),
            sides.kl,
        ),
        Identity(
            "piecewise",
            "For two classes: −log s if t = 1, −log(1 − s) if t = 0",
            "softmax of (z, 0)",
            "the two cases",
            "The same function. But computed from s it loses digits, and at z ≈ 37 all of them: 1 − s is 0.",
            Knob("z", "the logit", -40.0, 40.0, 1.0),
            sides.piecewise,
        ),
        Identity(
            "shift-softmax",
            "Softmax is invariant to a shift of all logits",
            "cross-entropy of z + c",
            "cross-entropy of z",
            "Only differences count: a softmax over C classes has C − 1 degrees of freedom.",
            SHIFT,
            sides.shift_softmax,
        ),
        Identity(
            "shift-sigmoid",
            "One-vs-rest sigmoids are invariant to a shift of all logits",
            "sum of BCE at z + c",
            "sum of BCE at z",
            "Wrong: each sigmoid depends on its own logit alone, not on the difference from another.",
            SHIFT,
            sides.shift_sigmoid,
            true=False,
        ),
        Identity(
            "p-minus-t",
            "The gradient is p − t",
            "p − t of the true class",
            "autograd of F.cross_entropy",
            "Autograd subtracts 1 from p, which loses digits for a confident sample; the left side adds up the other "
            "probabilities.",
            SCALE,
            sides.p_minus_t,
        ),
        Identity(
            "sign",
            "For t = 0, substitute 1 − p for p in the focal gradient of t = 1",
            "the gradient of t = 1 at 1 − p",
            "autograd for t = 0",
            "Wrong, and found in the wild: the magnitude is right, the sign is not. The inner derivative of 1 − p is −1.",
            Knob("z", "the logit, γ = 2", -6.0, 6.0, 0.0),
            sides.sign,
            true=False,
        ),
        Identity(
            "negatives",
            "Wrong classes have no loss term, so they get no gradient",
            "loss term of the strongest wrong class",
            "gradient at its logit",
            "Wrong: softmax divides by the sum over all classes, so every logit is in the true class's term. Its "
            "gradient is its p.",
            SCALE,
            sides.negatives,
            true=False,
        ),
    )
}
"""All of them by key, in screen order."""
