"""Settings: flags over `HYGIENE_*` over `hygiene.toml` (searched upward) over the defaults below.

Each field of `Settings` is one setting; its docstring says what it means, in which unit, and why its default.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hygiene.errors import SettingsError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FILE_NAME = "hygiene.toml"
PREFIX = "HYGIENE_"
LANGUAGES = ("en", "fr")


class WaiverSetting(NamedTuple):
    """An exception of `hygiene.toml`."""

    check: str
    owner: str
    reason: str
    expires: date
    """The last day on which it holds."""


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """A contact that a cleanup leaves alone though its rules speak: somebody knows better and answers for it."""

    contact: str | None = None
    """Its id; else `email` names it."""
    email: str | None = None
    """In lower case."""
    evidence: str
    owner: str
    expires: date
    """The last day on which it holds."""

    @property
    def name(self) -> str:
        """Return what the entry names: the id or the address."""
        return self.contact or self.email or ""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything a run depends on besides its data; equal settings and data give equal bytes."""

    timezone: str = "UTC"
    """IANA zone in which a time without a zone is read (docs/input.md)."""
    date_order: str = "auto"
    """`auto` (decided per column, an undecidable column is an error), `DMY` or `MDY`."""
    lang: str = "en"
    """Language of reports and of the sentences in the lists: `en` or `fr`."""
    profile: str = "default"
    """Score profile: the file `models/score/NAME.toml`, or a path ending in `.toml`."""
    certainty: float = 0.5
    """A score is `scored` when one band has at least this probability; 0–1."""
    reply_denominator: str = "delivered"
    """`delivered` = ended − bounced, or `ended`. HubSpot publishes neither; both are in use."""
    bounce_denominator: str = "ended"
    """`ended`, or `enrolled` = ended and still active (the denominator of HubSpot's Analyze page)."""
    since: datetime | None = None
    """First moment of `ended_at` that counts, UTC."""
    until: datetime | None = None
    """Moment from which `ended_at` no longer counts, UTC (exclusive; the date a user types is included whole)."""
    as_of: datetime | None = None
    """Nothing later is known, UTC. Default: the latest moment in the data."""
    silence_days: int = 14
    """An enrollment known from events alone ends this many days after its last send if nothing answered it."""
    memory_limit_mib: int = 0
    """Limit of the engine in MiB; 0 = the lesser of 1024 and half of the machine's memory."""
    reply_value: float = 200.0
    """What a human reply is worth, in the same unit as the two costs below. Only the ratios matter; assumed."""
    send_cost: float = 1.0
    """What one more mail costs: the rep's time, the mailbox's daily room."""
    complaint_cost: float = 150.0
    """What one spam complaint costs."""
    max_lost_replies: float | None = None
    """Instead of by the costs: pause whom one can while losing at most this share of the expected replies; 0–1."""
    pause_after: int = 3
    """A contact with fewer sequence mails is never paused for silence; 0–1000."""
    control_share: float = 0.05
    """Share of the paused that is written to all the same, so that it stays known what pausing costs; 0–1."""
    model: str | None = None
    """A folder that `hygiene train` wrote; None: the engagement model is learned from the source itself."""
    pseudonymous: bool = False
    """Senders are called `sender-01`, `sender-02` …, in pages and files: for those who must not know who is who."""
    mode: str = "enforce"
    """Of `check`: `enforce` sets the exit code by the verdict, `suggest` writes the lists and exits with 0, `observe`
    only says what it would do."""
    bounce_limit: float = 0.03
    """Bounce rate above which a list, a sender or a domain is stopped before a campaign; 0–1. HubSpot's own limit."""
    contacted_days: int = 14
    """Days after an email in which `check` lets nobody start another sequence."""
    max_per_company: int = 0
    """Most rows of one company that `check` lets through, with those in running sequences; 0: as many as there are."""
    claim_days: int = 30
    """Days after its import within which an address that comes back may be claimed from its vendor; 1–365. Assumed:
    vendors' guarantees differ."""
    waivers: tuple[WaiverSetting, ...] = ()
    """Checks that somebody answers for: tables `[[waivers]]` with `check`, `owner`, `reason` and `expires`."""
    ledger: Path = field(default_factory=lambda: default_ledger())
    """The file of the suppression ledger: whom never to write to again, as keyed hashes."""
    ledger_key: Path | None = None
    """The file of the ledger's key; None: the ledger's own name, with the ending `.key`."""
    allow: tuple[Allowed, ...] = ()
    """Contacts that `clean` neither removes nor pauses; each with evidence, an owner and a last day."""
    cache_dir: Path = field(default_factory=lambda: default_cache_dir())
    """Where the canonical tables are kept between runs."""


