"""Cells, scales and tables that more than one page is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.reports.document import RateScale, Row, ScoreScale, Section, Table, TableColumn, TrendChart, TrendPoint
from hygiene.reports.index import is_suspect
from hygiene.reports.words import filled
from hygiene.values import BandMark, Count, Interval, Link, Message, Percent, Points, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hygiene.reports.document import Cell
    from hygiene.reports.index import Index
    from hygiene.scores.types import Band, MonthPoint, Rate, Score
    from hygiene.values import Value

REPLY_RATE = Message("Reply rate")
BOUNCE_RATE = Message("Bounce rate")
SCORE_COLUMNS = (
    TableColumn(Message("Band"), "band"),
    TableColumn(Message("Score"), "number"),
    TableColumn(Message("Ended"), "number"),
    TableColumn(REPLY_RATE, "number"),
    TableColumn(BOUNCE_RATE, "number"),
)
HUBSPOT_COLUMN = TableColumn(Message("Ended of HubSpot's minimum"), "number")
BAND_ORDER: dict[Band | None, float] = {"low": 0, "fair": 1, "good": 2, "excellent": 3, None: -1}
MONTHS_SHOWN = 12
"""Months of a trend that are shown: the latest; a chart of more is a comb, and a page of more too long to print."""
LEANING = Message(
    "With few enrollments, an interval leans towards the results of the whole team; the figure before it can then lie"
    " outside."
)
"""Why a figure can lie outside its own interval: said wherever the intervals have the team's results as their prior."""
OURS = Message(
    "“%(example)s”: bounces that came from how we send (domain, server, text) and not from the address, as far as the"
    " servers say why. HubSpot's rate counts them like all others."
)
UNSEEN = Message("Bounces not seen?")
"""In place of the band of a sender without a single bounce, where bounces may not be seen (docs/score.md)."""
SEQUENCES_ID = "sequences"
"""Anchor of the sequences on a sender's page: where a click on one of the sender's figures leads."""


def shown_band(score: Score) -> Band | None:
    """Return the band that a page may show: none where the evidence is insufficient."""
    return score.band if score.status == "scored" else None


def band_cell(score: Score) -> Value:
    """Return the band that a page may show, or what stands in its place."""
    return UNSEEN if is_suspect(score) else BandMark(shown_band(score))


def shown_score(score: Score) -> Points:
    """Return the score that a page may show: none where the evidence is insufficient, for it would read as a mark."""
    return Points(score.score if score.status == "scored" else None)


def linked(value: Value, href: str | None) -> Value:
    """Return the value as a link, if there is somewhere to go."""
    return Link(value, href) if href else value


def interval(rate: Rate) -> Interval:
    """Return the rate's 90 % interval."""
    return Interval(rate.low, rate.high)


def score_interval(score: Score) -> Interval:
    """Return the score's 90 % interval."""
    return Interval(score.low, score.high, percent=False)


def rate_cell(rate: Rate, href: str | None = None) -> Cell:
    """Return a rate with its interval; no figure without a denominator."""
    if rate.value is None:
        return Percent(None)
    return (linked(Percent(rate.value), href), interval(rate))


def bounce_cell(score: Score, href: str | None = None) -> Cell:
    """Return the bounce rate with its interval and, if any, how many of the bounces came from how we send."""
    cell = rate_cell(score.bounce, href)
    return (*cell, ours_words(score.faults.sender, score.counts.bounced)) if score.faults.sender else cell  # type: ignore[misc]


def ours_words(ours: int, bounced: int) -> Message:
    """Return how many of the bounces came from how we send, short enough for a cell."""
    return Message("%(ours)s of %(bounced)s ours", {"ours": Count(ours), "bounced": Count(bounced)})


def ours_note(scores: Iterable[Score]) -> tuple[Message, ...]:
    """Return what `bounce_cell` means by “ours”, if any of the scores has some."""
    found = next((score for score in scores if score.faults.sender), None)
    if found is None:
        return ()
    return (filled(OURS, {"example": ours_words(found.faults.sender, found.counts.bounced)}),)


def score_cells(score: Score, href: str | None = None, *, short: bool = False) -> tuple[Cell, ...]:
    """Return the cells of `SCORE_COLUMNS`; the figures lead to `href`.

    `short` ones link the two rates only, and say nothing of whose fault the bounces are.
    """
    others = None if short else href
    figure: Cell = Points(None)
    if score.score is not None and not is_suspect(score):
        figure = (linked(shown_score(score), others), score_interval(score))
    return (
        band_cell(score),
        figure,
        linked(Count(score.counts.ended), others),
        rate_cell(score.reply, href),
        rate_cell(score.bounce, href) if short else bounce_cell(score, href),
    )


