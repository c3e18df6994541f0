"""What every row of a registry file shares: strictness, and the checks that several kinds need.

What belongs here: the base of all rows and the checks used by more than one kind of row.
What does not: the kinds themselves (``questionnaires``, ``yardsticks``, ``surroundings``), which
file holds which (``tables``), kinds of cells (``values``), rules across rows (``keys`` and others).
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from pydantic import BaseModel, ConfigDict

Problem = tuple[str, str]
"""The column that is wrong, and what is wrong with how to mend it."""


class Row(BaseModel):
    """One row; empty cells are left out before it is made, so a missing value reads as None."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def problems(self) -> Iterator[Problem]:
        """What is wrong with this row although every cell by itself is well formed."""
        yield from ()


def reversed_range(low: Decimal | int, high: Decimal | int, column: str) -> Iterator[Problem]:
    """The smaller number is the minimum."""
    if low >= high:
        yield column, "the range is reversed or empty; write the smaller number as the minimum"


def reversed_dates(valid_from: date | None, valid_to: date | None) -> Iterator[Problem]:
    """The earlier date is the first."""
    if valid_from and valid_to and valid_from > valid_to:
        yield "valid_to", "the dates are reversed; write the earlier date as valid_from"


def unconfirmed_default(status: str, is_default: bool, column: str) -> Iterator[Problem]:
    """What is not confirmed never reaches a default output."""
    if is_default and status == "unconfirmed":
        yield column, "an unconfirmed row may not be a default; write false or confirm the row"


def check_missing_rule(rule: str, minimum_items_answered: int | None) -> Iterator[Problem]:
    """The smallest number of answers is named exactly where some may be missing."""
    tolerates = rule == "mean_of_answered"
    if tolerates and minimum_items_answered is None:
        yield "minimum_items_answered", "mean_of_answered needs the smallest number of answers"
    if not tolerates and minimum_items_answered is not None:
        yield "minimum_items_answered", "leave it empty where missing_rule is none"
