"""lossviz: classification losses, their values and their gradients, right to the last digit.

>>> import lossviz
>>> spec = lossviz.loss("focal", activation="sigmoid", gamma=2.0, alpha=0.25)
>>> ev = lossviz.evaluate(spec, [2.0, -1.0], [1, 0])
>>> ev.loss.shape
torch.Size([2])
"""

from typing import TYPE_CHECKING, Any

from .errors import InputError
from .evaluation.evaluate import evaluate
from .losses import LOSSES, loss
from .naming.names import names
from .naming.snippet import snippet

if TYPE_CHECKING:
    from .data.files.writer import save_predictions

__version__ = "0.1.0"
__all__ = ["LOSSES", "InputError", "evaluate", "loss", "names", "save_predictions", "snippet"]


def _load(name: str) -> Any:
    """`save_predictions` comes with the reader of Parquet, which a program that only computes losses need not load."""
    if name == "save_predictions":
        from .data.files.writer import save_predictions

        return save_predictions
    raise AttributeError(f"module 'lossviz' has no attribute {name!r}")


if not TYPE_CHECKING:  # a type checker that saw it would believe that every name exists
    __getattr__ = _load


def __dir__() -> list[str]:
    return [*__all__, *(name for name in globals() if name.startswith("__"))]
