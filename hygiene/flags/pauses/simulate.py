"""Senders whose true bounce rate is known, each mail for itself or list by list: what each rule does to them.

python -m hygiene.flags.pauses.simulate     # writes models/pauses/simulated.toml (some minutes)
"""

from __future__ import annotations

import tomllib
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from hygiene.flags.pauses.rules import fires, first_stops, pause_rules
from hygiene.flags.pauses.types import PauseRule, Simulated, Stream
from hygiene.resources import resource

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


RATES = (0.01, 0.02, 0.03, 0.05, 0.08)
"""True bounce rates: healthy, … , bad (assumed)."""
SENDS = 1_000
SENDS_A_DAY = 50
LIST_SIZE = 100
"""Contacts of one list, written to one list after another (assumed)."""
OVERDISPERSIONS = (0.0, 0.02, 0.05)
"""ρ: none, what is assumed where nothing is known, and a hard case (assumed)."""
RUNS = 20_000
SEED = 20261124
_AT_ONCE = 2_000
_FILE = "simulated.toml"


def simulated_stream(
    rng: np.random.Generator, rate: float, overdispersion: float, senders: int, sends: int = SENDS
) -> Stream:
    """Return senders of one true bounce rate, with `SENDS_A_DAY` and lists of `LIST_SIZE`.

    Parameters
    ----------
    rng
        Gives the luck.
    rate
        The senders' true bounce rate, a fraction.
    overdispersion
        ρ: each list's own rate is a draw from Beta(rate · (1 − ρ) / ρ, (1 − rate) · (1 − ρ) / ρ), whose mean is the
        rate; 0: each list has the rate itself.
    senders, sends
        How many senders, and mails of each.
    """
    lists = -(-sends // LIST_SIZE)
    own = np.full((senders, lists), rate)
    if overdispersion:
        scale = (1 - overdispersion) / overdispersion
        own = rng.beta(rate * scale, (1 - rate) * scale, (senders, lists))
    bounced = rng.random((senders, sends)) < np.repeat(own, LIST_SIZE, axis=1)[:, :sends]
    mail = np.tile(np.arange(sends), senders)
    sender = np.repeat(np.arange(senders), sends)
    bounces = bounced.ravel().astype(np.int64)
    return Stream(
        sender=sender,
        day=mail // SENDS_A_DAY,
        clump=sender * lists + mail // LIST_SIZE,
        sends=np.ones_like(mail),
        bounces=bounces,
        address_bounces=bounces,
    )


def shares_stopped(
    rules: Iterable[PauseRule], rate: float, overdispersion: float, runs: int, seed: int = SEED
) -> dict[str, float]:
    """Return for each rule the share of senders of one true rate that it ever stops within `SENDS` mails.

    Parameters
    ----------
    rules
        Which; ours is told the true overdispersion.
    rate, overdispersion
        The truth; see `simulated_stream`.
    runs
        Senders.
    seed
        Of the luck.
    """
    rules = tuple(rules)
    rng = np.random.default_rng([seed, round(rate * 1e6), round(overdispersion * 1e6)])
    stopped = dict.fromkeys((rule.name for rule in rules), 0)
    for begin in range(0, runs, _AT_ONCE):
        stream = simulated_stream(rng, rate, overdispersion, min(_AT_ONCE, runs - begin))
        for rule in rules:
            stopped[rule.name] += int((first_stops(fires(rule, stream, overdispersion), stream) >= 0).sum())
    return {name: count / runs for name, count in stopped.items()}


@cache
def simulated() -> Simulated:
    """Return the shares of `models/pauses/simulated.toml`."""
    data = tomllib.loads((resource("models") / "pauses" / _FILE).read_text(encoding="utf-8"))
    return Simulated(
        runs=data["runs"],
        sends=data["sends"],
        sends_a_day=data["sends_a_day"],
        list_size=data["list_size"],
        overdispersions=tuple(data["overdispersions"]),
        rates=tuple(data["rates"]),
        shares={
            name: {rho: tuple(row) for rho, row in zip(data["overdispersions"], rows, strict=True)}
            for name, rows in data["shares"].items()
        },
    )


def simulated_toml(runs: int = RUNS) -> str:
    """Return `simulated.toml`, simulated anew."""
    names = [rule.name for rule in pause_rules()]
    found = [[shares_stopped(pause_rules(), rate, rho, runs) for rate in RATES] for rho in OVERDISPERSIONS]
    lines = [
        "# The share of senders whom each rule of rules.toml ever stops, by true bounce rate: made by",
        "# python -m hygiene.flags.pauses.simulate. One row an overdispersion, one column a rate.",
        f"runs = {runs}",
        f"sends = {SENDS}",
        f"sends_a_day = {SENDS_A_DAY}",
        f"list_size = {LIST_SIZE}",
        f"overdispersions = {list(OVERDISPERSIONS)}",
        f"rates = {list(RATES)}",
        "",
        "[shares]",
    ]
    for name in names:
        rows = ", ".join(f"[{', '.join(f'{cell[name]:.4f}' for cell in row)}]" for row in found)
        lines.append(f"{name} = [{rows}]")
    return "\n".join(lines) + "\n"


def main(folder: Path | None = None) -> None:
    """Write `simulated.toml` into the checkout's `models/pauses`."""
    from pathlib import Path

    place = folder or Path(str(resource("models"))) / "pauses"
    (place / _FILE).write_text(simulated_toml(), encoding="utf-8")


if __name__ == "__main__":
    main()
