"""Every word that can stand in a link, once.

A link, the widgets and the session hold *values*, one per field of `FIELDS`. What they mean together is for `state`,
`pictures`, `batches` and `trainings`.
"""

from ...fields import Field
from .batch import ADVICE, BATCH, LABEL_SCORES, NOISE, QUESTIONS, SHIPPED, UPLOAD
from .mistakes import CARDS, MISTAKEN
from .names import NAMING, PLACES, STATEMENTS
from .plots import CLASSES, CONTROLS, PICTURES
from .sample import DIGIT, LARGEST, OWN, PARAMETERS, SAMPLE, TASKS, Task
from .training import LOOKS, MODEL, TRAINING, WORLD

FIELDS: dict[str, Field] = {field.name: field for field in (*SAMPLE, *PICTURES, *BATCH, *NAMING, *MISTAKEN, *TRAINING)}
"""Every word that can stand in a link, in the order of the screen."""

__all__ = [
    "ADVICE",
    "BATCH",
    "CARDS",
    "CLASSES",
    "CONTROLS",
    "DIGIT",
    "FIELDS",
    "LABEL_SCORES",
    "LARGEST",
    "LOOKS",
    "MISTAKEN",
    "MODEL",
    "NAMING",
    "NOISE",
    "OWN",
    "PARAMETERS",
    "PICTURES",
    "PLACES",
    "QUESTIONS",
    "SAMPLE",
    "SHIPPED",
    "STATEMENTS",
    "TASKS",
    "TRAINING",
    "UPLOAD",
    "WORLD",
    "Task",
]
