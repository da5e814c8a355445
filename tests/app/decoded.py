"""The other end of lossviz/ui/components/live/payload.py, written from its description alone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Decoded:
    """A header, and for each control the table of its sweep: column or scalar by name."""

    header: dict[str, Any]
    tables: dict[str, dict[str, np.ndarray]]

    def now(self, name: str) -> Any:
        """A number or numbers of the present row; null is nan and words are the infinities."""
        plain = self.header["now"][name]
        return [_number(x) for x in plain] if isinstance(plain, list) else _number(plain)

    def values(self, control: str) -> list[float]:
        """The grid of a control."""
        return next([_number(v) for v in sweep["values"]] for sweep in self.header["sweeps"] if sweep["id"] == control)


def decode(data: bytes) -> Decoded:
    """4 bytes of length, so much JSON, and float32 tables to the last byte."""
    length = int.from_bytes(data[:4], "little")
    assert (4 + length) % 4 == 0, "what follows has to be aligned"
    header = json.loads(data[4 : 4 + length].decode("utf-8"))
    floats = np.frombuffer(data, "<f4", offset=4 + length)
    tables, end = {}, 0
    for sweep in header["sweeps"]:
        assert sweep["offset"] == end, "tables follow one another"
        tables[sweep["id"]], end = _table(header, sweep, floats)
    assert end == len(floats), "nothing is left over"
    return Decoded(header, tables)


def _table(header: dict[str, Any], sweep: dict[str, Any], floats: np.ndarray) -> tuple[dict[str, np.ndarray], int]:
    classes, rows = header["classes"], len(sweep["values"])
    columns = [*header["columns"]]
    moving = sweep["id"][0] == "t" and sweep["id"][1:].isdigit()
    width = classes * len(columns) + len(header["scalars"]) + (classes if moving else 0)
    end = sweep["offset"] + rows * width
    block = floats[sweep["offset"] : end].reshape(rows, width)
    table = {name: block[:, i * classes : (i + 1) * classes] for i, name in enumerate(columns)}
    table |= {name: block[:, classes * len(columns) + i] for i, name in enumerate(header["scalars"])}
    return table | ({"targets": block[:, width - classes :]} if moving else {}), end


def _number(plain: Any) -> float:
    return float("nan") if plain is None else float(plain)
