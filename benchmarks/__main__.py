"""Every benchmark, one after the other."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

for name in ("losses", "classes", "page", "room", "pictures", "batch", "training", "coverage", "calibration_coverage", "gpu"):
    if find_spec(f"benchmarks.{name}"):
        import_module(f"benchmarks.{name}").main()
