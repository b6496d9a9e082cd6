"""The decision on the rows of a list that is about to be enrolled, with a sentence a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hygiene.advice.permission import judge
from hygiene.gate.consent.words import REASONED, REASONS, why

if TYPE_CHECKING:
    from datetime import datetime

    from numpy.typing import NDArray
    from pandas import DataFrame


def consent_of_rows(frame: DataFrame, as_of: datetime, *, bases_known: bool | None = None) -> DataFrame:
    """Return what permission each row of contacts shows.

    Parameters
    ----------
    frame
        A row a contact, in any order; any of these columns, all optional, named as in the contract: `contact_id`,
        `email`, `country`, `legal_basis`, `consent_at`, `consent_source`, `created_at`, `opted_out`, `opted_out_at`,
        `do_not_contact`, `last_clicked_at`, `last_replied_at`; and, where more is known, `suppressed` (a reason,
        perhaps empty; null: not suppressed), `in_ledger` (likewise), `unsubscribed_at`, `asked_out_at`,
        `complained_at`, `last_own_contact_at`. Texts may be hostile; times are naive UTC; a null is “not known”.
    as_of
        The moment that is asked about, naive UTC.
    bases_known
        Whether legal bases and consents were looked for at all; None: whether any row names one. False turns
        `no_consent` into `not_exported`, for a check that could not run.

    Returns
    -------
    DataFrame
        A row a row, with the index of `frame`: `country` (ISO code; null: not known, or not in the table),
        `country_from` (`column`, `domain`, `both`: at odds, `none`), `hint` (by the address's domain), `judged_by` (the
        country whose rule decided), `regime`, `basis` (as `legal.basis_of` reads it), `basis_source`,
        `last_own_contact_at`, `since`, `counted_from`, `months`, `expires_at`, `status` (of `STATUSES`; `SENDABLE` are
        those against which the table has nothing), `code` (`permission.types.CODES`), `why` (a `Message`).
    """
    judged = judge(frame, as_of, bases_known=bases_known)
    return judged.assign(why=_sentences(judged))


def _sentences(judged: DataFrame) -> NDArray[Any]:
    """Return a sentence a row; each distinct one is made once, for they are costly and most rows are alike."""
    places, values = {}, {}
    for name in REASONED:
        column = judged[name].dt.floor("D") if judged[name].dtype.kind == "M" else judged[name]
        places[name], distinct = pd.factorize(column)
        # The last, which a missing value gets as -1.
        values[name] = [*(_plain(value) for value in distinct.tolist()), None]
    key = np.zeros(len(judged), dtype=np.int64)
    for name in REASONED:
        matters = np.array([code is not None and name in REASONS[code] for code in values["code"]])
        key = key * len(values[name]) + np.where(matters[places["code"]], places[name] + 1, 0)
    rows, _ = pd.factorize(key)
    firsts = np.unique(rows, return_index=True)[1]
    said = np.empty(len(firsts), dtype=object)
    said[:] = [why(**{name: values[name][places[name][first]] for name in REASONED}) for first in firsts]
    return said[rows]


def _plain(value: Any) -> Any:
    return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value
