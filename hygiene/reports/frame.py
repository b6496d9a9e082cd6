"""The scores as a pandas DataFrame, for notebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.reports.tables import all_scores, scores_rows

if TYPE_CHECKING:
    import pandas as pd

    from hygiene.reports.audit import Audit


def scores_frame(audit: Audit) -> pd.DataFrame:
    """Return the rows of `scores.csv` as a DataFrame.

    Returns
    -------
    DataFrame
        The columns of `scores.csv`; rates and probabilities are fractions, NaN where there is no figure.
    """
    import pandas as pd

    header, rows = scores_rows(all_scores(audit.scores), audit.facts)
    return pd.DataFrame.from_records(rows, columns=list(header))
