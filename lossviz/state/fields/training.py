"""The words of the page Training: a dataset, a model, the losses that are compared, and what is looked at."""

from __future__ import annotations

from ...analysis.training import MEASURES
from ...analysis.training.experiment import BUDGETS, MAX_FIRST_SEED, MAX_SEEDS, MODELS, OPTIMISERS
from ...analysis.training.views import VIEWS
from ...data.toy_datasets import SHAPES, class_count
from ...fields import Choice, Field, Number, Text, Vector, sentence_case
from .batch import NOISE, NOISE_LABELS

CLASSES = tuple(map(str, range(class_count("digits"))))

VIEW_HELP = " · ".join(view.shows for view in VIEWS.values())


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
        "Two classes in the plane, of which everything is known, or 1 797 real handwritten digits.",
        labels=("Two Gaussians", "Two moons", "Rings", "Handwritten digits"),
    ),
    _whole("examples", "Training samples", "n", 600, "How many are trained on; of the digits at most 1600.", 10, 20_100, 100),
    Number(
        "ratio",
        "Imbalance",
        "",
        1.0,
        "How many times rarer one class is than each of the others.",
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
        "How far apart the two classes of the plane are; their steps have a standard deviation of 1, or of 0.35.",
        low=0.0,
        high=6.0,
        range_high=4.0,
        step=0.1,
    ),
    Vector(
        "means",
        "Class middles",
        "",
        "Where the middles of class 0 and 1 are: x y x y. Drag them in the picture. Empty: as the separation says.",
        low=-6.0,
        high=6.0,
        longest=4,
    ),
    Choice(
        "flips",
        "Label noise",
        NOISE,
        "one-class",
        "Which training labels are made wrong: any, those of one class, class a to b, or those of a class that are near to or "
        "far from the boundary. The test set stays clean.",
        labels=NOISE_LABELS,
    ),
    Number(
        "flip_rate",
        "Noise rate",
        "",
        0.2,
        "The share of labels that are made wrong, of those that the noise is about.",
        low=0.0,
        high=1.0,
        step=0.05,
    ),
    Choice("flip_from", "Of class", CLASSES, "1", "Whose labels are made wrong."),
    Choice("flip_to", "To class", CLASSES, "0", "What they become."),
)
"""What is trained on."""

MODEL: tuple[Field, ...] = (
    Choice("model", "Model", MODELS, "linear", "A linear softmax, or one hidden layer with ReLU.", labels=("Linear", "MLP")),
    _whole("width", "Width", "", 64, "Hidden units.", 1, 256, 16),
    Choice("optimiser", "Optimiser", OPTIMISERS, "sgd", "Gradient descent with momentum 0.9, or Adam.", labels=("SGD", "Adam")),
    Number(
        "learning_rate",
        "Learning rate",
        "",
        0.5,
        "How far a step goes.",
        low=1e-6,
        high=1e6,
        range_low=0.001,
        range_high=1.0,
        step=0.01,
    ),
    _whole("epochs", "Epochs", "", 150, "How often all samples are seen.", 1, 400, 20),
    _whole("batch_size", "Batch size", "", 600, "Samples a step.", 1, 20_100, 32),
    Number(
        "bias_prior",
        "Prior at the start",
        "π",
        None,
        "The last biases start so that the rare class is given this probability, as in RetinaNet (0.01); off: at 0.",
        low=1e-6,
        high=0.999,
        range_low=0.01,
        range_high=0.5,
        step=0.01,
        optional=True,
    ),
    _whole(
        "seeds",
        "Seeds",
        "",
        12,
        "Each has its own data, label noise, initialization and batch order, the same for all losses. An interval takes at "
        "least 5.",
        1,
        MAX_SEEDS,
        1,
    ),
    Number(
        "first_seed",
        "First seed",
        "",
        0,
        "Seeds are counted from here: other numbers are another draw of data, noise, initialization and batch order.",
        low=0,
        high=MAX_FIRST_SEED,
        range_high=1000,
        step=1,
        integer=True,
    ),
    Choice(
        "equal",
        "Compared at equal",
        BUDGETS,
        "epochs",
        "logit-gradient: in every step each loss’s gradient with respect to the logits is scaled to the mean length that the "
        "first loss’s has there. That amounts to a learning-rate schedule and does not make steps equal: “listening” shows "
        "how long they are.",
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
        "What is compared, as words: the others with the first. cross-entropy vs focal gamma 2",
        default="cross-entropy vs focal gamma 2 vs focal gamma 5",
    ),
    Choice(
        "look",
        "Look at",
        tuple(VIEWS),
        "difference",
        f"{VIEW_HELP[0].upper()}{VIEW_HELP[1:]}.",
        labels=tuple(view.label for view in VIEWS.values()),
    ),
    Choice(
        "measure",
        "Measure",
        tuple(MEASURES),
        "accuracy",
        "On the clean test set: accuracy at the classes’ shares in training, mean recall, recall or average precision of the "
        "rare class, calibration error; and the share of wrong training labels that the model repeats.",
        labels=tuple(sentence_case(measure.title) for measure in MEASURES.values()),
    ),
    Number(
        "margin",
        "Margin",
        "δ",
        0.1,
        "The smallest difference that matters, in percentage points: verdicts are about differences beyond ±δ, which is drawn "
        "as a grey band.",
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
        "The epoch on show, which the slider below the pictures moves; off: the last.",
        low=0,
        high=400,
        range_high=400,
        step=1,
        integer=True,
        optional=True,
    ),
)
"""The words of the page Training."""
