"""What the table of hundreds of seeds knows of a scene: a row for each loss, and a sentence that says over what."""

from __future__ import annotations

from collections.abc import Sequence

from ...texts import joined, say
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
    parts = _parts(key)
    loss: str = say("loss")
    names = [say("against {first}", first=labels[0])]
    if about := claim(SCENES[key].experiment):
        names = [say("with {cause}", cause=about.cause), say("without {cause}", cause=about.cause)]
        names += [say("effect of {cause}", cause=about.cause)]
    return [
        {loss: name} | {of: mean_with_interval(part, n) for of, part in zip(names, parts, strict=True)}
        for n, name in enumerate(labels[1:])
    ]


def _parts(key: str) -> list[Estimate]:
    scene, results = SCENES[key], reference_results(key)
    sides = [paired_differences(values[scene.measure])[None] for values in (results.present, results.absent)]
    return [estimate(one).at(0) for one in Contrast(*(sides if claim(scene.experiment) else sides[:1])).parts]


def reference_mean(key: str, labels: Sequence[str], estimated: Estimate | None) -> str:
    """The table's means and, of what a page has `estimated` with a few seeds, how many intervals miss them."""
    reference = _parts(key)[-1]
    sentence = _means(key, labels, reference)
    missed = 0 if estimated is None else int(((reference.mean < estimated.low) | (reference.mean > estimated.high)).sum())
    if estimated is None or not missed:
        return sentence
    return joined([sentence, _unlucky(missed, len(labels) - 1, 1 - scene_coverage(key, estimated.seeds))], " ")


def _means(key: str, labels: Sequence[str], reference: Estimate) -> str:
    """The table's means in a sentence."""
    means = joined(
        [say("{mean} for {loss}", mean=mean_with_interval(reference, n), loss=name) for n, name in enumerate(labels[1:])], "; "
    )
    scene, seeds = SCENES[key], len(reference_results(key).seeds)
    measure = MEASURES[scene.measure].title
    if about := claim(scene.experiment):
        return say(
            "Over {seeds} other seeds the effect of {cause} on {measure} is {means}.",
            seeds=seeds,
            cause=about.cause,
            measure=measure,
            means=means,
        )
    return say(
        "Over {seeds} other seeds the difference from {first} in {measure} is {means}.",
        seeds=seeds,
        first=labels[0],
        measure=measure,
        means=means,
    )


def _unlucky(missed: int, losses: int, share: float) -> str:
    """That intervals of few seeds miss the means of many, and how often they do."""
    if losses == 1:
        return say(
            "The interval of these seeds misses that mean: an unlucky draw, as {share:.0%} of such draws are.", share=share
        )
    return say(
        "The intervals of these seeds miss that mean for {missed} of {losses} losses: an unlucky draw, as {share:.0%} of "
        "such draws are.",
        missed=missed,
        losses=losses,
        share=share,
    )


def reference_scope(key: str, first: str, seeds: int) -> str:
    """Of what these are the numbers, over what the intervals are, and how often those of a page's `seeds` would hold."""
    scene, numbers = SCENES[key], reference_results(key).seeds
    sentence = say(
        "Difference in {measure} to {first} over {seeds} seeds ({lowest} to {highest}), with 95% intervals that hold for "
        "{losses} at once; computed by benchmarks/scene_seeds.py.",
        measure=MEASURES[scene.measure].title,
        first=first,
        seeds=len(numbers),
        lowest=numbers[0],
        highest=numbers[-1],
        losses=losses_in_words(len(scene.experiment.losses) - 1),
    )
    if seeds < FEWEST:
        return sentence
    covered = say(
        "Drawing {seeds} of these seeds repeatedly, the page’s intervals covered the means in {coverage:.0%} of draws.",
        seeds=seeds,
        coverage=scene_coverage(key, seeds),
    )
    return joined([sentence, covered], " ")
