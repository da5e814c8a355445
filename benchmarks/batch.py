"""How long a batch of a million samples takes, in the page and without it, and how much memory.

    python -m benchmarks.batch            # 1e6 × 10 and 1e5 × 1000 in the page, 1 GB on the command line
    python -m benchmarks.batch --gigabytes 4

Files are made on the spot, in a temporary folder, and removed. Memory of the server is its peak after the upload began, less
what it held before, as a multiple of the logits' size; a small file has been uploaded first, so that libraries are loaded. The
peer of one loss on all samples is the usual PyTorch program: the loss, its gradient by autograd, and a sort for the shares.
"""

from __future__ import annotations

import argparse
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import torch
import torch.nn.functional as F
from playwright.sync_api import Page

import lossviz
from lossviz.analysis.batch.batch_stats import plan, total
from lossviz.data.files.loader import read

from .server import ROOT, Server, chromium, line, served

GROUP = 100_000


def made(path: Path, samples: int, classes: int) -> Path:
    """A Parquet file of float32 logits and labels, in row groups."""
    writer = None
    for start in range(0, samples, GROUP):
        rng = np.random.default_rng(start)
        n = min(GROUP, samples - start)
        labels = rng.integers(classes, size=n)
        logits = 2 * rng.standard_normal((n, classes), np.float32)
        logits[np.arange(n), labels] += 4
        column = pa.FixedSizeListArray.from_arrays(pa.array(logits.reshape(-1)), classes)
        table = pa.table({"logits": column, "label": pa.array(labels)})
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    assert writer is not None
    writer.close()
    return path


def usual(z: torch.Tensor, y: torch.Tensor) -> None:
    """Softmax focal loss as usually written: loss and gradient norm of each sample, and the shares of the hardest."""
    leaf = z.detach().requires_grad_()
    log_p = F.log_softmax(leaf, 1).gather(1, y[:, None])[:, 0]
    value = -((1 - log_p.exp()) ** 2) * log_p
    norm = torch.autograd.grad(value.sum(), leaf)[0].norm(dim=1)
    for x in (value.detach(), norm):
        x.sort(descending=True).values.cumsum(0)


def compare(path: Path) -> None:
    """Reading, and one loss on all samples, beside the peer; medians of rounds in turn."""
    batch = read(path, path.name)
    spec, survey = lossviz.loss("focal", gamma=2.0), batch.survey
    z, y = torch.from_numpy(batch.rows.logits), torch.from_numpy(batch.rows.targets)
    planned = plan(spec, survey)
    sides: tuple[Callable[[], object], ...] = (
        lambda: total(planned, batch),
        lambda: usual(z, y),
        lambda: read(path, path.name),
    )
    rounds = [[timed(side) for side in sides] for _ in range(5)]
    ours, theirs, reading = (statistics.median(column) for column in zip(*rounds, strict=True))
    ratio = statistics.median(b / a for a, b, _ in rounds)
    size = f"{survey.samples:,} × {survey.classes}"
    line(f"read {size}", f"{reading:.2f} s", "Parquet to checked arrays")
    line(f"one loss on {size}", f"{ours:.2f} s", f"usual program {theirs:.2f} s: {ratio:.1f} × faster, one thread each")


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def upload(page: Page, path: Path) -> tuple[float, float]:
    """Seconds from the arrival of the bytes until they are understood, and from the click until a figure is drawn."""
    page.get_by_role("button", name=re.compile("Choose a file|Another file")).click()
    with page.expect_response(lambda answer: "upload_file" in answer.url and answer.request.method == "PUT", timeout=120_000):
        page.locator("input[type=file]").set_input_files(path)
    understood = timed(lambda: page.get_by_text("Understood:").wait_for(timeout=120_000))
    return understood, timed(lambda: ask(page, path.name))


