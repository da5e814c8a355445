"""What a link says, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..errors import InputError
from ..fields import Choice, Field, Text, Value, Vector
from ..texts import joined, say
from .fields import FIELDS, PARAMETERS
from .plots import plot_problems
from .sample import activations_for, default_in_words, has_parameter, resolve
from .training import field_problems as training_problems


def link_problems(words: Mapping[str, str], about: str = "sample") -> list[str]:
    """What is wrong with a link's words: unknown ones, and values that will be replaced by their default.

    `about`: what its page is about, "sample", "batch" or "training". A sample's loss and picture have to go with it, and a
    training's classes and look with its data; what goes with a batch is known when the batch has been read.
    """
    problems: list[str] = [say("Unknown URL parameter: “{word}”.", word=_short(word)) for word in words if not _known(word)]
    values: dict[str, Any] = {}
    for name, text in words.items():
        if name in FIELDS:
            try:
                values[name] = from_text(FIELDS[name], text)
            except InputError as error:
                instead = default_in_words(FIELDS[name])
                problems.append(say("{error} Using {instead} instead.", error=str(error), instead=instead))
    match about:
        case "sample":
            return problems + _problems_of_sample(values)
        case "training":
            return problems + training_problems(values)
    return problems


def word_of(problem: str) -> str:
    """The word that a problem is about, which it begins with; "" if it is about none."""
    word = re.split("[:,]", problem, maxsplit=1)[0]
    return word if word in FIELDS else ""


def _known(word: str) -> bool:
    return word in FIELDS or word in RESERVED or TRACKING.fullmatch(word) is not None


def _problems_of_sample(values: Mapping[str, Any]) -> list[str]:
    """What of these values does not go with the others on a page about one sample."""
    view = resolve(values)
    problems = [*view.problems]
    spec = view.setting.spec
    for name in values:
        if name in PARAMETERS and not has_parameter(name, spec.key, spec.activation):
            text = say(
                "{name}: {loss} with {activation} has no such parameter; it is ignored.",
                name=name,
                loss=spec.key,
                activation=spec.activation,
            )
            problems.append(text)
    offered = activations_for(view.task, spec.key)
    if "activation" in values and offered and values["activation"] not in offered:
        text = say(
            "activation: {loss} on task {task} needs {activations}. Using {instead} instead.",
            loss=spec.key,
            task=view.task,
            activations=joined(offered, " or "),
            instead=offered[0],
        )
        problems.append(text)
    return problems + plot_problems(values, view)


PAGES = {
    "": "sample",
    "one-sample": "sample",
    "curves": "sample",
    "surfaces": "sample",
    "names": "sample",
    "mistakes": "sample",
    "batch": "batch",
    "training": "training",
}
"""What each page is about, by its path; the first one has none in an address, but may be called by its name."""

RESERVED = ("embed", "embed_options")
"""Words of Streamlit's own."""

TRACKING = re.compile(
    r"(utm_\w+|mtm_\w+|pk_\w+|hsa_\w+|_?_hs\w+|[a-z]*clk?id|gbraid|wbraid|gad_\w+|igshid|mc_[ce]id|mkt_tok|_ga|_gl|si|ref|ref_src"
    r"|ref_url|spm|scm|share_\w+|from|isappinstalled|nsukey|__cft__.*|__tn__|amp|yclid|oly_\w+|vero_\w+|cmpid|s_cid)",
    re.I,
)
"""Words that mail, messengers and social networks hang on every link that passes through them."""


def from_text(field: Field, text: str) -> Value | str:
    """A value as it stands in a link; vectors are text, the plain numbers of it. Raises InputError."""
    if isinstance(field, Vector):
        return Vector.text(field.parse(text))
    if isinstance(field, Choice):
        return field.check(dict(field.renamed).get(text, text))
    if isinstance(field, Text):
        return field.check("" if text == field.blank else text)
    if field.optional and text == "":
        return None
    try:
        number = float(text)
        return field.check(int(number) if field.integer and number.is_integer() else number)
    except ValueError:  # no number, or an InputError that says it in digits of its own
        raise InputError(field.name, repr(_short(text)), field.expected) from None


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
