"""lossviz: classification losses, their values and their gradients, right to the last digit.

>>> import lossviz
>>> spec = lossviz.loss("focal", activation="sigmoid", gamma=2.0, alpha=0.25)
>>> ev = lossviz.evaluate(spec, [2.0, -1.0], [1, 0])
>>> ev.loss.shape
torch.Size([2])
"""

from .errors import InputError
from .evaluate import evaluate
from .losses import LOSSES, loss
from .names import names
from .snippet import snippet

__version__ = "0.1.0"
__all__ = ["LOSSES", "InputError", "evaluate", "loss", "names", "snippet"]
