"""Mistakes that these losses' names and conventions cause, each with a program that makes it and one that does not."""

from __future__ import annotations

from .card import Card, CardMeasure, CardResult, ProgramCurve, measure, run_card
from .focal import FOCAL_CARDS
from .wiring import WIRING_CARDS

CARDS: dict[str, Card] = {card.key: card for card in (*WIRING_CARDS, *FOCAL_CARDS)}
"""All cards by key, in screen order."""

__all__ = ["CARDS", "Card", "CardMeasure", "CardResult", "ProgramCurve", "measure", "run_card"]
