"""`python -m lossviz report`: the numbers of the page without a page; who calls it learns by the exit code what came of it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from html import unescape
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F

import lossviz
from lossviz.__main__ import main
from lossviz.data import predictions
from lossviz.data.files.reading import stream

ROOT = Path(__file__).parents[1]
N, C = 700, 4
RNG = np.random.default_rng(12)
LABELS = RNG.integers(C, size=N)
LOGITS = np.round(RNG.normal(0, 2, (N, C)) + 3 * np.eye(C)[LABELS], 4)
GROUPS = np.array(["day", "night"])[RNG.integers(2, size=N)]


@pytest.fixture(params=["csv", "npz", "parquet"])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / f"mine.{request.param}"
    lossviz.save_predictions(path, LOGITS, LABELS, groups=GROUPS)
    return path


def written(tmp_path: Path, file: Path, *options: str) -> str:
    """The report's sentences and tables, without markup."""
    output = tmp_path / "report.html"
    assert main(["report", str(file), "-o", str(output), *options]) == 0
    return text(output.read_text(encoding="utf-8"))


def text(page: str) -> str:
    body = re.sub(r"<(script|style).*?</\1>", " ", page, flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def usual(gamma: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Loss and length of the gradient of each sample, as usually computed."""
    z = torch.tensor(LOGITS, requires_grad=True)
    log_p = F.log_softmax(z, 1)[torch.arange(N), torch.tensor(LABELS)]
    loss = -((1 - log_p.exp()) ** gamma) * log_p
    (grad,) = torch.autograd.grad(loss.sum(), z)
    return loss.detach(), grad.norm(dim=1)


def test_it_tells_the_numbers_of_torch(tmp_path: Path, file: Path) -> None:
    page = written(tmp_path, file, "--gamma", "2", "0")
    loss, norm = usual(2.0)
    assert f"Mean loss {loss.mean():.6g}, mean length of the gradient {norm.mean():.6g}." in page
    assert f"{N:,} samples, {C} classes; task multi-class; hard targets; logits." in page
    for gamma in (2.0, 0.0):
        top = usual(gamma)[0].sort(descending=True).values[: N // 100].sum() / usual(gamma)[0].sum()
        assert f"loss {top:.6g}" in page, "the hardest 1 %: 7 of 700, at the border of a cell or between two"


def test_any_size_of_block_tells_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mine.parquet"
    lossviz.save_predictions(path, LOGITS, LABELS, groups=GROUPS)
    whole = written(tmp_path, path)
    monkeypatch.setattr(predictions, "BLOCK", 64 * C)
    monkeypatch.setattr(predictions, "FEWEST", 64)
    assert len(list(stream(path).blocks())) > 5
    assert written(tmp_path, path) == whole


def test_every_question_is_answered(tmp_path: Path, file: Path) -> None:
    page = written(tmp_path, file)
    for title in (
        "What was understood",
        "Where do the loss and the gradient come from?",
        "Which samples drive the loss?",
        "How hard is the batch",
        "Shares by class",
        "How does each class fare?",
        "What is taken for what?",
        "Shares by group",
        "What would γ, and α or class weights, do",
        "Which labels are doubtful?",
        "Are the probabilities right?",
        "What does “mean” mean?",
    ):
        assert title in page
    assert "Foreground and background" not in page, "there are no two sides in a batch of four classes"


def refused(capsys: pytest.CaptureFixture[str], output: Path, *arguments: str) -> str:
    """What it says when it will not."""
    assert main(["report", *arguments, "-o", str(output)]) == 2
    assert not output.exists(), "no half a report is left behind"
    said = capsys.readouterr().err
    assert said.startswith("lossviz: ")
    return said


def test_refused_files_are_told_by_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("logit_0,logit_1,logit_2,label\n1,2,3,0\n1,x,3,1\n1,2,3,7\n")
    said = refused(capsys, tmp_path / "report.html", str(path))
    assert "row 2" in said and "'x'" in said
    assert "row 3" in said and "7" in said
    assert "missing.npz cannot be opened" in refused(capsys, tmp_path / "report.html", str(tmp_path / "missing.npz"))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--gamma", "-1"), ("gamma", "-1")),
        (("--gamma", "nan"), ("gamma", "nan")),
        (("--loss", "logistic"), ("--loss", "logistic", "multi-class")),
        (("--alpha", "1.5"), ("alpha", "1.5")),
        (("--label-smoothing", "1.5"), ("label_smoothing", "1.5")),
        (("--loss", "nll", "--activation", "sigmoid"), ("--activation", "sigmoid")),
    ],
)
def test_what_does_not_go_with_the_file_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: Sequence[str], words: Sequence[str]
) -> None:
    path = tmp_path / "mine.npz"
    lossviz.save_predictions(path, LOGITS, LABELS)
    said = refused(capsys, tmp_path / "report.html", str(path), *options)
    assert all(word in said for word in words), said


def test_binary_files_get_figure_4_and_an_alpha(tmp_path: Path) -> None:
    path = tmp_path / "binary.csv"
    labels = (LABELS == 0).astype(int)
    lossviz.save_predictions(path, LOGITS[:, :1], labels)
    page = written(tmp_path, path, "--alpha", "0.25", "--gamma", "2")
    assert "Foreground and background (figure 4 of Lin et al. 2017)" in page
    z, t = torch.tensor(LOGITS[:, 0]), torch.tensor(labels, dtype=torch.float64)
    p_t = torch.where(t > 0, z.sigmoid(), 1 - z.sigmoid())
    loss = (0.25 * t + 0.75 * (1 - t)) * (1 - p_t) ** 2 * F.binary_cross_entropy_with_logits(z, t, reduction="none")
    assert f"Mean loss {loss.mean():.6g}," in page


def test_it_runs_as_a_program(tmp_path: Path) -> None:
    path = tmp_path / "mine.parquet"
    lossviz.save_predictions(path, LOGITS, LABELS)
    command = [sys.executable, "-m", "lossviz", "report", str(path), "-o", str(tmp_path / "report.html")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"report\.html: 700 samples × 4 classes, [\d.]+ s, peak memory \d+ MB", done.stdout)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert not re.search(r"<(script|link|img)[^>]*(src|href)=", page), "nothing is fetched from elsewhere"
    command[4] = str(tmp_path / "nothing.csv")
    assert subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 2
