"""What a loss is (`Loss`), and one with its parameters filled in (`LossSpec`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, TypeAlias

from torch import Tensor

from ..errors import InputError, unknown_name
from ..fields import Choice, Number, Value
from ..texts import joined, say
from .activation import ACTIVATIONS
from .places import MapEntry

LOSSES: dict[str, Loss] = {}
"""The registry: key → Loss. The menu, the table in the README and the tests run over it; `losses/__init__.py` fills it."""

Formula: TypeAlias = Callable[..., tuple[Tensor, Tensor]]
"""A function of the outcomes and of the loss's own parameters, by name; gives terms and pull, each (K, M)."""


@dataclass(frozen=True)
class Limit:
    """An identity: with parameters `when` this loss is `factor` times the loss `equals`; `hard`: for hard labels only.

    Limits are shown on the page, stated in the docs and proved by a test.
    """

    when: Mapping[str, Value]
    equals: str
    text: str
    parameters: Mapping[str, Value] = field(default_factory=dict)
    factor: float = 1.0
    hard: bool = False
    activations: tuple[str, ...] | None = None


class TorchFunction(NamedTuple):
    """A function of torch.nn.functional that computes a loss, and those of our parameters that it takes under their names."""

    name: str
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Loss:
    """One loss function, all of it: adding one to lossviz is writing one of these.

    Temperature, weights, α, label smoothing and ignored rows are dealt with once, around every loss. Two examples stand in
    `tests/losses/new/`: one needs the true outcome only, the other needs all.

    Attributes:
        key: the word of the loss, in `lossviz.loss` and in links.
        name: what it is called in a sentence.
        activations: "softmax", "sigmoid" or "exp" (log-probabilities come in); the first is the default.
        targets: "any" (labels, multi-hot, probabilities), "indices" or "signs".
        formula: takes `Outcomes` and the parameters in `own_parameters` by name, each a number or, in a sweep, a tensor (M,);
            gives each outcome's share of the loss (the terms) and each outcome's −∂loss/∂log p (the pull), from which the
            activation makes the gradient; both (K, M).
        parameters: all its parameters, own and shared. A word has one default: a parameter that shares its name with another
            loss's has the same default, while label, help and range may differ.
        own_parameters: the names of those that its formula reads.
        latex, latex_grad: the formulas of one sample's loss and gradient as a setting has them.
        latex_term: one outcome's term for a given p and 1 − p, without target and weight, so that numbers can stand in it; None
            where the loss is no sum of such terms.
        pytorch: the lines of a PyTorch program, from t, log_p, log_q = log(1 − p), all (..., outcomes), and its own numbers by
            name. The last of them defines `modulator`, the factor on cross-entropy, or `cost`, what an outcome costs where it
            is true. No lines where the loss is cross-entropy.
        normalizer: activation → what "torch" as a mean's normalizer stands for.
        limits: settings in which it equals another loss: shown, documented and proved by a test.
        source: where the formula comes from.
        summary: one sentence, for the README and the page.
        also: other names.
        summed: "hard" where `latex_term` holds for hard labels only.
        outcomes: which outcomes the formula needs where labels are hard. "true": only the one that happened, which is all that
            losses of the form Σ t f(p) need, and half the work. "all": every outcome with its target, 0 or 1, for losses that
            ask what an outcome is (the yes or the no of a sigmoid, rows 0 and 1) or that charge for what did not happen.
        inactive_reasons: which of its own parameters have no effect in a setting, and why.
        places: where it stands on the map of names.
        functions: activation → the function of PyTorch that computes it. Where `pytorch` gives no lines, the program calls
            that, or cross-entropy's.
    """

    key: str
    name: str
    activations: tuple[str, ...]
    targets: str
    formula: Formula
    parameters: tuple[Number | Choice, ...]
    own_parameters: tuple[str, ...]
    latex: Callable[[LossSpec], str]
    latex_grad: Callable[[LossSpec], str]
    latex_term: Callable[[LossSpec, str, str], str] | None
    pytorch: Callable[[LossSpec], list[str]]
    normalizer: Mapping[str, str]
    limits: tuple[Limit, ...]
    source: str
    summary: str
    also: tuple[str, ...] = ()
    summed: str = "any"
    outcomes: Literal["true", "all"] = "true"
    inactive_reasons: Callable[[LossSpec], Mapping[str, str]] = lambda _: {}
    places: tuple[MapEntry, ...] = ()
    functions: Mapping[str, TorchFunction] = field(default_factory=dict)

    def map_entries(self) -> tuple[MapEntry, ...]:
        """Its places on the map, with the word of the loss among theirs."""
        return tuple(entry._replace(words={**entry.words, "loss": self.key}) for entry in self.places)

    def parameter(self, name: str, activation: str) -> Number | Choice:
        """The declaration of one parameter; InputError if this loss (with this activation) has none of that name."""
        known = {p.name: p for p in self.parameters}
        if name not in known:
            raise unknown_name(say("{loss} parameter", loss=self.key), name, known)
        allowed = known[name].activations
        if allowed is not None and activation not in allowed:
            needed = joined(map(repr, allowed), " or ")
            expected = say("activation {activations} for {parameter}", activations=needed, parameter=name)
            raise InputError(name, say("activation {activation}", activation=repr(activation)), expected)
        return known[name].under(activation)

    def spec(self, activation: str | None = None, **parameters: Any) -> LossSpec:
        """This loss with an activation and parameters, checked: what `lossviz.loss` returns."""
        chosen = self.activations[0] if activation is None else activation
        if chosen not in self.activations:
            raise unknown_name("activation", chosen, self.activations)
        checked = {name: self.parameter(name, chosen).check(value) for name, value in parameters.items()}
        defaults = {p.name: p.default for p in self.parameters_with(chosen)}
        return LossSpec(self.key, chosen, tuple((defaults | checked).items()))

    def parameters_with(self, activation: str) -> tuple[Number | Choice, ...]:
        """The parameters that the loss has with an activation."""
        return tuple(p for p in self.parameters if p.activations is None or activation in p.activations)


