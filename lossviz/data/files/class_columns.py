"""Columns of outputs and columns of targets that are called by the same classes belong together, whatever their order."""

from __future__ import annotations

import re

from ...texts import say
from .columns import name_list
from .problems import FileProblem


def without_stem(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names without the words that all of them begin with: `prob_cat`, `prob_dog` are cat and dog."""
    words = [re.split(r"(?<=[_.\-\s(\[])", name.strip()) for name in names]
    same = 0
    while all(len(parts) > same + 1 and parts[same] == words[0][same] for parts in words):
        same += 1
    return tuple("".join(parts[same:]).rstrip(")]") for parts in words)


def pair_targets(classes: tuple[str, ...], targets: tuple[str, ...]) -> tuple[str, ...]:
    """The columns of targets in the order of the classes; FileProblem where only some of them are called by classes."""
    if len(classes) < 2 or len(targets) < 2:
        return targets
    class_keys = dict.fromkeys(map(_key, classes))
    keys = [_key(name) for name in without_stem(targets)]
    if set(keys) == set(class_keys) and len(keys) == len(class_keys):
        column = dict(zip(keys, targets, strict=True))
        return tuple(column[key] for key in class_keys)
    target_keys = set(keys)
    if target_keys & set(class_keys):
        unknown = [name for name, key in zip(targets, keys, strict=True) if key not in class_keys]
        if unknown:
            raise FileProblem(
                say(
                    "Output and target columns are named after classes, and there is no column of outputs for {names}.",
                    names=name_list(unknown),
                )
            )
        lacking = [name for name in classes if _key(name) not in target_keys]
        raise FileProblem(
            say(
                "Output and target columns are named after classes, and there is no column of targets for {names}.",
                names=name_list(lacking),
            )
        )
    return targets


def called_as_classes(classes: tuple[str, ...], columns: tuple[str, ...]) -> tuple[str, ...]:
    """The columns that are called by the classes and nothing else, if there is one for each: `toxic` beside `pred_toxic`."""
    column = {_key(name): name for name in columns}
    named = tuple(column[_key(name)] for name in classes if _key(name) in column)
    return named if len(named) == len(classes) > 1 else ()


def _key(name: str) -> str:
    return name.strip().casefold()
