"""Every word that can stand in a link, once.

A link, the widgets and the session hold *values*, one per field of `FIELDS`. What they mean together is for `state`,
`pictures`, `batches` and `trainings`.
"""

from ...fields import Field
from .batch import BATCH, NOISE, QUESTIONS, SHIPPED, UPLOAD
from .mistakes import MISTAKEN
from .names import NAMING, PLACES
from .plots import CLASSES, CONTROLS, MOST_PINS, PICTURES, PLANES
from .sample import DIGIT, LARGEST, OWN, PARAMETERS, SAMPLE, TASKS, Task
from .training import LOOKS, MODEL, TRAINING, WORLD

FIELDS: dict[str, Field] = {field.name: field for field in (*SAMPLE, *PICTURES, *BATCH, *NAMING, *MISTAKEN, *TRAINING)}
"""Every word that can stand in a link, in the order of the screen."""

__all__ = [
    "BATCH",
    "CLASSES",
    "CONTROLS",
    "DIGIT",
    "FIELDS",
    "LARGEST",
    "LOOKS",
    "MISTAKEN",
    "MODEL",
    "MOST_PINS",
    "NAMING",
    "NOISE",
    "OWN",
    "PARAMETERS",
    "PICTURES",
    "PLACES",
    "PLANES",
    "QUESTIONS",
    "SAMPLE",
    "SHIPPED",
    "TASKS",
    "TRAINING",
    "UPLOAD",
    "WORLD",
    "Task",
]
