"""Score profiles: how many points a rate is worth and where the bands begin, each number with its source.

A profile is `models/score/NAME.toml` or a file of one's own; `models/score/default.toml` shows the form.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hygiene.errors import ModelError, did_you_mean
from hygiene.resources import resource

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HALF = 50.0
"""Most points that replies, and that bounces, can give: together 100 (docs/score.md)."""
_PARTS = ("title", "sources", "reply", "bounce", "bands", "eligible", "good")
_BANDS = ("fair", "good", "excellent")
_ELIGIBLE = ("sender", "sender_sequence")
_GOOD = ("reply_from", "reply_to", "bounce_below")


@dataclass(frozen=True)
class Source:
    """Where a number is published."""

    page: str
    url: str
    date: date
    """Version of the page that was read."""
    says: str
    """What it says, in our own words."""


@dataclass(frozen=True)
class Number:
    """A number of the profile with where it comes from."""

    place: str
    """Its key in the file: `reply[2].rate`, `bands.fair`."""
    value: float
    source: Source | None
    """None: assumed."""


@dataclass(frozen=True)
class Knots:
    """The points of a piecewise linear curve from a rate to points; flat before the first and after the last."""

    rates: tuple[float, ...]
    """Rising, fractions 0–1."""
    points: tuple[float, ...]
    """0–50; rising for replies, falling for bounces."""


@dataclass(frozen=True)
class Profile:
    """A score profile."""

    name: str
    title: str
    reply: Knots
    bounce: Knots
    edges: tuple[float, float, float]
    """Where fair, good and excellent begin, 0–100."""
    sender_min_ended: int
    """Ended enrollments from which HubSpot shows a sender's score."""
    pair_min_ended: int
    """The same for one sender's one sequence."""
    good_reply: tuple[float, float]
    """The good zone of the reply rate, fractions."""
    good_bounce_below: float
    numbers: tuple[Number, ...]
    """Every number above with its source, in the file's order."""


def profile_names() -> list[str]:
    """Return the names of the profiles that come with hygiene."""
    entries = (resource("models") / "score").iterdir()
    return sorted(entry.name.removesuffix(".toml") for entry in entries if entry.name.endswith(".toml"))


def load_profile(name_or_path: str) -> Profile:
    """Read and check a profile.

    Parameters
    ----------
    name_or_path
        The name of a profile that comes with hygiene, or the path of a file that ends in `.toml`.

    Raises
    ------
    ModelError
        If there is no such profile, the file cannot be read, or a number is missing, unsourced or out of its place.

    Examples
    --------
    >>> load_profile("default").edges
    (40.0, 60.0, 80.0)
    """
    if name_or_path.endswith(".toml"):
        return _parse(Path(name_or_path).stem, _read_file(Path(name_or_path)), name_or_path)
    known = profile_names()
    if name_or_path not in known:
        raise ModelError(
            f'There is no score profile "{name_or_path}"{did_you_mean(name_or_path, known)}.'
            f" Use one of: {', '.join(known)}; or the path of a .toml file."
        )
    place = f"models/score/{name_or_path}.toml"
    text = (resource("models") / "score" / f"{name_or_path}.toml").read_text(encoding="utf-8")
    return _parse(name_or_path, text, place)


