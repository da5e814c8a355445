"""Figures as one HTML file that plays anywhere: nothing is fetched, so it opens offline and in ten years."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from plotly.offline import get_plotlyjs

from .player import CSS, PAGE_JS

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

STYLE = """
:root {
  color-scheme: light dark;
  --st-background-color: #fff; --st-text-color: #10171e; --st-primary-color: #0072b2; --link: #00639b;
}
@media (prefers-color-scheme: dark) {
  :root { --st-background-color: #10161c; --st-text-color: #e8edf2; --st-primary-color: #3393cf; --link: #7cc4f0; }
}
body { margin: 0; background: var(--st-background-color); color: var(--st-text-color); font: 17px/1.5 system-ui, sans-serif; }
main { max-width: 1500px; margin: 0 auto; padding: 12px 20px 24px; }
h1 { margin: 8px 0 12px; font-size: 1.6rem; font-weight: 600; line-height: 1.2; }
.caption { max-width: 75ch; white-space: pre-line; }
h2 { margin: 36px 0 8px; font-size: 1.25rem; font-weight: 600; }
p { max-width: 85ch; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
th, td { padding: 3px 12px 3px 0; text-align: left; border-bottom: 1px solid #8A949E66; }
.link { overflow-wrap: anywhere; }
.link a { color: var(--link); }
"""

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
        css=STYLE + CSS,
        body=body,
        link=_link(link),
        data=_embedded([_still(model) for model in models]),
        plotly=get_plotlyjs(),
        program=PAGE_JS,
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
