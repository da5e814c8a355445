"""What the table of hundreds of seeds knows of a scene: a row for each loss, and a sentence that says over what."""

from __future__ import annotations

from collections.abc import Sequence

from .claims import claim
from .contrasts import Contrast, Estimate, estimate, paired_differences
from .coverage import scene_coverage
from .intervals import FEWEST
from .measures import MEASURES
from .reference_results import reference_results
from .scenes import SCENES
from .sentences import losses_in_words, mean_with_interval


def reference_rows(key: str, labels: Sequence[str]) -> list[dict[str, str]]:
    """Each loss's difference to the first one, and of a claim both differences and what lies between; `labels`: by name."""
    about, parts = claim(SCENES[key].experiment), _parts(key)
    cause = about.cause if about else ""
    names = (f"with {cause}", f"without {cause}", f"effect of {cause}") if about else (f"against {labels[0]}",)
    return [
        {"loss": name} | {of: mean_with_interval(part, n) for of, part in zip(names, parts, strict=True)}
        for n, name in enumerate(labels[1:])
    ]


def _parts(key: str) -> list[Estimate]:
    scene, results = SCENES[key], reference_results(key)
    sides = [paired_differences(values[scene.measure])[None] for values in (results.present, results.absent)]
    return [estimate(one).at(0) for one in Contrast(*(sides if claim(scene.experiment) else sides[:1])).parts]


def reference_mean(key: str, labels: Sequence[str], estimated: Estimate | None) -> str:
    """The table's means and, of what a page has `estimated` with a few seeds, how many intervals miss them."""
    reference = _parts(key)[-1]
    means = "; ".join(f"{mean_with_interval(reference, n)} for {name}" for n, name in enumerate(labels[1:]))
    about = claim(SCENES[key].experiment)
    what = f"effect of {about.cause} on" if about else f"difference from {labels[0]} in"
    sentence = (
        f"Over {len(reference_results(key).seeds)} other seeds the {what} {MEASURES[SCENES[key].measure].title} is {means}."
    )
    missed = 0 if estimated is None else int(((reference.mean < estimated.low) | (reference.mean > estimated.high)).sum())
    if estimated is None or not missed:
        return sentence
    losses = len(labels) - 1
    which = (
        "The interval of these seeds misses that mean"
        if losses == 1
        else f"The intervals of these seeds miss that mean for {missed} of {losses} losses"
    )
    return f"{sentence} {which}: an unlucky draw, as {1 - scene_coverage(key, estimated.seeds):.0%} of such draws are."


def reference_scope(key: str, first: str, seeds: int) -> str:
    """Of what these are the numbers, over what the intervals are, and how often those of a page's `seeds` would hold."""
    scene, numbers = SCENES[key], reference_results(key).seeds
    losses = len(scene.experiment.losses) - 1
    sentence = (
        f"Difference in {MEASURES[scene.measure].title} to {first} over {len(numbers)} seeds ({numbers[0]} to {numbers[-1]}), "
        f"with 95% intervals that hold for {losses_in_words(losses)} at once; computed by benchmarks/scene_seeds.py."
    )
    if seeds < FEWEST:
        return sentence
    coverage = f"{scene_coverage(key, seeds):.0%}"
    return (
        f"{sentence} Drawing {seeds} of these seeds repeatedly, the page’s intervals covered the means in {coverage} of draws."
    )
