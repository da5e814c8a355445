"""How often somebody may do something."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable


class Pace:
    """Of each key `burst` at once, and then `rate` a second; so many keys are remembered, those used last.

    >>> pace = Pace(rate=1, burst=2, clock=lambda: 0.0)
    >>> [pace.allows("a") for _ in range(3)], pace.allows("b")
    ([True, True, False], True)
    """

    def __init__(
        self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic, remembered: int = 10_000
    ) -> None:
        self.rate, self.burst, self.remembered = rate, burst, remembered
        self._clock = clock
        self._left: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def allows(self, key: Hashable) -> bool:
        """Whether it may be done once more now; if so, it counts as done."""
        now = self._clock()
        left, then = self._left.pop(key, (self.burst, now))
        left = min(self.burst, left + self.rate * (now - then))
        allowed = left >= 1
        self._left[key] = (left - allowed, now)
        if len(self._left) > self.remembered:
            self._left.popitem(last=False)
        return allowed
