"""Judges `hygiene clean`, and the flags of `hygiene run`: python -m benchmarks.gate.cleanups [WORLD …] [--run].

Asked is: does everybody in the source who said no stand in the list of those never to be written to again, and nobody
else; is everybody who is removed gone for the address's own fault; and how often does the interval of 80 % of
"removes N, avoids b bounces" hold what one more mail to each of the removed would have brought?
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import binom

from benchmarks.causes.intervals import share_of
from benchmarks.gate.judge import word
from benchmarks.gate.recipes import AS_OF, WORLDS
from benchmarks.gate.run import command, read_list, remember
from benchmarks.gate.truth import NEVER
from benchmarks.gate.world import World, make_world
from hygiene.gate.cleanup.price import narrowest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from benchmarks.causes.intervals import Share

UNTOLD = "opt_list_column"
"""Refusals that only the list tells, not the source."""
DEAD_PLANTS = ("dead_bounce", "dead_reason", "bounced_unknown")


@dataclass(frozen=True)
class Cleaned:
    """What a cleanup of one team's source did, and what was right."""

    world: str
    team: int
    refused: int
    """Contacts of the source who said no."""
    forgotten: tuple[str, ...]
    """Of these, who does not stand in the list of those never to be written to again, with what the list says."""
    silenced: int
    """Contacts in this list who never said no."""
    removed: int
    own_fault: int
    """Of these, whose address is dead."""
    left: int
    """Contacts with a dead address that an event tells of, who are neither removed nor suppressed."""
    said: tuple[float, float, float]
    """Bounces that removing them avoids: mean, and the interval of 80 %."""
    bounces: int
    """That one more mail to each of them would have brought."""
    rebounce: float
    """Chance that one of the dead addresses bounces again."""
    repeats: tuple[int, int]
    """What the claim rests on: dead addresses of the history that were written to again, and those that bounced."""
    run_leaks: tuple[str, ...] = ()
    """Contacts who said no and whom `hygiene run` would keep or pause."""


def clean(world: World, number: int, folder: Path, *, with_run: bool = False) -> Cleaned:
    """Clean up a team's source and hold the lists against the truth.

    Raises
    ------
    RuntimeError
        If a command fails.
    """
    world.write(folder)
    remember(world.ledger)
    leaks = _run_leaks(world, folder) if with_run else ()
    _ask("clean", folder, "cleanup")
    lists = {action: _listed(folder / "cleanup", action) for action in ("suppress", "remove", "pause", "resume_on")}
    refused, dead, told = refusals(world), dead_contacts(world), _told_dead(world)
    of = {contact: action for action, contacts in lists.items() for contact in contacts}
    removed = lists["remove"]
    random = np.random.default_rng([number, len(removed)])
    price = json.loads((folder / "cleanup" / "clean.json").read_text(encoding="utf-8"))["price"]
    said, repeats = price["removed"]["bounces_avoided"], price["repeats"]
    return Cleaned(
        world=world.name,
        team=number,
        refused=len(refused),
        forgotten=tuple(f"{who} {of.get(who, 'none')}" for who in sorted(refused - lists["suppress"])),
        silenced=len(lists["suppress"] - refused),
        removed=len(removed),
        own_fault=len(removed & dead),
        left=len(told - removed - lists["suppress"]),
        said=(said["mean"], said["low"], said["high"]),
        bounces=int(random.binomial(len(removed & dead), world.past.rebounce)),
        rebounce=world.past.rebounce,
        repeats=(repeats["tried"], repeats["again"]),
        run_leaks=leaks,
    )


def refusals(world: World) -> set[str]:
    """Return the ids of the source's contacts who said no in a way that the source or the ledger tells."""
    mails = world.past.mails
    stopped = mails.loc[mails["stop"].isin(["stop", "unsubscribe", "complaint"]), "contact"]
    found = set(world.past.contacts["contact_id"].to_numpy()[stopped]) if "enrollments" in world.tables else set()
    for campaign in world.campaigns:
        truth = campaign.truth
        found |= set(truth.loc[(truth["expects"] == NEVER) & (truth["plant"] != UNTOLD), "contact_id"])
    contacts = world.tables["contacts"]
    flagged = contacts[(contacts["opted_out"] == "true") | (contacts["do_not_contact"] == "true")]
    return (found | set(flagged["contact_id"])) & set(contacts["contact_id"])


def dead_contacts(world: World) -> set[str]:
    """Return the ids of contacts whose address is dead: it bounced, and no mail has arrived since."""
    mails = world.past.mails.sort_values("at_1")
    last = mails.groupby("contact")["is_dead"].last()
    found = set(world.past.contacts["contact_id"].to_numpy()[last.index[last]])
    for campaign in world.campaigns:
        found |= set(campaign.truth.loc[campaign.truth["plant"].isin(DEAD_PLANTS), "contact_id"])
    return found


