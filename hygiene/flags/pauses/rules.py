"""The rules: read from `models/pauses/rules.toml`, and asked after every mail whether they would stop the sender.

A rule looks at what is known up to a mail and knows nothing of pauses before it: it says for each element of a stream
whether it *fires* there. Where it first does is where it would have paused the sender. All rules are vectorised over
all senders at once; `tests/flags/pauses/slow.py` holds their slow and obvious forms.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import betaincc

from hygiene.errors import ModelError
from hygiene.flags.pauses.clumps import effective_in_windows
from hygiene.flags.pauses.types import PauseRule, Published, Stream, Tier, running
from hygiene.resources import resource

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

OURS = "ours"
_EQUAL = 1e-12
"""Of a rate: 2 / 40 is no less than 5 %."""
_BEYOND = 20
"""Times the sends at which the observed rate is the limit: there nothing is certain any more."""
_HALVINGS = 60
_WHOLE = 1e-7
"""What the bisection may miss at a whole number of sends."""


@cache
def pause_rules() -> tuple[PauseRule, ...]:
    """Return the rules, in the file's order.

    Raises
    ------
    ModelError
        If a rule names a source that is not there, or keys that no rule has.
    """
    data = tomllib.loads((resource("models") / "pauses" / "rules.toml").read_text(encoding="utf-8"))
    sources = {key: Published(**{"url": None, **entry}) for key, entry in data["sources"].items()}
    return tuple(_rule(entry, sources) for entry in data["rule"])


def our_rule() -> PauseRule:
    """Return our own rule.

    Examples
    --------
    >>> our_rule().rate, our_rule().certainty
    (0.03, 0.95)
    """
    return next(rule for rule in pause_rules() if rule.name == OURS)


def _rule(entry: dict[str, Any], sources: dict[str, Published]) -> PauseRule:
    try:
        return PauseRule(
            **{
                **entry,
                "source": sources[entry["source"]] if "source" in entry else None,
                "tiers": tuple(Tier(**tier) for tier in entry.get("tiers", ())),
                "prior": tuple(entry["prior"]) if "prior" in entry else None,
            }
        )
    except (KeyError, TypeError) as error:
        raise ModelError(
            f'The rule "{entry.get("name")}" of models/pauses/rules.toml has a key or a source that is not known'
            f" ({error}). Compare it with the other rules."
        ) from error


def fires(rule: PauseRule, stream: Stream, overdispersion: float = 0.0) -> Bools:
    """Tell for each element of a stream whether a rule would stop the sender after it.

    Parameters
    ----------
    rule
        As published.
    stream
        The senders' mails.
    overdispersion
        ρ of `clumps`; only a rule with `by_list` asks for it.
    """
    match rule.kind:
        case "share":
            bounces, sends = _in_window(rule, stream)
            return (sends >= max(rule.min_sends, 1)) & _exceeds(rule, bounces, sends)
        case "count":
            bounces, _ = _in_window(rule, stream)
            return np.asarray(bounces >= _given(rule.bounces))
        case "daily":
            return _fires_daily(rule, stream)
        case "tiers":
            return _fires_by_tier(rule, stream)
        case "posterior":
            return _fires_by_posterior(rule, stream, overdispersion)


def first_stops(fired: Bools, stream: Stream, earliest: Ints | None = None) -> Ints:
    """Return for each sender the first element at which a rule fires, or −1.

    Parameters
    ----------
    fired
        As `fires` returns it.
    stream
        The senders' mails.
    earliest
        For each sender an element; what lies before it does not count.
    """
    at = np.append(np.flatnonzero(fired), fired.size)
    begin = stream.first[:-1] if earliest is None else earliest
    found = at[np.searchsorted(at, begin)]
    return np.where(found < stream.first[1:], found, -1)


def window_start(rule: PauseRule, stream: Stream) -> Ints:
    """Return for each element the first one of the window that ends with it."""
    start = stream.first_of_own
    if rule.window_sends is not None:
        # The last sends, and whatever came back alone since the one before them.
        begun = np.searchsorted(stream.total_sends, stream.total_sends[1:] - rule.window_sends, side="left")
        start = np.maximum(start, begun)
    if rule.window_days is not None:
        start = np.maximum(start, days_back(stream, rule.window_days))
    return start


def days_back(stream: Stream, days: int) -> Ints:
    """Return for each element the first one of its sender on the last `days` days, the element's own included."""
    if not stream.sender.size:
        return stream.sender
    day = stream.day - stream.day.min()
    key = stream.sender * (int(day.max()) + days + 1) + day
    return np.asarray(np.searchsorted(key, key - (days - 1)))


