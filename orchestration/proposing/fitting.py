"""Do the values of columns fit the items of an instrument, perhaps stored one higher or lower?

What belongs here: comparing ranges. What does not: names.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from orchestration.proposing.known import Questionnaire
from orchestration.proposing.profiles import Column


@dataclass(frozen=True)
class Fit:
    """How values fit.

    Attributes:
        shift: what every stored answer is higher than the registry's, where the values fit.
        is_clear: whether no other shift fits as well.
        is_words: whether answers are words that the registry knows.
        told: the comparison in words.
    """

    shift: int
    is_clear: bool
    is_words: bool
    told: str


def fit(columns: Mapping[int, Column], one: Questionnaire) -> Fit | None:
    """How the values of numbered columns fit an instrument's items, or None.

    Args:
        columns: item number -> column.
        one: the instrument; it has every item.
    """
    filled = {item: column for item, column in columns.items() if column.kind != "empty"}
    if not filled:
        return None
    if any(column.kind == "text" for column in filled.values()):
        return _words(filled, one)
    if any(
        column.kind != "integer" and not (column.kind == "number" and item in one.fractional)
        for item, column in filled.items()
    ):
        return None
    lows = [_number(column.minimum) - one.items[item][0] for item, column in filled.items()]
    highs = [_number(column.maximum) - one.items[item][1] for item, column in filled.items()]
    shifts = [shift for shift in (0, 1, -1) if min(lows) >= shift and max(highs) <= shift]
    if not shifts:
        return None
    if shifts[0] == 0:
        told = f"all values are within {one.answers}"
        if shifts == [0]:
            return Fit(0, True, False, told)
        end = "lowest" if shifts[1] == 1 else "highest"
        return Fit(
            0,
            False,
            False,
            f"{told}, but the {end} answer never occurs: if the export stores answers one "
            f"{'higher' if shifts[1] == 1 else 'lower'}, set stored_minimum",
        )
    way = "higher" if shifts[0] == 1 else "lower"
    return Fit(shifts[0], True, False, f"values are stored one {way} than {one.answers}")


def _words(filled: Mapping[int, Column], one: Questionnaire) -> Fit | None:
    known = all(
        column.values is not None
        and all(value in one.labels or _is_answer(value, one, item) for value in column.values)
        for item, column in filled.items()
    )
    return Fit(0, True, True, "all answers are words the registry knows") if known else None


def _is_answer(value: str, one: Questionnaire, item: int) -> bool:
    low, high = one.items[item]
    return value.isdigit() and low <= int(value) <= high


def _number(value: float | None) -> float:
    return 0.0 if value is None else value
