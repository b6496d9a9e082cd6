"""Laws of a check that hold whatever the truth: tried on a world by asking again with a small change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmarks.gate.campaign import LABELS
from benchmarks.gate.people import mailbox
from benchmarks.gate.run import check, read_list
from benchmarks.gate.truth import LEVELS

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.gate.campaign import Campaign
    from benchmarks.gate.run import Outcome
    from benchmarks.gate.world import World

AGAIN, OPT_OUT, OPT_OUT_SOURCE, ORDER, ORDER_SOURCE = (
    "a trimmed list is GO",
    "an opt-out on the list makes nothing better",
    "an opt-out in the source makes nothing better",
    "the order of the list does not matter",
    "the order of the source does not matter",
)


def broken_laws(world: World, campaign: Campaign, outcome: Outcome, folder: Path, *, deep: bool) -> dict[str, str]:
    """Try the laws on one list; `deep`: those, too, for which the whole source has to be read again."""
    trial = _Trial(world, campaign, outcome, folder, np.random.default_rng(len(campaign.rows)))
    found = {OPT_OUT: trial.opt_out(), ORDER: trial.order()}
    if outcome.verdict == "TRIM":
        found[AGAIN] = trial.again()
    if deep:
        found |= {OPT_OUT_SOURCE: trial.opt_out_in_source(), ORDER_SOURCE: trial.order_of_source()}
    return found


class _Trial:
    """One list and the ways to ask again."""

    def __init__(
        self, world: World, campaign: Campaign, outcome: Outcome, folder: Path, random: np.random.Generator
    ) -> None:
        self.world, self.campaign, self.outcome, self.folder, self.random = world, campaign, outcome, folder, random
        self.file = folder / "lists" / f"{campaign.sender_id}.csv"
        self.kept = self._mailboxes(outcome)

    def again(self) -> str:
        """Check the trimmed list."""
        after = self._ask(self._trimmed(), "again")
        return "" if after.verdict == "GO" else f"{after.verdict} {after.holds} {sorted(set(after.dropped.values()))}"

    def opt_out(self) -> str:
        """Let one more row of the list say that it has opted out."""
        rows, column = read_list(self.file), self._named("opted_out")
        if column not in rows:
            rows[column] = ""
        chosen = self._one()
        rows.loc[rows["ref"] == chosen, column] = "true"
        return self._no_better(self._ask(rows, "opt-out"), chosen)

    def opt_out_in_source(self) -> str:
        """Let one more row of the list be suppressed in the source."""
        rows, chosen = read_list(self.file), self._one()
        email = rows.loc[rows["ref"] == chosen, self._named("email")].item().strip()
        old = self.world.tables["suppressions"]
        more = pd.DataFrame([{"email": email, "domain": "", "reason": "opt_out", "at": "2026-06-01"}])
        source = self._source("opted", {"suppressions": pd.concat([old, more], ignore_index=True)})
        return self._no_better(self._ask(rows, "opt-out-source", source), chosen)

    def order(self) -> str:
        """Shuffle the list."""
        rows = read_list(self.file)
        return self._same(self._ask(rows.iloc[self.random.permutation(len(rows))], "order"))

    def order_of_source(self) -> str:
        """Shuffle each table of the source."""
        tables = self.world.tables
        mixed = {name: table.iloc[self.random.permutation(len(table))] for name, table in tables.items()}
        return self._same(self._ask(read_list(self.file), "order-source", self._source("mixed", mixed)))

    def _one(self) -> str:
        kept = sorted(self.outcome.kept) or self.campaign.rows["ref"].tolist()
        return str(kept[int(self.random.integers(len(kept)))])

    def _no_better(self, after: Outcome, chosen: str) -> str:
        if chosen in after.kept:
            return f"{chosen} is written to"
        is_better = LEVELS[after.verdict] < LEVELS[self.outcome.verdict]
        return f"{self.outcome.verdict} to {after.verdict}" if is_better else ""

    def _same(self, after: Outcome) -> str:
        if after.verdict != self.outcome.verdict:
            return f"{self.outcome.verdict} to {after.verdict}"
        kept = self._mailboxes(after)
        return "" if kept == self.kept else f"other addresses: {sorted(kept ^ self.kept)[:4]}"

    def _mailboxes(self, outcome: Outcome) -> set[str]:
        rows = self.campaign.rows
        return {mailbox(email) for email in rows.loc[rows["ref"].isin(list(outcome.kept)), "email"]}

    def _trimmed(self) -> pd.DataFrame:
        rows = read_list(self.file)
        return rows[rows["ref"].isin(list(self.outcome.kept))]

    def _named(self, column: str) -> str:
        return LABELS[column] if self.world.is_labelled else column

    def _source(self, name: str, changed: dict[str, pd.DataFrame]) -> Path:
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        for table, rows in {**self.world.tables, **changed}.items():
            if len(rows):
                rows.to_csv(folder / f"{table}.csv", index=False)
        return folder

    def _ask(self, rows: pd.DataFrame, name: str, source: Path | None = None) -> Outcome:
        file = self.folder / "lists" / f"{self.campaign.sender_id}-{name}.csv"
        rows.to_csv(file, index=False)
        template = self.folder / f"mail-{self.campaign.language}.txt"
        return check(
            source or self.folder / "source", file, template, self.campaign.sender_id, self.folder / "out" / name
        )
