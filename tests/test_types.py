"""What a type checker says of programs that use lossviz: nothing of right ones, and it finds what is misspelt."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from mypy import api

import lossviz

PROGRAM = """\
import lossviz

spec = lossviz.loss("focal", activation="sigmoid", gamma=2.0, alpha=(0.2, 0.8), label_smoothing=0.1)
other = spec.replace(gamma=5).replace(alpha=None)
lossviz.loss("generalized-cross-entropy", q=0.5)
half: float = other.gamma / 2
whole: float = sum(other.weight or (1.0,))
ev = lossviz.evaluate(other, [[2.0, 1.0]], [0])
mean = ev.reduce("mean", normalizer="samples")
title: str = lossviz.names(spec, [0]).title
lossviz.save_predictions("predictions.parquet", [[2.0, 1.0]], [0])
summaries: list[str] = [kind.summary for kind in lossviz.LOSSES.values()]
program: str = lossviz.snippet(spec, [[2.0, 1.0]], [0])
refused: type[ValueError] = lossviz.InputError

spec.gama  # error: attr-defined
spec.replace(gamma=2.0).nothing  # error: attr-defined
lossviz.evalute  # error: attr-defined
lossviz.torch  # error: attr-defined
lossviz.loss("focal", gamma="two")  # error: arg-type
lossviz.loss("focal", alpha="half")  # error: arg-type
lossviz.loss("focal", soft_form=2)  # error: arg-type
spec.weight + 1  # error: operator
ev.losses  # error: attr-defined
"""

SETTINGS = """\
[mypy]
strict = True
mypy_path = {path}
[mypy-torch.*,numpy.*,pyarrow.*]
follow_imports = skip
ignore_missing_imports = True
[mypy-lossviz.*]
follow_imports = silent
"""


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> dict[int, str]:
    """Line of PROGRAM → the code of the error there. torch and numpy are left out: reading them takes a minute."""
    folder = tmp_path_factory.mktemp("types")
    (folder / "program.py").write_text(PROGRAM)
    (folder / "mypy.ini").write_text(SETTINGS.format(path=Path(lossviz.__file__).parents[1]))
    options = ["--config-file", str(folder / "mypy.ini"), "--cache-dir", str(folder / "cache"), "--no-error-summary"]
    output, problems, _ = api.run([*options, str(folder / "program.py")])
    assert not problems
    return {int(line): code for line, code in re.findall(r"program\.py:(\d+): error: .*\[([\w-]+)\]$", output, re.MULTILINE)}


def test_a_type_checker_reports_what_is_misspelt_and_nothing_else(messages: dict[int, str]) -> None:
    lines = enumerate(PROGRAM.splitlines(), 1)
    assert messages == {i: line.split("# error: ")[1] for i, line in lines if "# error" in line}


def test_dir_lists_the_public_names_and_no_module() -> None:
    assert [name for name in dir(lossviz) if not name.startswith("__")] == sorted(lossviz.__all__)
