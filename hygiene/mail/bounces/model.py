"""The text model: what a server's words mean, where no code and no phrase is sure.

Term weights of words (1–3) and of letters (3–5 within words), and a logistic regression over the categories, trained on
our own phrases alone (`models/bounces/phrases/*.tsv`) and kept as plain arrays in `models/bounces/model.npz`. The class
of a code (4xx or 5xx) is no feature: the same words mean the same under both, and `verdict` asks for less under 4xx.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from hygiene.errors import ModelError
from hygiene.mail.bounces.types import ADDRESS
from hygiene.resources import resource

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    Floats = NDArray[np.float64]

MODEL_FILE = "model.npz"
MODEL_VERSION = 2
WORDS = {"analyzer": "word", "ngram_range": (1, 3), "token_pattern": r"[^\W_]+(?:'[^\W_]+)?"}
LETTERS = {"analyzer": "char_wb", "ngram_range": (3, 5)}
COMMON: dict[str, Any] = {"lowercase": False, "sublinear_tf": True}
LIMIT = 500
"""Characters of a text that the model reads: the reason stands in the beginning."""
_REPLY = re.compile(r"\b[245]([0-7]\d)\b(?!\.)")
_ENHANCED = re.compile(r"(?<![\d.])[245]\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_NUMBERS = re.compile(r"\d{2,}")


def model_text(text: str) -> str:
    """Return a normalised text as the model reads it: codes without their class, other numbers as one sign.

    Examples
    --------
    >>> model_text("550 5.7.1 relaying denied, session 12345")
    'replyfa codehxb relaying denied, session #'
    """
    text = _ENHANCED.sub(lambda found: f"code{_word(found[1])}x{_word(found[2])}", text[:LIMIT])
    text = _REPLY.sub(lambda found: f"reply{_word(found[1])}", text)
    return _NUMBERS.sub("#", text)


def _word(digits: str) -> str:
    return "".join("abcdefghij"[int(digit)] for digit in digits)


class TextModel:
    """A trained model, as `model.npz` holds it.

    Parameters
    ----------
    arrays
        `classes`; for words and for letters `*_terms` (sorted) and `*_idf`; `coef` (classes × terms, words first) and
        `intercept`; `address_slope` and `address_intercept`, which calibrate `address_probability`.
    """

    def __init__(self, arrays: dict[str, Any]) -> None:
        self.classes: tuple[str, ...] = tuple(str(name) for name in arrays["classes"])
        self._coef = arrays["coef"].astype("float32").T.copy()
        self._intercept = arrays["intercept"].astype("float64")
        self._calibration = float(arrays["address_slope"]), float(arrays["address_intercept"])
        self._vectorizers = [
            _vectorizer(options, arrays[f"{name}_terms"], arrays[f"{name}_idf"])
            for name, options in (("words", WORDS), ("letters", LETTERS))
        ]

    def predict_proba(self, texts: Sequence[str]) -> Floats:
        """Return the probability of each class (texts × classes) for normalised texts."""
        import numpy as np

        scores = self._features(texts) @ self._coef + self._intercept
        scores -= scores.max(axis=1, keepdims=True)
        weights = np.exp(scores)
        shares: Floats = weights / weights.sum(axis=1, keepdims=True)
        return shares

    def address_probability(self, p: Floats) -> Floats:
        """Return the calibrated probability that the address is at fault (texts).

        The model is too modest about servers that it has not seen. Platt's scaling of its log odds (Platt 1999,
        "Probabilistic outputs for support vector machines"), fitted on held-out server families, mends that.

        Parameters
        ----------
        p
            As `predict_proba` returns it.
        """
        import numpy as np

        share = p[:, [name in ADDRESS for name in self.classes]].sum(axis=1).clip(1e-6, 1 - 1e-6)
        slope, intercept = self._calibration
        calibrated: Floats = 1 / (1 + np.exp(-(slope * np.log(share / (1 - share)) + intercept)))
        return calibrated

    def _features(self, texts: Sequence[str]) -> csr_matrix:
        from scipy.sparse import hstack

        read = [model_text(text) for text in texts]
        return hstack([vectorizer.transform(read) for vectorizer in self._vectorizers], format="csr")


def _vectorizer(options: dict[str, Any], terms: Any, idf: Any) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(**options, **COMMON, vocabulary={str(term): i for i, term in enumerate(terms)})
    vectorizer.idf_ = idf.astype("float64")
    return vectorizer


@cache
def text_model() -> TextModel:
    """Return the model that ships.

    Raises
    ------
    ModelError
        If the file is missing, damaged, of another version, or was trained on other phrases than those beside it.
    """
    import numpy as np

    from hygiene.mail.bounces.phrases import fingerprint

    path = resource("models") / "bounces" / MODEL_FILE
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            loaded = {name: arrays[name] for name in arrays.files}
            version, trained_on = int(loaded["version"]), str(loaded["fingerprint"])
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise ModelError(
            f"The bounce model {path} cannot be read ({error}). Reinstall hygiene, or run: make models"
        ) from error
    if version != MODEL_VERSION or trained_on != fingerprint():
        raise ModelError(f"The bounce model {path} does not belong to this version of its phrases. Run: make models")
    return TextModel(loaded)
