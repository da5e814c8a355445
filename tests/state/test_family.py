"""The map of the family: every name of the field has a place, every place is what its name says."""

from __future__ import annotations

import pytest

from lossviz import LOSSES
from lossviz.naming.family import REGIONS
from lossviz.state.family import PLACES, place_of
from lossviz.state.fields import FIELDS
from lossviz.state.fields import PLACES as WORDS
from lossviz.state.links import link_problems

NAMES = (
    "categorical cross-entropy",
    "softmax loss",
    "softmax-with-loss",
    "multinomial logistic loss",
    "sparse categorical cross-entropy",
    "negative log-likelihood",
    "log loss",
    "binary cross-entropy",
    "sigmoid cross-entropy",
    "logistic loss",
    "BCE with logits",
    "multi-label soft-margin loss",
    "focal loss",
    "softmax focal loss",
    "α-balanced",
    "label-smoothed",
    "soft-target cross-entropy",
    "distillation loss",
    "KL divergence",
    "softmax loss on multi-hot targets",
    "generalized cross-entropy",
    "symmetric cross-entropy",
)


@pytest.mark.parametrize("name", NAMES)
def test_every_name_of_the_field_is_on_the_map(name: str) -> None:
    everything = [text for place in PLACES.values() for text in (place.names.title, *place.names.also)]
    assert any(name in text for text in everything)


@pytest.mark.parametrize("key", PLACES)
def test_a_place_is_what_it_says(key: str) -> None:
    place = PLACES[key]
    assert place.view.problems == ()
    assert place.names.common, "a place has a name"
    assert place_of(place.view.setting) == key
    assert link_problems({name: str(value) for name, value in place.words.items()}) == []
    assert place.use.endswith(".") and place.origin.endswith(".")
    assert set(place.words) <= set(FIELDS)


def test_each_place_is_on_the_map_once() -> None:
    shown = [key for region in REGIONS for keys in region.rows.values() for key in keys]
    assert sorted(shown) == sorted(PLACES)
    assert ("present", *PLACES) == WORDS
    assert len({place.names.title for place in PLACES.values()}) == len(PLACES)


def test_every_loss_has_a_place() -> None:
    assert {place.view.setting.spec.key for place in PLACES.values()} == set(LOSSES)


def test_settings_without_a_name_have_no_place() -> None:
    odd = PLACES["smoothed"].view.setting
    spec = PLACES["weighted"].view.setting.spec
    both = odd._replace(spec=spec.replace(label_smoothing=0.1))
    assert place_of(both) is None
