"""Downloads: every sample as CSV or Parquet, and a report that opens anywhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ....analysis.batch.rows import tables
from ....data.tables import table_bytes
from ....report import compute, report
from ....texts import say
from ... import elements as st
from ...controls.batch import BatchView
from ...session import link
from ...session.store import current_session


def draw(view: BatchView) -> None:
    """Each is made when it is downloaded."""
    st.divider()
    with st.container(horizontal=True, gap="small", key="batch-downloads", vertical_alignment="center"):
        st.markdown("**Download**")
        for suffix, kind, name in (("parquet", "application/vnd.apache.parquet", "Parquet"), ("csv", "text/csv", "CSV")):
            st.download_button(
                say("Every sample ({format})", format=name),
                partial(_samples, view, suffix),
                f"lossviz-every-sample.{suffix}",
                kind,
                on_click="ignore",
                icon=":material/table:",
                help="Row, name, label, p_t, loss, gradient norm and their shares, under this loss and under cross-entropy.",
            )
        st.download_button(
            "Report (HTML)",
            partial(_report, view, link(), current_session().language),
            "lossviz-report.html",
            "text/html",
            on_click="ignore",
            icon=":material/download:",
            help="One HTML file with the answers to all questions on this page. It opens offline.",
        )


def _samples(view: BatchView, suffix: str) -> bytes:
    own, ce = view.analyses.cached.all_stats((view.query.spec, view.query.ce))
    return table_bytes(tables(view.batch, view.query.spec, own, view.query.ce, ce), suffix)


def _report(view: BatchView, address: Callable[[], str], language: str) -> str:
    return report(compute(view.batch, view.query), address(), language)
