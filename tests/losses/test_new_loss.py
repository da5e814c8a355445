"""Adding a loss is writing one file: menu, link, slider, formula, program, name, place, colour, page and tests come from it.

Two losses of a file each, Poly-1 (which needs the true outcome only) and asymmetric loss (which needs all), are registered in a
fresh interpreter, since the menu is read once, when it is imported; there the tests of all losses are asked about these two.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
OF_EVERY_LOSS = (
    "tests/losses/new/checks.py",
    "tests/losses/test_limits.py",
    "tests/evaluation/test_contract.py",
    "tests/naming/test_snippet.py::test_every_parameter_alone_is_reproduced",
    "tests/state/test_family.py",
    "tests/state/test_sample.py",
    "tests/figures/test_theme.py",
    "tests/analysis/test_curves.py::test_points_are_the_settings_they_stand_for",
    "tests/analysis/test_curves.py::test_raised_intervals_hold_what_is_raised",
    "tests/analysis/test_sweep.py::test_rows_are_what_evaluating_the_setting_alone_gives",
)
ABOUT_THE_NEW = "poly1 or asymmetric or on_the_map or told_apart or every_loss or declared_once"


def test_a_loss_in_one_file_gets_everything() -> None:
    options = ["-q", "-x", "--tb=short", "-p", "no:cacheprovider", "-p", "tests.losses.new.plugin", "-k", ABOUT_THE_NEW]
    command = [sys.executable, "-m", "pytest", *options, *OF_EVERY_LOSS]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=900)
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-2000:]
    passed = re.search(r"(\d+) passed", ran.stdout)
    assert passed and int(passed[1]) > 100, "the selection has lost its tests"
