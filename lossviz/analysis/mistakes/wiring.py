"""Mistakes in what a loss is given: activations too many or too few, and terms of the wrong kind."""

from __future__ import annotations

from math import e, exp, log, log1p

from ...texts import say
from .card import Card

CROSS_ENTROPY = 'loss = F.cross_entropy(logits, labels, reduction="none")'
SOFT_CROSS_ENTROPY = 'loss = F.cross_entropy(logits, targets, reduction="none")'
BINARY = 'loss = F.binary_cross_entropy_with_logits(logits, targets, reduction="none").sum(1)'
THREE = {"sample": "own numbers", "loss": "cross-entropy", "logits": "4 1 0", "targets": "0 0 1"}
ONE = {"task": "binary", "loss": "cross-entropy", "activation": "sigmoid"}


def floor(classes: int) -> float:
    """What cross-entropy of a softmax of a softmax cannot fall below: ln(1 + (C − 1)/e), its limit for a sure hit."""
    return log1p((classes - 1) / e)


WIRING_CARDS = (
    Card(
        "softmax-twice",
        say("Softmax before CrossEntropyLoss"),
        'loss = F.cross_entropy(logits.softmax(1), labels, reduction="none")',
        CROSS_ENTROPY,
        say("How does the second softmax change the gradient of the true class’s logit?"),
        (say("It becomes larger"), say("It stays about the same"), say("It becomes smaller")),
        2,
        say(
            "CrossEntropyLoss applies softmax itself. Probabilities differ by 1 at most, so to it they are logits that hardly "
            "differ: the loss cannot fall below ln(1 + (C − 1)/e), and the more confident a mistake is, the less gradient it "
            "gets."
        ),
        say(
            "The loss starts near ln C and gets stuck well above 0: at {of_3:.4f} for 3 classes, {of_4:.4f} for 4, "
            "{of_10:.4f} for 10. Accuracy still grows, slowly.",
            of_3=floor(3),
            of_4=floor(4),
            of_10=floor(10),
        ),
        "https://github.com/ariecattan/SciCo/issues/2",
        THREE,
    ),
    Card(
        "log-softmax-twice",
        say("Log-softmax before CrossEntropyLoss"),
        'loss = F.cross_entropy(logits.log_softmax(1), labels, reduction="none")',
        CROSS_ENTROPY,
        say("What does the extra log-softmax do?"),
        (say("The same harm as an extra softmax"), say("It halves the gradient"), say("Nothing")),
        2,
        say(
            "Log-softmax only subtracts a constant from all logits, which does not change a softmax. Twice is the same as once."
        ),
        say("No symptom, apart from the extra time it takes."),
        "https://github.com/speedinghzl/Pytorch-Deeplab/issues/2",
        {**THREE, "targets": "1 0 0"},
        harmless=True,
    ),
    Card(
        "nll",
        say("NLLLoss on probabilities"),
        'loss = F.nll_loss(logits.softmax(1), labels, reduction="none")',
        'loss = F.nll_loss(logits.log_softmax(1), labels, reduction="none")',
        say("What does NLLLoss return for probabilities instead of log-probabilities?"),
        (say("An error"), say("A number between −1 and 0"), "NaN"),
        1,
        say(
            "NLLLoss takes no logarithm: it returns −x of the true class. For a probability that is −p, never below −1, and "
            "its gradient vanishes for confident mistakes just as it does for confident correct answers."
        ),
        say("The loss is negative and approaches −1."),
        "https://github.com/pytorch/pytorch/issues/10033",
        {**THREE, "targets": "1 0 0"},
    ),
    Card(
        "nll-logits",
        say("NLLLoss on logits"),
        'loss = F.nll_loss(logits, labels, reduction="none")',
        'loss = F.nll_loss(logits.log_softmax(1), labels, reduction="none")',
        say("What does NLLLoss return for logits instead of log-probabilities?"),
        (say("An error"), say("Minus the true class’s logit"), say("The right loss")),
        1,
        say(
            "NLLLoss takes any number for a log-probability. The gradient of the true class’s logit is −1, however right the "
            "model is, and no other class gets any."
        ),
        say("The loss is negative and falls without limit."),
        "https://github.com/pytorch/pytorch/pull/12703",
        {**THREE, "targets": "1 0 0"},
    ),
    Card(
        "sigmoid-twice",
        say("Sigmoid before BCEWithLogitsLoss"),
        'loss = F.binary_cross_entropy_with_logits(logits.sigmoid(), targets, reduction="none").sum(1)',
        BINARY,
        say("What is the lowest loss that a positive sample can reach?"),
        ("0", f"{log1p(1 / e):.4f}", f"{log(2):.4f}"),
        1,
        say(
            "The second sigmoid sees numbers between 0 and 1 and returns between ½ and {most:.3f}: positives keep a loss of at "
            "least ln(1 + 1/e) = {least:.4f}, negatives of at least ln 2.",
            most=1 / (1 + exp(-1)),
            least=log1p(1 / e),
        ),
        say(
            "The loss of every class lies between {low:.2f} and {high:.2f}, and predictions never leave ½ to {most:.2f}.",
            low=log1p(1 / e),
            high=log1p(e),
            most=1 / (1 + exp(-1)),
        ),
        "https://github.com/yudi-mars/daisyRec/pull/15",
        {**ONE, "logits": "4", "targets": "1"},
    ),
    Card(
        "bce",
        say("BCELoss of a sigmoid"),
        'loss = F.binary_cross_entropy(logits.sigmoid(), targets, reduction="none").sum(1)',
        BINARY,
        say("float32, a negative with the logit 17: sigmoid rounds to 1. What are loss and gradient?"),
        (say("17 and 1"), say("17 and 0"), say("100 and 0")),
        2,
        say(
            "Then 1 − p is 0. BCELoss clamps its logarithm at −100, and a clamp has no gradient: the worst mistakes teach the "
            "model nothing."
        ),
        say("Some samples have a loss of exactly 100 and never improve."),
        "https://github.com/pytorch/pytorch/issues/103316",
        {**ONE, "logits": "17", "targets": "0"},
        dtype="float32",
    ),
    Card(
        "binary-on-softmax",
        say("Binary cross-entropy of softmax outputs"),
        'loss = F.binary_cross_entropy(logits.softmax(1), targets, reduction="none").sum(1)',
        SOFT_CROSS_ENTROPY,
        say("Softmax, then a binary term for every class. How large is the loss compared with cross-entropy?"),
        (say("The same"), say("Larger: wrong classes count on top"), say("Smaller")),
        1,
        say(
            "The −log(1 − p) terms of the wrong classes come on top, although softmax already pushes those down. For two "
            "classes the loss is exactly twice the cross-entropy. The minimum is the same, the steps toward it are not."
        ),
        say("The loss is about twice as large as in other people’s runs, and the learning rate seems to need halving."),
        "https://github.com/keras-team/keras/issues/3396",
        THREE,
    ),
    Card(
        "categorical-on-sigmoid",
        say("Categorical cross-entropy of sigmoid outputs"),
        "loss = -(targets * logits.sigmoid().log()).sum(1)",
        BINARY,
        say(
            "Sigmoids, and only the −log p of the true class. Where does training push the probabilities of the wrong classes?"
        ),
        (say("To 0"), say("To 1/C"), say("Nowhere: they get no gradient")),
        2,
        say(
            "Sigmoids do not add up to 1, so only the true class’s logit is in the loss. Nothing pushes the others down, and "
            "“yes” to every class is a perfect answer."
        ),
        say("The loss goes to 0 while the model predicts every class for every sample."),
        "https://github.com/keras-team/keras/issues/761",
        {**THREE, "activation": "sigmoid"},
    ),
)
