"""The statements, right and wrong ones."""

from __future__ import annotations

from ...texts import say
from . import sides
from .statement import Identity, Knob

SCALE = Knob("s", say("all logits times s"), 0.0, 20.0, 1.0)
SHIFT = Knob("c", say("added to all logits"), -50.0, 50.0, 5.0)

IDENTITIES: dict[str, Identity] = {
    one.key: one
    for one in (
        Identity(
            "ce-nll",
            say("Cross-entropy is NLL after log-softmax"),
            say("cross-entropy of the logits"),
            say("NLL of log-softmax"),
            say(
                "PyTorch's CrossEntropyLoss is the two in sequence. For large s, a confident sample's loss is below the "
                "last digit of its log-softmax: the right side becomes 0, the left one does not."
            ),
            SCALE,
            sides.ce_nll,
        ),
        Identity(
            "two-classes",
            say("A softmax over two classes is a sigmoid of the difference"),
            say("softmax probability of the true class"),
            say("sigmoid of its lead"),
            say("With more than two classes the lead is over the log-sum-exp of all others."),
            Knob("c", say("added to the true class's logit"), -40.0, 40.0, 0.0),
            sides.two_classes,
        ),
        Identity(
            "logistic",
            say("Logistic loss is binary cross-entropy"),
            "log(1 + e⁻ʸᶻ)",
            say("BCE of the same logit"),
            say("Labels ±1 instead of 0 and 1 fold its two cases into one formula."),
            Knob("s", say("the margin times s"), -20.0, 20.0, 1.0),
            sides.logistic,
        ),
        Identity(
            "gamma-0",
            say("Focal loss with γ = 0 is cross-entropy"),
            say("focal loss"),
            say("cross-entropy"),
            say("At γ = 0 the factor (1 − p)⁰ is 1. Raise γ, and it is focal loss."),
            Knob("γ", say("focusing"), 0.0, 5.0, 0.0),
            sides.gamma,
            at_rest=True,
        ),
        Identity(
            "alpha",
            say("With γ = 0, sigmoid focal loss is BCE whatever α is"),
            say("α-balanced loss, γ = 0"),
            "BCE",
            say(
                "Wrong: α weights positives and 1 − α negatives, so even α = ½ is only half of it; torchvision's default is "
                "0.25."
            ),
            Knob("α", say("class balance"), 0.0, 1.0, 0.25),
            sides.alpha,
            true=False,
        ),
        Identity(
            "smoothing",
            say("Label smoothing is cross-entropy with mixed targets"),
            "label_smoothing = ε",
            say("targets (1 − ε) t + ε/C"),
            say("The loss is the same; only the target has moved. (ε/C, not ε/(C − 1).)"),
            Knob("ε", say("label smoothing"), 0.0, 1.0, 0.1),
            sides.smoothing,
        ),
        Identity(
            "kl",
            say("Soft-target cross-entropy is KL divergence plus entropy"),
            say("cross-entropy with targets q"),
            "KL(q‖p) + H(q)",
            say("The entropy does not depend on the logits: both have the same gradient, and distillation may use either."),
            Knob("u", say("targets mixed with uniform"), 0.0, 1.0, 0.3),
            sides.kl,
        ),
        Identity(
            "piecewise",
            say("For two classes: −log s if t = 1, −log(1 − s) if t = 0"),
            say("softmax of (z, 0)"),
            say("the two cases"),
            say("The same function. But computed from s it loses digits, and at z ≈ 37 all of them: 1 − s is 0."),
            Knob("z", say("the logit"), -40.0, 40.0, 1.0),
            sides.piecewise,
        ),
        Identity(
            "shift-softmax",
            say("Softmax is invariant to a shift of all logits"),
            say("cross-entropy of z + c"),
            say("cross-entropy of z"),
            say("Only differences count: a softmax over C classes has C − 1 degrees of freedom."),
            SHIFT,
            sides.shift_softmax,
        ),
        Identity(
            "shift-sigmoid",
            say("One-vs-rest sigmoids are invariant to a shift of all logits"),
            say("sum of BCE at z + c"),
            say("sum of BCE at z"),
            say("Wrong: each sigmoid depends on its own logit alone, not on the difference from another."),
            SHIFT,
            sides.shift_sigmoid,
            true=False,
        ),
        Identity(
            "p-minus-t",
            say("The gradient is p − t"),
            say("p − t of the true class"),
            say("autograd of F.cross_entropy"),
            say(
                "Autograd subtracts 1 from p, which loses digits for a confident sample; the left side adds up the other "
                "probabilities."
            ),
            SCALE,
            sides.p_minus_t,
        ),
        Identity(
            "sign",
            say("For t = 0, substitute 1 − p for p in the focal gradient of t = 1"),
            say("the gradient of t = 1 at 1 − p"),
            say("autograd for t = 0"),
            say("Wrong, and found in the wild: the magnitude is right, the sign is not. The inner derivative of 1 − p is −1."),
            Knob("z", say("the logit, γ = 2"), -6.0, 6.0, 0.0),
            sides.sign,
            true=False,
        ),
        Identity(
            "negatives",
            say("Wrong classes have no loss term, so they get no gradient"),
            say("loss term of the strongest wrong class"),
            say("gradient at its logit"),
            say(
                "Wrong: softmax divides by the sum over all classes, so every logit is in the true class's term. Its "
                "gradient is its p."
            ),
            SCALE,
            sides.negatives,
            true=False,
        ),
    )
}
"""All of them by key, in screen order."""
