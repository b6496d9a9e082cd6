"""The rules of each language, read once from `models/replies/`.

`LANGUAGE.toml` has the rules that tell machines, and all that the language's other rules share: what vetoes every body
rule of a kind (`[unless]`; not a rule with `veto = false`), short names for what patterns repeat (`[macro]`, used as
`<name>`), the words by which the language is known (`words`), and the words around quotations (`[quotes]`), dates
(`[dates]`) and successors (`[successor]`). `people/LANGUAGE.toml` has the rules for what people say, and
`phrases/LANGUAGE.toml` the sentences for `likeness`.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, cast

from hygiene.errors import ModelError
from hygiene.mail.replies.folding import folded_pattern
from hygiene.mail.replies.types import KINDS, Kind
from hygiene.resources import resource

if TYPE_CHECKING:
    from collections.abc import Callable
    from importlib.resources.abc import Traversable

Where = Literal["subject", "body", "line"]
PLACES: Final[tuple[Where, ...]] = ("subject", "body", "line")
"""`subject`: at the start of the subject. `body` (where a rule names no place): anywhere in the sender's own text.
`line`: a sentence at its top that says this and nothing else (“stop”, “no thanks”), or a whole subject."""


class Rule(NamedTuple):
    """One way to say one thing in one language.

    Attributes
    ----------
    pattern, unless : str
        Regular expressions on folded text; `unless`, where not empty, vetoes a match in the same sentence.
    automatic : bool
        Only a machine writes so.
    weak : bool
        People write so too: counts only beside a header or subject that shows a machine.
    mild : bool
        A word that points to a no (“unfortunately”), and gives way to whatever else is said.
    example, near_miss : str
        A text that the rule must match, and one like it that it must not.
    """

    id: str
    kind: Kind
    language: str
    where: Where
    pattern: str
    unless: str
    automatic: bool
    weak: bool
    mild: bool
    example: str
    near_miss: str


class Language(NamedTuple):
    """All that the files of one language say.

    Attributes
    ----------
    code : str
        ISO 639-1.
    words : frozenset of str
        Frequent words, folded.
    phrases : dict of Kind to list of str
        How people and machines say each kind, for what no rule matches; see `likeness`.
    quotes, dates, successor : dict
        The tables of those names; see `own`, `dates` and `successor`.
    """

    code: str
    rules: tuple[Rule, ...]
    words: frozenset[str]
    phrases: dict[Kind, list[str]]
    quotes: dict[str, list[str]]
    dates: dict[str, Any]
    successor: dict[str, str]


@cache
def languages() -> dict[str, Language]:
    """Return every language by its code, in the order of the codes, English first.

    Raises
    ------
    ModelError
        If a file is missing or damaged.
    """
    folder = resource("models") / "replies"
    if not folder.is_dir():
        raise ModelError("The folder models/replies/ is missing from this install of hygiene. Reinstall it.")
    codes = [file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml")]
    return {code: _language(folder, code) for code in sorted(codes, key=lambda code: (code != "en", code))}


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rules of all languages; of two that speak of one kind the earlier is named as the signal."""
    return tuple(rule for language in languages().values() for rule in language.rules)


@lru_cache(maxsize=4096)
def compiled(pattern: str) -> re.Pattern[str]:
    """Return the compiled pattern: each is compiled once, and only when a text comes near it."""
    return re.compile(pattern)


_MACRO = re.compile(r"<([a-z_]{1,20})>")
_LAYOUT = re.compile(r"(?:\A|\n)\s*")


def _language(folder: Traversable, code: str) -> Language:
    name = f"{code}.toml"
    try:
        data, people = _table(folder / name), _table(folder / "people" / name)
        macros: dict[str, str] = data.get("macro", {})

        def spelled(pattern: str) -> str:
            # A pattern may be laid out over lines; none of the line breaks and indents is part of it.
            plain = _LAYOUT.sub("", pattern)
            return folded_pattern(_MACRO.sub(lambda name: f"(?:{_LAYOUT.sub('', macros[name[1]])})", plain))

        vetoes = {kind: spelled(pattern) for kind, pattern in data.get("unless", {}).items()}
        return Language(
            code,
            tuple(_rule(code, entry, vetoes, spelled) for entry in (*data["rule"], *people["rule"])),
            frozenset(folded_pattern(data["words"]).split()),
            cast("dict[Kind, list[str]]", _table(folder / "phrases" / name)),
            data["quotes"],
            {key: _on_one_line(value) for key, value in data["dates"].items()},
            {key: _LAYOUT.sub("", value) for key, value in data["successor"].items()},
        )
    except (tomllib.TOMLDecodeError, OSError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        raise ModelError(f"models/replies/{name} can't be used: {error}. Mend it or reinstall hygiene.") from error


def _table(file: Traversable) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _on_one_line(value: str | list[str]) -> str | list[str]:
    return _LAYOUT.sub("", value) if isinstance(value, str) else value


def _rule(code: str, entry: dict[str, Any], vetoes: dict[str, str], spelled: Callable[[str], str]) -> Rule:
    known = {*Rule._fields, "veto"} - {"language"}
    if unknown := set(entry) - known:
        raise ValueError(f"rule {entry.get('id')} has unknown keys {sorted(unknown)}")
    kind, where = entry["kind"], entry.get("where", "body")
    if kind not in KINDS or where not in PLACES:
        raise ValueError(f"rule {entry['id']} has an unknown kind or place")
    own = spelled(entry.get("unless", ""))
    common = vetoes.get(kind, "") if where == "body" and entry.get("veto", True) else ""
    return Rule(
        entry["id"],
        cast("Kind", kind),
        code,
        cast("Where", where),
        spelled(entry["pattern"]),
        f"{own}|{common}" if own and common else own or common,
        bool(entry.get("automatic", False)),
        bool(entry.get("weak", False)),
        bool(entry.get("mild", False)),
        entry["example"],
        entry["near_miss"],
    )
