"""How much a title and summary speak of an industry: TF-IDF within one language, of words and of pieces of words.

Two likenesses are added: the cosine of words and phrases (up to three words, without plurals), and the cosine of runs
of three to five letters within words, which find what the plural leaves ("logistician"). The industry's side is its
label, its names and the words that articles for it use, and the value as it stands. Salton and Buckley, Information
Processing & Management 24 (1988) 513, is the source of the weights; scikit-learn computes them.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from hygiene.advice.content.industries import LONGEST_VALUE, industries, value_stems
from hygiene.advice.content.words import common, phrases, stems, topic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hygiene.advice.content.types import Piece

WORDS: Final = 0.6
"""Weight of the words' likeness; the letters' has the rest (calibrated: see the package's docstring)."""
OTHERS: Final = 0.7
"""Part of the likeness to the nearest *other* industry that is taken off (calibrated: see the package's docstring)."""
MARGIN: Final = 0.02
"""Margin from which a piece is suggested (calibrated: see the package's docstring)."""


class Scores(NamedTuple):
    """How the pieces of one language stand to one value."""

    margins: NDArray[Any]
    """By piece: the likeness above that of pieces that share no word, less a part of that to another industry."""
    words: tuple[tuple[str, ...], ...]
    """By piece: the phrases that stand in both, in stems."""


class TextIndex:
    """The pieces of one language, fitted once.

    Parameters
    ----------
    language
        ISO 639-1.
    pieces
        In the order of the scores.
    """

    def __init__(self, language: str, pieces: Sequence[Piece]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        self.language = language
        topics = [topic(f"{piece.title}. {piece.summary}") for piece in pieces]
        self._phrases = [frozenset(phrases(words)) for words in topics]
        self._groups = {group: group_terms(group, language) for group in industries()}
        described = [terms for terms in self._groups.values() if terms]
        # The industries' own words are read beside the pieces: a library of three pieces has no rarity of its own.
        self._words = TfidfVectorizer(analyzer=_as_it_is, sublinear_tf=True)
        self._letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), lowercase=False, sublinear_tf=True)
        self._words.fit([*map(phrases, topics), *described])
        self._letters.fit([*map(" ".join, topics), *map(" ".join, described)])
        self._word_rows = self._words.transform(list(map(phrases, topics)))
        self._letter_rows = self._letters.transform(list(map(" ".join, topics)))
        self._likeness = {group: self._like(terms) for group, terms in self._groups.items()}
        self._kept: dict[tuple[str | None, tuple[str, ...]], Scores] = {}

    def scores(self, group: str | None, industry: str) -> Scores:
        """Return how each piece stands to a value, of the group that it names (None: of the value alone)."""
        own = own_terms(industry)
        key = (group, own)
        if key not in self._kept:
            self._kept[key] = self._scores(group, own)
        return self._kept[key]

    def _scores(self, group: str | None, own: tuple[str, ...]) -> Scores:
        import numpy as np

        terms = (*(self._groups[group] if group else ()), *own)
        likeness = self._like(terms)
        others = [values for name, values in self._likeness.items() if name != group] if group else []
        rival = np.max(others, axis=0) if others else np.zeros_like(likeness)
        asked = frozenset(terms)
        words = tuple(_longest(asked & said) for said in self._phrases)
        # Not the median of all: a haulier's library may speak of nothing but logistics.
        silent = likeness[[not shared for shared in words]]
        typical = float(np.median(silent)) if len(silent) else 0.0
        return Scores(likeness - typical - OTHERS * rival, words)

    def _like(self, terms: tuple[str, ...]) -> NDArray[Any]:
        import numpy as np

        if not terms:
            return np.zeros(self._word_rows.shape[0])
        by_word = (self._word_rows @ self._words.transform([terms]).T).toarray()[:, 0]
        by_letter = (self._letter_rows @ self._letters.transform([" ".join(terms)]).T).toarray()[:, 0]
        likeness: NDArray[Any] = WORDS * by_word + (1 - WORDS) * by_letter
        return likeness


def _as_it_is(terms: Sequence[str]) -> Sequence[str]:
    return terms


def _longest(found: frozenset[str]) -> tuple[str, ...]:
    """Return the phrases that are no part of another, in alphabetical order."""
    return tuple(
        sorted(word for word in found if not any(word != other and f" {word} " in f" {other} " for other in found))
    )


@cache
def group_terms(group: str, language: str) -> tuple[str, ...]:
    """Return what articles for an industry say in a language: its label, names and words, each as stems.

    Examples
    --------
    >>> "pile" in group_terms("logistics", "fr"), "chaine froid" in group_terms("logistics", "fr")
    (False, True)
    """
    entry = industries()[group]
    listed = (*entry.names.get(language, ()), *entry.words.get(language, ()))
    label = stems(entry.label.get(language, ""))
    return tuple(sorted({" ".join(stems(name)) for name in listed} | set(label) - _vague()))


@lru_cache(maxsize=8192)
def own_terms(industry: str) -> tuple[str, ...]:
    """Return what a value itself says: its words, and all of them together.

    Examples
    --------
    >>> own_terms("Wind services"), own_terms("Other")
    (('wind',), ())
    """
    words = tuple(word for word in value_stems(industry[:LONGEST_VALUE]) if word not in _vague() and not word.isdigit())
    return tuple(sorted({*words, *([" ".join(words)] if 1 < len(words) <= 3 else [])}))


@cache
def _vague() -> frozenset[str]:
    """Return the words that name no industry by themselves."""
    return frozenset(word for name in (*common()["nothing"], *common()["blocking"]) for word in value_stems(name))
