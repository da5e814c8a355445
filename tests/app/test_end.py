"""The end of a process in the middle of a training."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from .test_app import APP

TRAINING = """
import time
from lossviz.state.training import training_query
from lossviz.ui.server.training_queue import training_queue
query, _ = training_query({"world": "digits", "epochs": 1000, "seeds": 4})
(job,) = training_queue().request("somebody", [query.experiment])
while job.epoch < 1:
    assert job.error is None
    time.sleep(0.01)
print(job.state)
"""


def test_it_ends_in_peace() -> None:
    """torch, taken down while it is at work, would end the process with "terminate called"."""
    done = subprocess.run([sys.executable, "-c", TRAINING], cwd=Path(APP).parent, capture_output=True, text=True, timeout=120)
    assert done.stdout == "training\n"
    assert (done.returncode, "terminate" in done.stderr) == (0, False), done.stderr
