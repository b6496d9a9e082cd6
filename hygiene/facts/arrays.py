"""Arrays from the engine without their masks, alone or as a DataFrame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from pandas import DataFrame


def plain(values: NDArray[Any]) -> NDArray[Any]:
    """Return an array without a mask: NaT for a time that is not there, None for anything else.

    Examples
    --------
    >>> plain(np.ma.masked_array(np.array(["a", "b"], dtype=object), [True, False])).tolist()
    [None, 'b']
    """
    if not isinstance(values, np.ma.MaskedArray):
        return values
    if values.dtype.kind == "M":
        return np.asarray(np.ma.filled(values, np.datetime64("NaT")))
    found = values.data.astype(object)  # `filled` would take None for “the default”, and write question marks
    found[np.ma.getmaskarray(values)] = None
    return np.asarray(found)


def frame(arrays: Mapping[str, NDArray[Any]]) -> DataFrame:
    """Return a result's columns as a DataFrame; text columns hold str or None, times NaT where not known."""
    import pandas as pd

    columns = {name: plain(values) for name, values in arrays.items()}
    # The dtype is named, or pandas would turn None among texts into NaN.
    return pd.DataFrame({name: pd.Series(values, dtype=values.dtype) for name, values in columns.items()})
