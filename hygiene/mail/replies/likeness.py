"""What a text that no rule matches is like: the kind of the phrases of ours that share its words.

Rules are sure and narrow; people say no in a thousand ways. This is multinomial naive Bayes (McCallum and Nigam 1998)
on tf-idf vectors of unit length (Rennie et al. 2003). Its words are beginnings of words, so that “interested” meets its
inflections, and pairs of them. It is counted from the phrases and examples in `models/replies/` when first needed:
about two thousand short sentences, a tenth of a second.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from hygiene.mail.replies.folding import flow
from hygiene.mail.replies.rules import languages, rules
from hygiene.mail.replies.types import KINDS, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

READ: Final = 300
"""Characters at the start of a text that are compared: an answer says at once what it is (assumed)."""
BEGINNING: Final = 5
"""Letters of a word that count (assumed; four and whole words did worse on our own phrases)."""
SMOOTHING: Final = 0.1
"""Lidstone's alpha (assumed)."""

_WORD = re.compile(r"\w+")
_DIGITS = re.compile(r"\d+")
_IDEOGRAPH = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


class _Model(NamedTuple):
    rarity: dict[str, float]  # inverse document frequency
    weights: dict[str, tuple[float, ...]]  # log probability in each kind, in the order of `KINDS`


def likeness(text: str, kinds: Sequence[Kind] = KINDS) -> tuple[Kind, float]:
    """Return the kind that a folded text is most like, and the probability of it among `kinds`.

    Parameters
    ----------
    text : str
        As `flow` returns it; the first `READ` characters count.
    kinds : sequence of Kind
        Those in question.

    Returns
    -------
    tuple of Kind and float
        The first of `kinds` with an even share where the text has none of our words.

    Examples
    --------
    >>> likeness("we will happily stay with our supplier")[0]
    'negative'
    """
    model = _model()
    counts = Counter(piece for piece in pieces(text[:READ]) if piece in model.rarity)
    vector = _unit({piece: count * model.rarity[piece] for piece, count in counts.items()})
    scores = []
    for kind in kinds:
        column = KINDS.index(kind)
        scores.append(sum(value * model.weights[piece][column] for piece, value in vector.items()))
    highest = max(scores)
    shares = [math.exp(score - highest) for score in scores]
    best = max(range(len(kinds)), key=lambda number: shares[number])
    return kinds[best], shares[best] / sum(shares)


def pieces(text: str) -> list[str]:
    """Return the beginnings of the words and their pairs; of a text without spaces, the pairs and triples of signs.

    Examples
    --------
    >>> pieces("not interested")
    ['not', 'inter', 'not inter']
    """
    plain = _DIGITS.sub("0", text)
    if not plain.isascii() and _IDEOGRAPH.search(plain):
        signs = "".join(_WORD.findall(plain))
        return [signs[at : at + size] for size in (2, 3) for at in range(len(signs) - size + 1)]
    words = [word[:BEGINNING] for word in _WORD.findall(plain)]
    return words + [f"{one} {other}" for one, other in pairwise(words)]


@cache
def _model() -> _Model:
    texts: list[tuple[str, Kind]] = []
    for language in languages().values():
        texts += [(flow(phrase), kind) for kind in KINDS for phrase in language.phrases.get(kind, ())]
    for rule in rules():
        if rule.where != "subject":
            texts.append((flow(rule.example), rule.kind))
        if rule.where != "subject" and rule.kind != "human":
            # What looks like a machine, a no or an opt-out and is none of them is nearly always a person going on.
            texts.append((flow(rule.near_miss), "human"))
    counted = [(Counter(pieces(text)), kind) for text, kind in texts]
    documents = Counter(piece for counts, _ in counted for piece in counts)
    rarity = {piece: math.log((1 + len(texts)) / (1 + number)) + 1 for piece, number in documents.items()}
    mass: dict[Kind, dict[str, float]] = {kind: {} for kind in KINDS}
    for counts, kind in counted:
        for piece, value in _unit({piece: count * rarity[piece] for piece, count in counts.items()}).items():
            mass[kind][piece] = mass[kind].get(piece, 0.0) + value
    total = {kind: sum(mass[kind].values()) + SMOOTHING * len(rarity) for kind in KINDS}
    weights = {
        piece: tuple(math.log((mass[kind].get(piece, 0.0) + SMOOTHING) / total[kind]) for kind in KINDS)
        for piece in rarity
    }
    return _Model(rarity, weights)


def _unit(vector: dict[str, float]) -> dict[str, float]:
    length = math.sqrt(sum(value * value for value in vector.values())) or 1.0
    return {piece: value / length for piece, value in vector.items()}
