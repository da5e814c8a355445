"""What import-linter does not say of the house (its contracts are in pyproject.toml): names, the door, what is public."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import lossviz

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "lossviz"
FILES = sorted(PACKAGE.rglob("*.py"))


@cache
def nodes(file: Path) -> list[ast.AST]:
    """All of a file's syntax, the module itself first."""
    return list(ast.walk(ast.parse(file.read_text("utf-8"))))


def first_line(path: Path) -> str:
    """The sentence with which a module or a package begins."""
    docstring = ast.get_docstring(ast.parse((path / "__init__.py" if path.is_dir() else path).read_text("utf-8"))) or ""
    return docstring.split("\n")[0].removesuffix(".")


def rooms(folder: Path) -> set[str]:
    """The modules and packages of a folder that hold code."""
    files = {path.name for path in folder.glob("*.py") if path.name != "__init__.py"}
    return files | {f"{path.parent.name}/" for path in folder.glob("*/__init__.py")}


def test_inside_of_the_readme_is_the_list_of_folders() -> None:
    """Each with the sentence that its code begins with, so that neither can be changed alone."""
    inside = (ROOT / "README.md").read_text("utf-8").split("\n## Inside\n")[1]
    lines = dict(re.findall(r"^- `lossviz/([\w/.]+)` — (.+)$", inside, re.MULTILINE))
    stated = {name for name in lines if not name.startswith("ui/") or name == "ui/"}
    assert stated == rooms(PACKAGE)
    assert {name.removeprefix("ui/") for name in set(lines) - stated} == rooms(PACKAGE / "ui") - {"script.py"}
    for name, sentence in lines.items():
        assert sentence == first_line(PACKAGE / name), name


def test_a_module_says_what_it_is_for() -> None:
    assert [file for file in FILES if not ast.get_docstring(nodes(file)[0])] == []  # type: ignore[arg-type]


def test_nothing_imports_the_whole_package() -> None:
    """Inside, the module that is needed is imported, and not what `lossviz` makes public."""
    for file in FILES:
        for node in nodes(file):
            if isinstance(node, ast.Import):
                assert all(alias.name != "lossviz" for alias in node.names), file


def test_streamlit_finds_no_pages_of_its_own() -> None:
    """A folder `pages` beside app.py would be taken for navigation."""
    assert not (ROOT / "pages").exists()


def test_the_door_is_only_a_door() -> None:
    door = nodes(ROOT / "app.py")
    names = [alias.name for node in door if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in door if isinstance(node, ast.ImportFrom)]
    assert {name.split(".")[0] for name in names} == {"streamlit", "lossviz"}


def test_importing_lossviz_imports_no_app() -> None:
    heavy = {"streamlit", "plotly", "pandas", "pyarrow"}
    code = f"import sys, lossviz; print(sorted({heavy} & {{m.split('.')[0] for m in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_public_members() -> None:
    assert set(lossviz.__all__) == {"LOSSES", "InputError", "evaluate", "loss", "names", "save_predictions", "snippet"}
    assert isinstance(lossviz.__version__, str)
    assert all(callable(getattr(lossviz, name)) for name in ("evaluate", "loss", "names", "save_predictions", "snippet"))
    assert issubclass(lossviz.InputError, ValueError)


def test_no_public_name_shadows_a_module() -> None:
    assert not set(lossviz.__all__) & {name.removesuffix(".py").removesuffix("/") for name in rooms(PACKAGE)}


NO_NAMES = {
    "found",
    "told",
    "asked",
    "given",
    "held",
    "there",
    "here",
    "said",
    "written",
    "taken",
    "along",
    "beside",
    "tame",
    "bent",
}
"""Participles and adverbs: a value is named after what it is, so that one knows it before reading the line that makes it."""

NO_MODULES = {"util", "utils", "helper", "helpers", "common", "misc", "shared", "base", "plain", "known", "picked", "listened"}

CODE = [file for folder in ("lossviz", "tests", "benchmarks") for file in sorted((ROOT / folder).rglob("*.py"))]


def names_of(node: ast.AST) -> list[str]:
    """What a piece of code gives a name to."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()):
            return [name]
        case ast.arg(arg=name) | ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.alias(name=name, asname=other):
            return [other or name]
        case _:
            return []


def test_values_are_named_after_what_they_are() -> None:
    assert len(CODE) > 400
    named = ((file.relative_to(ROOT).as_posix(), name) for file in CODE for node in nodes(file) for name in names_of(node))
    assert not [place for place in named if place[1].strip("_").lower() in NO_NAMES]


def test_modules_are_nouns() -> None:
    stems = {file: file.stem.split("_")[-1] for file in FILES}
    assert not [
        file
        for file, last in stems.items()
        if last in NO_NAMES | NO_MODULES or (last.endswith(("ed", "ly")) and last != "family")
    ]


def test_a_class_has_a_name_of_its_own() -> None:
    """One name for two things would have to be looked up at every use."""
    classes = [node.name for file in FILES for node in nodes(file) if isinstance(node, ast.ClassDef)]
    assert [name for name in set(classes) if classes.count(name) > 1] == []
