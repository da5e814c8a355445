"""How much of the server's memory the uploads of all visitors may take together."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from typing import Any
from weakref import WeakSet

from streamlit.runtime import exists, get_instance
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from ...data.files.problems import FileProblem
from ...data.predictions import Batch
from ...texts import say

VARIABLE = "LOSSVIZ_UPLOAD_MB"
"""Environment variable with the size of the budget."""

DEFAULT_MB = 1000

COPIES = 2
"""A file is counted this often: as it came, and as what will be read from it."""

REMEMBERED = 1000
"""Refusals that are remembered for the page that asks about its file."""


class Budget:
    """What is in memory, and whether more may come."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._lock = threading.Lock()
        self._arriving: dict[str, int] = {}
        self._batches: WeakSet[Batch] = WeakSet()
        self._refusals: OrderedDict[str, str] = OrderedDict()

    def admit(self, file_id: str, size: int) -> bool:
        """Whether a file of that many bytes may come; if so, its place is kept until `arrived`."""
        with self._lock:
            if COPIES * size + self.used() > self.limit:
                self._refuse(file_id, size)
                return False
            self._arriving[file_id] = size
        return True

    def arrived(self, file_id: str) -> None:
        """The file is stored, or will never come."""
        with self._lock:
            self._arriving.pop(file_id, None)

    def refusal(self, file_id: str) -> str | None:
        """Why a file was not let in; None if it was."""
        return self._refusals.get(file_id)

    def add(self, batch: Batch) -> Batch:
        """Count a batch that was read from a file, for as long as anybody uses it; FileProblem if it is too much."""
        size, others = batch.nbytes, self._in_batches()
        if size + others > self.limit:
            raise FileProblem(
                say(
                    "The data read from this file takes {size} MB, and there is no room for it: all visitors’ uploads together "
                    "may use {limit} MB of this server’s memory, and {used} MB are in use. Try again in a few minutes, upload "
                    "fewer rows, or run lossviz on your own computer.",
                    size=_mb(size),
                    limit=_mb(self.limit),
                    used=_mb(others),
                )
            )
        self._batches.add(batch)
        return batch

    def used(self) -> int:
        """Bytes that are spoken for."""
        stored = sum(len(file.data) for files in stored_files().values() for file in files)
        return COPIES * (stored + sum(self._arriving.values())) + self._in_batches()

    @property
    def empty(self) -> bool:
        """Whether there is no upload at all."""
        return not self.used()

    def _in_batches(self) -> int:
        return sum(batch.nbytes for batch in self._batches)

    def _refuse(self, file_id: str, size: int) -> None:
        self._refusals[file_id] = self._sentence(size)
        while len(self._refusals) > REMEMBERED:
            self._refusals.popitem(last=False)

    def _sentence(self, size: int) -> str:
        largest = self.limit // COPIES
        if size > largest:
            return say(
                "This file is {size} MB, and this server accepts files of up to {largest} MB. Upload fewer rows, or run "
                "lossviz on your own computer.",
                size=_mb(size),
                largest=_mb(largest),
            )
        return say(
            "There is no room for this file at the moment. All visitors’ uploads together may use {limit} MB of this server’s "
            "memory: {used} MB are in use, and a file of {size} MB needs twice its size. The file was not kept. Try again in a "
            "few minutes, upload fewer rows, or run lossviz on your own computer.",
            size=_mb(size),
            limit=_mb(self.limit),
            used=_mb(self.used()),
        )


def store() -> Any:
    """Streamlit's store of uploaded files."""
    return get_instance().uploaded_file_mgr


def stored_files() -> dict[str, list[UploadedFileRec]]:
    """The files in Streamlit's store, the oldest first, by session."""
    if not exists():
        return {}
    return {session: list(files.values()) for session, files in list(store().file_storage.items())}


def _mb(size: int) -> str:
    return f"{max(1, round(size / 2**20)):,}"


def _limit() -> int:
    """The budget in bytes, as the environment says it."""
    text = os.environ.get(VARIABLE, str(DEFAULT_MB))
    if not text.isdecimal() or not int(text):
        raise ValueError(f"{VARIABLE}: found {text!r}; expected a whole number of megabytes above 0, such as {DEFAULT_MB}")
    return int(text) * 2**20


budget = Budget(_limit())
"""The one of this process."""