def score_sort(score: Score) -> tuple[float | str | None, ...]:
    """Return the sort keys of `SCORE_COLUMNS`, rounded beyond what is shown so that pages stay small."""
    return (
        BAND_ORDER[shown_band(score)],
        _rounded(shown_score(score).value, 1),
        score.counts.ended,
        _rounded(score.reply.value, 4),
        _rounded(score.bounce.value, 4),
    )


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def score_table(
    caption: Message,
    unit: Message,
    rows: Iterable[tuple[str, str | None, Score]],
    note: Message = LEANING,
    *,
    hubspot: bool = False,
    sortable: bool = True,
) -> Table:
    """Return a table of scores by name.

    Parameters
    ----------
    caption
        Of the table.
    unit
        Header of the first column: what has a score here.
    rows
        (name, page if there is one, score); sorted here by name.
    note
        Under the table.
    hubspot
        Whether a last column says how far each is from HubSpot's own score.
    sortable
        Whether readers can sort it.
    """
    ordered = sorted(rows, key=lambda row: (row[0].casefold(), row[0], row[1] or ""))
    return Table(
        caption=caption,
        columns=(TableColumn(unit), *SCORE_COLUMNS, *((HUBSPOT_COLUMN,) if hubspot else ())),
        rows=tuple(_score_row(name, href, score, hubspot=hubspot) for name, href, score in ordered),
        note=note,
        sortable=sortable,
    )


def _score_row(name: str, href: str | None, score: Score, *, hubspot: bool) -> Row:
    cells = (linked(Text(name), href), *score_cells(score))
    keys = (name, *score_sort(score))
    return Row((*cells, hubspot_progress(score)), (*keys, -score.missing_for_hubspot)) if hubspot else Row(cells, keys)


def hubspot_progress(score: Score) -> Message:
    """Return HubSpot's own line: `63 of 100`, or that its minimum is reached."""
    if score.missing_for_hubspot == 0:
        return Message("reached") if score.hubspot_eligible else Message("no: it wants a seat")
    needed = score.counts.ended + score.missing_for_hubspot
    return Message("%(ended)s of %(needed)s", {"ended": Count(score.counts.ended), "needed": Count(needed)})


def score_scale(index: Index, score: Score) -> ScoreScale | None:
    """Return the score on its scale of bands; None without a score, and where bounces may not be seen."""
    if score.score is None or is_suspect(score):
        return None
    return ScoreScale(
        label=Message("Score"),
        score=shown_score(score).value,
        low=score.low,
        high=score.high,
        edges=index.profile.edges,
        band=shown_band(score),
    )


def rate_scales(index: Index, score: Score) -> tuple[RateScale, ...]:
    """Return the two rates against their target zones; the axis holds the interval and the zone.

    A bounce rate of bounces that may not be seen has no place among good ones.
    """
    zones = ((REPLY_RATE, score.reply, index.reply_target), (BOUNCE_RATE, score.bounce, index.bounce_target))
    return tuple(
        RateScale(
            label=label,
            value=rate.value,
            low=rate.low,
            high=rate.high,
            target_low=low,
            target_high=high,
            axis_max=min(1.0, max(rate.high, high) * 1.25),
        )
        for label, rate, (low, high) in zones
        if rate.value is not None and not (rate is score.bounce and is_suspect(score))
    )


def trend_charts(index: Index, months: Iterable[MonthPoint], most: int = MONTHS_SHOWN) -> tuple[TrendChart, ...]:
    """Return the reply rate and the bounce rate by month, the last `most` of them."""
    months = tuple(months)[-most:]
    if len(months) < 2:
        return ()
    reply = tuple(_trend_point(month, month.reply) for month in months)
    bounce = tuple(_trend_point(month, month.bounce) for month in months)
    return (
        TrendChart(REPLY_RATE, reply, *index.reply_target),
        TrendChart(BOUNCE_RATE, bounce, *index.bounce_target),
    )


def months_shown(months: Sequence[MonthPoint], most: int = MONTHS_SHOWN) -> Message:
    """Return which enrollments a month holds, and that only the latest months are shown, where it is so."""
    if len(months) <= most:
        return Message(
            "An enrollment counts in the month it ended. The first months of the data hold mostly those that a reply"
            " or a bounce ended early, so they look high on both."
        )
    args: dict[str, Value] = {"shown": Count(most), "total": Count(len(months))}
    return Message("The latest %(shown)s of %(total)s months. An enrollment counts in the month it ended.", args)


def both(first: Message, *others: Message) -> Message:
    """Return sentences as one text."""
    for second in others:
        first = Message("%(first)s %(second)s", {"first": first, "second": second})
    return first


def trend_section(
    index: Index, title: Message, months: Sequence[MonthPoint], *, leaning: bool = False, most: int = MONTHS_SHOWN
) -> Section:
    """Return the section of the rates by month; empty with fewer than two months.

    Parameters
    ----------
    index, title, months
        The audit, the heading, the months.
    leaning
        Whether the intervals have the team's results as their prior.
    most
        Months shown.
    """
    intro = months_shown(months, most)
    return Section("trend", title, trend_charts(index, months, most), both(intro, LEANING) if leaning else intro)


def _trend_point(month: MonthPoint, rate: Rate) -> TrendPoint:
    return TrendPoint(month.month, rate.value, rate.low, rate.high, rate.trials)
