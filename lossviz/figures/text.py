"""Words of strangers in a figure: Plotly reads tags and entities in its texts."""

from __future__ import annotations

import re
from functools import partial
from html import escape, unescape

from ..data.characters import visible
from ..texts import then


def escaped(text: str, most: int = 1000) -> str:
    """A stranger's word as Plotly draws it letter by letter, cut where it is longer than there is room for.

    >>> escaped("<b>a</b> & co"), escaped("abcdef", 4)
    ('&lt;b&gt;a&lt;/b&gt; &amp; co', 'abc…')
    """
    return then(text, partial(_escaped, most=most))


def _escaped(text: str, most: int) -> str:
    return escape(visible(text if len(text) <= most else text[: most - 1] + "…"), quote=False)


def unmarked(text: str) -> str:
    """A text of Plotly's as it is read aloud: without its tags, and with the letters that were escaped.

    >>> unmarked("p<sub>t</sub> of &lt;b&gt;")
    'pt of <b>'
    """
    return then(text, _unmarked)


def _unmarked(text: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", text))
