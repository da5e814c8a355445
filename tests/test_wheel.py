"""What `pip install .` gives: the wheel in a fresh environment, away from the checkout, with its command, its data and its app.

The environment borrows the libraries of the one that runs the tests: installing torch again would take minutes.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from lossviz.languages import LANGUAGES
from lossviz.lectures.shipped import NAMES

from .served import free_port, when_up

ROOT = Path(__file__).parent.parent
BIN = "Scripts" if os.name == "nt" else "bin"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a fresh environment in which only the wheel is installed."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", str(folder), str(ROOT)], check=True, timeout=300)
    (wheel,) = folder.glob("*.whl")
    home = folder / "environment"
    venv.create(home, symlinks=os.name != "nt")
    python = home / BIN / "python"
    subprocess.run([*pip, "--python", str(python), "install", "--no-deps", str(wheel)], check=True, timeout=300)
    site = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], capture_output=True, text=True, check=True
    )
    Path(site.stdout.strip(), "borrowed.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return home / BIN


def ran(program: Path, *words: str, cwd: Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """A program that was run away from the checkout."""
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | (env or {})
    return subprocess.run([program, *words], cwd=cwd, env=clean, capture_output=True, text=True, timeout=180)


def test_the_wheel_has_the_package_with_its_programs_for_the_browser_and_nothing_else(installed: Path) -> None:
    (record,) = installed.parent.rglob("lossviz-*.dist-info/RECORD")
    files = [line.split(",")[0] for line in record.read_text(encoding="utf-8").splitlines()]
    assert {name.split("/")[0] for name in files} == {"lossviz", record.parent.name, ".."}, "the last is the command"
    assert {f"lossviz/{name}.js" for name in ("figures/browser/history", "figures/player/page", "ui/components/live/live")} <= {
        *files
    }
    assert {f"lossviz/lectures/shipped/{name}.{language}.md" for name in NAMES for language in LANGUAGES} <= {*files}


def test_the_command_writes_a_report(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("logit_0,logit_1,label\n2,0,0\n0,1,0\n-1,3,1\n", encoding="utf-8")
    done = ran(installed / "lossviz", "report", "mine.csv", "-o", "mine.html", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"mine\.html: 3 samples × 2 classes, [\d.]+ s, peak memory \d+ MB", done.stdout)
    assert "</html>" in (tmp_path / "mine.html").read_text(encoding="utf-8")


PROGRAM = """\
import os, runpy, sys
import lossviz
from lossviz.__main__ import main
from lossviz.data import digits
print(lossviz.__file__, digits.digit(184).label, lossviz.evaluate(lossviz.loss("cross-entropy"), [[0.0, 0.0]], [1]).loss.item())
for word, missing in (("app", "streamlit"), ("app", "plotly"), ("report", "pyarrow"), ("report", "plotly")):
    kept, sys.modules[missing] = sys.modules.get(missing), None
    print(word, missing, main([word, *(["mine.csv"] if word == "report" else [])]), file=sys.stderr)
    del sys.modules[missing]
    if kept: sys.modules[missing] = kept
print("ports", file=sys.stderr)
for words, port in ((["--port", "99999"], "8501"), ([], "http")):
    os.environ["PORT"] = port
    try: print(main(["app", *words]), file=sys.stderr)
    except SystemExit as end: print("ended with", end.code, file=sys.stderr)
command, sys.argv = sys.argv[1], ["lossviz", "--help"]
del sys.modules["lossviz.__main__"]
programs = (
    lambda: runpy.run_path(command, run_name="__main__"),
    lambda: runpy.run_module("lossviz", run_name="__main__", alter_sys=True),
)
for program in programs:
    print("help")
    try: program()
    except SystemExit as end: print("ended with", end.code)
"""


@pytest.fixture(scope="module")
def command_output(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """All that one interpreter of the environment is asked: to start takes longer than to answer."""
    folder = tmp_path_factory.mktemp("asked")
    (folder / "mine.csv").write_text("logit,label\n2,1\n", encoding="utf-8")
    done = ran(installed / "python", "-c", PROGRAM, str(installed / "lossviz"), cwd=folder)
    assert done.returncode == 0, done.stderr
    return done


def test_the_library_and_its_data_come_from_the_wheel(
    installed: Path, command_output: subprocess.CompletedProcess[str]
) -> None:
    where, label, value = command_output.stdout.partition("help\n")[0].split()
    assert Path(where).is_relative_to(installed.parent)
    assert (label, round(float(value), 6)) == ("2", 0.693147)


def test_the_command_and_the_module_say_the_same(command_output: subprocess.CompletedProcess[str]) -> None:
    _, command, module = command_output.stdout.split("help\n")
    assert command == module and command.endswith("ended with 0\n")
    assert {"app", "report"} <= set(command.split())


def test_a_missing_extra_is_named(command_output: subprocess.CompletedProcess[str]) -> None:
    lines = iter(command_output.stderr.partition("ports\n")[0].splitlines())
    for word, missing in (("app", "streamlit"), ("app", "plotly"), ("report", "pyarrow"), ("report", "plotly")):
        line = next(lines)
        assert line.startswith(f"lossviz: {missing} is not installed")
        assert f"pip install 'lossviz[{word}]'" in line
        assert next(lines) == f"{word} {missing} 2"
    assert not list(lines)


def test_a_port_that_is_none_is_refused(command_output: subprocess.CompletedProcess[str]) -> None:
    message = command_output.stderr.partition("ports\n")[2]
    assert message.count("ended with 2") == 2
    assert message.count("expected a whole number from 1 to 65535") == 2


@pytest.fixture(scope="module")
def served(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address and the log of the app, as `lossviz app` serves it on the port of the environment."""
    port = str(free_port())
    elsewhere, env = tmp_path_factory.mktemp("elsewhere"), os.environ | {"PORT": port}
    with (elsewhere / "log").open("w") as log:
        server = subprocess.Popen([installed / "lossviz", "app"], cwd=elsewhere, env=env, stdout=log, stderr=log)
    try:
        yield when_up(f"http://localhost:{port}", server), elsewhere / "log"
    finally:
        server.terminate()
        server.wait()


def test_the_command_serves_the_app(served: tuple[str, Path]) -> None:
    address, log = served
    assert "<title>" in urlopen(address).read().decode()
    output = log.read_text(encoding="utf-8")
    assert address in output, "the settings that came with the wheel name this address"
    assert "does not work" not in output, "a page that could not be drawn before the first visitor"
    assert "Traceback" not in output


def test_the_lists_of_pyproject_are_those_of_the_requirements() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    stated = {*project["dependencies"], *extras["report"], *extras["app"]} - {"lossviz[report]"}
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert stated == {line.split("#")[0].strip() for line in lines} - {""}
