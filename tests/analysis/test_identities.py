"""Statements about losses: both sides against 50 digits, right ones true and wrong ones false wherever the knob is."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

from lossviz.analysis.identities import IDENTITIES, compare, knob_positions, sample_of, ulps

SAMPLES = [
    ((2.0, 1.0, 0.0), (1.0, 0.0, 0.0)),
    ((-1.5, 0.3), (0.0, 1.0)),
    ((0.7,), (0.0,)),
    ((0.1, 4.0, -2.0, 1.0), (0.0, 0.2, 0.5, 0.3)),
    ((3.0, -1.0, 0.5), (1.0, 0.0, 1.0)),
]
TRUE = [key for key, one in IDENTITIES.items() if one.true and not one.at_rest]
WRONG = [key for key, one in IDENTITIES.items() if not one.true]


def test_some_statements_are_true_and_some_are_wrong() -> None:
    assert len(TRUE) >= 8 and len(WRONG) >= 4


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
@pytest.mark.parametrize("key", TRUE)
def test_right_statements_are_right_but_for_lost_digits(key: str, sample: tuple) -> None:
    """Equal relative to the larger side where that is no smaller than the numbers it was made from."""
    one = IDENTITIES[key]
    comparison = compare(one, sample_of(*sample), knob_positions(one.knob))
    assert len(set(comparison.left.tolist())) > 20 or key == "shift-softmax", "else nothing is tested"
    # The right side takes 1 from numbers near 1, and logs of such: it is right to 2⁻⁵² of 1 and of the logits.
    room = 4e-15 * (1 + np.abs(sample[0]).max() * max(1, abs(one.knob.low), one.knob.high))
    kept = np.abs(comparison.knob) < (5 if key == "piecewise" else np.inf)  # beyond, 1 − s has few digits, and at last none
    np.testing.assert_allclose(comparison.left[kept], comparison.right[kept], rtol=1e-11, atol=room)
    rest = int(np.abs(comparison.knob - one.knob.rest).argmin())
    assert comparison.knob[rest] == one.knob.rest
    assert comparison.equal[rest] and comparison.ulps[rest] < 100


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
@pytest.mark.parametrize("key", WRONG)
def test_wrong_statements_are_wrong(key: str, sample: tuple) -> None:
    one = IDENTITIES[key]
    comparison = compare(one, sample_of(*sample), np.array([one.knob.rest]))
    assert not comparison.equal[0]
    assert abs(comparison.left[0] - comparison.right[0]) > 0.02


def test_gamma_0_is_right_at_rest_only() -> None:
    one = IDENTITIES["gamma-0"]
    comparison = compare(one, sample_of(*SAMPLES[0]), knob_positions(one.knob))
    assert comparison.equal[0] and not comparison.equal[1:].any()


def test_numbers_of_the_field() -> None:
    """z = (2, 1, 0), y = 0: 0.4076 stays under a shift of 5, 2.133 becomes 11.010; the wrong sign at z = 0 is −0.2983."""
    present = sample_of((2.0, 1.0, 0.0), (1.0, 0.0, 0.0))

    def at(key: str, knob: float) -> tuple[float, float]:
        comparison = compare(IDENTITIES[key], present, np.array([knob]))
        return float(comparison.left[0]), float(comparison.right[0])

    assert at("shift-softmax", 5.0) == pytest.approx((0.4076, 0.4076), abs=5e-5)
    assert at("shift-sigmoid", 5.0) == pytest.approx((11.010, 2.133), abs=5e-4)
    assert at("sign", 0.0) == pytest.approx((-0.2983, 0.2983), abs=5e-5)
    two = sample_of((1.3, -0.4), (1.0, 0.0))
    assert compare(IDENTITIES["two-classes"], two, np.array([0.0])).left[0] == pytest.approx(0.84553, abs=5e-6)


def test_left_sides_are_right_to_the_last_digits_where_right_ones_are_not() -> None:
    """Against 50 digits: at a lead of 50 log-softmax has lost all of the loss, e⁻⁵⁰ and a little."""
    one = IDENTITIES["ce-nll"]
    comparison = compare(one, sample_of((2.0, 1.0, 0.0), (1.0, 0.0, 0.0)), np.array([40.0]))
    with mpmath.workdps(50):
        z = [mpmath.mpf(2 * 40), mpmath.mpf(40), mpmath.mpf(0)]
        true = mpmath.log(sum(mpmath.e**x for x in z)) - z[0]
    assert comparison.left[0] == pytest.approx(float(true), rel=1e-14, abs=0)
    assert comparison.right[0] == 0 and not comparison.equal[0]


def test_ulps_count_numbers() -> None:
    a = np.array([1.0, 0.0, -1.0, 1e300, 5e-324])
    assert ulps(a, np.nextafter(a, np.inf)).tolist() == [1, 1, 1, 1, 1]
    assert ulps(np.array([-5e-324]), np.array([5e-324])).tolist() == [2]
    assert ulps(a, a).tolist() == [0] * 5


def test_odd_samples_have_their_points() -> None:
    single = sample_of((3.0,), (0.25,))
    assert (single.z.tolist(), single.y, single.t.tolist()) == ([3.0, 0.0], 1, [0.25, 0.75])
    assert sample_of((np.inf, 0.0), (0.0, 0.0)).z.tolist() == [1000.0, 0.0]
    assert sample_of((1.0, 2.0), (0.0, 0.0)).t.tolist() == [0.0, 1.0]
    assert sample_of((1.0, 2.0, 3.0), (1.0, 0.0, 1.0)).t.tolist() == [0.5, 0.0, 0.5]
