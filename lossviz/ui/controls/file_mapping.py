"""Controls for a file's column mapping: the role of each column, what labels mean, and a click for what is ambiguous."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ...data.files.columns import OUTPUT_TYPES, ColumnMapping
from ...data.files.loader import Preview
from ...data.files.problems import FileProblem, Remedy
from ...texts import say
from .. import elements as st
from ..components.markdown import literal

OTHERS = ("id", "group", "suspect")

LABELS = {
    "logits": say("Logits"),
    "probabilities": say("Probabilities"),
    "id": say("Id"),
    "group": say("Group"),
    "suspect": say("Suspect"),
}
"""What types of numbers and roles of columns are called."""


def mapping_controls(head: Preview, file: str) -> ColumnMapping | None:
    """The controls, and the mapping that they state; None as long as they do not state enough. file: the key of its widgets."""
    if not head.columns:
        return None
    recognised = head.mapping
    _initial(head, file)
    with st.expander("Column mapping", expanded=recognised is None):
        logits = st.multiselect(
            "Logits or probabilities (one column per class)",
            head.columns,
            key=_key(file, "logits"),
            placeholder="Choose columns",
        )
        offered = tuple(dict.fromkeys((*OUTPUT_TYPES, *((recognised.output_type,) if recognised else ()))))
        output_type = st.segmented_control(
            "Type of these numbers",
            offered,
            format_func=lambda x: LABELS.get(str(x), say("Detect")),
            required=True,
            key=_key(file, "output_type"),
        )
        target = st.multiselect(
            "Label, or targets (one column per class)", head.columns, key=_key(file, "target"), placeholder="Choose columns"
        )
        for column, name in zip(st.columns(3), OTHERS, strict=True):
            with column:
                st.selectbox(LABELS[name], (None, *head.columns), key=_key(file, name), format_func=_column)
        _label_controls(file)
    if not logits or not target:
        return None
    roles = {name: st.session_state[_key(file, name)] for name in OTHERS}
    mapping = ColumnMapping(tuple(logits), tuple(target), **roles, output_type=str(output_type), **_labels(file))
    return replace(mapping, by_name=_by_name(mapping, recognised, file))


def _column(name: str | None) -> str:
    return say("none") if name is None else name


def _label_controls(file: str) -> None:
    """What labels mean, where they are not simply the numbers of the classes from 0."""
    first, ignored, background = st.columns(3)
    with first:
        st.segmented_control("Labels start at", (0, 1), required=True, key=_key(file, "first_label"))
    with ignored:
        st.text_input(
            "Labels to ignore",
            key=_key(file, "ignored"),
            help="In addition to −100 and blank labels. Separate several with commas.",
        )
    with background:
        st.text_input(
            "Background label", key=_key(file, "background"), help="Marks rows in which no class is true. Sigmoid losses only."
        )
    st.checkbox(
        "Renormalize each row of probabilities",
        key=_key(file, "renormalize"),
        help="Divide each row by its sum. For softmax probabilities whose sums differ from 1 by more than rounding explains.",
    )
    st.text_area(
        "Class names, one per line, in column order",
        key=_key(file, "classes"),
        height=100,
        help="For a single probability or logit per row: the negative class first.",
    )


def _labels(file: str) -> dict[str, Any]:
    """The same as fields of a mapping."""
    texts = {name: str(st.session_state[_key(file, name)] or "") for name in ("ignored", "background", "classes")}
    return {
        "first_label": int(st.session_state[_key(file, "first_label")] or 0),
        "ignored": tuple(word for part in texts["ignored"].replace("，", ",").split(",") if (word := part.strip())),
        "background": texts["background"].strip() or None,
        "classes": tuple(name for line in texts["classes"].splitlines() if (name := line.strip())),
        "activation": st.session_state[_key(file, "activation")],
        "renormalize": bool(st.session_state[_key(file, "renormalize")]),
    }


def remedies(problem: FileProblem, mapping: ColumnMapping, file: str) -> None:
    """A click for each thing that would make the file readable, or an order to choose for names of classes."""
    if problem.labels and not any(remedy.changes for remedy in problem.remedies) and not mapping.classes:
        _order(problem.labels, len(mapping.logits) == 1, file)
        return
    with st.container(horizontal=True, gap="small"):
        for n, remedy in enumerate(remedy for remedy in problem.remedies if remedy.changes):
            st.button(literal(remedy.label), on_click=apply, args=(remedy, file), key=f"remedy-{n}")


def _order(labels: tuple[str, ...], single: bool, file: str) -> None:
    """Controls for the order of class names, where labels are names and no column says whose it is."""
    st.markdown(
        say("The labels are class names. Choose the negative class first, then the positive one.")
        if single
        else say("The labels are class names. Choose them in the order of the columns.")
    )
    chosen = st.multiselect(
        "Classes in order", labels, key=_key(file, "order"), label_visibility="collapsed", placeholder="Choose classes"
    )
    change = Remedy("", "", (("classes", tuple(chosen)),))
    st.button("Use this order", on_click=apply, args=(change, file), disabled=len(chosen) < 2)


def apply(remedy: Remedy, file: str) -> None:
    """Put what a remedy says into the controls, which then say it too."""
    for name, value in remedy.changes:
        if name in ("classes", "ignored"):
            value = ("\n" if name == "classes" else ", ").join(value)
        st.session_state[_key(file, name)] = list(value) if isinstance(value, tuple) else value


def _initial(head: Preview, file: str) -> None:
    """What was recognised stands in the controls when they are first drawn."""
    recognised = head.mapping or ColumnMapping((), ())
    values: dict[str, Any] = {
        **{name: getattr(recognised, name) for name in (*OTHERS, "output_type", "first_label", "activation", "renormalize")},
        "logits": list(recognised.logits),
        "target": list(recognised.target),
        "classes": "\n".join(recognised.classes),
        "ignored": ", ".join(recognised.ignored),
        "background": recognised.background or "",
        "by_name": None,
    }
    for name, value in values.items():
        st.session_state[_key(file, name)] = st.session_state.get(_key(file, name), value)


def _by_name(mapping: ColumnMapping, recognised: ColumnMapping | None, file: str) -> frozenset[str]:
    """The columns that nobody has mapped: those that stand where they were recognised, unless a person was sure of them."""
    if recognised is None:
        return frozenset()
    if st.session_state[_key(file, "by_name")] is not None or mapping.output_type != recognised.output_type:
        return recognised.by_name - set(recognised.logits)
    roles = ("logits", "target", *OTHERS)
    same = (name for name in roles if getattr(mapping, name) == getattr(recognised, name))
    unchanged = {column for name in same for column in _columns(getattr(mapping, name))}
    return recognised.by_name & unchanged


def _columns(names: Any) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names or ())


def _key(file: str, name: str) -> str:
    return f"map-{name}-{file}"