def ask(page: Page, name: str) -> None:
    """Ask about the batch, and wait until the page has its name and a figure that says something else than before."""
    title = page.locator(".lossviz-stage .gtitle").first
    before = title.text_content() if title.count() else ""
    page.get_by_role("button", name="Ask about this batch").click()
    page.get_by_text(f"{name}:").first.wait_for(timeout=120_000)
    page.wait_for_function(
        "before => { const now = document.querySelector('.lossviz-stage .gtitle'); return now && now.textContent !== before; }",
        arg=before,
        timeout=120_000,
    )


def scrubbed(page: Page, gamma: str) -> float:
    """Seconds from a new γ, let go of in the sidebar, until the figure says it."""
    field = page.get_by_role("spinbutton", name=re.compile("Focusing"))
    field.fill(gamma)
    start = time.perf_counter()
    field.press("Enter")
    page.locator(".lossviz-stage .gtitle", has_text=f"γ = {gamma}").first.wait_for(timeout=60_000)
    return time.perf_counter() - start


def peak(server: Server) -> float:
    """The most memory since `forget`, in MB."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def forget(server: Server) -> float:
    """Begin to look for the peak anew; what the server holds now, in MB."""
    Path(f"/proc/{server.process.pid}/clear_refs").write_text("5")
    return server.memory()


def in_the_page(folder: Path, files: dict[Path, float]) -> None:
    """Uploads as a person makes them. `files`: with the size of their logits in MB."""
    with chromium() as browser:
        for path, logits in files.items():
            with served(ROOT / "app.py") as server:
                page = browser.new_page(viewport={"width": 1440, "height": 1000}, bypass_csp=True)
                page.goto(f"{server.address}/batch?batch=upload&ask=shares")
                page.get_by_role("button", name="Choose a file").wait_for(timeout=60_000)
                upload(page, made(folder / "small.parquet", 1000, 3))
                before = forget(server)
                understood, figure = upload(page, path)
                most = peak(server) - before
                page.get_by_test_id("stExpandSidebarButton").click()
                steps = [scrubbed(page, gamma) for gamma in ("2.3", "3.1", "0.7")]
                name = path.stem
                line(f"{name}: understood", f"{understood:.2f} s", "after the bytes have arrived")
                line(f"{name}: first picture", f"{figure:.2f} s", f"{understood + figure:.2f} s in all (1e6 × 10: wanted 3)")
                line(f"{name}: another γ", f"{statistics.median(steps):.2f} s", "until it is drawn (1e6 × 10: wanted 1)")
                line(
                    f"{name}: memory",
                    f"{most:.0f} MB",
                    f"{most / logits:.1f} × the logits, the file itself among it (wanted 4)",
                )
                page.close()


def on_the_command_line(folder: Path, gigabytes: float) -> None:
    """A report on a file that need not fit into memory."""
    samples = round(gigabytes * 1e9 / (4 * 100) / GROUP) * GROUP
    path = made(folder / "large.parquet", samples, 100)
    command = [sys.executable, "-m", "lossviz", "report", path, "--gamma", "0", "1", "2", "5", "-o", folder / "report.html"]
    start = time.perf_counter()
    text = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    seconds = time.perf_counter() - start
    size = path.stat().st_size / 1e9
    line(
        f"report on {size:.1f} GB",
        f"{seconds:.0f} s",
        f"{samples / seconds:,.0f} samples a second; it says: {text.split(': ')[-1].strip()}",
    )
    path.unlink()


def main(gigabytes: float = 1.0) -> None:
    """Everything."""
    torch.set_num_threads(1)
    print("\nBatches")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tall, wide = made(folder / "1e6 x 10.parquet", 1_000_000, 10), made(folder / "1e5 x 1000.parquet", 100_000, 1000)
        compare(tall)
        compare(wide)
        in_the_page(folder, {tall: 40.0, wide: 400.0})
        on_the_command_line(folder, gigabytes)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gigabytes", type=float, default=1.0)
    main(parser.parse_args().gigabytes)
