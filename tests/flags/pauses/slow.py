"""The rules in their slow and obvious forms: one sender, one mail after another, everything counted anew each time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.stats import beta

from hygiene.flags.pauses.types import Stream

if TYPE_CHECKING:
    from hygiene.flags.pauses.types import PauseRule


class Mail(NamedTuple):
    """An element of a stream."""

    day: int
    bounced: int = 0
    address: int = 0
    list: int = 0
    sends: int = 1


def stream_of(*senders: list[Mail]) -> Stream:
    """The stream of senders, each a list of mails in time order."""
    rows = [(at, mail) for at, mails in enumerate(senders) for mail in mails]
    clumps: dict[tuple[int, int], int] = {}
    columns = [
        (at, m.day, clumps.setdefault((at, m.list), len(clumps)), m.sends, m.bounced, m.address) for at, m in rows
    ]
    return Stream(*(np.array(column, dtype=np.int64) for column in zip(*columns, strict=True)))


def slow_fires(rule: PauseRule, mails: list[Mail], overdispersion: float) -> list[bool]:
    return [_fires_after(rule, mails, at, overdispersion) for at in range(len(mails))]


def _fires_after(rule: PauseRule, mails: list[Mail], at: int, overdispersion: float) -> bool:
    if rule.short_days is not None:
        long, short = replace(rule, short_days=None), replace(rule, short_days=None, window_days=rule.short_days)
        return any(_fires_after(form, mails, at, overdispersion) for form in (long, short))
    window = _window(rule, mails[: at + 1])
    counted = [mail.address if rule.address_only else mail.bounced for mail in window]
    sends, bounces = sum(mail.sends for mail in window), sum(counted)
    match rule.kind:
        case "share":
            return sends >= rule.min_sends and _over(rule.rate, rule.includes_limit, bounces, sends)
        case "count":
            return bounces >= rule.bounces
        case "daily":
            today = [mail for mail in mails if mail.day == mails[at].day]
            so_far = sum(mail.bounced for mail in mails[: at + 1] if mail.day == mails[at].day)
            all_day = sum(mail.sends for mail in today)
            return all_day > 0 and _over(rule.rate, rule.includes_limit, so_far, all_day)
        case "tiers":
            reached = [tier for tier in rule.tiers if tier.sends <= sends]
            if not reached:
                return False
            tier = reached[-1]
            return bounces >= tier.bounces if tier.bounces is not None else _over(tier.rate, False, bounces, sends)
        case "posterior":
            if rule.by_list:
                sends, bounces = _worth(window, overdispersion)
            a, b = rule.prior
            return beta.sf(rule.rate, a + bounces, b + max(sends - bounces, 0)) >= rule.certainty


def _window(rule: PauseRule, mails: list[Mail]) -> list[Mail]:
    if rule.window_days is not None:
        mails = [mail for mail in mails if mail.day > mails[-1].day - rule.window_days]
    if rule.window_sends is not None:
        after = 0
        kept: list[Mail] = []
        for mail in reversed(mails):
            if mail.sends and after == rule.window_sends:
                break
            after += mail.sends
            kept.insert(0, mail)
        mails = kept
    return mails


def _over(limit: float, includes: bool, bounces: int, sends: int) -> bool:
    # In millionths, as whole numbers: no rounding.
    left, right = bounces * 1_000_000, round(limit * 1_000_000) * sends
    return left >= right if includes else left > right


def _worth(window: list[Mail], rho: float) -> tuple[float, float]:
    sends = bounces = 0.0
    for name in {mail.list for mail in window}:
        n = sum(mail.sends for mail in window if mail.list == name)
        k = sum(mail.address for mail in window if mail.list == name)
        worth = 1 / (1 + max(n - 1, 0) * rho)
        sends += n * worth
        bounces += k * worth
    return sends, bounces
