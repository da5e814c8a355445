"""`python -m lossviz report`: the numbers of the page without a page; who calls it learns by the exit code what came of it."""

from __future__ import annotations

import io
import re
import runpy
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
from lossviz.analysis.batch import calibration
from lossviz.analysis.batch.calibration_error import interval
from lossviz.commands import progress
from lossviz.data import predictions
from lossviz.data.files.loader import stream
from lossviz.data.predictions import Batch, Predictions, Survey
from lossviz.fields import Choice
from lossviz.losses import LOSSES
from lossviz.report import compute, passes
from lossviz.state.batch import named, query_of_lines

ROOT = Path(__file__).parents[2]
N, C = 700, 4
RNG = np.random.default_rng(12)
LABELS = RNG.integers(C, size=N)
LOGITS = np.round(RNG.normal(0, 2, (N, C)) + 3 * np.eye(C)[LABELS], 4)
GROUPS = np.array(["day", "night"])[RNG.integers(2, size=N)]


@pytest.fixture(autouse=True)
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """The interval of the calibration error, of which nothing is asked here, takes nearly half of a report's time."""
    monkeypatch.setattr(calibration, "interval", lambda *bins_and_seed: interval(*bins_and_seed[:4], draws=100))


@pytest.fixture(params=["csv", "npz", "parquet"])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / f"mine.{request.param}"
    lossviz.save_predictions(path, LOGITS, LABELS, groups=GROUPS)
    return path


def report_of(tmp_path: Path, file: Path, *options: str) -> str:
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


