"""Whatever the bytes: a refusal in words, and little memory."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from . import mutations

MANY = 500


@pytest.mark.filterwarnings("ignore:Reading `.npy` or `.npz`")
@pytest.mark.parametrize("format", mutations.FORMATS)
def test_only_refusals_come_out(tmp_path: Path, format: str) -> None:
    for seed in range(MANY):
        mutations.try_all(mutations.FORMATS[format](random.Random(f"{format} {seed}")), tmp_path / f"a.{format}")