def _read_file(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ModelError(f"The score profile {path} cannot be read: {reason}. Check the path.") from error


def _parse(name: str, text: str, file: str) -> Profile:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ModelError(
            f"The score profile {file} is not TOML: {error}. Compare it with the default profile."
        ) from error
    return _Reader(file, data).profile(name)


class _Reader:
    """Reads one profile file; every refusal names the file and the key."""

    def __init__(self, file: str, data: Mapping[str, Any]) -> None:
        self.file = file
        self.data = data
        self.numbers: list[Number] = []
        self.sources: dict[str, Source] = {}

    def refuse(self, what: str) -> ModelError:
        return ModelError(f"In the score profile {self.file}, {what}.")

    def profile(self, name: str) -> Profile:
        self.check_keys(self.data, _PARTS, "")
        if not isinstance(self.data["title"], str):
            raise self.refuse("title must be a text in quotes")
        self.sources = {
            key: self.source(key, entry) for key, entry in self.table(self.data["sources"], "sources").items()
        }
        reply, bounce = self.knots("reply", rising=True), self.knots("bounce", rising=False)
        fair, good, excellent = self.section("bands", _BANDS, top=2 * HALF)
        sender, pair = self.section("eligible", _ELIGIBLE, top=float("inf"))
        reply_from, reply_to, bounce_below = self.section("good", _GOOD, top=1.0)
        if not 0 < fair < good < excellent:
            raise self.refuse("the bands must begin one after the other: 0 < fair < good < excellent ≤ 100")
        if not (sender.is_integer() and pair.is_integer()):
            raise self.refuse("the numbers of [eligible] are counts of enrollments and must be whole")
        if reply_from >= reply_to:
            raise self.refuse("good.reply_from must be below good.reply_to")
        return Profile(
            name=name,
            title=self.data["title"],
            reply=reply,
            bounce=bounce,
            edges=(fair, good, excellent),
            sender_min_ended=int(sender),
            pair_min_ended=int(pair),
            good_reply=(reply_from, reply_to),
            good_bounce_below=bounce_below,
            numbers=tuple(self.numbers),
        )

    def knots(self, part: str, *, rising: bool) -> Knots:
        entries = self.data[part]
        if not isinstance(entries, list) or len(entries) < 2:
            raise self.refuse(f"{part} needs at least two points, each under its own [[{part}]]")
        rates, points = [], []
        for at, entry in enumerate(entries, start=1):
            place = f"{part}[{at}]"
            self.check_keys(self.table(entry, place), ("rate", "points"), place)
            rates.append(self.number(entry["rate"], f"{place}.rate", top=1.0))
            points.append(self.number(entry["points"], f"{place}.points", top=HALF))
        if not _strictly_rising(rates):
            raise self.refuse(f"the rates of {part} must rise from point to point; they are {_listed(rates)}")
        if not _strictly_rising(points if rising else points[::-1]):
            way = "rise" if rising else "fall"
            raise self.refuse(f"the points of {part} must {way} from point to point; they are {_listed(points)}")
        if {min(points), max(points)} != {0.0, HALF}:
            raise self.refuse(
                f"the points of {part} must span 0 to 50, so that both parts add up to 100; they are {_listed(points)}"
            )
        return Knots(tuple(rates), tuple(points))

    def section(self, part: str, keys: tuple[str, ...], top: float) -> list[float]:
        table = self.table(self.data[part], part)
        self.check_keys(table, keys, part)
        return [self.number(table[key], f"{part}.{key}", top=top) for key in keys]

    def number(self, entry: Any, place: str, top: float) -> float:
        table = self.table(entry, place)
        self.check_keys(table, ("value", "source", "assumed"), place, needed=("value",))
        value = table["value"]
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not 0 <= value <= top
            or value == float("inf")
        ):
            limit = f"from 0 to {top:g}" if top != float("inf") else "of at least 0"
            raise self.refuse(f'{place} is "{value}"; it must be a number {limit}')
        if ("source" in table) == (table.get("assumed") is True):
            raise self.refuse(f"{place} must have either a source or assumed = true")
        key = table.get("source")
        if key is not None and key not in self.sources:
            raise self.refuse(
                f'{place} names the source "{key}", which is not under [sources]{did_you_mean(str(key), self.sources)}'
            )
        self.numbers.append(Number(place, float(value), self.sources[key] if key is not None else None))
        return float(value)

    def source(self, key: str, entry: Any) -> Source:
        place = f"sources.{key}"
        table = self.table(entry, place)
        self.check_keys(table, ("page", "url", "date", "says"), place)
        if not isinstance(table["date"], date) or not all(isinstance(table[k], str) for k in ("page", "url", "says")):
            raise self.refuse(f"{place} needs texts for page, url and says, and a date such as 2026-01-30")
        return Source(table["page"], table["url"], table["date"], table["says"])

    def table(self, entry: Any, place: str) -> dict[str, Any]:
        if not isinstance(entry, dict):
            raise self.refuse(f"{place} must be a table; the default profile shows the form")
        return entry

    def check_keys(
        self, table: Mapping[str, Any], known: Iterable[str], place: str, needed: Iterable[str] | None = None
    ) -> None:
        known, prefix = tuple(known), f"{place}." if place else ""
        for key in table:
            if key not in known:
                raise self.refuse(f"{prefix}{key} is not known{did_you_mean(key, known)}")
        for key in known if needed is None else needed:
            if key not in table:
                raise self.refuse(f"{prefix}{key} is missing")


def _strictly_rising(values: list[float]) -> bool:
    return all(a < b for a, b in pairwise(values))


def _listed(values: list[float]) -> str:
    return ", ".join(f"{value:g}" for value in values)
