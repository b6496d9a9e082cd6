"""Judges a run by a world's truth: python -m benchmarks.worlds.judge TRUTH.parquet CONTACTS.csv [--json].

`CONTACTS.csv` is the file that `hygiene run` wrote; the truth is what `World.write_truth` wrote. Only contacts count
that could still get a mail (`is_eligible`): the others are no question for an engagement model.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb
import pandas as pd
from sklearn.metrics import roc_auc_score

# evidence/engagement.md, section 4: a contact that replies within the next three sends is worth 200 sends, a complaint
# costs 150 (assumed).
REPLY_VALUE = 200.0
SEND_COST = 1.0
COMPLAINT_COST = 150.0


@dataclass(frozen=True)
class Verdict:
    """How well a run chose whom not to write to; utilities are a contact's, in the cost of a send."""

    contacts: int
    """Eligible ones, the base of all other figures."""
    auc: float | None
    """Of `p_reply` against the drawn replies; None where a run gives no `p_reply`."""
    auc_truth: float
    """Of the true probability: no model can do better but by luck."""
    brier: float | None
    brier_truth: float
    predicted_rate: float | None
    """Mean of `p_reply`."""
    true_rate: float
    """Mean of `p_next3`."""
    paused_rate: float
    """Contacts with any flag but `keep`."""
    silent_rate_of_paused: float | None
    """1 − mean `p_next3` of the paused."""
    dead_rate_of_paused: float | None
    lost_reply_rate: float
    """Sum of `p_next3` of the paused ÷ of all."""
    utility: float
    mail_all_utility: float
    oracle_utility: float
    """Of pausing exactly where the true expected value is negative."""
    oracle_paused_rate: float
    gain_rate: float
    """(utility − mail all) ÷ (oracle − mail all)."""


def judge(truth: pd.DataFrame, contacts: pd.DataFrame) -> Verdict:
    """Return the verdict on the flags of a run.

    Parameters
    ----------
    truth
        As `World.truth`.
    contacts
        Rows with contact_id, p_reply (may be empty) and flag; a contact without a row counts as kept.

    Raises
    ------
    ValueError
        If no contact of the truth is eligible.
    """
    rows = truth[truth["is_eligible"]].merge(
        contacts[["contact_id", "p_reply", "flag"]], on="contact_id", how="left", validate="one_to_one"
    )
    if rows.empty:
        raise ValueError("The truth holds no eligible contact; make a larger world.")
    value = expected_value(rows)
    paused = rows["flag"].fillna("keep") != "keep"
    chance, replied = rows["p_next3"], rows["y"].astype(bool)
    all_mailed, oracle = float(value.mean()), float(value.clip(lower=0).mean())
    utility = float(value.where(~paused, 0.0).mean())
    auc, brier, predicted_rate = _prediction(rows["p_reply"], replied)
    return Verdict(
        contacts=len(rows),
        auc=auc,
        auc_truth=_auc(replied, chance),
        brier=brier,
        brier_truth=float(((chance - replied) ** 2).mean()),
        predicted_rate=predicted_rate,
        true_rate=float(chance.mean()),
        paused_rate=float(paused.mean()),
        silent_rate_of_paused=float(1 - chance[paused].mean()) if paused.any() else None,
        dead_rate_of_paused=float(1 - rows.loc[paused, "alive"].mean()) if paused.any() else None,
        lost_reply_rate=float(chance[paused].sum() / chance.sum()) if chance.sum() else 0.0,
        utility=utility,
        mail_all_utility=all_mailed,
        oracle_utility=oracle,
        oracle_paused_rate=float((value < 0).mean()),
        gain_rate=(utility - all_mailed) / (oracle - all_mailed) if oracle > all_mailed else 0.0,
    )


def _prediction(predicted: pd.Series, replied: pd.Series) -> tuple[float | None, float | None, float | None]:
    """Return AUC, Brier score and mean of a run's `p_reply`; nothing where a contact has none."""
    if predicted.isna().any():
        return None, None, None
    return _auc(replied, predicted), float(((predicted - replied) ** 2).mean()), float(predicted.mean())


def expected_value(truth: pd.DataFrame) -> pd.Series:
    """Return what it is truly worth to send each contact up to three more mails, stopping on a reply."""
    cost = SEND_COST + COMPLAINT_COST * truth["complaint_rate"]
    return REPLY_VALUE * truth["p_next3"] - truth["expected_sends"] * cost


def _auc(replied: pd.Series, score: pd.Series) -> float:
    return float(roc_auc_score(replied, score)) if replied.nunique() > 1 else float("nan")


def read_run(truth: Path, contacts: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read both files as `judge` takes them."""
    with duckdb.connect() as con:
        known = con.execute("FROM read_parquet(?)", [str(truth)]).df()
    return known, pd.read_csv(contacts, dtype={"contact_id": str, "flag": str, "p_reply": float})


def main() -> None:
    """Print the verdict."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.worlds.judge")
    parser.add_argument("truth", type=Path)
    parser.add_argument("contacts", type=Path, help="the contacts.csv of a run")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = asdict(judge(*read_run(options.truth, options.contacts)))
    if options.json:
        print(json.dumps(figures))
        return
    for name, figure in figures.items():
        shown = "none" if figure is None else f"{figure:,}" if isinstance(figure, int) else f"{figure:.4f}"
        print(f"{name:<24}{shown:>10}")


if __name__ == "__main__":
    main()
