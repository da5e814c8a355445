"""Answers as Plotly figures, and the player that shows their frames in the browser."""
