"""A visit to every page before the first visitor: what is slow the first time is over, and what fails is known."""

from __future__ import annotations

from . import failures
from .visitor import Visitor, page_drawn, session_of

PATIENCE = 120.0
"""Seconds that one page may take."""


async def visit_every_page() -> list[str]:
    """Draw each page once; returns what went wrong, a line for each page."""
    visitor = Visitor()
    with session_of(visitor) as session:
        problems = [await _open(session, visitor, "")]
        for page in list(visitor.pages):
            problems.append(await _open(session, visitor, page))
    return [problem for problem in problems if problem]


async def _open(session: str, visitor: Visitor, page: str) -> str:
    """Draw a page, known by its hash; returns what went wrong."""
    visitor.problems.clear()
    failures.recent.clear()
    name = visitor.pages.get(page, "the first page")
    try:
        await page_drawn(session, visitor, PATIENCE, page_script_hash=page)
    except TimeoutError:
        return f"{name}: not drawn after {PATIENCE:g} seconds"
    problems = (*visitor.problems, *failures.recent)
    return f"{name}: {', '.join(problems)}" if problems else ""
