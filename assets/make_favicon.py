"""Draw favicon.png: a loss curve on its way down, and the dot that follows it.

.venv/bin/python assets/make_favicon.py
"""

from pathlib import Path

from PIL import Image, ImageDraw

SIZE = 128
FILE = Path(__file__).parents[1] / "lossviz" / "ui" / "favicon.png"
SCALE = 8  # drawn large, then reduced: Pillow's own lines have hard edges
BLUE = "#0072B2"  # Okabe–Ito, as in .streamlit/config.toml
ORANGE = "#D55E00"
STEPS = 400


def height(x: float) -> float:
    """A convex fall from 0.06 to 0.86 of the picture's height over x in [0, 1]."""
    return 0.06 + 0.80 * (1 - (1 - x) ** 3.2)


def main() -> None:
    side = SIZE * SCALE
    picture = Image.new("RGBA", (side, side), (0, 114, 178, 0))  # transparent blue: no grey rim after reducing
    pen = ImageDraw.Draw(picture)

    def disc(x: float, y: float, radius: float, colour: str) -> None:
        pen.ellipse([side * (x - radius), side * (y - radius), side * (x + radius), side * (y + radius)], fill=colour)

    for i in range(STEPS + 1):
        disc(0.08 + 0.84 * i / STEPS, height(i / STEPS) + 0.03, 0.055, BLUE)
    disc(0.08 + 0.84 * 0.3, height(0.3) + 0.03, 0.15, ORANGE)
    picture.resize((SIZE, SIZE), Image.Resampling.LANCZOS).save(FILE, optimize=True)


if __name__ == "__main__":
    main()