def _in_window(rule: PauseRule, stream: Stream) -> tuple[Ints, Ints]:
    """Return the bounces and the sends of the window that ends with each element."""
    start = window_start(rule, stream)
    bounces = running(stream.counted(rule))
    return bounces[1:] - bounces[start], stream.total_sends[1:] - stream.total_sends[start]


def _exceeds(rule: PauseRule, bounces: Ints, sends: Ints) -> Bools:
    slack = -_EQUAL if rule.includes_limit else _EQUAL
    return np.asarray(bounces > sends * (_given(rule.rate) + slack))


def _fires_daily(rule: PauseRule, stream: Stream) -> Bools:
    """Fire at the bounce that brings the day's bounces to the limit of the whole day's sends.

    Within a day nobody knows the order, so the day's own total is the denominator from its first mail on: fires on
    just the days whose rate at their end is over the limit.
    """
    is_first = np.append(True, (np.diff(stream.sender) != 0) | (np.diff(stream.day) != 0))
    if not stream.sender.size:
        return np.zeros(0, dtype=np.bool_)
    begin = np.flatnonzero(is_first)
    of_day = np.cumsum(is_first) - 1
    sends = np.add.reduceat(stream.sends, begin)[of_day]
    bounces = running(stream.counted(rule))
    return np.asarray((sends > 0) & _exceeds(rule, bounces[1:] - bounces[begin][of_day], sends))


def _fires_by_tier(rule: PauseRule, stream: Stream) -> Bools:
    bounces, sends = _in_window(rule, stream)
    fired = np.zeros(sends.size, dtype=np.bool_)
    tier_of = np.searchsorted([tier.sends for tier in rule.tiers], sends, side="right") - 1
    for at, tier in enumerate(rule.tiers):
        over = bounces >= tier.bounces if tier.bounces is not None else bounces > sends * (_given(tier.rate) + _EQUAL)
        fired |= (tier_of == at) & over
    return fired


def _fires_by_posterior(rule: PauseRule, stream: Stream, overdispersion: float) -> Bools:
    if rule.short_days is not None:
        long, short = replace(rule, short_days=None), replace(rule, short_days=None, window_days=rule.short_days)
        return fires(long, stream, overdispersion) | fires(short, stream, overdispersion)
    if rule.by_list:
        sends, bounces = effective_in_windows(stream, window_start(rule, stream), overdispersion)
        return surely_above(rule, bounces, sends)
    return surely_above(rule, *_in_window(rule, stream))


def p_above(rule: PauseRule, bounces: Ints | Floats, sends: Ints | Floats) -> Floats:
    """Return P(rate > the rule's limit) under its prior, after bounces out of sends (which may be fractions)."""
    a, b = _given(rule.prior)
    return np.asarray(betaincc(a + bounces, b + np.maximum(sends - bounces, 0), _given(rule.rate)))


def surely_above(rule: PauseRule, bounces: Ints | Floats, sends: Ints | Floats) -> Bools:
    """Tell where P(rate > the rule's limit) reaches its certainty.

    Only between the answers for the next lower and the next higher whole number of bounces has the costly function to
    be asked: P falls with the sends and rises with the bounces.
    """
    if not bounces.size:
        return np.zeros(0, dtype=np.bool_)
    sends = np.maximum(sends, bounces)
    most = _most_sends(rule, int(np.ceil(bounces.max())) + 1)
    below = np.floor(bounces).astype(np.int64)
    sure = np.asarray(sends <= most[below])
    asked = np.flatnonzero(~sure & (bounces > below) & (sends <= most[below + 1]))
    sure[asked] = p_above(rule, bounces[asked], sends[asked]) >= _given(rule.certainty)
    return sure


def _most_sends(rule: PauseRule, most_bounces: int) -> Floats:
    """Return for 0, 1, … bounces the most sends (a real number) at which the rule is certain, or −1; by bisection."""
    bounces = np.arange(most_bounces + 1, dtype=np.float64)
    low, high = bounces.copy(), (bounces + _given(rule.prior)[0] + 1) * _BEYOND / _given(rule.rate)
    never = p_above(rule, bounces, low) < _given(rule.certainty)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        is_sure = p_above(rule, bounces, middle) >= _given(rule.certainty)
        low, high = np.where(is_sure, middle, low), np.where(is_sure, high, middle)
    return np.where(never, -1.0, low + _WHOLE)


def _given(value: Any) -> Any:
    """Return a parameter that this kind of rule must have.

    Raises
    ------
    ModelError
        If the file does not give it.
    """
    if value is None:
        raise ModelError("A rule of models/pauses/rules.toml lacks a number of its kind. Compare it with the others.")
    return value
