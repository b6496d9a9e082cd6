"""One check of one sender's list, with what was right: the cases that the judge counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmarks.gate.laws import broken_laws
from benchmarks.gate.run import check, remember
from benchmarks.gate.truth import BY_CHOICE, DROP, KEEP, NEVER, ONE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from benchmarks.gate.campaign import Campaign
    from benchmarks.gate.run import Outcome
    from benchmarks.gate.world import World


@dataclass(frozen=True)
class Case:
    """What became of one list."""

    world: str
    team: int
    sender_id: str
    is_bad: bool
    kind: str
    """Of the export."""
    ended: int
    bounced: int
    """Of the sender, in its history."""
    rows: int
    kept: int
    verdict: str
    holds: tuple[str, ...]
    is_consistent: bool
    refused: int
    """Rows that must never be written to."""
    leaks: tuple[str, ...]
    """Plants of those of them that were kept."""
    planted: Mapping[str, int]
    """Rows that had to go, by plant."""
    missed: Mapping[str, int]
    """Those of them that were kept."""
    fine: int
    """Rows that may be written to."""
    false_drops: Mapping[str, int]
    """Those that were left out, by check and by where they come from."""
    by_choice: Mapping[str, tuple[int, int, float]]
    """Fine rows left out for the whole's sake, by check: how many, dead ones among them, sum of their theta."""
    theta: float
    """Sum over the fine rows."""
    kept_rate: float
    """True chance of a bounce of the kept rows, on average."""
    expected: tuple[float, float, float] | None
    """Bounces that the check predicts of the kept rows: mean, and its interval of 80 %."""
    bounces: int
    """Of the kept rows, as drawn."""
    dead: int
    """Of these, whose address is dead; the others are refused for the sender's fault."""
    standing: Mapping[str, tuple[int, int, float]]
    """Of the sender and of its domain: tried, bounced, probability of a rate above the limit; by check."""
    test_batches: tuple[Mapping[str, object], ...] = ()
    laws: Mapping[str, str] = field(default_factory=dict)
    """Laws that were tried, each with how it was broken; "" if it was not."""


def cases_of(world: World, number: int, folder: Path, most: int, tries: int) -> list[Case]:
    """Write a world, check the lists of some of its senders, and return what came of it.

    Parameters
    ----------
    number
        Of the team; of every fourth the laws are tried on the source, too.
    most
        Senders to check, bad ones first.
    tries
        Of these, how many are tried for the laws, too.
    """
    world.write(folder)
    remember(world.ledger)
    chosen = sorted(world.campaigns, key=lambda campaign: not campaign.is_bad)[:most]
    cases = []
    for i, campaign in enumerate(chosen):
        template = folder / f"mail-{campaign.language}.txt"
        file = folder / "lists" / f"{campaign.sender_id}.csv"
        outcome = check(folder / "source", file, template, campaign.sender_id, folder / "out" / campaign.sender_id)
        laws = broken_laws(world, campaign, outcome, folder, deep=number % 4 == 0) if i < tries else {}
        cases.append(case_of(world, number, campaign, outcome, laws))
    return cases


def case_of(world: World, team: int, campaign: Campaign, outcome: Outcome, laws: Mapping[str, str]) -> Case:
    """Hold what a check said against the truth."""
    truth = campaign.truth.set_index("ref")
    is_kept = truth.index.isin(list(outcome.kept))
    kept, expects = truth[is_kept], truth["expects"]
    gone = truth[(expects == KEEP) & ~is_kept]
    check_of = gone.index.map(outcome.dropped).fillna("?")
    chosen = check_of.isin(BY_CHOICE)
    false_drops = Counter(
        zip(check_of[~chosen], gone["plant"].where(gone["plant"] != "", gone["origin"])[~chosen], strict=True)
    )
    must_go = truth[expects == DROP]
    many = [plant for plant, count in kept.loc[kept["expects"] == ONE, "plant"].value_counts().items() if count > 1]
    ended, bounced = history_of(world, campaign.sender_id)
    bounces = outcome.said["expected"]["bounces"]
    return Case(
        world=world.name,
        team=team,
        sender_id=campaign.sender_id,
        is_bad=campaign.is_bad,
        kind=world.kind,
        ended=ended,
        bounced=bounced,
        rows=len(truth),
        kept=len(kept),
        verdict=outcome.verdict,
        holds=tuple(outcome.holds),
        is_consistent=outcome.is_consistent,
        refused=int((expects == NEVER).sum()),
        leaks=tuple(kept.loc[kept["expects"] == NEVER, "plant"]),
        planted=_counted(must_go["plant"], truth.loc[expects == ONE, "plant"].nunique()),
        missed=_counted(must_go.loc[must_go.index.isin(kept.index), "plant"], len(many)),
        fine=int((expects == KEEP).sum()),
        false_drops={f"{why} ({what})": count for (why, what), count in false_drops.items()},
        by_choice={why: _sums(gone[check_of == why]) for why in sorted(set(check_of[chosen]))},
        theta=float(truth.loc[expects == KEEP, "theta"].sum()),
        kept_rate=float(kept["rate"].mean()) if len(kept) else 0.0,
        expected=(bounces["mean"], bounces["low"], bounces["high"]) if bounces else None,
        bounces=int((kept["is_dead"] | kept["is_blocked"]).sum()),
        dead=int(kept["is_dead"].sum()),
        standing=standing_of(outcome),
        test_batches=tuple(outcome.said["test_batches"]),
        laws=laws,
    )


def _counted(plants: pd.Series, duplicates: int) -> dict[str, int]:
    return dict(Counter(plants)) | ({"duplicate": duplicates} if duplicates else {})


def standing_of(outcome: Outcome) -> dict[str, tuple[int, int, float]]:
    """Return what is said of the sender and of its domain: tried, bounced, probability of a rate above the limit."""
    wanted = {"whole.sender", "whole.domain"}
    told = {finding["check"]: finding["evidence"] for finding in outcome.said["findings"] if finding["check"] in wanted}
    return {name: (about["tried"], about["bounced"], about["p_over_limit"]) for name, about in told.items()}


def _sums(rows: pd.DataFrame) -> tuple[int, int, float]:
    return len(rows), int(rows["is_dead"].sum()), float(rows["theta"].sum())


def history_of(world: World, sender_id: str) -> tuple[int, int]:
    """Return ended and bounced enrollments of a sender."""
    if "enrollments" not in world.tables:
        return 0, 0
    table = world.tables["enrollments"]
    ended = table[(table["sender_id"] == sender_id) & (table["outcome"] != "active")]
    return len(ended), int((ended["outcome"] == "bounced").sum())
