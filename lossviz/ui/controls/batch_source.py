"""Which batch is looked at: the shipped digits, a detector's anchors, or a file of one's own; with label noise or without."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from ...data import digits
from ...data.detector import detector
from ...data.noise import noisy
from ...data.predictions import Batch
from ...errors import InputError
from ...state.fields import NOISE, SHIPPED, UPLOAD
from ...texts import say
from ..components.markdown import literal
from ..server.batch_cache import CachedBatch
from ..session import new_batch, value
from ..session.store import NoisyBatch, current_session
from .field import control
from .lines import chip
from .upload import ask_for_file, upload_button, upload_dialog, uploaded


def source(device: str) -> tuple[CachedBatch | None, tuple[str, ...]]:
    """Draw the chips that choose a batch; the batch, None where no file is there yet, and what could not be."""
    with chip(_title(), "batch"):
        chosen = control("batch", on_change=ask_for_file)
        arguments = tuple(control(name) for name in ARGUMENTS.get(chosen, ()))
        if chosen == UPLOAD and uploaded() is not None:  # without a file the page itself has the button
            upload_button()
    upload_dialog(device)
    noise = _noise()
    cached = uploaded() if chosen == UPLOAD else shipped(chosen, arguments, device)
    new_batch((chosen, id(cached) if chosen == UPLOAD else 0))
    if cached is None or noise is None:
        return cached, ()
    try:
        return _with_noise(cached, chosen, arguments, noise), ()
    except InputError as error:
        return cached, (str(error),)


ARGUMENTS = {"detector": ("positives", "negatives", "separation", "prior", "seed")}
"""The words that say which batch a generator makes."""


def _title() -> str:
    """Which batch, in a few words."""
    chosen = value("batch")
    if chosen == UPLOAD:
        batch = uploaded()
        return say("**{name}**", name=literal(batch.survey.name, 24)) if batch else say("**My own file**")
    if chosen == SHIPPED:
        return say("**{count:,}** digits", count=digits.COUNT)
    positives, negatives = value("positives"), value("negatives")
    return say("Detector, **{positives:,.0f}** of {anchors:,.0f} anchors", positives=positives, anchors=positives + negatives)


class LabelNoise(NamedTuple):
    """Labels that are changed on purpose: the kind of noise, how often, and from and to which class where one is named."""

    kind: str
    rate: float
    seed: int
    source: int
    target: int


def _noise() -> LabelNoise | None:
    """The noise that is asked for: kind, rate, seed, from and to class."""
    present = value("noise")
    title = say("**{percent:g}%** label noise", percent=100 * value("noise_rate"))
    with chip(say("No label noise") if present == NOISE[0] else title, "noise"):
        kind = control("noise")
        if kind == NOISE[0]:
            return None
        rate, seed = control("noise_rate"), control("noise_seed")
        source = control("noise_from") if kind in ("one-class", "pair") else 0
        target = control("noise_to") if kind == "pair" else 0
    return LabelNoise(kind, float(rate), int(seed), int(source), int(target))


@lru_cache(maxsize=8)
def shipped(chosen: str, arguments: tuple[float, ...], device: str) -> CachedBatch:
    """A batch that is no one's own: all sessions share it and its statistics."""
    if chosen != "detector":
        return CachedBatch(digits.batch(), device)
    positives, negatives, separation, prior, seed = arguments
    return CachedBatch(detector(int(positives), int(negatives), float(separation), float(prior), int(seed)), device)


def _with_noise(cached: CachedBatch, chosen: str, arguments: tuple[float, ...], noise: LabelNoise) -> CachedBatch:
    if chosen != UPLOAD:
        return _shipped_with_noise(chosen, arguments, cached.device, noise)
    present = current_session()
    if present.noisy is None or present.noisy.noise != noise:
        present.noisy = NoisyBatch(noise, CachedBatch(with_noise(cached.batch, noise), cached.device))
    return present.noisy.batch


@lru_cache(maxsize=8)
def _shipped_with_noise(chosen: str, arguments: tuple[float, ...], device: str, noise: LabelNoise) -> CachedBatch:
    return CachedBatch(with_noise(shipped(chosen, arguments, device).batch, noise), device)


def with_noise(batch: Batch, noise: LabelNoise) -> Batch:
    """A batch with some of its labels changed."""
    classes: Any = {"one-class": (noise.source, noise.source), "pair": (noise.source, noise.target)}.get(noise.kind)
    return noisy(batch, noise.kind.replace("-", " "), noise.rate, noise.seed, classes)
