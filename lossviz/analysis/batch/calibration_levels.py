"""How far 95 % of a distribution reach: of a normal one, and of Student's."""

from __future__ import annotations

Z95 = 1.959963984540054
"""95 % of a normal distribution lie between minus and plus this."""


def student(freedom: int) -> float:
    """Of Student's with at least 9 degrees of freedom ν, to 1e-4: z + (z³ + z)/4ν + (5z⁵ + 16z³ + 3z)/96ν² + … (Abramowitz and
    Stegun 26.7.5)."""
    z, v = Z95, float(freedom)
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
    return z + (z**3 + z) / (4 * v) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2) + third
