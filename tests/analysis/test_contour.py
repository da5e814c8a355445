"""Lines of zeros: on lines and circles that are known, all of them, and each in one piece."""

from __future__ import annotations

import numpy as np
import pytest

from lossviz.analysis.contour import zeros

X, Y = np.linspace(-2, 3, 41), np.linspace(-1.5, 2.5, 33)


def field(of: object) -> np.ndarray:
    across, up = np.meshgrid(X, Y)
    return of(across, up)  # type: ignore[operator]


def pieces(x: np.ndarray, y: np.ndarray) -> list[np.ndarray]:
    """Vertices of each line."""
    places = np.stack((x, y), 1)
    return [part[np.isfinite(part[:, 0])] for part in np.split(places, np.flatnonzero(np.isnan(x)))]


def length(line: np.ndarray) -> float:
    return float(np.hypot(*np.diff(line, axis=0).T).sum())


@pytest.mark.parametrize(("a", "b", "c"), [(1.0, 0.3, -0.2), (-0.4, 1.0, 0.1), (1.0, 1.0, -0.7), (0.0, 1.0, 0.01)])
def test_a_straight_line_is_straight_and_goes_through_the_whole_picture(a: float, b: float, c: float) -> None:
    (line,) = pieces(*zeros(X, Y, field(lambda x, y: a * x + b * y + c)))
    np.testing.assert_allclose(line @ [a, b] + c, 0, atol=1e-13)
    assert length(line) == pytest.approx(np.hypot(*(line[-1] - line[0])), rel=1e-12), "it does not turn back"
    ends = {round(float(v), 9) for at in (line[0], line[-1]) for v in (at[0], at[1])}
    assert len(ends & {-2.0, 3.0, -1.5, 2.5}) == 2


def test_a_circle_is_one_closed_line_of_its_length() -> None:
    (line,) = pieces(*zeros(X, Y, field(lambda x, y: x**2 + y**2 - 1)))
    np.testing.assert_array_equal(line[0], line[-1])
    np.testing.assert_allclose(np.hypot(*line.T), 1, atol=0.003)
    assert length(line) == pytest.approx(2 * np.pi, rel=0.003)


def test_two_circles_and_a_line_are_three_pieces() -> None:
    def three(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return ((x + 1) ** 2 + y**2 - 0.3) * ((x - 1) ** 2 + y**2 - 0.3) * (y - 1.5)

    result = pieces(*zeros(X, Y, field(three)))
    assert len(result) == 3
    assert sorted(round(length(line), 1) for line in result) == [3.4, 3.4, 5.0]


def test_a_crossing_is_not_lost_and_nothing_is_where_no_sign_changes() -> None:
    result = pieces(*zeros(X, Y, field(lambda x, y: (x - 0.51) * (y - 0.49))))
    assert sum(length(line) for line in result) == pytest.approx(9.0, abs=0.2)
    for empty in (np.ones((33, 41)), -np.ones((33, 41)), np.full((33, 41), np.nan)):
        x, y = zeros(X, Y, empty)
        assert len(x) == len(y) == 0
