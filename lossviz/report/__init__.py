"""Answers about a batch as sections: what the page draws, and what one HTML file holds of all of them."""

from __future__ import annotations

from .contents import ReportData, compute, passes
from .html import report

__all__ = ["ReportData", "compute", "passes", "report"]
