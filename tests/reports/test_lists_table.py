"""The scorecard of list sources fits the terminal that it is read in."""

from __future__ import annotations

import pytest

from hygiene.reports.lists.table import OF_WORTH, TITLES, card_lines

HEADER = [title.id for title in TITLES]
ROWS = [
    ["Trade fair Lyon 2025", "▼ bad list", "514", "505", "8.1% [5.2–9.8%]", "100%", "2.6% [2.1–5.3%]"],
    ["  2026-01", "● good list", "6,000", "5,932", "1.6% [1.3–1.9%]", "0%", "7.2% [6.4–7.8%]"],
]
MADE_OF = ["73%", "64%", "507", "0"]


@pytest.mark.parametrize(
    ("width", "columns"), [(None, len(TITLES)), (135, len(TITLES)), (100, OF_WORTH), (86, OF_WORTH)]
)
def test_what_a_list_is_made_of_gives_way_to_what_it_is_worth(width: int | None, columns: int) -> None:
    lines = card_lines(HEADER, [[*row, *MADE_OF] for row in ROWS], width)
    rule = next(line for line in lines if line.startswith("---"))
    assert len(rule.split()) == columns
    assert all(len(line) <= (width or 999) for line in lines)


def test_where_nothing_fits_names_are_cut() -> None:
    lines = card_lines(HEADER, [[*row, *MADE_OF] for row in ROWS], 40)
    assert lines[2].startswith("Trade f…")
