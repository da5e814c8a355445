"""The house stays as it is planned: who may import whom, and what is public."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "lossviz"

CORE = ("errors", "fields", "activations", "targets", "losses", "logits", "weights", "evaluation", "evaluate")
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "fields": {"errors"},
    "activations": {"errors"},
    "targets": {"errors"},
    "losses": {"errors", "fields", "activations"},
    "logits": {"errors", "losses"},
    "weights": {"errors", "losses"},
    "evaluation": {"errors", "activations", "targets", "losses", "logits"},
    "evaluate": {"errors", "fields", "activations", "targets", "losses", "logits", "weights", "evaluation"},
    "names": {*CORE},
    "snippet": {*CORE, "names"},
    "libraries": {*CORE, "snippet"},
    "data": {*CORE},
    "analysis": {*CORE, "names", "snippet", "data"},
    "mistakes": {"analysis"},
    "family": {"names", "analysis", "state"},
    "formula": {*CORE, "analysis"},
    "figures": {"errors", "fields", "losses", "analysis", "mistakes"},
    "words": {"fields", "losses", "data"},
    "state": {"errors", "fields", "losses", "data", "analysis", "words"},
    "pins": {"errors", "fields", "losses", "names", "analysis", "words", "state"},
    "links": {"errors", "fields", "words", "state", "pins", "pictures", "trainings"},
    "pictures": {"errors", "fields", "losses", "analysis", "words", "state", "pins"},
    "commits": {"errors", "fields", "data", "analysis", "words", "state", "pictures", "trainings"},
    "batches": {"errors", "fields", "losses", "names", "data", "analysis", "words", "state", "pins", "pictures"},
    "trainer": {"analysis"},
    "trainings": {"errors", "fields", "losses", "names", "data", "analysis", "words", "state", "pins"},
    "payload": {"figures", "words", "pictures"},
    "report": {"losses", "data", "analysis", "figures", "words", "pictures", "payload", "batches"},
    "commands": {"errors", "fields", "losses", "data", "analysis", "evaluate", "batches", "report"},
    "__main__": {"commands"},
    "ui": {
        *CORE,
        "names",
        "snippet",
        "libraries",
        "family",
        "mistakes",
        "data",
        "analysis",
        "formula",
        "figures",
        "words",
        "state",
        "pins",
        "pictures",
        "batches",
        "trainer",
        "trainings",
        "payload",
        "report",
        "links",
        "commits",
    },
    "__init__": {*CORE, "names", "snippet", "data"},
}
"""Module of the package → the modules it may import; its own parts it always may."""

LIBRARIES = {"streamlit": {"ui"}, "plotly": {"figures"}}
NEVER = {"torch": {"figures", "ui"}}


def imports(file: Path) -> set[str]:
    """Absolute names of all modules that a file imports, at any depth of its code."""
    package = file.relative_to(ROOT).parent.parts
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join([*above, *([node.module] if node.module else [])])
            found |= {f"{base}.{alias.name}" for alias in node.names} | {base}
    return found


def part(file: Path) -> str:
    """The module of the package to which a file belongs."""
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


FILES = sorted(PACKAGE.rglob("*.py"))
named = pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))


@named
def test_imports_point_one_way(file: Path) -> None:
    here = part(file)
    assert here in MAY_IMPORT, f"{here} has no place in the house yet"
    inner = {name.split(".")[1] for name in imports(file) if name.startswith("lossviz.")}
    inner &= {part(other) for other in FILES} - {"__init__"}
    assert inner - {here} <= MAY_IMPORT[here], f"{here} may not import {inner - {here} - MAY_IMPORT[here]}"
    if here != "ui":
        assert "lossviz" not in imports(file) or here == "__init__", "import the module, not the package"


@named
def test_libraries_stay_in_their_rooms(file: Path) -> None:
    outer = {name.split(".")[0] for name in imports(file)}
    for library, rooms in LIBRARIES.items():
        assert library not in outer or part(file) in rooms, f"{library} in {part(file)}"
    for library, rooms in NEVER.items():
        assert library not in outer or part(file) not in rooms, f"{library} in {part(file)}"


def test_modules_are_nouns() -> None:
    assert not [file for file in FILES if file.stem in {"utils", "util", "helpers", "common", "misc"}]


def test_streamlit_finds_no_pages_of_its_own() -> None:
    """A folder `pages` beside app.py would be taken for navigation."""
    assert not (ROOT / "pages").exists()


def test_the_door_is_only_a_door() -> None:
    app = ROOT / "app.py"
    if not app.exists():
        pytest.skip("there is no app yet")
    assert {name.split(".")[0] for name in imports(app)} <= {"streamlit", "lossviz", "__future__"}


def test_importing_lossviz_imports_no_app() -> None:
    heavy = {"streamlit", "plotly", "pandas", "pyarrow"}
    code = f"import sys, lossviz; print(sorted({heavy} & {{m.split('.')[0] for m in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_public_members() -> None:
    import lossviz

    assert set(lossviz.__all__) == {"LOSSES", "InputError", "evaluate", "loss", "names", "save_predictions", "snippet"}
    assert isinstance(lossviz.__version__, str)
    assert all(callable(getattr(lossviz, name)) for name in ("evaluate", "loss", "names", "save_predictions", "snippet"))
    assert issubclass(lossviz.InputError, ValueError)
