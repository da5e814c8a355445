"""What the documents say is tried: code prints what stands under it, and what is named exists."""

import doctest
import importlib
import pkgutil
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import lossviz
from lossviz.losses import Loss

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
DOCUMENTS = ("README.md", "README.zh-CN.md", "deploy/README.md", "assets/README.md", "lossviz/data/README.md")
RUNS = "lossviz.ui.script"  # a script that Streamlit runs, and no module
MODULES = sorted({"lossviz", *(m.name for m in pkgutil.walk_packages(lossviz.__path__, "lossviz."))} - {RUNS})
OPTIONS = doctest.NORMALIZE_WHITESPACE


def readme() -> str:
    assert README.is_file(), "there is no README.md"
    return README.read_text(encoding="utf-8")


def failures(test: doctest.DocTest) -> str:
    """What goes wrong when a test is run, as doctest tells it."""
    messages: list[str] = []
    doctest.DocTestRunner(optionflags=OPTIONS).run(test, out=messages.append)
    return "".join(messages)


def test_the_code_of_the_readme_prints_what_it_says() -> None:
    """All blocks one after the other, as a reader would type them."""
    blocks = re.findall(r"^```python\n(.*?)^```", readme(), re.MULTILINE | re.DOTALL)
    assert blocks, "README.md shows no Python"
    scope: dict[str, object] = {}
    examples = 0
    for i, block in enumerate(blocks):
        assert ">>>" in block, f"block {i} cannot be tried: {block[:60]}"
        test = doctest.DocTestParser().get_doctest(block, scope, f"README.md, block {i}", str(README), 0)
        examples += sum(bool(example.want) for example in test.examples)
        messages: list[str] = []
        doctest.DocTestRunner(optionflags=OPTIONS).run(test, out=messages.append, clear_globs=False)
        assert not messages, "".join(messages)
        scope = test.globs
    assert examples >= 4


def docstring_tests(name: str) -> Iterator[doctest.DocTest]:
    """The examples in a module's docstrings; they may use the public names of lossviz without importing them."""
    module = importlib.import_module(name)
    public = {word: getattr(lossviz, word) for word in lossviz.__all__}
    result = doctest.DocTestFinder(exclude_empty=True).find(module, name, globs={**public, **vars(module)})
    return (test for test in result if test.examples)


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_are_right(name: str) -> None:
    for test in docstring_tests(name):
        assert not (messages := failures(test)), messages


def test_there_are_examples_in_docstrings() -> None:
    tried = {test.name for name in MODULES for test in docstring_tests(name)}
    assert {
        "lossviz",
        "lossviz.losses.loss",
        "lossviz.evaluation.evaluate.evaluate",
        "lossviz.naming.names.names",
        "lossviz.naming.snippet.snippet",
    } <= tried


def test_every_public_name_has_a_docstring() -> None:
    for word in lossviz.__all__:
        thing = getattr(lossviz, word)
        assert isinstance(thing, dict) or (thing.__doc__ or "").strip(), word


FILE = re.compile(
    r"[\w.-]*/?(?:[\w.-]+/)*[\w.-]+\.(?:py|md|toml|txt|npz|png|svg|sh|yml|conf|css|js|html)|Dockerfile|Makefile|LICENSE"
)


def quoted(text: str) -> list[str]:
    """What stands in backticks, and where links lead; not the listings."""
    text = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"`([^`\n]+)`", text) + re.findall(r"\]\(([^)\s]+)\)", text)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_that_is_named_exists(document: str) -> None:
    path = ROOT / document
    words = quoted(path.read_text(encoding="utf-8"))
    paths = [w.split("#")[0] for w in words if (FILE.fullmatch(w) or re.fullmatch(r"[\w./-]+/", w)) and "://" not in w]
    assert paths, "no file is named: has the way of writing them changed?"
    for word in paths:
        # Folders of the package are named as they stand in it.
        assert any((folder / word).exists() for folder in (path.parent, ROOT, ROOT / "lossviz")), word


@pytest.mark.parametrize("document", DOCUMENTS[:2])
def test_every_make_target_that_is_named_exists(document: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    text = (ROOT / document).read_text(encoding="utf-8")
    named = re.findall(r"(?:^|`|&& )make ([a-z]+)\b", text, re.MULTILINE)
    assert set(named) <= targets
    assert document != "README.md" or {"run", "test"} <= set(named)


def test_variables_of_make_that_are_named_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for variable in re.findall(r"make \w+ ([A-Z_]+)=", readme()):
        assert re.search(rf"^{variable} \?=", makefile, re.MULTILINE), variable


def table_row(kind: Loss) -> str:
    """A loss's row in the README's table."""
    activations = "none: takes log-probabilities" if kind.activations == ("exp",) else ", ".join(kind.activations)
    return f"| `{kind.key}` | {kind.name} | {activations} | {kind.summary} |"


def test_the_table_of_losses_is_the_registry() -> None:
    rows = re.findall(r"^\| `[\w-]+` \| .* \| .* \| .* \|$", readme(), re.MULTILINE)
    assert rows == [table_row(kind) for kind in lossviz.LOSSES.values()]


def test_every_environment_variable_that_is_named_is_read() -> None:
    sources = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "lossviz").rglob("*.py"))
    for variable in set(re.findall(r"\bLOSSVIZ_[A-Z]+\b", readme())):
        assert variable in sources


def test_the_version_is_that_of_the_project() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{lossviz.__version__}"' in project


def own_files() -> list[Path]:
    """All files of the project, those not yet under version control too."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("this is no checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


# In pieces, so that this file does not hold what it looks for.
MACHINE = ("/" + "work/", "/" + "tmp/v", "/" + "root/", "/" + "Users/", "/" + "home/")
ALLOWED = {"Dockerfile": ("/" + "home/",)}
REGISTRY = re.compile(
    r"https?://[\w.-]*(?:artifactory|nexus|mirror|registry)[\w.-]*"
    r"|--(?:extra-)?index-url[ =](?!https://download\.pytorch\.org|\"\$\{TORCH_INDEX\}\")\S+"
)


def test_no_file_holds_a_path_of_a_machine_or_the_address_of_a_private_index() -> None:
    files = own_files()
    assert len(files) > 60
    for path in files:
        text = path.read_bytes().decode("utf-8", "ignore")
        for word in MACHINE:
            assert word not in text or word in ALLOWED.get(path.name, ()), f"{path.relative_to(ROOT)} holds {word}"
        if path != Path(__file__):
            result = REGISTRY.search(text)
            assert not result, f"{path.relative_to(ROOT)} holds {result[0] if result else ''}"


def test_requirements_say_their_versions() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            requirement = line.split("#")[0].strip()
            assert not requirement or requirement.startswith("-r ") or re.search(r"[=<>]=", requirement), line
