"""Numbers to numbers: estimates and their uncertainty, from moments that SQL has already summed.

What belongs here: pure functions of frames and arrays (numpy, pandas, scipy), and in this module
the few rules by which a column enters and leaves the room: what is unknown comes in as NULL or
NaN and goes out as SQL NULL, never as NaN or infinity.
What does not: files, the clock, a database, dagster, the name of any instrument.

Estimates come from moments, one row per stratum and pair of scales, so a warehouse of millions of
answers hands over a few thousand rows and nothing here ever sees a client.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

ESTIMATED = "estimated"
TOO_FEW = "too_few"
NOT_COMPUTABLE = "not_computable"

# Questionnaire scores move in steps of 0.01 or more. A spread below this is what floating-point
# subtraction leaves of a constant, and dividing by it would publish noise as an estimate.
NUMERICALLY_ZERO = 1e-9


def require_columns(frame: pd.DataFrame, columns: Iterable[str]) -> None:
    """Refuse a frame that lacks a column, by the column's name.

    Raises:
        ValueError: at least one of ``columns`` is missing.
    """
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        message = f"The moments lack {', '.join(missing)}."
        raise ValueError(message)


def require_confidence(confidence: float) -> None:
    """Refuse a confidence level outside the open interval (0, 1).

    Raises:
        ValueError: the level is 0, 1 or beyond.
    """
    if not 0 < confidence < 1:
        message = "confidence is a proportion between 0 and 1, for instance 0.95."
        raise ValueError(message)


def floats(frame: pd.DataFrame, column: str) -> Floats:
    """A column as float64, with NaN for what is unknown or infinite; shape (rows,)."""
    values = pd.to_numeric(frame[column], errors="raise")
    numbers: Floats = values.astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isfinite(numbers), numbers, np.nan)


def nullable_float(values: Floats, known: Flags) -> pd.Series:
    """A nullable Float64 column: ``values`` where ``known`` and finite, NULL elsewhere."""
    shown = known & np.isfinite(values)
    return pd.Series(pd.arrays.FloatingArray(np.where(shown, values, 0.0), ~shown))


def nullable_count(values: Floats) -> pd.Series:
    """A nullable Int64 column of whole numbers: NULL where ``values`` is NaN."""
    shown = np.isfinite(values)
    whole = np.where(shown, values, 0.0).astype(np.int64)
    return pd.Series(pd.arrays.IntegerArray(whole, ~shown))


def text(values: Iterable[object]) -> pd.Series:
    """A nullable text column."""
    return pd.Series(pd.array(list(values), dtype="string"))
