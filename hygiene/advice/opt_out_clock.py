"""The clock from an opt-out to the last touch after it: one computation for the rule OPT-03 and for `hygiene consent`.

It starts at the contact's first request, of whatever kind; a suppression counts unless its reason names something else
(a bounce, a competitor). A request that has a day and no time starts it at the end of that day: what is said is never
later than it was. A consent given anew ends it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from statistics import median
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from hygiene.advice.legal import is_request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from hygiene.facts.opt_outs import LateMail, OptOut, OptOutKind

MOST_HOURS = 48
"""Google, Email sender guidelines (support.google.com/a/answer/81126) and Yahoo, Sender best practices: two days."""
MOST_BUSINESS_DAYS = 10
"""CAN-SPAM (16 CFR 316.4) and CASL (CRTC, com500)."""
HOUR = timedelta(hours=1)
MIDNIGHT = time()
K = TypeVar("K", int, str)


@dataclass(frozen=True)
class Touch:
    """A mail after the opt-out."""

    mail: LateMail
    hours: float
    """Since the clock was started."""
    business_days: int
    """Mondays to Fridays after the day of the request, up to that of the mail; holidays are not known."""


@dataclass(frozen=True)
class Stop:
    """A contact that said no and was written to after that."""

    contact_key: int
    contact_id: str
    kind: OptOutKind
    """Of the request that started the clock."""
    source: str | None
    """Of a suppression."""
    asked_at: datetime
    """As the export has it."""
    has_time: bool
    """False: a day without a time, so that the clock starts at its end."""
    touches: tuple[Touch, ...]
    """In order of time; never empty."""

    @property
    def last(self) -> Touch:
        """The last touch."""
        return self.touches[-1]


@dataclass(frozen=True)
class Delay:
    """How long some contacts were written to after they had said no."""

    contacts: int
    mails: int
    median_hours: float
    worst_hours: float
    over_48_hours: tuple[str, ...]
    """Contact ids, the worst first."""
    over_10_business_days: tuple[str, ...]


@dataclass(frozen=True)
class OptOutClock:
    """What the clock shows of one export."""

    timed: int
    """Contacts with a request whose date is known."""
    undated: int
    """Contacts who said no nobody knows when."""
    stops: tuple[Stop, ...]
    """Those written to later, the worst first."""
    total: Delay | None
    """None: nobody was."""
    by_sender: Mapping[int, Delay]
    """By sender key, each with the mails of this sender alone."""
    by_tool: Mapping[str, Delay]
    by_kind: Mapping[str, Delay]
    """By the way in which the contact said no."""


def opt_out_clock(opt_outs: Iterable[OptOut], mails: Iterable[LateMail], timezone: str = "UTC") -> OptOutClock:
    """Time every request to stop up to the last touch.

    Parameters
    ----------
    opt_outs
        Who said no, in any order.
    mails
        Mails after the first of a contact's opt-outs, in any order.
    timezone
        The zone of times without one: in it a time of 00:00 is a day without a time.
    """
    zone = ZoneInfo(timezone)
    requests: dict[int, tuple[datetime, OptOut]] = {}
    seen: set[int] = set()
    for row in opt_outs:
        seen.add(row.contact_key)
        if row.at is None or (row.kind == "suppression" and not is_request(row.reason)):
            continue
        started = (_start(row.at, zone), row)
        known = requests.get(row.contact_key)
        if known is None or _order(started) < _order(known):
            requests[row.contact_key] = started
    stops = tuple(sorted(_stops(mails, requests, zone), key=_worst_first))
    return OptOutClock(
        timed=len(requests),
        undated=len(seen) - len(requests),
        stops=stops,
        total=_delay(stops) if stops else None,
        by_sender=_split(stops, lambda _, touch: touch.mail.sender_key),
        by_tool=_split(stops, lambda _, touch: touch.mail.tool),
        by_kind=_split(stops, lambda stop, _: stop.kind),
    )


def _start(at: datetime, zone: ZoneInfo) -> datetime:
    """Return when the clock starts, naive UTC."""
    local = _local(at, zone)
    if local.time() != MIDNIGHT:
        return at
    next_day = datetime.combine(local.date() + timedelta(days=1), MIDNIGHT, zone)
    return next_day.astimezone(UTC).replace(tzinfo=None)


def _local(at: datetime, zone: ZoneInfo) -> datetime:
    return at.replace(tzinfo=UTC).astimezone(zone)


def _order(request: tuple[datetime, OptOut]) -> tuple[datetime, str, str, str]:
    started, row = request
    return started, row.kind, row.source or "", row.reason or ""


def _stops(
    mails: Iterable[LateMail], requests: Mapping[int, tuple[datetime, OptOut]], zone: ZoneInfo
) -> Iterator[Stop]:
    late: defaultdict[int, list[LateMail]] = defaultdict(list)
    for mail in mails:
        started, row = requests.get(mail.contact_key, (None, None))
        if started is None or row is None or row.at is None or mail.at <= started:
            continue
        if mail.consent_at is None or not row.at < mail.consent_at <= mail.at:
            late[mail.contact_key].append(mail)
    for key, found in late.items():
        yield _stop(requests[key], _once(found, zone), zone)


def _once(mails: list[LateMail], zone: ZoneInfo) -> list[LateMail]:
    """Return the mails in order, without the CRM's own date of one that is known in full."""
    days = {_local(mail.at, zone).date() for mail in mails if mail.tool == "sequence"}
    kept = [mail for mail in mails if mail.tool == "sequence" or _local(mail.at, zone).date() not in days]
    return sorted(kept, key=lambda mail: (mail.at, mail.tool, mail.sender_key or 0, mail.step or 0, mail.subject or ""))


