"""Answers as Plotly figures; `theme.py` has every colour, `player/` plays frames in the browser."""