def _told_dead(world: World) -> set[str]:
    """Return those of the dead of whom an event tells the server's words."""
    if not len(world.tables.get("events", ())):
        return set()
    events = world.tables["events"]
    bounced = events.loc[(events["type"] == "bounce") & ~events["detail"].str.contains(r"5\.7|4\."), "contact_id"]
    return dead_contacts(world) & set(bounced)


def _run_leaks(world: World, folder: Path) -> tuple[str, ...]:
    _ask("run", folder, "report")
    flags = read_list(folder / "report" / "contacts.csv").set_index("contact_id")["flag"]
    kept = flags[flags.isin(["keep", "pause"])]
    return tuple(f"{who} {kept[who]}" for who in sorted(refusals(world) & set(kept.index)))


def _ask(name: str, folder: Path, out: str) -> None:
    words = (name, str(folder / "source"), "-o", str(folder / out), "--as-of", AS_OF.isoformat())
    code, _, error = command(*words)
    if code:
        raise RuntimeError(f"hygiene {' '.join(words)} left with {code}: {error}")


def _listed(out: Path, action: str) -> set[str]:
    path = out / "lists" / f"{action}.people.csv"
    return set(pd.read_csv(path, dtype=str, encoding="utf-8-sig").iloc[:, 0]) if path.exists() else set()


def show(cases: list[Cleaned]) -> str:
    """Return the figures as text; intervals of 90 %."""
    removing = [case for case in cases if case.removed]
    held = _held(removing)
    low = sum(case.bounces < case.said[1] for case in removing)
    own = share_of([(i, i < case.own_fault) for case in cases for i in range(case.removed)])
    forgotten = [f"{case.world} {case.team}: {who}" for case in cases for who in case.forgotten]
    leaks = [f"{case.world} {case.team}: {who}" for case in cases for who in case.run_leaks]
    lines = [
        f"{len(cases)} teams; who said no: {sum(case.refused for case in cases):,}; not suppressed: {len(forgotten)}",
        *(f"    {each}" for each in forgotten[:10]),
        f"suppressed though they never said no: {sum(case.silenced for case in cases)}",
        f"kept or paused by run though they said no: {len(leaks)}",
        *(f"    {each}" for each in leaks[:10]),
        f"removed for the address's own fault: {word(own)}",
        f"dead by a server's words, yet not removed: {sum(case.left for case in cases)}",
        f"interval of 80 % holds the bounces avoided: {word(held)}; below it {low}",
        f"    without a repeated mail to rest on: {word(_held(case for case in removing if not case.repeats[0]))}",
        f"    one that knows the team's rate holds {np.mean([perfect(case) for case in removing]):.3f}",
        f"bounces said {sum(c.said[0] for c in cases):,.0f}, true {sum(c.bounces for c in cases):,}",
        f"teams a world: {dict(Counter(case.world for case in cases))}",
    ]
    return "\n".join(lines)


def _held(cases: Iterable[Cleaned]) -> Share:
    return share_of([(i, case.said[1] <= case.bounces <= case.said[2]) for i, case in enumerate(cases)])


def perfect(case: Cleaned) -> float:
    """Return how often an interval made from the truth holds: more than 80 %, since counts are whole."""
    chances = binom.pmf(np.arange(case.own_fault + 1), case.own_fault, case.rebounce)
    low, high = narrowest(chances)
    return float(chances[low : high + 1].sum())


def read_cases(path: Path) -> list[Cleaned]:
    """Read kept cases."""
    return [Cleaned(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def one_team(job: tuple[str, int, int, bool]) -> Cleaned:
    """Clean up one team in a folder of its own, with a cache and a ledger of its own."""
    name, number, seed, with_run = job
    with tempfile.TemporaryDirectory(prefix="gate-") as folder:
        os.environ["XDG_CACHE_HOME"] = os.environ["XDG_DATA_HOME"] = folder
        return clean(make_world(name, number, seed), number, Path(folder), with_run=with_run)


def main(arguments: Iterable[str] | None = None) -> None:
    """Judge the worlds that are named, or those with a history."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gate.cleanups")
    parser.add_argument("worlds", nargs="*", metavar="WORLD")
    parser.add_argument("--teams", type=int, default=5)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--run", action="store_true", help="judge the flags of `hygiene run`, too")
    parser.add_argument("--cases", type=Path, help="keep the cases in this file, after those that it holds")
    parser.add_argument("--show", type=Path, nargs="+", help="print the figures of these files; run nothing")
    options = parser.parse_args(None if arguments is None else list(arguments))
    if options.show:
        print(show([case for path in options.show for case in read_cases(path)]))
        return
    names = options.worlds or [name for name, recipe in WORLDS.items() if recipe.has_history]
    numbers = range(options.first, options.first + options.teams)
    jobs = [(name, number, options.seed, options.run) for number in numbers for name in names]
    with ProcessPoolExecutor(options.jobs) as pool:
        cases = list(pool.map(one_team, jobs))
    if options.cases:
        with options.cases.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(asdict(case)) + "\n" for case in cases)
    print(show(cases))


if __name__ == "__main__":
    main()
