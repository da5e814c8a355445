"""Adding a loss is writing one file: menu, link, slider, formula, program, name and page come from it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ..invented import CHECKS


@pytest.fixture(scope="module")
def outcomes() -> dict[str, str | None]:
    """A fresh interpreter, since the menu is read once, when it is imported."""
    command = [sys.executable, "-m", "tests.invented"]
    root = Path(__file__).parents[2]
    ran = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, timeout=120)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout.splitlines()[-1])


@pytest.mark.parametrize("check", [check.__name__ for check in CHECKS])
def test_a_new_loss_gets(check: str, outcomes: dict[str, str | None]) -> None:
    assert outcomes[check] is None, outcomes[check]
