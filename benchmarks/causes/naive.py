"""Simple methods to compare with: what a spreadsheet would say, and what one who knows the truth would."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmarks.causes.effects import SLOTS
from benchmarks.causes.recipes import LEVERS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from benchmarks.causes.rows import Row

LEAST = 10
"""Enrollments on each side of a comparison."""
Z90 = 1.6449


def own_marginal(source: Path) -> list[Row]:
    """Name the level of which a sender does worst, compared with the rest of the sender's own."""
    table = _ended(source)
    return [row for sender, own in table.groupby("sender_id") for row in _rows(str(sender), own, own)]


def team_marginal(source: Path) -> list[Row]:
    """Name the level of which the team does worst, weighted by how much the sender uses it."""
    table = _ended(source)
    return [row for sender, own in table.groupby("sender_id") for row in _rows(str(sender), own, table)]


def oracle(source: Path) -> list[Row]:
    """Name the truly biggest lever of each sender who has a material one."""
    truth = json.loads((source.parent / "truth.json").read_text(encoding="utf-8"))
    return [
        _row(sender["sender_id"], metric, known["top"], known["top_gain"], 0.0)
        for sender in truth["senders"]
        for metric, known in sender["metrics"].items()
        if known["is_material"] and known["is_identifiable"]
    ]


METHODS: dict[str, Callable[[Path], list[Row]]] = {
    "own": own_marginal,
    "team": team_marginal,
    "oracle": oracle,
    "silent": lambda _: [],
}


def _ended(source: Path) -> pd.DataFrame:
    """Return the ended enrollments with the level of each factor."""
    enrollments, contacts = (pd.read_csv(source / f"{name}.csv") for name in ("enrollments", "contacts"))
    table = enrollments[enrollments["outcome"] != "active"].merge(contacts, on="contact_id", validate="one_to_one")
    at = pd.to_datetime(table["enrolled_at"])
    slot = at.dt.day_of_week * 2 + (at.dt.hour >= 12)
    bounced = table["outcome"].eq("bounced")
    return table.rename(columns={"sequence_id": "sequence"}).assign(
        timing=np.array(SLOTS)[slot], bounce_rate=bounced, reply_rate=table["outcome"].eq("replied").where(~bounced)
    )


def _rows(sender: str, own: pd.DataFrame, base: pd.DataFrame) -> list[Row]:
    """Return the biggest lever of a sender for each metric, by a plain comparison of rates in `base`."""
    rows = []
    for metric, sign in (("reply_rate", 1.0), ("bounce_rate", -1.0)):
        best: Row | None = None
        for factor in LEVERS:
            share = own[factor].value_counts() / len(own)
            counts = base.groupby(factor)[metric].agg(["sum", "count"]).astype(float)
            total, size = counts["sum"].sum(), counts["count"].sum()
            rest = size - counts["count"]
            rate, other = counts["sum"] / counts["count"], (total - counts["sum"]) / rest
            error = np.sqrt(rate * (1 - rate) / counts["count"] + other * (1 - other) / rest)
            gain = (sign * (other - rate) * share)[(counts["count"] >= LEAST) & (rest >= LEAST)].dropna()
            if len(gain) and (best is None or gain.max() > best["gain"]):
                level = gain.idxmax()
                best = _row(sender, metric, f"{factor}:{level}", gain.max(), Z90 * error[level] * share[level])
        rows += [best] if best else []
    return rows


def _row(sender: str, metric: str, subject: str, gain: float, half: float) -> Row:
    return {
        "rule": "naive",
        "scope": "sender",
        "sender_id": sender,
        "subject": subject,
        "metric": metric,
        "rank": 1,
        "gain": float(gain),
        "gain_low": float(gain - half),
        "gain_high": float(gain + half),
    }
