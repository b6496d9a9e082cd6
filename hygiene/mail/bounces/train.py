"""Trains the text model on our own phrases, and says honestly how good it is: `python -m hygiene.mail.bounces.train`.

Folds keep a server family together: the same words come in many variants within a family, so a random split flatters.
"""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hygiene.mail.answers import is_after_data
from hygiene.mail.bounces.model import COMMON, LETTERS, MODEL_FILE, MODEL_VERSION, WORDS, TextModel, model_text
from hygiene.mail.bounces.phrases import Phrase, fingerprint, phrases
from hygiene.mail.bounces.types import MEANINGS, Diagnostic
from hygiene.mail.bounces.verdict import judge
from hygiene.mail.normalize import normalized
from hygiene.resources import resource

if TYPE_CHECKING:
    from collections.abc import Sequence

MIN_ROWS = 2
"""A run of letters or words that one phrase alone has says nothing about others."""
REGULARIZATION = 10.0
FOLDS = 5
CARD_FILE = "metrics.json"
GENERIC_GROUPS = 20
UNCALIBRATED = {"address_slope": 1.0, "address_intercept": 0.0}
ALSO_RIGHT = {"mailbox_disabled": "retry", "rate_limit": "fix_sender"}
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


def calibrate(rows: Sequence[Phrase], groups: Sequence[str]) -> dict[str, float]:
    """Return what calibrates `TextModel.address_probability`, fitted on phrases of groups not seen in training."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold

    odds, faults = [], []
    for train, test in GroupKFold(FOLDS, shuffle=True, random_state=0).split(rows, groups=groups):
        model = TextModel({**fit([rows[i] for i in train]), **UNCALIBRATED})
        share = model.address_probability(model.predict_proba([normalized(rows[i].text) for i in test]))
        odds.append(np.log(share / (1 - share)))
        faults += [MEANINGS[rows[i].category].fault == "address" for i in test]
    platt = LogisticRegression(C=np.inf).fit(np.concatenate(odds)[:, None], faults)
    return {"address_slope": float(platt.coef_[0, 0]), "address_intercept": float(platt.intercept_[0])}


def cross_validate(rows: Sequence[Phrase], groups: Sequence[str], calibration: dict[str, float]) -> dict[str, float]:
    """Return how the model and the whole vote do on phrases whose group they have not seen.

    Parameters
    ----------
    rows
        The table.
    groups
        One a row: what must not be on both sides of a fold.
    calibration
        As `calibrate` returns it: two numbers, fitted on the same folds.

    Returns
    -------
    dict
        `category` and `fault`: shares that the model alone gets right; `verdict`: the share that the vote gets right
        (remove, retry, sender, review; a disabled mailbox may also wait, a rate limit may also be the sender's; a
        recipient's filter is left out); `removals` and `wrong_removals`: counts of the vote.
    """
    from sklearn.model_selection import GroupKFold

    counts = dict.fromkeys(("category", "fault", "judged", "verdict", "removals", "wrong_removals"), 0)
    for train, test in GroupKFold(FOLDS, shuffle=True, random_state=0).split(rows, groups=groups):
        model = TextModel({**fit([rows[i] for i in train]), **calibration})
        held = [rows[i] for i in test]
        guesses = model.predict_proba([normalized(row.text) for row in held]).argmax(axis=1)
        verdicts = judge([Diagnostic(row.text, None, is_after_data(row.text)) for row in held], model)
        for row, guess, verdict in zip(held, guesses, verdicts, strict=True):
            fault = MEANINGS[row.category].fault
            counts["category"] += model.classes[guess] == row.category
            counts["fault"] += MEANINGS[model.classes[guess]].fault == fault
            counts["removals"] += verdict.action == "remove"
            counts["wrong_removals"] += verdict.action == "remove" and fault != "address"
            counts["judged"] += fault != "recipient_filter"
            counts["verdict"] += fault != "recipient_filter" and _is_right(row.category, verdict.action)
    shares = {name: round(counts[name] / len(rows), 4) for name in ("category", "fault")}
    shares["verdict"] = round(counts["verdict"] / counts["judged"], 4)
    return {**shares, "removals": counts["removals"], "wrong_removals": counts["wrong_removals"]}


def _is_right(category: str, action: str) -> bool:
    said = {"hold": "retry"}.get(action, action)
    wanted = MEANINGS[category].action  # type: ignore[index]
    return said in ({"hold": "retry"}.get(wanted, wanted), ALSO_RIGHT.get(category))


def families(rows: Sequence[Phrase]) -> list[str]:
    """Return the group of each row: its server family by house; phrases of no known server make groups by chance."""
    parts = (zlib.crc32(row.text.encode()) % GENERIC_GROUPS for row in rows)
    return [
        f"generic-{part}" if row.family.startswith("generic") else HOUSES.get(row.family, row.family)
        for row, part in zip(rows, parts, strict=True)
    ]


def main() -> None:
    """Train, write the model and its figures, and print them."""
    rows = list(phrases())
    calibration = calibrate(rows, families(rows))
    figures = {
        "by_server_family": cross_validate(rows, families(rows), calibration),
        "at_random, which flatters": cross_validate(rows, [str(number) for number in range(len(rows))], calibration),
    }
    folder = Path(str(resource("models"))) / "bounces"
    arrays: dict[str, Any] = {**fit(rows), **calibration}
    np.savez_compressed(folder / MODEL_FILE, **arrays)
    by_language = {name: sum(row.language == name for row in rows) for name in sorted({row.language for row in rows})}
    card = {"phrases": len(rows), "folds": FOLDS, "cross_validation": figures, "by_language": by_language}
    (folder / CARD_FILE).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(card, indent=2))  # noqa: T201 — a tool for developers


if __name__ == "__main__":
    main()
