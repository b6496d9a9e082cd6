"""Counts over many lists: who was held, what leaked, what was left out wrongly, and how true the predictions are."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from benchmarks.causes.intervals import Share, share_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from benchmarks.gate.cases import Case

VERDICTS = ("GO", "TRIM", "HOLD", "UNKNOWN")


def show(cases: Sequence[Case]) -> str:
    """Return the figures of each world as text; intervals of 90 % know that the senders of a team share its luck."""
    worlds: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        worlds[case.world].append(case)
    return "\n".join(line for world, mine in worlds.items() for line in (f"\n{world}", *_world(mine)))


def _world(cases: Sequence[Case]) -> Iterable[str]:
    for is_bad, name in ((False, "good"), (True, "bad")):
        mine = [case for case in cases if case.is_bad == is_bad]
        if mine:
            yield f"  {name} senders: {len(mine)} in {len({case.team for case in mine})} teams"
            for verdict in VERDICTS:
                yield f"    {verdict:<8} {word(share(mine, lambda case, v=verdict: case.verdict == v))}"
            held = Counter(check for case in mine for check in case.holds)
            yield f"    held by  {_counted(held)}"
            yield f"    interval of 80 % holds the address bounces: {word(coverage(mine))}; {_sums(mine)}"
            yield f"    and all bounces, refusals included: {word(coverage(mine, lambda case: case.bounces))}"
    yield from _rows(cases)
    yield from _laws(cases)


def _rows(cases: Sequence[Case]) -> Iterable[str]:
    yield f"  exit code, verdict and files at odds: {sum(not case.is_consistent for case in cases)} of {len(cases)}"
    leaks, planted = Counter(), Counter()
    missed, false, chosen = Counter(), Counter(), Counter()
    for case in cases:
        leaks.update(case.leaks)
        planted.update(case.planted)
        missed.update(case.missed)
        false.update(case.false_drops)
        chosen.update({why: count for why, (count, _, _) in case.by_choice.items()})
    fine = sum(case.fine for case in cases)
    refused = sum(case.refused for case in cases)
    yield f"  must never be written to, yet let through: {sum(leaks.values())} of {refused:,} {_counted(leaks)}"
    yield f"  planted and missed: {_counted(missed)} of {_counted(planted)}"
    yield f"  fine rows left out: {sum(false.values())} of {fine:,} {_counted(false)}"
    yield f"  fine rows left out by choice: {_counted(chosen)}"


def _laws(cases: Sequence[Case]) -> Iterable[str]:
    tried = Counter(law for case in cases for law in case.laws)
    for law, count in tried.items():
        broken = [f"team {case.team} {case.sender_id}: {case.laws[law]}" for case in cases if case.laws.get(law)]
        yield f"  law: {law}: broken {len(broken)} of {count}" + "".join(f"\n    {each}" for each in broken[:5])


def share(cases: Sequence[Case], is_so: Callable[[Case], bool]) -> Share:
    """Return the share of cases."""
    return share_of([(case.team, bool(is_so(case))) for case in cases])


def told_bounces(case: Case) -> int:
    """Return the kept rows' bounces for the address's fault, or nobody's known one where the export has no words."""
    return case.bounces if case.kind == "outcomes" else case.dead


def coverage(cases: Sequence[Case], bounces: Callable[[Case], int] = told_bounces) -> Share:
    """Return in how many cases the predicted interval holds the number of bounces that were drawn."""
    known = [case for case in cases if case.expected is not None]
    return share(
        known, lambda case: case.expected is not None and case.expected[1] <= bounces(case) <= case.expected[2]
    )


def _sums(cases: Sequence[Case]) -> str:
    known = [case for case in cases if case.expected is not None]
    mean = sum(case.expected[0] for case in known if case.expected)
    true = sum(told_bounces(case) for case in known)
    return f"predicted {mean:,.0f}, true {true:,} of {sum(c.kept for c in known):,} kept"


def word(figure: Share) -> str:
    """Return a share with its interval and counts."""
    if not figure.whole:
        return "none"
    low, high = figure.interval
    return f"{figure.part / figure.whole:.3f} [{low:.3f}–{high:.3f}] {figure.part}/{figure.whole}"


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items()) if count) or "none"
