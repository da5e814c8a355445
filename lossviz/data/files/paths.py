"""From what a person names, files, folders and patterns such as `run/*.parquet`, to files, in the order in which one counts."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from ...texts import say
from .formats import SUFFIXES
from .problems import FileProblem


class Shard(NamedTuple):
    """One of several files that hold the rows of one run.

    name: what messages call it, from the folder on that was named. keys: what the names of its folders say of all its rows, as
    `split=val/` does.
    """

    path: Path
    name: str
    keys: tuple[tuple[str, str], ...] = ()


def shards_of(names: Sequence[Path]) -> tuple[Shard, ...]:
    """The files that are named, those of a folder or a pattern in natural order: part-2 before part-10.

    Args:
        names: files, folders, of which every CSV, NPZ and Parquet file is taken however deep it lies, and patterns.

    Raises:
        FileProblem: for a name that leads to no file, and for a file that is named twice.
    """
    shards = [shard for name in names for shard in _shards_at(name)]
    seen: dict[Path, str] = {}
    for shard in shards:
        if (path := shard.path.resolve()) in seen:
            twice = say("{file} is named twice; its rows would count twice.", file=shard.name)
            raise FileProblem(twice)
        seen[path] = shard.name
    return tuple(shards)


def data_name(names: Sequence[Path]) -> str:
    """What the data is called as a whole: by what was named first."""
    first = names[0].name or names[0].resolve().name
    return first if len(names) == 1 else f"{first} + {len(names) - 1}"


def _shards_at(name: Path) -> Iterable[Shard]:
    if name.is_dir():
        return _shards_below(name, name)
    if name.exists() or not glob.has_magic(str(name)):
        return (Shard(name, name.name),)
    # pathlib has patterns only below a folder that is known.
    matches = [Path(match) for match in sorted(glob.glob(str(name), recursive=True), key=natural_order)]  # noqa: PTH207
    files = [match for match in matches if match.is_file()]
    root = Path(*_before_magic(name))
    if files:
        return [_shard(match, root) for match in files]
    if not matches:
        raise FileProblem(say("No file matches {pattern!r}.", pattern=str(name)))
    return [shard for match in matches for shard in _shards_below(match, root)]


def _before_magic(name: Path) -> Iterable[str]:
    """The folders of a pattern that are plain."""
    for part in name.parts[:-1]:
        if glob.has_magic(part):
            return
        yield part


def _shards_below(folder: Path, root: Path) -> list[Shard]:
    """Every file of predictions in a folder; what is hidden, or begins with _ as bookkeeping does, is none."""
    suited = (path for path in folder.rglob("*") if path.suffix.casefold() in SUFFIXES and not _is_hidden(path, folder))
    files = sorted((path for path in suited if path.is_file()), key=lambda path: natural_order(path.as_posix()))
    if not files:
        kinds = ", ".join(SUFFIXES)
        raise FileProblem(say("{folder} holds no file of predictions; expected {kinds}.", folder=str(folder), kinds=kinds))
    return [_shard(path, root) for path in files]


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith((".", "_")) for part in path.relative_to(folder).parts)


def _shard(path: Path, root: Path) -> Shard:
    return Shard(path, path.relative_to(root).as_posix(), _keys(path, root))


def _keys(path: Path, folder: Path) -> tuple[tuple[str, str], ...]:
    """What folders called `key=value` say."""
    pairs = (part.partition("=") for part in path.relative_to(folder).parts[:-1])
    return tuple((key, unquote(value)) for key, equals, value in pairs if key and equals)


def natural_order(name: str) -> list[tuple[bool, int, str]]:
    """A key to sort by: numbers in names by their value.

    >>> sorted(["part-10", "part-2"], key=natural_order)
    ['part-2', 'part-10']
    """
    return [(part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in re.split(r"(\d+)", name) if part]
