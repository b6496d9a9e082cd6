"""What the providers of private mailboxes ask: the table `models/bulk/requirements.toml`."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from hygiene.errors import ModelError
from hygiene.resources import resource

if TYPE_CHECKING:
    from collections.abc import Mapping

Provider = Literal["google", "yahoo", "microsoft"]
Level = Literal["required", "either", "recommended", "not_applicable"]
"""`either`: SPF or DKIM, one of them is enough."""
LEVELS: tuple[Level, ...] = get_args(Level)
"""The strictest first."""
_FILE = "models/bulk/requirements.toml"


class Requirement(NamedTuple):
    """One thing that some providers ask for."""

    check: str
    """The second word of a check's id: `spf` of `domain.spf`."""
    of: str
    """`everyone`, or `bulk` senders only."""
    level: Level
    providers: tuple[Provider, ...]


class Book(NamedTuple):
    """All that they ask for."""

    requirements: tuple[Requirement, ...]
    sources: Mapping[str, str]
    """By provider, with the month in which it was read."""


@lru_cache(maxsize=1)
def book() -> Book:
    """Return the providers' requirements.

    Raises
    ------
    ModelError
        If the table is missing or damaged.
    """
    try:
        data = tomllib.loads((resource("models") / "bulk" / "requirements.toml").read_text(encoding="utf-8"))
        rows = tuple(
            Requirement(row["check"], row["of"], row["level"], tuple(row["providers"])) for row in data["requirement"]
        )
        sources = {name: f"{text}, read {data['as_of']:%Y-%m}" for name, text in data["sources"].items()}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ModelError(f"{_FILE} cannot be read ({error}): reinstall hygiene.") from error
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ModelError(f"{_FILE} lacks {error}: reinstall hygiene.") from error
    return Book(rows, sources)
