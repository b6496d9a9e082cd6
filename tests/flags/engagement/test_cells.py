from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygiene.flags.engagement import cells as module
from hygiene.flags.engagement.cells import collapse


@st.composite
def history(draw):
    n = draw(st.integers(0, 30))
    tx = draw(st.integers(0, n))
    return (draw(st.integers(1, tx)) if tx else 0), tx, n, draw(st.sampled_from((0.0, 0.5, 1.0, 3.0)))


def columns_of(rows):
    x, tx, n, weights = (np.array(column) for column in zip(*rows, strict=True))
    return x, tx, n, weights


@pytest.mark.parametrize("lookup_size", [module.LOOKUP_SIZE, 0], ids=["by counting", "by sorting"])
@given(rows=st.lists(history(), min_size=1, max_size=60), is_weighted=st.booleans())
def test_the_cells_are_those_of_a_counter(lookup_size, rows, is_weighted):
    x, tx, n, weights = columns_of(rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "LOOKUP_SIZE", lookup_size)
        cells, cell_of = collapse(x, tx, n, weights if is_weighted else None)
    slow: Counter[tuple[int, int, int]] = Counter()
    for x_i, tx_i, n_i, weight in rows:
        slow[n_i, x_i, tx_i] += weight if is_weighted else 1
    found = list(zip(cells.sends.tolist(), cells.replies.tolist(), cells.last_reply.tolist(), strict=True))
    assert found == sorted(slow)
    assert cells.weights.tolist() == pytest.approx([slow[cell] for cell in sorted(slow)])
    assert [found[cell] for cell in cell_of] == [(n_i, x_i, tx_i) for x_i, tx_i, n_i, _ in rows]


def test_no_contacts_are_no_cells():
    nothing = np.zeros(0, dtype=np.int64)
    cells, cell_of = collapse(nothing, nothing, nothing)
    assert [len(column) for column in (*cells, cell_of)] == [0] * 5


def test_histories_too_long_for_a_table_are_sorted_instead():
    x, tx, n = np.array([0, 90_000, 0]), np.array([0, 99_000, 0]), np.array([100_000, 100_000, 100_000])
    cells, cell_of = collapse(x, tx, n)
    assert (cells.weights.tolist(), cell_of.tolist()) == ([2.0, 1.0], [0, 1, 0])
    assert (cells.sends.tolist(), cells.last_reply.tolist()) == ([100_000] * 2, [0, 99_000])


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (([0, 3], [0, 2], [9, 9]), "Row 1 is no history: 3 replies, the last to send 2, of 9 sends"),
        (([1], [4], [3]), "Row 0 is no history: 1 replies, the last to send 4, of 3 sends"),
        (([0], [1], [3]), "Row 0 is no history"),
        (([1], [0], [3]), "Row 0 is no history"),
        (([-1], [0], [3]), "Row 0 is no history"),
        (([0], [0], [-3]), "Row 0 is no history"),
        (([0], [0], [np.nan]), "sends must be whole numbers, not float64"),
        (([0], [0.0], [1]), "last_reply must be whole numbers, not float64"),
    ],
)
def test_what_is_no_history_is_refused_with_its_place(rows, words):
    with pytest.raises(ValueError, match=words):
        collapse(*(np.array(column) for column in rows))
