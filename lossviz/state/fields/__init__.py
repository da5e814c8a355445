"""Every word that can stand in a link, once.

A link, the widgets and the session hold *values*, one per field of `FIELDS`. What they mean together is for `sample`,
`plots`, `batch` and `training`.
"""

from ...fields import Choice, Field
from .batch import BATCH, DETECTOR, NOISE, SHIPPED, UPLOAD
from .frame import FRAME
from .mistakes import MISTAKES
from .names import NAMES, PLACES
from .pages import WORDS_OF_PAGES
from .plots import CLASSES, CONTROLS, MOST_PINS, PLANES, PLOTS
from .sample import DIGIT, LARGEST, OWN, PARAMETERS, SAMPLE, TASKS, Task, parameters_of
from .training import MODEL, TRAINING, WORLD

FIELDS: dict[str, Field] = {field.name: field for field in (*SAMPLE, *PLOTS, *BATCH, *NAMES, *MISTAKES, *TRAINING, *FRAME)}
"""Every word that can stand in a link, in the order of the screen."""


def label_of(word: str, option: str) -> str:
    """What a person reads for an option of a word."""
    field = FIELDS[word]
    return field.label_of(option) if isinstance(field, Choice) else option


__all__ = [
    "BATCH",
    "CLASSES",
    "CONTROLS",
    "DETECTOR",
    "DIGIT",
    "FIELDS",
    "FRAME",
    "LARGEST",
    "MISTAKES",
    "MODEL",
    "MOST_PINS",
    "NAMES",
    "NOISE",
    "OWN",
    "PARAMETERS",
    "PLACES",
    "PLANES",
    "PLOTS",
    "SAMPLE",
    "SHIPPED",
    "TASKS",
    "TRAINING",
    "UPLOAD",
    "WORDS_OF_PAGES",
    "WORLD",
    "Task",
    "label_of",
    "parameters_of",
]
