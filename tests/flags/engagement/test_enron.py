"""Real mail: 28 thousand mails of Enron, judged at three moments by what came after (see that folder's README)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from hygiene.pipeline import run
from hygiene.settings import Settings

DATA = Path(__file__).parents[4] / "shared" / "data" / "enron_mail"
pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"{DATA} is not there: the mails of Enron are no part of the project."
)
CUTS = ("cut50", "cut65", "cut80")
# Measured .679 and .209; BG/BB on the history alone has .670 and .212.
LEAST_AUC = 0.6707
MOST_BRIER = 0.2122


@pytest.fixture(scope="module")
def judged(tmp_path_factory) -> dict[str, pd.DataFrame]:
    """For each cut the judged contacts, with what was said of them and what came."""
    return {cut: judge(cut, tmp_path_factory.mktemp(cut)) for cut in CUTS}


def judge(cut: str, folder: Path) -> pd.DataFrame:
    as_of = datetime.fromisoformat((DATA / f"as_of_{cut}.txt").read_text(encoding="utf-8").strip())
    run(DATA / cut, folder / "out", Settings(as_of=as_of.replace(tzinfo=None), cache_dir=folder / "cache"))
    said = pd.read_csv(folder / "out" / "contacts.csv", dtype={"contact_id": str})
    with duckdb.connect() as con:
        truth = con.execute("FROM read_parquet(?)", [str(DATA / f"truth_{cut}.parquet")]).df()
    return truth.merge(said[["contact_id", "p_reply", "flag"]], on="contact_id", how="left", validate="one_to_one")


@pytest.mark.parametrize(("cut", "contacts"), list(zip(CUTS, (551, 621, 629), strict=True)))
def test_every_judged_contact_has_a_chance(judged, cut, contacts):
    assert len(judged[cut]) == contacts
    assert judged[cut]["p_reply"].between(0, 1, inclusive="neither").all()


def test_who_replies_is_ranked_before_who_does_not(judged):
    found = [roc_auc_score(rows["y"], rows["p_reply"]) for rows in judged.values()]
    assert np.mean(found) >= LEAST_AUC, found


def test_the_chances_are_close_to_what_came(judged):
    found = [((rows["y"] - rows["p_reply"]) ** 2).mean() for rows in judged.values()]
    assert np.mean(found) <= MOST_BRIER, found
