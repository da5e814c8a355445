"""The words of the page Training: a dataset, a model, the losses that are compared, and what is looked at."""

from __future__ import annotations

from ...analysis.training import MEASURES
from ...analysis.training.experiment import BUDGETS, MAX_FIRST_SEED, MAX_SEEDS, MODELS, OPTIMISERS
from ...analysis.training.views import VIEWS
from ...data.toy_datasets import SHAPES, class_count
from ...fields import Choice, Field, Number, Text, Vector, sentence_case
from ...texts import joined, say
from .batch import NOISE, NOISE_LABELS

CLASSES = tuple(map(str, range(class_count("digits"))))

VIEW_HELP = joined((say("{view}: {shows}", view=view.label, shows=view.shows) for view in VIEWS.values()), "; ")


def _whole(name: str, label: str, symbol: str, default: int, help: str, low: int, high: int, step: int) -> Number:
    return Number(
        name, label, symbol, default, help, low=low, high=high, range_low=low, range_high=high, step=step, integer=True
    )


WORLD: tuple[Field, ...] = (
    Choice(
        "world",
        "Data",
        SHAPES,
        "gaussians",
        "Two classes in the plane, where the best possible rule is known, or 1,797 handwritten digits.",
        labels=("Two Gaussians", "Two moons", "Rings", "Handwritten digits"),
    ),
    _whole(
        "examples",
        say("Training samples"),
        "n",
        600,
        say("Size of the training set; at most 1,600 for digits."),
        10,
        20_100,
        100,
    ),
    Number(
        "ratio",
        "Imbalance",
        "",
        1.0,
        "How many times rarer one class is than each of the others; 1 is balanced.",
        low=1.0,
        high=1000.0,
        range_low=1.0,
        range_high=1000.0,
        step=10.0,
    ),
    Choice("rare", "Rare class", CLASSES, "1", "Which class is the rare one."),
    Number(
        "apart",
        "Separation",
        "",
        1.1,
        "Distance between the two classes in the plane; their standard deviation is 1 for Gaussians, 0.35 otherwise.",
        low=0.0,
        high=6.0,
        range_high=4.0,
        step=0.1,
    ),
    Vector(
        "means",
        "Class centers",
        "",
        "The centers of class 0 and class 1: x y x y. Drag them in the Samples view. Empty: they follow from the separation.",
        low=-6.0,
        high=6.0,
        longest=4,
    ),
    Choice(
        "flips",
        "Label noise",
        NOISE,
        "one-class",
        "Which training labels are flipped: any, those of one class, one class to another, or those of a class near the "
        "boundary or far from it. The test set stays clean.",
        labels=NOISE_LABELS,
    ),
    Number(
        "flip_rate",
        "Noise rate",
        "",
        0.2,
        "The share of those labels that is flipped.",
        low=0.0,
        high=1.0,
        step=0.05,
    ),
    Choice("flip_from", "From class", CLASSES, "1", "The class whose labels are flipped."),
    Choice("flip_to", "To class", CLASSES, "0", "The class these labels are changed to."),
)
"""What is trained on."""

MODEL: tuple[Field, ...] = (
    Choice("model", "Model", MODELS, "linear", "A linear softmax, or one hidden layer with ReLU.", labels=("Linear", "MLP")),
    _whole("width", say("Width"), "", 64, say("Hidden units."), 1, 256, 16),
    Choice("optimiser", "Optimizer", OPTIMISERS, "sgd", "SGD with momentum 0.9, or Adam.", labels=("SGD", "Adam")),
    Number(
        "learning_rate",
        "Learning rate",
        "",
        0.5,
        "Step size of the optimizer.",
        low=1e-6,
        high=1e6,
        range_low=0.001,
        range_high=1.0,
        step=0.01,
    ),
    _whole("epochs", say("Epochs"), "", 150, say("Passes over the training set."), 1, 400, 20),
    _whole("batch_size", say("Batch size"), "", 600, say("Samples per step."), 1, 20_100, 32),
    Number(
        "bias_prior",
        "Initial prior",
        "π",
        None,
        "Initializes the biases of the last layer so that the rare class starts at this probability, as in RetinaNet "
        "(0.01). Off: they start at 0.",
        low=1e-6,
        high=0.999,
        range_low=0.01,
        range_high=0.5,
        step=0.01,
        optional=True,
    ),
    _whole(
        "seeds",
        say("Seeds"),
        "",
        12,
        say(
            "Each has its own data, label noise, initialization and batch order, the same for all losses. An interval needs at "
            "least 5."
        ),
        1,
        MAX_SEEDS,
        1,
    ),
    Number(
        "first_seed",
        "First seed",
        "",
        0,
        "The first of the consecutive seeds: another number draws other data, label noise, initialization and batch order.",
        low=0,
        high=MAX_FIRST_SEED,
        range_high=1000,
        step=1,
        integer=True,
    ),
    Choice(
        "equal",
        "Compare at equal",
        BUDGETS,
        "epochs",
        "Logit gradient: in every step each loss’s gradient with respect to the logits is rescaled to the mean length of the "
        "first loss’s. That amounts to a learning-rate schedule and does not make the steps equal: the Gradient share "
        "view shows how long they are.",
        renamed=(("gradient", "logit-gradient"),),
        labels=("Epochs", "Logit gradient"),
    ),
)
"""What is trained, and how."""

TRAINING: tuple[Field, ...] = (
    *WORLD,
    *MODEL,
    Text(
        "losses",
        "Losses",
        "The losses to compare; all others are compared with the first. Example: cross-entropy vs focal gamma 2",
        default="cross-entropy vs focal gamma 2 vs focal gamma 5",
    ),
    Choice(
        "look",
        "Look at",
        tuple(VIEWS),
        "difference",
        say("What the plots show. {views}.", views=VIEW_HELP),
        labels=tuple(view.label for view in VIEWS.values()),
    ),
    Choice(
        "measure",
        "Measure",
        tuple(MEASURES),
        "accuracy",
        "On the clean test set: accuracy at the training set’s class proportions, mean recall, recall or average precision of "
        "the rare class, or calibration error; or the share of wrong training labels that the model repeats.",
        labels=tuple(sentence_case(measure.title) for measure in MEASURES.values()),
    ),
    Number(
        "margin",
        "Equivalence margin",
        "δ",
        0.1,
        "The smallest difference that matters, in percentage points: verdicts are about differences beyond ±δ, the "
        "gray band in the plots.",
        low=0.0,
        high=50.0,
        range_high=2.0,
        step=0.05,
    ),
    Number(
        "epoch",
        "Epoch",
        "",
        None,
        "The epoch shown, set by the slider below the plots. Off: the last one.",
        low=0,
        high=400,
        range_high=400,
        step=1,
        integer=True,
        optional=True,
    ),
)
"""The words of the page Training."""