class Shared:
    """The parameters that losses share, each at the value that means: this loss does not have it, or it is off."""

    gamma: float = 0.0
    alpha: float | tuple[float, ...] | None = None
    weight: tuple[float, ...] | None = None
    pos_weight: float | tuple[float, ...] | None = None
    label_smoothing: float = 0.0
    ignore_index: int | None = None
    temperature: float = 1.0
    soft_form: str = "per-term"


NEUTRAL: Mapping[str, Value] = {name: getattr(Shared, name) for name in Shared.__annotations__}
"""What it means for a loss not to have a parameter."""


@dataclass(frozen=True)
class LossSpec(Shared):
    """A loss with activation and parameters, validated, frozen and hashable; made by `lossviz.loss`.

    Parameters read as attributes: `spec.gamma`. Shared ones that the loss does not have read as their neutral value. A loss's
    own are attributes too, which a type checker cannot know of: `number` reads them.
    """

    key: str
    activation: str
    parameters: tuple[tuple[str, Value], ...]

    def __post_init__(self) -> None:
        # Plain attributes: a search through the tuple at every access would show in small evaluations.
        self.__dict__.update(self.parameters)

    @property
    def per_logit(self) -> bool:
        """Whether each logit has a distribution over yes and no of its own; otherwise the classes of a sample share one."""
        return ACTIVATIONS[self.activation].per_logit

    def outcomes(self, classes: int) -> int:
        """How many outcomes a distribution over so many classes has."""
        return ACTIVATIONS[self.activation].outcomes(classes)

    @property
    def has_gamma(self) -> bool:
        """Whether γ is a parameter of this loss."""
        return "gamma" in LOSSES[self.key].own_parameters

    @property
    def mixes_alpha(self) -> bool:
        """Whether each sample has one α_t = Σ αᵢ tᵢ on its whole loss, mixed as p_t is, and not each outcome its own α."""
        return self.alpha is not None and self.soft_form == "mixed"

    def number(self, name: str) -> float:
        """A parameter of the loss's own that is one number."""
        value = self.__dict__[name]
        assert isinstance(value, int | float)
        return value

    def replace(self, **changes: Value) -> LossSpec:
        """The same loss with some of its parameters changed.

        Raises:
            InputError: for a parameter that the loss does not have, or a value outside its domain.

        Example:
            >>> loss("focal", gamma=2.0, alpha=0.5).replace(gamma=5.0) == loss("focal", gamma=5.0, alpha=0.5)
            True
        """
        kind = LOSSES[self.key]
        checked = {name: kind.parameter(name, self.activation).check(value) for name, value in changes.items()}
        return LossSpec(self.key, self.activation, tuple((dict(self.parameters) | checked).items()))

    def convert(self, key: str, **changes: Value) -> LossSpec:
        """Another loss, with this one's activation where it has it and with those parameters that both have.

        Example:
            >>> loss("cross-entropy", temperature=2.0).convert("focal", gamma=1.0) == loss("focal", gamma=1.0, temperature=2.0)
            True
        """
        kind = LOSSES[key]
        activation = self.activation if self.activation in kind.activations else kind.activations[0]
        names = {p.name for p in kind.parameters_with(activation)}
        common: Mapping[str, Value] = {name: value for name, value in self.parameters if name in names}
        return kind.spec(activation, **{**common, **changes})
