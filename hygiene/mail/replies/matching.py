"""Finds the rules that a text meets, without trying each: a text is only shown the rules whose words it may hold.

Each pattern needs one of a few literals. Of each literal one short piece (three letters, or two ideographs) goes into
an index; the pieces of the text choose the rules to try. Of some hundred patterns a dozen or two are left for a reply.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from hygiene.mail.literals import needed_literals
from hygiene.mail.replies.folding import flow, folded
from hygiene.mail.replies.language import spoken_languages
from hygiene.mail.replies.rules import Rule, compiled, rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hygiene.mail.replies.types import Kind

PIECE: Final = 3
"""Letters of a piece: so many that few texts have it by chance, so few that nearly each pattern has one."""
SHORT_PIECE: Final = 2
TRIES: Final = 5
"""Matches of one rule that are tried when a veto falls on the earlier ones."""
TOP_LINES: Final = 3
"""Lines at the top in which a lone “stop” or “no thanks” is looked for; below are names and titles."""
LONGEST_SAYING: Final = 60

_IDEOGRAPH = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_SENTENCE_END = re.compile(r"[!?\n。;]|:-?\)|(?<![\d.])\.(?=\s|$)")
_SENTENCES = re.compile(r"[.!?;:。\n]+(?:\s|$)|[!?。]")
_TRIMMED = " \t.,;:!?-*_\"'()[]…。、~>"


class Hit(NamedTuple):
    """A rule that a text meets, and where: `start` and `end` in the folded text."""

    rule: Rule
    start: int
    end: int


class BodyHits(NamedTuple):
    """The rules that a text meets, and the kinds of those that it meets but for a veto."""

    hits: list[Hit]
    vetoed: frozenset[Kind]


class _Index(NamedTuple):
    known: frozenset[str]
    pieces: dict[str, tuple[tuple[str, int], ...]]  # to the literals that hold the piece, with their rules' numbers
    always: tuple[int, ...]  # rules without a literal long enough


def body_hits(text: str, scores: dict[str, float]) -> BodyHits:
    """Return the body rules that a text meets, in the order of the rules.

    Parameters
    ----------
    text : str
        As `flow` returns it.
    scores : dict of str to float
        Its `language_scores`: only the rules of the languages that it may be in are read; but an opt-out counts in any,
        for one sentence below an absence in another language may say it.
    """
    spoken = spoken_languages(scores)
    index, table = _index(), rules()
    numbers = set(index.always)
    for piece in _pieces(text) & index.known:
        numbers.update(number for literal, number in index.pieces[piece] if number not in numbers and literal in text)
    hits: list[Hit] = []
    vetoed: set[Kind] = set()
    for number in sorted(numbers):
        if table[number].language not in spoken and table[number].kind != "opt_out":
            continue
        hit, was_vetoed = _first_match(table[number], text)
        if hit:
            hits.append(hit)
        elif was_vetoed:
            vetoed.add(table[number].kind)
    return BodyHits(hits, frozenset(vetoed))


def line_hits(own: str) -> list[Hit]:
    """Return the rules that sentences at the top of the sender's own text meet as a whole, in the text's order."""
    return [Hit(rule, 0, len(saying)) for saying in _sayings(own) if (rule := _said(saying))]


def subject_hits(subject: str) -> list[Hit]:
    """Return the rules met at the start of a folded subject without its `Re:`, or by the whole of it."""
    found = _subject_pattern().match(subject)
    hits = [Hit(_by_place("subject")[int((found.lastgroup or "r0")[1:])], 0, found.end())] if found else []
    whole = _said(subject.strip(_TRIMMED))
    return [*hits, Hit(whole, 0, len(subject))] if whole else hits


def sentence_around(text: str, start: int, end: int) -> str:
    """Return the sentence (or what stands on one line) that holds `text[start:end]`."""
    first = 0
    for found in _SENTENCE_END.finditer(text, max(0, start - 300), start):
        first = found.end()
    last = _SENTENCE_END.search(text, end, min(len(text), end + 300))
    return text[max(first, start - 300) : last.end() if last else end + 300]


def _first_match(rule: Rule, text: str) -> tuple[Hit | None, bool]:
    """Return the rule's first match that no veto falls on, and whether one fell on another."""
    position, was_vetoed = 0, False
    for _ in range(TRIES):
        found = compiled(rule.pattern).search(text, position)
        if not found:
            break
        if not rule.unless or not compiled(rule.unless).search(sentence_around(text, found.start(), found.end())):
            return Hit(rule, found.start(), found.end()), was_vetoed
        position, was_vetoed = max(found.end(), found.start() + 1), True
    return None, was_vetoed


def _pieces(text: str) -> set[str]:
    pieces = {text[at : at + PIECE] for at in range(len(text) - PIECE + 1)}
    if not text.isascii() and _IDEOGRAPH.search(text):
        pieces |= {text[at : at + SHORT_PIECE] for at in range(len(text) - SHORT_PIECE + 1)}
    return pieces


@cache
def _index() -> _Index:
    table = rules()
    common: Counter[str] = Counter()
    for rule in table:
        common.update(_pieces(flow(rule.example)) | _pieces(flow(rule.near_miss)))
    pieces: dict[str, list[tuple[str, int]]] = {}
    always = []
    for number, rule in enumerate(table):
        if rule.where != "body":
            continue
        chosen = {literal: _rarest(literal, common) for literal in needed_literals(rule.pattern)}
        if not chosen or "" in chosen.values():
            always.append(number)
            continue
        for literal, piece in chosen.items():
            pieces.setdefault(piece, []).append((literal, number))
    return _Index(frozenset(pieces), {piece: tuple(found) for piece, found in pieces.items()}, tuple(always))


def _rarest(literal: str, common: Counter[str]) -> str:
    size = SHORT_PIECE if _IDEOGRAPH.search(literal) else PIECE
    pieces = [literal[at : at + size] for at in range(len(literal) - size + 1)]
    return min(pieces, key=lambda piece: (common[piece], piece), default="")


@cache
def _by_place(where: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules() if rule.where == where)


def _united(table: Iterable[Rule]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<r{number}>{rule.pattern})" for number, rule in enumerate(table)))


@cache
def _line_pattern() -> re.Pattern[str]:
    return _united(_by_place("line"))


@cache
def _subject_pattern() -> re.Pattern[str]:
    return _united(_by_place("subject"))


def _said(saying: str) -> Rule | None:
    found = _line_pattern().fullmatch(saying)
    return _by_place("line")[int((found.lastgroup or "r0")[1:])] if found else None


def _sayings(own: str) -> Iterator[str]:
    """Yield the short sentences at the top: as they are without commas, and what follows a greeting's comma."""
    lines = [line for line in own[: TOP_LINES * 400].splitlines() if line.strip()][:TOP_LINES]
    for line in lines:
        for sentence in _SENTENCES.split(folded(line))[:TOP_LINES]:
            saying = " ".join(sentence.split()).strip(_TRIMMED)
            if 0 < len(saying) <= LONGEST_SAYING:
                yield saying.replace(",", "")
                greeting, comma, rest = saying.partition(", ")
                if comma and len(greeting) <= 20:
                    yield rest.strip(_TRIMMED).replace(",", "")
