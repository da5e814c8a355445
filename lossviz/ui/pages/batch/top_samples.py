"""The samples a loss listens to most, and a look at one of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from ....analysis.batch.contributions import Contributions, Pair, contributions
from ....analysis.listing import listing
from ....figures.batch import contributions as drawing
from ....figures.picture import Picture
from ...components.figure_panel import show_figures
from ...controls.batch import Asked
from ...controls.field import control
from . import selected_sample
from .shares import moving, told


def samples(asked: Asked) -> None:
    """Bars of the samples with the largest share, at every γ."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall", key="picture"):
        by, under = control("by"), control("under")
    all_stats = asked.all_stats((*asked.specs, asked.ce))
    pairs = [Pair(spec, stats, asked.ce, all_stats[-1]) for spec, stats in zip(asked.specs, all_stats, strict=False)]
    frames = [contributions(pair, by, under, names=asked.survey.class_names) for pair in pairs]
    titles = [_carried(asked, frame, by, n) for n, frame in enumerate(frames)]
    at = asked.moves.at
    figure = drawing.figure(frames, at, by, titles, asked.spec.key, asked.names)
    csv = partial(_csv, asked, frames)
    show_figures("samples", [Picture(figure, titles[at], wide=True)], moving(asked), told(asked), csv, picks=[0])
    st.caption("A click on a bar, or a row number below, looks at one sample.")
    selected_sample.draw(asked)


def _carried(asked: Asked, frame: Contributions, by: str, n: int) -> str:
    share = frame.loss_share if by == "loss" else frame.norm_share
    shown, samples = len(frame.row), asked.survey.samples
    number = "the only sample" if samples == 1 else f"{shown} of {samples:,} samples"
    verb = "carries" if shown == 1 else "carry"
    return f"{asked.brief(asked.specs[n])}: {number} {verb} {100 * share.sum():.3g}% of the {by}"


def _csv(asked: Asked, frames: Sequence[Contributions]) -> str:
    header = ("γ", "loss function", "row", "name", "label", "the model says", *NUMBERS)
    blocks = (
        (
            (
                asked.specs[n].gamma,
                asked.named(asked.specs[n]),
                int(frame.row[i]),
                frame.name[i],
                frame.label[i],
                frame.guess[i],
            ),
            tuple(getattr(frame, name)[i : i + 1] for name in NUMBERS),
        )
        for n, frame in enumerate(frames)
        for i in range(len(frame.row))
    )
    return listing(header, blocks)


NUMBERS = ("p_t", "loss", "norm", "ce_loss", "ce_norm", "loss_share", "norm_share", "ce_loss_share", "ce_norm_share")
