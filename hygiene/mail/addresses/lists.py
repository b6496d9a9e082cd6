"""The tables of `models/addresses/*.toml`, and the list of throw-away domains."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from hygiene.errors import ModelError
from hygiene.resources import resource

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Roles(NamedTuple):
    """The words of role addresses, in each spelling (`no-reply`, `noreply`)."""

    system: frozenset[str]
    team: frozenset[str]
    automatic: re.Pattern[str]
    """Finds a sender of automatic mail, alone or beside other words."""


class Slips(NamedTuple):
    """What the rules on slips of the finger need."""

    targets: Mapping[str, tuple[str, ...]]
    """Suffix → the labels that stand before it: `com` → `gmail`, `yahoo`, …"""
    listed: Mapping[str, str]
    """Slip → what was meant."""
    tlds: Mapping[str, str]
    """A last label that does not exist → the one that was meant."""
    undotted: Mapping[str, str]
    """A target without its dots → the target."""
    keep: frozenset[str]
    """Real domains beside a target."""


_TIERS = ("system", "automatic", "team")


def parents(domain: str) -> Iterator[str]:
    """Yield a domain and those above it, down to two labels.

    Examples
    --------
    >>> list(parents("a.b.example.com"))
    ['a.b.example.com', 'b.example.com', 'example.com']
    """
    labels = domain.split(".")
    for start in range(max(len(labels) - 1, 0)):
        yield ".".join(labels[start:])


def first_listed(domain: str, *tables: Mapping[str, str] | frozenset[str]) -> tuple[int, str] | None:
    """Return which table lists the domain or the nearest one above it, and under which name; None: none of them.

    Examples
    --------
    >>> first_listed("a.b.com", frozenset({"b.com"}), frozenset({"a.b.com"}))
    (1, 'a.b.com')
    """
    for name in parents(domain):
        for index, table in enumerate(tables):
            if name in table:
                return index, name
    return None


def _read(name: str) -> dict[str, Any]:
    try:
        return tomllib.loads((resource("models") / "addresses" / name).read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ModelError(f"models/addresses/{name} cannot be read ({error}): reinstall hygiene.") from error


def _by_provider(name: str, table: str, column: str) -> dict[str, str]:
    try:
        return {domain: group["name"] for group in _read(name)[table] for domain in group[column]}
    except (KeyError, TypeError) as error:
        raise ModelError(f"models/addresses/{name} lacks {error} in a [[{table}]]: reinstall hygiene.") from error


@lru_cache(maxsize=1)
def free_mail() -> Mapping[str, str]:
    """Return the domains of private mailboxes → their provider."""
    return _by_provider("freemail.toml", "provider", "domains")


@lru_cache(maxsize=1)
def relays() -> Mapping[str, str]:
    """Return the domains of forwarding services for real people → their provider."""
    return _by_provider("relays.toml", "relay", "domains")


@lru_cache(maxsize=1)
def mail_hosts() -> Mapping[str, str]:
    """Return the ends of mail servers' names → their provider."""
    return _by_provider("providers.toml", "provider", "hosts")


@lru_cache(maxsize=1)
def disposable() -> frozenset[str]:
    """Return the throw-away domains of the package `disposable-email-domains`."""
    from disposable_email_domains import blocklist  # 10,000 names: only when the first address is checked

    return frozenset(blocklist)


@lru_cache(maxsize=1)
def roles() -> Roles:
    """Return the words of role addresses."""
    tables = cast("dict[str, dict[str, list[str]]]", _read("roles.toml"))
    try:
        words = {tier: [word for many in tables[tier].values() for word in many] for tier in _TIERS}
    except (KeyError, AttributeError) as error:
        raise ModelError(f"models/addresses/roles.toml lacks [{error}]: reinstall hygiene.") from error
    spelled = {tier: frozenset(many) | {word.replace("-", "") for word in many} for tier, many in words.items()}
    any_of = "|".join(re.escape(word) for word in sorted(spelled["automatic"], key=len, reverse=True))
    automatic = re.compile(rf"(?:^|[-=])(?:{any_of})(?=$|[-=\d])")
    return Roles(spelled["system"], spelled["team"], automatic)


@lru_cache(maxsize=1)
def slips() -> Slips:
    """Return what the rules on slips of the finger need."""
    data = _read("typos.toml")
    try:
        targets: dict[str, tuple[str, ...]] = {}
        for label, _, suffix in (domain.partition(".") for domain in data["targets"]):
            targets[suffix] = (*targets.get(suffix, ()), label)
        return Slips(
            targets=targets,
            listed={slip: meant for meant, many in data["listed"].items() for slip in many},
            tlds={slip: meant for meant, many in data["tlds"].items() for slip in many},
            undotted={domain.replace(".", ""): domain for domain in data["targets"]},
            keep=frozenset(data["keep"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"models/addresses/typos.toml lacks [{error}]: reinstall hygiene.") from error
