"""Trains the text model on our own phrases, and says honestly how good it is: `python -m hygiene.mail.bounces.train`.

Folds keep a server family together: the same words come in many variants within a family, so a random split flatters.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hygiene.mail.bounces.model import COMMON, LETTERS, MODEL_FILE, MODEL_VERSION, WORDS, TextModel, model_text
from hygiene.mail.bounces.phrases import Phrase, fingerprint, phrases
from hygiene.mail.bounces.types import MEANINGS
from hygiene.mail.normalize import normalized
from hygiene.resources import resource

if TYPE_CHECKING:
    from collections.abc import Sequence

MIN_ROWS = 2
"""A run of letters or words that one phrase alone has says nothing about others."""
REGULARIZATION = 10.0
FOLDS = 5
CARD_FILE = "metrics.json"
# Brands of one house write alike.
HOUSES = {
    **dict.fromkeys(("rogers", "aol", "att", "verizon"), "yahoo"),
    **dict.fromkeys(("outlook", "exchange", "microsoft365"), "microsoft"),
    **dict.fromkeys(("webde", "ionos"), "gmx"),
    **dict.fromkeys(("softbank", "docomo"), "au"),
    "netease": "tencent_qq",
}


def fit(rows: Sequence[Phrase]) -> dict[str, Any]:
    """Return a model's arrays, as `TextModel` takes them."""
    from scipy.sparse import hstack
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    texts, labels = _examples(rows)
    vectorizers = {
        name: TfidfVectorizer(**options, **COMMON, min_df=MIN_ROWS + 1)
        for name, options in (("words", WORDS), ("letters", LETTERS))
    }
    matrix = hstack([vectorizer.fit_transform(texts) for vectorizer in vectorizers.values()], format="csr")
    model = LogisticRegression(C=REGULARIZATION, class_weight="balanced", max_iter=400)
    model.fit(matrix, labels)
    arrays: dict[str, Any] = {"classes": np.array(model.classes_), "coef": model.coef_.astype("float16")}
    for name, vectorizer in vectorizers.items():
        arrays[f"{name}_terms"] = vectorizer.get_feature_names_out().astype(str)
        arrays[f"{name}_idf"] = vectorizer.idf_.astype("float32")
    return {**arrays, "intercept": model.intercept_, "version": MODEL_VERSION, "fingerprint": fingerprint()}


def _examples(rows: Sequence[Phrase]) -> tuple[list[str], list[str]]:
    """Each phrase with its codes and without: a CRM often cuts them off."""
    texts, labels = [], []
    for row in rows:
        read = model_text(normalized(row.text))
        bare = " ".join(word for word in read.split() if not word.startswith(("reply", "code")))
        for text in dict.fromkeys((read, bare)):
            texts.append(text)
            labels.append(row.category)
    return texts, labels


def cross_validate(rows: Sequence[Phrase]) -> dict[str, float]:
    """Return the shares of held-out phrases whose category, fault and address-or-not the model gets right."""
    from sklearn.model_selection import GroupKFold

    groups = [HOUSES.get(row.family, "generic" if row.family.startswith("generic") else row.family) for row in rows]
    right = {"category": 0, "fault": 0, "wrong_removals": 0, "sure": 0}
    for train, test in GroupKFold(FOLDS, shuffle=True, random_state=0).split(rows, groups=groups):
        model = TextModel(fit([rows[i] for i in train]))
        held = [rows[i] for i in test]
        p = model.predict_proba([normalized(row.text) for row in held])
        for row, best, chance in zip(held, p.argmax(axis=1), p.max(axis=1), strict=True):
            said, true = MEANINGS[model.classes[best]], MEANINGS[row.category]
            right["category"] += model.classes[best] == row.category
            right["fault"] += said.fault == true.fault
            if said.fault == "address" and chance >= 0.95:
                right["sure"] += 1
                right["wrong_removals"] += true.fault != "address"
    return {
        "rows": len(rows),
        "category": round(right["category"] / len(rows), 4),
        "fault": round(right["fault"] / len(rows), 4),
        "sure_removals": right["sure"],
        "wrong_among_sure_removals": right["wrong_removals"],
    }


def main() -> None:
    """Train, write the model and its figures, and print them."""
    rows = list(phrases())
    figures = cross_validate(rows)
    folder = Path(str(resource("models"))) / "bounces"
    np.savez_compressed(folder / MODEL_FILE, **fit(rows))
    by_language = {name: sum(row.language == name for row in rows) for name in sorted({row.language for row in rows})}
    card = {"cross_validation": {"folds": FOLDS, "grouped_by": "server family", **figures}, "rows": by_language}
    (folder / CARD_FILE).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(card, indent=2))  # noqa: T201 — a tool for developers


if __name__ == "__main__":
    main()