def test_it_answers_every_question_with_the_numbers_of_torch(tmp_path: Path, file: Path) -> None:
    page = report_of(tmp_path, file, "--gamma", "2", "0")
    loss, norm = usual(2.0)
    assert f"the mean loss is {loss.mean():.6g} and the mean gradient norm {norm.mean():.6g}." in page
    assert f"Detected: {N:,} samples of {C} classes, multi-class, with hard labels and logits." in page
    for gamma in (2.0, 0.0):
        top = usual(gamma)[0].sort(descending=True).values[: N // 100].sum() / usual(gamma)[0].sum()
        assert f"loss {float(f'{100 * top:.3g}'):g}%" in page, (
            "the hardest 1%: 7 of 700, at the border of a cell or between two"
        )
    check_questions(page)


def test_any_size_of_block_tells_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mine.parquet"
    lossviz.save_predictions(path, LOGITS, LABELS, groups=GROUPS)
    whole = report_of(tmp_path, path)
    monkeypatch.setattr(predictions, "BLOCK", 64 * C)
    monkeypatch.setattr(predictions, "MIN_ROWS", 64)
    assert len(list(stream(path).blocks())) > 5
    assert report_of(tmp_path, path) == whole


def test_a_folder_of_files_is_one_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands of the README: the files of each rank, of each split, and a pattern of them."""
    monkeypatch.chdir(tmp_path)
    half = N // 2
    for folder, rows in (("split=val", slice(None, half)), ("split=test", slice(half, None))):
        (tmp_path / "run" / folder).mkdir(parents=True)
        lossviz.save_predictions(tmp_path / "run" / folder / "rank0.parquet", LOGITS[rows], LABELS[rows])
    lossviz.save_predictions("whole.parquet", LOGITS, LABELS, groups=["val"] * half + ["test"] * (N - half))
    whole, pages = report_of(tmp_path, Path("whole.parquet")), []
    for names in (("run",), ("run/split=*/*.parquet",), ("run/split=val/rank0.parquet", "run/split=test/rank0.parquet")):
        output = tmp_path / "several.html"
        assert main(["report", *names, "-o", str(output)]) == 0
        pages.append(output.read_text(encoding="utf-8"))
    sentence = re.compile(r"the mean loss is [^.]+\.\d+ and the mean gradient norm [\d.]+\d")
    assert {sentence.search(page)[0] for page in (whole, *pages)} == {sentence.search(whole)[0]}
    assert all("Shares by group" in page and "split=val/rank0.parquet:" in page for page in pages[:2])
    assert "rank0.parquet:" in pages[2] and "Shares by group" not in pages[2]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_how_far_it_is_and_nothing_else_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mine.csv"
    lossviz.save_predictions(path, LOGITS, LABELS)
    monkeypatch.setattr(progress, "DELAY", 0)
    for terminal, words in ((Terminal(), ("Checking:", "Computing:", "samples/s", "left")), (io.StringIO(), ())):
        monkeypatch.setattr(sys, "stderr", terminal)
        report_of(tmp_path, path)
        assert all(word in terminal.getvalue() for word in words) and bool(terminal.getvalue()) == bool(words)


@pytest.mark.parametrize("soft", [False, True])
def test_the_bar_is_full_when_a_report_is_done(soft: bool) -> None:
    targets = np.full((N, C), 1 / C, np.float32) if soft else np.array(LABELS)
    survey = Survey("a", N, C, "multi-class", soft, ("softmax",), "logits", "", (N / C,) * C)
    rows: list[int] = []
    source = progress.Observed(Batch(survey, Predictions(np.array(LOGITS, np.float32), targets)), rows.append)
    compute(source, query_of_lines(survey, (named(lossviz.loss("focal"), next(source.blocks()), 0),)))
    assert sum(rows) == N * passes(survey)


def check_questions(page: str) -> None:
    for title in (
        "Import details",
        "Where do the loss and the gradient come from?",
        "Which samples drive the loss?",
        "How hard is the batch",
        "Shares by class",
        "How well does each class do?",
        "Which classes are confused?",
        "Shares by group",
        "What would γ, and α or class weights, do",
        "Which labels look wrong?",
        "Are the probabilities calibrated?",
        "What does a “mean” loss divide by?",
    ):
        assert title in page
    assert "Figure 4 of the focal loss paper" not in page, "there are no two sides in a batch of four classes"


def refused(capsys: pytest.CaptureFixture[str], output: Path, *arguments: str) -> str:
    """What it says when it will not."""
    assert main(["report", *arguments, "-o", str(output)]) == 2
    assert not output.exists(), "no half a report is left behind"
    message = capsys.readouterr().err
    assert message.startswith("lossviz: ")
    return message


def test_refused_files_are_told_by_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("logit_0,logit_1,logit_2,label\n1,2,3,0\n1,x,3,1\n1,2,3,7\n")
    message = refused(capsys, tmp_path / "report.html", str(path))
    assert "row 2" in message and "'x'" in message
    assert "row 3" in message and "7" in message
    assert "missing.npz cannot be opened" in refused(capsys, tmp_path / "report.html", str(tmp_path / "missing.npz"))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--gamma", "-1"), ("gamma", "-1")),
        (("--gamma", "nan"), ("gamma", "nan")),
        (("--loss", "logistic"), ("--loss", "logistic", "multi-class")),
        (("--alpha", "1.5", "--activation", "sigmoid"), ("alpha", "1.5")),
        (("--alpha", "-1"), ("alpha", "-1")),
        (("--label-smoothing", "1.5"), ("label_smoothing", "1.5")),
        (("--loss", "nll", "--activation", "sigmoid"), ("--activation", "sigmoid")),
    ],
)
def test_what_does_not_go_with_the_file_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: Sequence[str], words: Sequence[str]
) -> None:
    path = tmp_path / "mine.npz"
    lossviz.save_predictions(path, LOGITS, LABELS)
    message = refused(capsys, tmp_path / "report.html", str(path), *options)
    assert all(word in message for word in words), message


def columns(path: Path, **columns: Sequence[object]) -> Path:
    """A CSV file."""
    rows = zip(*columns.values(), strict=True)
    path.write_text("\n".join([",".join(columns), *(",".join(map(str, row)) for row in rows)]) + "\n", encoding="utf-8")
    return path


def mean_loss(page: str) -> float:
    match = re.search(r"the mean loss is ([\d.e-]+) and", page)
    assert match
    return float(match[1])


Z = LOGITS[:60, :3]
Y = LABELS[:60] % 3
CE = float(F.cross_entropy(torch.tensor(Z), torch.tensor(Y)))
OUTPUTS: dict[str, Sequence[object]] = {f"out_{k}": Z[:, k].tolist() for k in (2, 0, 1)}


def test_flags_say_which_column_is_what(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = columns(tmp_path / "a.csv", **OUTPUTS, answer=Y.tolist(), fold=["a", "b"] * 30, file=range(60))
    message = refused(capsys, tmp_path / "report.html", str(path))
    assert "--logits COLUMNS (or --probs COLUMNS) --label COLUMN" in message
    for pattern in (["out_*"], ["out_0", "out_1", "out_2"], ["out_[012]"]):
        page = report_of(tmp_path, path, "--logits", *pattern, "--label", "answer", "--gamma", "0", "--id", "file")
        assert mean_loss(page) == pytest.approx(CE, rel=1e-5), "a glob goes by the numbers and not by the place in the file"
    assert "Shares by group" in report_of(tmp_path, path, "--logits", "out_*", "--label", "answer", "--group", "fold")
    assert "No column matches" in refused(capsys, tmp_path / "o.html", str(path), "--logits", "out_9", "--label", "answer")


@pytest.mark.parametrize(
    ("outputs", "label"),
    [
        ("predictions", "label_ids"),
        ("logits", "labels"),
        ("output", "target"),
        ("y_score", "y_true"),
        ("scores", "gt"),
        ("decision_function", "y"),
    ],
)
def test_common_names_need_no_flags(tmp_path: Path, outputs: str, label: str) -> None:
    np.savez(tmp_path / "a.npz", **{outputs: Z, label: Y})
    assert mean_loss(report_of(tmp_path, tmp_path / "a.npz", "--gamma", "0")) == pytest.approx(CE, rel=1e-5)


@pytest.mark.parametrize(
    ("prob", "label"), [("y_prob", "y_true"), ("y_pred_proba", "y_test"), ("probability", "target"), ("pred_proba", "y")]
)
def test_common_names_of_probabilities(tmp_path: Path, prob: str, label: str) -> None:
    p = 1 / (1 + np.exp(-Z[:, 0]))
    path = columns(tmp_path / "a.csv", **{prob: p.tolist(), label: (Y == 0).astype(int).tolist()})
    options = ["--label", label] if label == "y_test" else []
    t = torch.tensor(Y == 0).double()
    expected = float(F.binary_cross_entropy_with_logits(torch.tensor(Z[:, 0]), t))
    assert mean_loss(report_of(tmp_path, path, *options, "--gamma", "0")) == pytest.approx(expected, rel=1e-5)


def test_what_is_doubtful_is_refused_with_the_flag_that_decides(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    p = np.exp(Z) / np.exp(Z).sum(1, keepdims=True)
    path = columns(tmp_path / "a.csv", **{f"score_{k}": p[:, k].tolist() for k in range(3)}, label=Y.tolist())
    message = refused(capsys, tmp_path / "report.html", str(path))
    flags = [line.split("    ")[0].split() for line in message.splitlines() if line.startswith("  --")]
    assert [flag[0] for flag in flags] == ["--probs", "--logits"]
    assert mean_loss(report_of(tmp_path, path, *flags[0], "--gamma", "0")) == pytest.approx(CE, rel=1e-5)
    softmax_twice = float(F.cross_entropy(torch.tensor(p), torch.tensor(Y)))
    assert mean_loss(report_of(tmp_path, path, *flags[1], "--gamma", "0")) == pytest.approx(softmax_twice, rel=1e-5)


@pytest.mark.parametrize(
    ("label", "options"),
    [
        (-1, ["--ignore-label", "-1"]),
        (255, ["--ignore-label", "255"]),
        (3, ["--ignore-label", "7", "3"]),
        (-100, []),
        ("", []),
        ("none of these", ["--ignore-label", "none of these"]),
    ],
)
def test_ignored_labels_are_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], label: object, options: Sequence[str]
) -> None:
    labels = [label if n % 5 == 0 else int(k) for n, k in enumerate(Y)]
    path = columns(tmp_path / "a.csv", **{f"logit_{k}": Z[:, k].tolist() for k in range(3)}, label=labels)
    page = report_of(tmp_path, path, *options, "--gamma", "0")
    used = np.arange(60) % 5 > 0
    assert "60 rows = 48 used + 12 ignored" in page and "12 of 60 rows ignored" in capsys.readouterr().out
    expected = float(F.cross_entropy(torch.tensor(Z[used]), torch.tensor(Y[used])))
    assert mean_loss(page) == pytest.approx(expected, rel=1e-5)
    if options:
        assert "--ignore-label" in refused(capsys, tmp_path / "other.html", str(path))


def test_groups_that_are_none_are_no_dead_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logits: dict[str, Sequence[object]] = {f"logit_{k}": LOGITS[:, k].tolist() for k in range(C)}
    path = columns(tmp_path / "a.csv", **logits, label=LABELS.tolist(), group=range(N), id=[""] * N)
    page = report_of(tmp_path, path)
    assert "Column 'group' was left out" in page and "Column 'id' was left out" in page and "Shares by group" not in page
    message = refused(capsys, tmp_path / "other.html", str(path), "--group", "group")
    assert "more than 200" in message and "--group none" in message
    assert "was left out" not in report_of(tmp_path, path, "--group", "none", "--id", "none")


@pytest.mark.parametrize("key", LOSSES)
def test_every_parameter_of_a_loss_is_a_flag(tmp_path: Path, key: str) -> None:
    """From its declaration, so that a new loss has them too."""
    kind = LOSSES[key]
    binary = kind.targets == "signs"
    path = tmp_path / "a.npz"
    lossviz.save_predictions(path, LOGITS[:, 0] if binary else LOGITS, LABELS % 2 if binary else LABELS)
    for activation in kind.activations:
        options, values = [], {}
        for p in kind.parameters:
            if p.name == "ignore_index" or (p.activations and activation not in p.activations):
                continue
            if p.name == "label_smoothing" and activation == "exp":
                continue
            value = p.samples()[-1] if isinstance(p, Choice) or p.scalar else (1.0, 2.0, 0.5, 3.0)
            values[p.name] = value
            options += [f"--{p.name.replace('_', '-')}", *map(str, value if isinstance(value, tuple) else (value,))]
        chosen = ["--activation", activation] if activation != "exp" else []
        page = report_of(tmp_path, path, "--loss", key, *chosen, *options)
        z = torch.tensor(LOGITS[:, 0] if binary else LOGITS)
        z = z.log_softmax(1) if activation == "exp" else z
        y = LABELS % 2 * 2 - 1 if binary else LABELS
        spec = lossviz.loss(key, activation, **values)
        expected = float(lossviz.evaluate(spec, z, y).loss.mean())
        assert mean_loss(page) == pytest.approx(expected, rel=1e-5)


def test_a_parameter_of_another_loss_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.npz"
    lossviz.save_predictions(path, LOGITS, LABELS)
    message = refused(capsys, tmp_path / "report.html", str(path), "--loss", "cross-entropy", "--q", "0.5")
    assert "--q" in message and "--label-smoothing" in message
    message = refused(capsys, tmp_path / "report.html", str(path), "--loss", "cross-entropy", "--gamma", "1")
    assert "--gamma" in message


def test_masked_classes_have_numbers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    z = LOGITS.copy()
    masked = RNG.random(z.shape) < 0.3
    masked[np.arange(N), LABELS] = False
    z[masked] = -np.inf
    path = tmp_path / "a.npz"
    lossviz.save_predictions(path, z, LABELS)
    for activation in ("softmax", "sigmoid"):
        page = report_of(tmp_path, path, "--gamma", "0", "--activation", activation)
        assert not re.search(r"(?<!are −)\b(nan|inf)\b", page)
    page = report_of(tmp_path, path, "--gamma", "0")
    assert mean_loss(page) == pytest.approx(float(F.cross_entropy(torch.tensor(z), torch.tensor(LABELS))), rel=1e-5)
    assert (
        "infinite" in (message := refused(capsys, tmp_path / "o.html", str(path), "--label-smoothing", "0.1")) or "∞" in message
    )


def test_binary_files_get_figure_4_and_an_alpha(tmp_path: Path) -> None:
    path = tmp_path / "binary.csv"
    labels = (LABELS == 0).astype(int)
    lossviz.save_predictions(path, LOGITS[:, :1], labels)
    page = report_of(tmp_path, path, "--alpha", "0.25", "--gamma", "2")
    assert "Figure 4 of the focal loss paper" in page
    z, t = torch.tensor(LOGITS[:, 0]), torch.tensor(labels, dtype=torch.float64)
    p_t = torch.where(t > 0, z.sigmoid(), 1 - z.sigmoid())
    loss = (0.25 * t + 0.75 * (1 - t)) * (1 - p_t) ** 2 * F.binary_cross_entropy_with_logits(z, t, reduction="none")
    assert f"the mean loss is {loss.mean():.6g} and" in page


def ran(monkeypatch: pytest.MonkeyPatch, *words: object) -> object:
    """The exit code of `python -m lossviz`, in this interpreter: to start another takes longer than all reports together."""
    monkeypatch.setattr(sys, "argv", ["lossviz", *map(str, words)])
    monkeypatch.delitem(sys.modules, "lossviz.__main__", raising=False)  # as if nobody had imported it
    with pytest.raises(SystemExit) as end:
        runpy.run_module("lossviz", run_name="__main__")
    return end.value.code


def test_it_runs_as_a_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """And as one that is installed, in test_wheel.py."""
    path = tmp_path / "mine.parquet"
    lossviz.save_predictions(path, LOGITS, LABELS)
    assert ran(monkeypatch, "report", path, "-o", tmp_path / "report.html") == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert re.search(r"report\.html: 700 samples × 4 classes, [\d.]+ s, peak memory \d+ MB", printed.out)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert not re.search(r"<(script|link|img)[^>]*(src|href)=", page), "nothing is fetched from elsewhere"
    assert ran(monkeypatch, "report", tmp_path / "nothing.csv", "-o", tmp_path / "report.html") == 2
