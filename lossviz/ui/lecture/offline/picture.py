"""What a page shows, as HTML: figures and live components as places in which the browser's programs draw them."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import pyarrow as pa

from ....figures.export import embedded, still
from ...components.live.payload import packed
from ...server.page_reader import Node
from . import markdown

LEFT_OUT = ("pages", "hint", "setting", "view", "scene", "lossviz-end", "list-menu", "rows-cards", "place-card-here")
"""Keys of containers that are for who has the page, not for who sees a scene."""

ROWS = 12
"""So many rows of a table are shown."""


class Payloads:
    """What figures and live components are drawn from, each once."""

    def __init__(self) -> None:
        self.every: dict[str, int] = {}

    def number(self, text: str) -> int:
        """The number of one."""
        return self.every.setdefault(text, len(self.every))


def draw(nodes: Sequence[Node], payloads: Payloads) -> str:
    """The main thing of a page.

    Args:
        nodes: as `page_reader` has them.
        payloads: where what its figures need is put.
    """
    inner = {node.path: [one for one in nodes if one.path[:-1] == node.path] for node in nodes}
    top = [node for node in nodes if node.path[:-1] not in inner]
    return _Drawing(inner, payloads).all(top)


class _Drawing:
    def __init__(self, inner: dict[tuple[int, ...], list[Node]], payloads: Payloads) -> None:
        self.inner, self.payloads = inner, payloads

    def all(self, nodes: Sequence[Node]) -> str:
        return "".join(map(self.one, nodes))

    def one(self, node: Node) -> str:
        if draw := CONTAINERS.get(node.kind):
            key = _key(node.content.id)
            left_out = key in LEFT_OUT or key.startswith("lossviz-plotly-") or key.endswith("-downloads")
            return "" if left_out else draw(self, node, key)
        draw_element = ELEMENTS.get(node.kind)
        return draw_element(self, getattr(node.content, node.kind)) if draw_element else ""

    def container(self, node: Node, key: str) -> str:
        content = self.all(self.inner[node.path])
        if not content:
            return ""
        flex = node.content.flex_container
        classes = ["box"] * flex.border + ["line"] * (flex.direction == flex.HORIZONTAL)
        if all(one.kind == "column" for one in self.inner[node.path]):
            classes = ["columns"]
        named = f' data-name="{escape(key)}"' if key else ""
        return f'<div class="{" ".join(classes)}"{named}>{content}</div>' if classes or key else content

    def column(self, node: Node, _: str) -> str:
        content = self.all(self.inner[node.path])
        return f'<div style="flex: {100 * node.content.column.weight:.0f}">{content}</div>' if content else ""

    def component(self, proto: Any) -> str:
        data = bytes(proto.bytes)
        if proto.component_name.startswith("lossviz_stage"):
            return f'<section class="lossviz-stage" data-payload="{self.payloads.number(_still(data))}"></section>'
        if proto.component_name.startswith("lossviz_live"):
            return f'<div class="lossviz-live" data-payload="{self.payloads.number(_header_and_numbers(data))}"></div>'
        return ""

    def button(self, proto: Any) -> str:
        """A place on the map of names; what other buttons do needs the server."""
        if "-place-" not in proto.id:
            return ""
        return f'<div class="place{" chosen" * (proto.type == "primary")}">{markdown.inline(proto.label)}</div>'

    def markdown(self, proto: Any) -> str:
        if proto.element_type == proto.DIVIDER:
            return ""
        if proto.element_type == proto.LATEX:
            tex = proto.body.strip("$ \n")
            return f'<div class="formula">{markdown.formula_html(tex, display=True)}</div>'
        html = markdown.html(proto.body)
        return f'<div class="caption">{html}</div>' if proto.element_type == proto.CAPTION else html

    def alert(self, proto: Any) -> str:
        return f'<div class="box">{markdown.html(proto.body)}</div>'

    def code(self, proto: Any) -> str:
        return f"<pre><code>{escape(proto.code_text)}</code></pre>"

    def html(self, proto: Any) -> str:
        return "" if "<style" in proto.body or "<script" in proto.body else str(proto.body)

    def table(self, proto: Any) -> str:
        return _table(proto.arrow_data.data, proto.hide_index, {})

    def dataframe(self, proto: Any) -> str:
        return _table(proto.arrow_data.data, True, json.loads(proto.columns or "{}"))


CONTAINERS: dict[str, Callable[[_Drawing, Node, str], str]] = {
    "container": _Drawing.container,
    "vertical": _Drawing.container,
    "horizontal": _Drawing.container,
    "flex_container": _Drawing.container,
    "column": _Drawing.column,
}
"""What is drawn of containers; what opens on a click stays closed."""

ELEMENTS: dict[str, Callable[[_Drawing, Any], str]] = {
    "bidi_component": _Drawing.component,
    "button": _Drawing.button,
    "markdown": _Drawing.markdown,
    "alert": _Drawing.alert,
    "code": _Drawing.code,
    "html": _Drawing.html,
    "table": _Drawing.table,
    "dataframe": _Drawing.dataframe,
}


def _key(identity: str) -> str:
    """The key that the code gave a container; "" if it gave none."""
    return identity.split("-", 2)[2] if identity.startswith("$$ID-") else identity


def _still(data: bytes) -> str:
    """What a figure is drawn from, as JSON, without what only a server hears."""
    return embedded(still(data) | {"revision": 1, "acts": 0})


def _header_and_numbers(data: bytes) -> str:
    """What a live component is drawn from, as a word of JSON: in each session that drew it alike."""
    length = int.from_bytes(data[:4], "little")
    head = json.loads(data[4 : 4 + length]) | {"revision": 1, "acts": 0, "backend": "", "notes": []}
    return json.dumps(b64encode(packed(head) + data[4 + length :]).decode())


def _table(data: bytes, hides_index: bool, looks: dict[str, Any]) -> str:
    """The first rows of a table, each cell as Markdown."""
    frame = pa.ipc.open_stream(data).read_pandas()
    shown = frame.head(ROWS) if hides_index else frame.head(ROWS).reset_index()
    heads = "".join(f"<th>{markdown.inline(_heading(str(name), looks))}</th>" for name in shown.columns)
    rows = "".join(f"<tr>{''.join(f'<td>{_cell(cell)}</td>' for cell in row)}</tr>" for row in shown.to_numpy(dtype=object))
    return f'<div class="scroll"><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'


def _heading(name: str, looks: dict[str, Any]) -> str:
    return str(looks.get(name, {}).get("label") or name)


def _cell(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else markdown.inline(str(value))
