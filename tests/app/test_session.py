"""What a session remembers is a typed Session; the state of widgets is read and set by the constants of keys.py."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import lossviz
from lossviz.state.fields import FIELDS
from lossviz.ui.session import keys

PACKAGE = Path(lossviz.__file__).parent
FILES = [path for path in sorted(PACKAGE.rglob("*.py")) if "session_state" in path.read_text("utf-8")]
KEYS = {name: value for name, value in vars(keys).items() if name.isupper()}


def literal_keys(source: str) -> list[str]:
    """Strings that stand where a key of `st.session_state` does, or of a widget that is one of the constants."""
    strings = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Subscript(ast.Attribute(attr="session_state"), ast.Constant(str(key))):
                strings.append(key)
            case ast.Call(ast.Attribute(ast.Attribute(attr="session_state")), [ast.Constant(str(key)), *_]):
                strings.append(key)
            case ast.Compare(ast.Constant(str(key)), _, [ast.Attribute(attr="session_state")]):
                strings.append(key)
            case ast.keyword("key", ast.Constant(str(key))) if key in KEYS.values():
                strings.append(key)
    return strings


def test_literal_keys_are_seen() -> None:
    source = 'st.session_state["a"] = st.session_state.get("b", 0), "c" in st.session_state, st.button("d", key="last-drawn")'
    assert sorted(literal_keys(source)) == ["a", "b", "c", "last-drawn"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_key_of_the_session_is_a_literal(path: Path) -> None:
    assert literal_keys(path.read_text("utf-8")) == []


def test_keys_are_no_words_of_a_link_and_all_different() -> None:
    assert len(set(KEYS.values())) == len(KEYS) > 3
    assert not set(KEYS.values()) & FIELDS.keys()
