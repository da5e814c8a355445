"""What the table of hundreds of seeds knows of a scene: a row for each loss, and a sentence that says over what."""

from __future__ import annotations

from collections.abc import Sequence

from .claims import claim
from .contrasts import Contrast, estimate, paired
from .known import known
from .record import MEASURES
from .scenes import SCENES
from .sentences import points_of


def known_rows(key: str, called: Sequence[str]) -> list[dict[str, str]]:
    """Each loss's difference to the first one, and of a claim both differences and what lies between; `called`: by name."""
    scene, told = SCENES[key], known(key)
    about = claim(scene.experiment)
    sides = [paired(values[scene.measure])[None] for values in (told.present, told.absent)]
    parts = [estimate(one).at(0) for one in Contrast(*(sides if about else sides[:1])).parts]
    changes = about.changes if about else ""
    names = (f"with {changes}", f"without {changes}", f"what {changes} changes") if about else (f"against {called[0]}",)
    return [
        {"loss": name} | {of: points_of(part, n) for of, part in zip(names, parts, strict=True)}
        for n, name in enumerate(called[1:])
    ]


def known_over(key: str, first: str) -> str:
    """Of what these are the numbers, and over what the intervals are."""
    scene, seeds = SCENES[key], known(key).seeds
    losses = len(scene.experiment.losses) - 1
    return (
        f"Difference in {MEASURES[scene.measure].title} to {first} over {len(seeds)} seeds ({seeds[0]} to {seeds[-1]}), with "
        f"95% intervals that hold for all {losses} losses at once; computed by benchmarks/scene_seeds.py."
    )
