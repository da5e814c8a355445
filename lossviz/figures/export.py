"""Figures as one HTML file that plays anywhere: nothing is fetched, so it opens offline and in ten years."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from plotly.offline import get_plotlyjs

from .player import CSS, JS

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
<style>
{css}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
{body}
{link}
</main>
<script type="application/json" id="lossviz-data">{data}</script>
<script>{plotly}</script>
<script type="module">
{program}
</script>
</body>
</html>
"""

POLICY = "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:"
"""Nothing is fetched, whatever the data says. Plotly compiles code for its surfaces."""

STYLE = Path(__file__).with_name("page.css").read_text(encoding="utf-8")

STAGE = '<section class="lossviz-stage" aria-label="Figures"></section>'
"""Where the player draws the next of the models that are sent."""


LOCAL = ("http://localhost", "http://127.0.0.1", "http://[::1]")
"""How links begin that every computer has for itself: they open nothing elsewhere."""


def html(data: bytes | Mapping[str, Any], title: str, caption: str, link: str) -> str:
    """What the component gets (ui/components/player), as a page of its own.

    Title, caption and link are words of strangers; only a link to http or https becomes one that can be followed.
    """
    return document(title, f'{STAGE}\n<p class="caption">{escape(caption)}</p>', [data], link)


def document(title: str, body: str, models: Sequence[bytes | Mapping[str, Any]], link: str) -> str:
    """A page whose `body`, which is HTML, holds a STAGE for each model."""
    return PAGE.format(
        policy=POLICY,
        title=escape(title),
        css=CSS + STYLE,
        body=body,
        link=_link(link),
        data=_embedded([_still(model) for model in models]),
        plotly=get_plotlyjs(),
        program=JS,
    )


def _still(data: bytes | Mapping[str, Any]) -> dict[str, Any]:
    """A model without what commits: nobody is there to hear of it."""
    model = json.loads(data) if isinstance(data, bytes) else dict(data)
    return model | {"handles": [], "picks": []}


def _link(link: str) -> str:
    words = escape(link)
    if not link:
        return ""
    if not link.startswith(("https://", "http://")):
        return f'<p class="link">{words}</p>'
    where = " (where this file was made: lossviz ran on that computer itself)" if link.startswith(LOCAL) else ""
    return f'<p class="link"><a href="{words}" rel="noopener noreferrer">{words}</a>{where}</p>'


def _embedded(model: Any) -> str:
    """JSON that cannot end the script it stands in."""
    text = json.dumps(model, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