def default_cache_dir() -> Path:
    """Return `$XDG_CACHE_HOME/hygiene`, or `~/.cache/hygiene`."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "hygiene"


def default_ledger() -> Path:
    """Return `$XDG_DATA_HOME/hygiene/ledger.jsonl`, or `~/.local/share/hygiene/ledger.jsonl`.

    One place a user, wherever a command is called: what is remembered here must not be missed for a change of folder.
    """
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "hygiene" / "ledger.jsonl"


def parse_moment(text: str, *, end_of_day: bool = False) -> datetime:
    """Read `2026-03-01` or an ISO 8601 time as a naive UTC datetime.

    Parameters
    ----------
    text
        A date, or a date and time with or without an offset (without: UTC).
    end_of_day
        Whether a bare date means the end of that day (the first moment of the next).

    Raises
    ------
    ValueError
        If the text is neither.

    Examples
    --------
    >>> parse_moment("2026-03-01", end_of_day=True)
    datetime.datetime(2026, 3, 2, 0, 0)
    >>> parse_moment("2026-03-01T10:00:00+02:00")
    datetime.datetime(2026, 3, 1, 8, 0)
    """
    text = text.strip()
    if len(text) == len("2026-03-01"):
        day = datetime.combine(date.fromisoformat(text), datetime.min.time())
        return day + timedelta(days=1) if end_of_day else day
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _choice(*allowed: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in allowed:
            raise ValueError(f"one of {', '.join(allowed)}{did_you_mean(str(value), allowed)}")
        return str(value)

    return read


def _number(kind: type[int] | type[float], low: float, high: float) -> Callable[[Any], float]:
    def read(value: Any) -> float:
        try:
            number = kind(value)
        except (TypeError, ValueError):
            number = None
        if isinstance(value, bool) or number is None or not low <= number <= high:
            raise ValueError(f"a number from {low:g} to {high:g}")
        return number

    return read


def _flag(value: Any) -> bool:
    known = {"true": True, "1": True, "false": False, "0": False}
    if str(value).lower() not in known:
        raise ValueError("true or false")
    return known[str(value).lower()]


def _zone(value: Any) -> str:
    try:
        ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError('the name of a time zone, such as "Europe/Paris"') from error
    return str(value)


def _moment(*, end_of_day: bool) -> Callable[[Any], datetime]:
    def read(value: Any) -> datetime:
        try:
            return parse_moment(value.isoformat() if isinstance(value, date) else str(value), end_of_day=end_of_day)
        except ValueError as error:
            raise ValueError("a date such as 2026-03-01 or a time such as 2026-03-01T09:00:00Z") from error

    return read


def _named(value: Any) -> str:
    if not str(value).strip():
        raise ValueError("the name of a folder")
    return str(value)


def _path(value: Any) -> Path:
    return Path(_named(value)).expanduser()


def _waivers(value: Any) -> tuple[WaiverSetting, ...]:
    names = set(WaiverSetting._fields)
    form = "tables [[waivers]], each with check, owner, reason and expires (a day such as 2026-12-31), none empty"
    if not isinstance(value, list):
        raise ValueError(form)
    found = []
    for row in value:
        if not isinstance(row, dict) or set(row) != names or not all(str(part).strip() for part in row.values()):
            raise ValueError(form)
        try:
            expires = row["expires"] if isinstance(row["expires"], date) else date.fromisoformat(str(row["expires"]))
        except ValueError as error:
            raise ValueError(form) from error
        if isinstance(expires, datetime):
            expires = expires.date()
        found.append(WaiverSetting(str(row["check"]), str(row["owner"]), str(row["reason"]), expires))
    return tuple(found)


class _EntryError(ValueError):
    """Says by itself which entry of a list of tables is wrong, and how."""


def _allow(value: Any) -> tuple[Allowed, ...]:
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise ValueError("tables [[allow]] in hygiene.toml")
    return tuple(_allowed(entry) for entry in value)


def _allowed(entry: Mapping[str, Any]) -> Allowed:
    known = [field.name for field in fields(Allowed)]
    for key in entry:
        if key not in known:
            raise _EntryError(f'an entry has the key "{key}"{did_you_mean(key, known)}; there are {", ".join(known)}')
    said = {name: " ".join(str(entry.get(name, "")).split()) for name in ("contact", "email", "evidence", "owner")}
    if bool(said["contact"]) == bool(said["email"]):
        raise _EntryError("an entry names either a contact (its id) or an email, and this one names neither or both")
    expires = entry.get("expires")
    missing = [name for name in ("evidence", "owner") if not said[name]]
    missing += [] if isinstance(expires, date) else ["expires (a date such as 2026-12-31)"]
    if missing or not isinstance(expires, date):
        raise _EntryError(f'the entry for "{said["contact"] or said["email"]}" needs {" and ".join(missing)}')
    return Allowed(
        contact=said["contact"] or None,
        email=said["email"].lower() or None,
        evidence=said["evidence"],
        owner=said["owner"],
        expires=expires.date() if isinstance(expires, datetime) else expires,
    )


READERS: Mapping[str, Callable[[Any], Any]] = {
    "timezone": _zone,
    "date_order": _choice("auto", "DMY", "MDY"),
    "lang": _choice(*LANGUAGES),
    "profile": str,
    "certainty": _number(float, 0, 1),
    "reply_denominator": _choice("delivered", "ended"),
    "bounce_denominator": _choice("ended", "enrolled"),
    "since": _moment(end_of_day=False),
    "until": _moment(end_of_day=True),
    "as_of": _moment(end_of_day=True),
    "silence_days": _number(int, 1, 365),
    "memory_limit_mib": _number(int, 0, 1 << 20),
    "reply_value": _number(float, 1e-9, 1e12),
    "send_cost": _number(float, 0, 1e12),
    "complaint_cost": _number(float, 0, 1e12),
    "max_lost_replies": _number(float, 0, 1),
    "pause_after": _number(int, 0, 1000),
    "control_share": _number(float, 0, 1),
    "model": _named,
    "pseudonymous": _flag,
    "mode": _choice("enforce", "suggest", "observe"),
    "bounce_limit": _number(float, 0.001, 0.5),
    "contacted_days": _number(int, 0, 365),
    "max_per_company": _number(int, 0, 10_000),
    "claim_days": _number(int, 1, 365),
    "waivers": _waivers,
    "ledger": _path,
    "ledger_key": _path,
    "allow": _allow,
    "cache_dir": _path,
}


def load_settings(flags: Mapping[str, Any], environ: Mapping[str, str], start: Path) -> Settings:
    """Put the settings together.

    Parameters
    ----------
    flags
        Values from the command line; None means not given.
    environ
        The environment; `HYGIENE_TIMEZONE` sets `timezone`, and so on.
    start
        Folder from which `hygiene.toml` is searched upward.

    Raises
    ------
    SettingsError
        For an unknown key or a value out of range: names the key, the place and what is allowed.
    """
    values: dict[str, Any] = {}
    for place, layer in (*_file_layer(start), _environ_layer(environ), ("the command line", flags)):
        for key, value in layer.items():
            if value is not None:
                values[key] = _read(key, value, place)
    settings = Settings(**values)
    if settings.since and settings.until and settings.since >= settings.until:
        raise SettingsError("The setting since lies after until: no enrollment can end between them.")
    return settings


def _read(key: str, value: Any, place: str) -> Any:
    if key not in READERS:
        raise SettingsError(f'"{key}" in {place} is not a setting{did_you_mean(key, READERS)}.')
    try:
        return READERS[key](value)
    except _EntryError as error:
        raise SettingsError(f"The setting {key} in {place}: {error}.") from error
    except ValueError as error:
        raise SettingsError(f'The setting {key} in {place} is "{value}"; it must be {error}.') from error


def _file_layer(start: Path) -> list[tuple[str, Mapping[str, Any]]]:
    for folder in (start, *start.parents):
        path = folder / FILE_NAME
        if path.is_file():
            try:
                return [(str(path), tomllib.loads(path.read_text(encoding="utf-8")))]
            except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
                raise SettingsError(f"{path} cannot be read as TOML: {error}.") from error
    return []


def _environ_layer(environ: Mapping[str, str]) -> tuple[str, Mapping[str, Any]]:
    known = {PREFIX + f.name.upper(): f.name for f in fields(Settings)}
    found = {name: value for name, value in environ.items() if name.startswith(PREFIX) and value}
    for name in found:
        if name not in known:
            raise SettingsError(f"The environment variable {name} is not a setting{did_you_mean(name, known)}.")
    return "the environment", {known[name]: value for name, value in found.items()}
