"""Everything about every sample, to take home: as CSV, as Parquet, and as a report that opens anywhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from ....analysis.batch.rows import tables
from ....data.tables import table_bytes
from ....report import compute, report
from ...controls.batch import Asked
from ...session import link


def draw(asked: Asked) -> None:
    """Each is made when it is asked for."""
    st.divider()
    with st.container(horizontal=True, gap="small", key="batch-downloads", vertical_alignment="center"):
        st.markdown("**Take it home**")
        for suffix, kind in (("parquet", "application/vnd.apache.parquet"), ("csv", "text/csv")):
            st.download_button(
                f"Every sample ({suffix.upper() if suffix == 'csv' else 'Parquet'})",
                partial(_samples, asked, suffix),
                f"lossviz-every-sample.{suffix}",
                kind,
                on_click="ignore",
                icon=":material/table:",
                help="Row, name, label, p_t, loss, length of the gradient and shares of each, under the present loss and under "
                "cross-entropy.",
            )
        st.download_button(
            "Report (HTML)",
            partial(_report, asked, link()),
            "lossviz-report.html",
            "text/html",
            on_click="ignore",
            icon=":material/download:",
            help="One file with all answers of this page, that opens offline.",
        )


def _samples(asked: Asked, suffix: str) -> bytes:
    own, ce = asked.held.all_stats((asked.spec, asked.ce))
    return table_bytes(tables(asked.held.batch, asked.spec, own, asked.ce, ce), suffix)


def _report(asked: Asked, address: Callable[[], str]) -> str:
    return report(compute(asked.held.batch, asked.lines), address())