def _stop(request: tuple[datetime, OptOut], mails: list[LateMail], zone: ZoneInfo) -> Stop:
    import numpy as np

    started, row = request
    asked_at = row.at or started
    # The day of the request is not counted, the day of the mail is.
    days = np.busday_count(
        np.datetime64(_local(asked_at, zone).date()) + 1,
        np.array([_local(mail.at, zone).date() for mail in mails], dtype="datetime64[D]") + 1,
    )
    touches = (Touch(mail, (mail.at - started) / HOUR, int(count)) for mail, count in zip(mails, days, strict=True))
    return Stop(
        contact_key=row.contact_key,
        contact_id=row.contact_id,
        kind=row.kind,
        source=row.source,
        asked_at=asked_at,
        has_time=started == asked_at,
        touches=tuple(touches),
    )


def _worst_first(stop: Stop) -> tuple[float, str]:
    return -stop.last.hours, stop.contact_id


def _split(stops: Iterable[Stop], key: Callable[[Stop, Touch], K | None]) -> dict[K, Delay]:
    """Return the delay by what `key` says of each touch; of None nothing."""
    parts: defaultdict[K, list[Stop]] = defaultdict(list)
    for stop in stops:
        touches: defaultdict[K, list[Touch]] = defaultdict(list)
        for touch in stop.touches:
            name = key(stop, touch)
            if name is not None:
                touches[name].append(touch)
        for name, own in touches.items():
            parts[name].append(replace(stop, touches=tuple(own)))
    return {name: _delay(parts[name]) for name in sorted(parts)}


def _delay(stops: Iterable[Stop]) -> Delay:
    ordered = sorted(stops, key=_worst_first)
    hours = [stop.last.hours for stop in ordered]
    return Delay(
        contacts=len(ordered),
        mails=sum(len(stop.touches) for stop in ordered),
        median_hours=median(hours),
        worst_hours=hours[0],
        over_48_hours=tuple(stop.contact_id for stop in ordered if stop.last.hours > MOST_HOURS),
        over_10_business_days=tuple(
            stop.contact_id for stop in ordered if stop.last.business_days > MOST_BUSINESS_DAYS
        ),
    )
