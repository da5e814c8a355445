"""Every word that can stand in a link, once.

A link, the widgets and the session hold *values*, one per field of `FIELDS`. What they mean together is for `state`, `pictures`
and `batches`.
"""

from ..fields import Field
from .batch import ADVICE, BATCH, NOISE, QUESTIONS, SHIPPED, UPLOAD
from .pictures import CLASSES, CONTROLS, PICTURES
from .sample import DIGIT, LARGEST, OWN, PARAMETERS, SAMPLE, TASKS, Task

FIELDS: dict[str, Field] = {field.name: field for field in (*SAMPLE, *PICTURES, *BATCH)}
"""Every word that can stand in a link, in the order of the screen."""

__all__ = [
    "ADVICE",
    "BATCH",
    "CLASSES",
    "CONTROLS",
    "DIGIT",
    "FIELDS",
    "LARGEST",
    "NOISE",
    "OWN",
    "PARAMETERS",
    "PICTURES",
    "QUESTIONS",
    "SAMPLE",
    "SHIPPED",
    "TASKS",
    "UPLOAD",
    "Task",
]
