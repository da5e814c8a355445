"""What the words of a batch mean: which loss goes with it, which γ a scrubber has, and what can be asked of it at all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from ..analysis.batch.counting_unit import by_entry, fitted, partitions
from ..analysis.scrub import Scrub
from ..data.predictions import Predictions, Survey
from ..errors import InputError
from ..evaluation.setting import baseline
from ..losses import LOSSES, LossSpec
from ..naming.names import label
from ..texts import say
from .fields import BATCH, FIELDS, PARAMETERS, parameters_of
from .pins import PAPER, Pin
from .plots import NO_SCRUB, scrub_of
from .sample import Values, activations_for, checked_option, chosen_activation, losses_for, read, spec_of

TENTHS = tuple(n / 10 for n in range(51))
HALVES = TENTHS[::5]

OFFERED = ((300_000, TENTHS), (3_000_000, HALVES))
"""Every γ of the scrubber, for batches of so many logits at most; larger ones are asked for the γ of the paper."""


INFINITE = say(
    "label_smoothing: found more than 0; expected 0 with masked classes (logits of −inf): the loss would be infinite. Using 0 "
    "instead."
)


class LabelledLoss(NamedTuple):
    """A loss with its name; `slot` is 0 for the present one and counts up for what is compared with it."""

    label: str
    spec: LossSpec
    slot: int = 0


class BatchQuery(NamedTuple):
    """A batch and the losses that are looked at: the present one first, then what it is compared with.

    positions: the present loss at each position of the scrubber `scrub`, or alone where that does not move.
    """

    survey: Survey
    lines: tuple[LabelledLoss, ...]
    positions: tuple[LabelledLoss, ...]
    scrub: Scrub

    @property
    def spec(self) -> LossSpec:
        """The present loss."""
        return self.lines[0].spec

    @property
    def ce(self) -> LossSpec:
        """The cross-entropy that it is compared with."""
        return baseline(self.spec)

    @property
    def specs(self) -> tuple[LossSpec, ...]:
        """The present loss at each position of the scrubber."""
        return tuple(line.spec for line in self.positions)

    @property
    def names(self) -> list[str]:
        """What a legend calls the present loss at each position of the scrubber."""
        return [line.label for line in self.positions]

    @property
    def moving(self) -> Scrub | None:
        """The scrubber, where there is one."""
        return self.scrub if self.scrub.control else None

    def brief(self, n: int) -> str:
        """What tells a position of the scrubber in a title: γ, or the loss where it has none."""
        return f"γ = {self.specs[n].gamma:g}" if self.scrub.control else LOSSES[self.specs[n].key].name

    def position(self, n: int) -> tuple[float, str]:
        """The first columns of a listing: γ and the loss at a position of the scrubber."""
        return self.specs[n].gamma, self.names[n]


def batch_losses(survey: Survey) -> tuple[str, ...]:
    """The losses on offer for a batch, in screen order."""
    return tuple(key for key in losses_for(survey.task) if _fits(key, survey))


def _fits(key: str, survey: Survey) -> bool:
    kind = LOSSES[key]
    if survey.soft and kind.targets != "any":
        return False
    return bool(batch_activations(key, survey)) or (kind.activations == ("exp",) and "softmax" in survey.activations)


def batch_activations(key: str, survey: Survey) -> tuple[str, ...]:
    """The activations on offer; probabilities were made by one, and mean nothing under the other."""
    return tuple(a for a in activations_for(survey.task, key) if a in survey.activations)


def batch_loss(values: Values, survey: Survey) -> tuple[LossSpec, tuple[str, ...]]:
    """The loss that these values ask for on a batch, and what of them could not be."""
    problems: list[str] = []
    wanted = read(values, {"loss": FIELDS["loss"]}, [])["loss"]
    own = parameters_of(checked_option(wanted, batch_losses(survey), "loss", [], ""))
    fields = {name: FIELDS[name] for name in ("loss", *PARAMETERS, *(field.name for field in BATCH))}
    v = read(values, {**fields, **own}, problems)
    key = checked_option(v["loss"], batch_losses(survey), "loss", problems, say("the batch {name}", name=survey.name))
    activation = chosen_activation(values, key, batch_activations(key, survey))
    if survey.masked and v["label_smoothing"]:
        problems.append(INFINITE)
        v = {**v, "label_smoothing": 0.0}
    return spec_of(v, key, activation, survey.classes, problems), tuple(problems)


def at_gamma(spec: LossSpec, gamma: float) -> LossSpec:
    """The loss with another γ; itself if it has none."""
    return spec.replace(gamma=gamma) if has_gamma(spec) else spec


def has_gamma(spec: LossSpec) -> bool:
    """Whether γ is a parameter of the loss."""
    return spec.has_gamma


def focal_of(spec: LossSpec) -> LossSpec:
    """The loss if it has a γ, and otherwise focal loss with what it shares with it: the loss whose γ is asked for."""
    return spec if has_gamma(spec) else spec.convert("focal", gamma=0.0)


def gammas(spec: LossSpec, survey: Survey) -> Scrub:
    """What the scrubber of a batch moves: γ, where the loss has one."""
    if not has_gamma(spec):
        return NO_SCRUB
    logits = survey.samples * survey.classes
    offered = next((some for most, some in OFFERED if logits <= most), PAPER)
    values = tuple(sorted({*offered, spec.gamma}))
    return scrub_of("gamma", values, values.index(spec.gamma))


def compared(
    spec: LossSpec, pins: Iterable[Pin], survey: Survey, rows: Predictions
) -> tuple[tuple[LabelledLoss, ...], tuple[str, ...]]:
    """The present loss and what it is compared with: cross-entropy and the pins; without pins the γ of the paper.

    `rows`: a few of the batch, since names depend on targets. Also why some pins are not shown.
    """
    lines, problems, seen = [named(spec, rows)], [], {spec}
    candidates = [(0, Pin(baseline(spec))), *enumerate(pins, 1)]
    if len(candidates) == 1:
        candidates += [(0, Pin(at_gamma(focal_of(spec), gamma))) for gamma in PAPER]
    for number, pin in candidates:
        try:
            fitting = _checked(pin.spec, survey)
        except InputError as error:
            problems.append(say("Pin {number} is not shown. {error}", number=number, error=str(error)))
            continue
        if fitting not in seen and _plain(fitting) not in map(_plain, seen):
            seen.add(fitting)
            lines.append(named(fitting, rows, len(lines)))
    return tuple(lines[:7]), tuple(problems)


def batch_query(survey: Survey, lines: tuple[LabelledLoss, ...], rows: Predictions) -> BatchQuery:
    """The query of a page: its scrubber moves over all γ on offer. `rows`: a few of the batch, as in `compared`."""
    spec, scrub = lines[0].spec, gammas(lines[0].spec, survey)
    specs = [at_gamma(spec, gamma) for gamma in scrub.values] if scrub.control else [spec]
    return BatchQuery(survey, lines, tuple(named(one, rows) for one in specs), scrub)


def query_of_lines(survey: Survey, lines: tuple[LabelledLoss, ...]) -> BatchQuery:
    """The query of a report on these losses: its scrubber moves over their γ, where they differ in nothing else."""
    own = sorted((line._replace(slot=0) for line in lines), key=lambda line: line.spec.gamma)
    values = tuple(line.spec.gamma for line in own)
    if len({at_gamma(line.spec, 0.0) for line in lines}) > 1 or not 1 < len(set(values)) == len(lines):
        return BatchQuery(survey, lines, lines[:1], NO_SCRUB)
    return BatchQuery(survey, lines, tuple(own), scrub_of("gamma", values, values.index(lines[0].spec.gamma)))


def _plain(spec: LossSpec) -> Any:
    """Focal loss with γ = 0 is its baseline."""
    return baseline(spec) if has_gamma(spec) and spec.gamma == 0 else spec


def _checked(spec: LossSpec, survey: Survey) -> LossSpec:
    offered = batch_activations(spec.key, survey)
    if spec.key not in batch_losses(survey) or (spec.activation != "exp" and spec.activation not in offered):
        value = say("{loss} with {activation}", loss=spec.key, activation=spec.activation)
        raise InputError("pin", value, say("a loss for the batch {name}", name=survey.name))
    if survey.masked and spec.label_smoothing:
        value = say("{smoothing:g} with masked classes", smoothing=spec.label_smoothing)
        raise InputError("label_smoothing", value, say("0, or the loss is infinite"))
    for name, values in (("weight", spec.weight), ("alpha", spec.alpha)):
        if isinstance(values, tuple) and len(values) != survey.classes:
            expected = say("{classes}, one per class of the batch", classes=survey.classes)
            raise InputError("pin", say("{n} values of {name}", n=len(values), name=name), expected)
    return spec


def named(spec: LossSpec, rows: Predictions, slot: int = 0) -> LabelledLoss:
    """A loss with the name that a legend gives it."""
    return LabelledLoss(label(spec, fitted(spec, rows.targets[:50].copy())), spec, slot)


def splits(survey: Survey) -> tuple[str, ...]:
    """The ways to divide a batch."""
    return tuple(partitions(survey))


def unit(survey: Survey) -> str:
    """What is counted, in the plural."""
    return say("entries") if by_entry(survey.task) and survey.classes > 1 else say("samples")
