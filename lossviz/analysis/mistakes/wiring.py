"""Mistakes in what a loss is given: activations too many or too few, and terms of the wrong kind."""

from __future__ import annotations

from math import e, exp, log, log1p

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
        "Softmax before CrossEntropyLoss",
        'loss = F.cross_entropy(logits.softmax(1), labels, reduction="none")',
        CROSS_ENTROPY,
        "The model gives a wrong class nearly all probability. By how much does the second softmax change the true class's "
        "gradient?",
        ("It becomes larger", "It stays about the same", "It becomes smaller, tens of times for a sure mistake"),
        2,
        "CrossEntropyLoss takes the softmax itself. Given probabilities, which differ by 1 at most, it sees logits that hardly "
        "differ: the loss cannot fall below ln(1 + (C − 1)/e), and a confident mistake hardly gets a gradient.",
        f"The loss starts near ln C and stands still well above 0: at {floor(3):.4f} for 3 classes, {floor(4):.4f} for 4, "
        f"{floor(10):.4f} for 10. Accuracy still grows, slowly.",
        "https://github.com/ariecattan/SciCo/issues/2",
        THREE,
    ),
    Card(
        "log-softmax-twice",
        "Log-softmax before CrossEntropyLoss",
        'loss = F.cross_entropy(logits.log_softmax(1), labels, reduction="none")',
        CROSS_ENTROPY,
        "What does a log-softmax too many do?",
        ("The same harm as a softmax too many", "It halves the gradient", "Nothing"),
        2,
        "Log-softmax only subtracts a constant from all logits, and softmax does not feel that: taken twice it is taken once.",
        "It cannot be noticed, but for the time it takes.",
        "https://github.com/speedinghzl/Pytorch-Deeplab/issues/2",
        {**THREE, "targets": "1 0 0"},
        harmless=True,
    ),
    Card(
        "nll",
        "NLLLoss on probabilities",
        'loss = F.nll_loss(logits.softmax(1), labels, reduction="none")',
        'loss = F.nll_loss(logits.log_softmax(1), labels, reduction="none")',
        "What does NLLLoss give for probabilities instead of log-probabilities?",
        ("An error", "A number between −1 and 0", "nan"),
        1,
        "NLLLoss takes no logarithm: it picks −x of the true class. Of a probability that is −p, at least −1, and its gradient "
        "vanishes for confident mistakes as well as for sure hits.",
        "The loss is negative, and goes to −1.",
        "https://github.com/pytorch/pytorch/issues/10033",
        {**THREE, "targets": "1 0 0"},
    ),
    Card(
        "nll-logits",
        "NLLLoss on logits",
        'loss = F.nll_loss(logits, labels, reduction="none")',
        'loss = F.nll_loss(logits.log_softmax(1), labels, reduction="none")',
        "What does NLLLoss give for logits instead of log-probabilities?",
        ("An error", "Minus the true class’s logit", "The right loss"),
        1,
        "Any number is taken for a log-probability. The true class’s logit gets the gradient −1, however right the sample is, "
        "and no other class gets any.",
        "The loss is negative, and falls without end.",
        "https://github.com/pytorch/pytorch/pull/12703",
        {**THREE, "targets": "1 0 0"},
    ),
    Card(
        "sigmoid-twice",
        "Sigmoid before BCEWithLogitsLoss",
        'loss = F.binary_cross_entropy_with_logits(logits.sigmoid(), targets, reduction="none").sum(1)',
        BINARY,
        "What is the least loss that a positive sample can reach?",
        ("0", f"{log1p(1 / e):.4f}", f"{log(2):.4f}"),
        1,
        f"The second sigmoid sees numbers between 0 and 1 and answers between ½ and {1 / (1 + exp(-1)):.3f}: positives keep a "
        f"loss of at least ln(1 + 1/e) = {log1p(1 / e):.4f}, negatives of at least ln 2.",
        f"The loss of every class lies between {log1p(1 / e):.2f} and {log1p(e):.2f}, and predictions never leave ½ to "
        f"{1 / (1 + exp(-1)):.2f}.",
        "https://github.com/yudi-mars/daisyRec/pull/15",
        {**ONE, "logits": "4", "targets": "1"},
    ),
    Card(
        "bce",
        "BCELoss of a sigmoid",
        'loss = F.binary_cross_entropy(logits.sigmoid(), targets, reduction="none").sum(1)',
        BINARY,
        "float32, a negative with the logit 17: sigmoid rounds to 1. What are loss and gradient?",
        ("17 and 1", "17 and 0", "100 and 0"),
        2,
        "1 − p is 0 then. BCELoss clamps its logarithm at −100, and a clamp has no gradient: the worst mistakes are those that "
        "teach nothing.",
        "Single losses of exactly 100, and samples that never improve.",
        "https://github.com/pytorch/pytorch/issues/103316",
        {**ONE, "logits": "17", "targets": "0"},
        dtype="float32",
    ),
    Card(
        "binary-on-softmax",
        "Binary cross-entropy of softmax outputs",
        'loss = F.binary_cross_entropy(logits.softmax(1), targets, reduction="none").sum(1)',
        SOFT_CROSS_ENTROPY,
        "Softmax, and then yes and no of every class. What is the loss compared with cross-entropy?",
        ("The same", "Larger: wrong classes are counted on top", "Smaller"),
        1,
        "The wrong classes' −log(1 − p) come on top, although softmax has pushed them down already. For two classes it is "
        "exactly twice the cross-entropy. The minimum is at the same place, the steps towards it are not.",
        "Losses about twice as large as in other people's runs, and a learning rate that seems to need halving.",
        "https://github.com/keras-team/keras/issues/3396",
        THREE,
    ),
    Card(
        "categorical-on-sigmoid",
        "Categorical cross-entropy of sigmoid outputs",
        "loss = -(targets * logits.sigmoid().log()).sum(1)",
        BINARY,
        "Sigmoids, and only the true class's −log p. What does training drive the wrong classes to?",
        ("To 0", "To 1/C", "Nowhere: they get no gradient"),
        2,
        "Sigmoids do not share a sum, so only the true class's logit is in the loss: nothing pushes the others down, and “yes” "
        "to everything is a perfect answer.",
        "The loss goes to 0 while every class is predicted everywhere.",
        "https://github.com/keras-team/keras/issues/761",
        {**THREE, "activation": "sigmoid"},
    ),
)
