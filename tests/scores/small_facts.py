"""Facts made from plain numbers, and slow obvious versions of what the scores compute."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import strategies as st
from scipy.special import betaincinv

from hygiene.facts.types import Cell, Counts, Facts, Sender, Sequence
from hygiene.scores.profile import load_profile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hygiene.scores.rates import BetaPrior

DEFAULT = load_profile("default")


@st.composite
def counts_up_to(draw: st.DrawFn, ended: int) -> Counts:
    """Draw counts that can be."""
    ended = draw(st.integers(0, ended))
    bounced = draw(st.integers(0, ended))
    return Counts(ended, draw(st.integers(0, ended - bounced)), bounced, draw(st.integers(0, 50)))


def cell(sender: int, sequence: int | None, month: int | None, *counts: int) -> Cell:
    """A cell of 2025 (`month` 1–12, more runs on into 2026) with (ended, replied, bounced, active)."""
    at = None if month is None else datetime(2025 + (month - 1) // 12, (month - 1) % 12 + 1, 1)
    return Cell(sender, sequence, at, Counts(*counts))


def facts_of(
    cells: Iterable[Cell],
    senders: Iterable[int] = (),
    sequences: Iterable[int] = (),
    seats: dict[int, bool | None] | None = None,
) -> Facts:
    """Facts with these cells; the keys of the cells are known besides those named."""
    cells = tuple(cells)
    sender_keys = sorted({*senders, *(c.sender_key for c in cells)})
    sequence_keys = sorted({*sequences, *(c.sequence_key for c in cells if c.sequence_key is not None)})
    return Facts(
        as_of=None,
        senders={k: Sender(k, f"s{k}", None, None, None, (seats or {}).get(k), None) for k in sender_keys},
        sequences={k: Sequence(k, f"q{k}", None, None, None) for k in sequence_keys},
        cells=cells,
        steps=(),
        list_sources=(),
        contacts=0,
        has_events=False,
        has_seats=seats is not None,
    )


def slow_scores(
    reply: tuple[int, int], bounce: tuple[int, int], priors: tuple[BetaPrior, BetaPrior], size: int = 1500
) -> np.ndarray:
    """Every sum of `size` equally likely reply points and as many bounce points, sorted: the score's distribution."""
    middles = (np.arange(size) + 0.5) / size
    points = []
    for (k, n), prior, knots in zip((reply, bounce), priors, (DEFAULT.reply, DEFAULT.bounce), strict=True):
        points.append(np.interp(betaincinv(prior.a + k, prior.b + n - k, middles), knots.rates, knots.points))
    return np.sort(np.add.outer(*points).ravel())
