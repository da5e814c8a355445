"""Lines of several settings: the present one thick, a family of γ in one ramp of colours, and twins known as such."""

import itertools

import pytest

from lossviz import loss
from lossviz.analysis.series import Series
from lossviz.evaluation.setting import Setting
from lossviz.figures import theme
from lossviz.figures.line_looks import PINNED, PRESENT, is_twin, looks

from ..plotted import colours, contrast, lab, linear
from .test_theme import GROUNDS, SIGHT

GAMMAS = (0.5, 1.0, 2.0, 5.0)


def series(*specs: object) -> tuple[Series, ...]:
    return tuple(Series(str(n), Setting(spec, (2.0, 1.0), (1.0, 0.0)), n) for n, spec in enumerate(specs))


@pytest.mark.parametrize("page", [0, 1], ids=["light", "dark"])
def test_the_ramp_of_gamma_is_in_order_and_seen_by_everyone(page: int) -> None:
    """The larger γ, the farther from the page, in steps that can be seen whatever cones one has; blue is apart from all."""
    ramp = [theme.gamma_shade(gamma)[page] for gamma in GAMMAS]
    assert ramp == [step[1 + page] for step in theme.GAMMA_RAMP]
    away = [contrast(colour, GROUNDS[page]) for colour in ramp]
    assert away == sorted(away)
    assert away[0] > 2
    for sight in SIGHT.values():
        seen = [lab(sight @ linear(colour)) for colour in (*ramp, theme.gamma_shade(0)[page])]
        for a, b in itertools.combinations(seen, 2):
            assert sum((a - b) ** 2) ** 0.5 > 10


def test_gamma_between_two_steps_is_between_their_colours() -> None:
    for lower, upper in itertools.pairwise(GAMMAS):
        low, middle, high = (colours(theme.gamma_shade(g)[0])[0] for g in (lower, (lower + upper) / 2, upper))
        assert low > middle > high
    assert theme.gamma_shade(0.1) == theme.gamma_shade(0.5)
    assert theme.gamma_shade(80) == theme.gamma_shade(5)
    assert theme.gamma_shade(0) == theme.shade("cross-entropy", 0)


def test_a_family_is_solid_and_cross_entropy_in_it_blue() -> None:
    gammas = (2.0, 0.0, 0.5, 1.0, 2.0, 5.0)
    result = looks(series(*(loss("focal", gamma=gamma) for gamma in gammas)))
    assert [look.width for look in result] == [PRESENT, *[PINNED] * 5]
    assert {look.dash for look in result} == {"solid"}
    assert [look[:2] for look in result] == [theme.gamma_shade(gamma) for gamma in gammas]
    assert looks(series(loss("focal"), loss("cross-entropy"), loss("focal", gamma=5.0)))[1][:2] == theme.gamma_shade(0)


def test_pins_of_one_gamma_differ_by_their_dashes() -> None:
    result = looks(series(loss("focal"), loss("focal", gamma=1.0), loss("focal", "sigmoid", gamma=1.0)))
    assert [look.dash == "solid" for look in result] == [True, True, False]


def test_other_losses_keep_their_colour_and_their_dash() -> None:
    result = looks(series(loss("focal"), loss("cross-entropy"), loss("generalized-cross-entropy")))
    assert [look[:2] for look in result] == [
        theme.shade(key, slot) for slot, key in enumerate(("focal", "cross-entropy", "generalized-cross-entropy"))
    ]
    assert [look.dash for look in result] == list(theme.DASHES[:3])


def test_twins() -> None:
    present, *pins = (one.setting for one in series(*(loss("focal", gamma=g) for g in (2.0, 2.0, 1.0))))
    assert [is_twin(present, pin) for pin in pins] == [True, False]
    zero, ce, gce = (
        Setting(spec, (2.0, 1.0), (1.0, 0.0))
        for spec in (loss("focal", gamma=0.0), loss("cross-entropy"), loss("generalized-cross-entropy"))
    )
    assert is_twin(zero, ce)
    assert is_twin(ce, zero)
    assert not is_twin(gce, ce)
