"""Every benchmark, one after the other."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

BENCHMARKS = (
    "losses", "classes", "page", "room", "lecture", "pictures", "batch", "training", "coverage", "calibration_coverage", "gpu",
)  # fmt: skip

for name in BENCHMARKS:
    if find_spec(f"benchmarks.{name}"):
        import_module(f"benchmarks.{name}").main()
