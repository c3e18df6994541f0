"""What is known of one column: counts, kind and range; never shown as values.

What belongs here: the shape of a profile.
What does not: how it was counted (the rim does that), what it means.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Column:
    """One column of a file.

    Attributes:
        name: as the header has it.
        rows: records in the file.
        filled: how many of them have a value here.
        distinct: how many different values.
        kind: ``empty``, ``integer``, ``number``, ``date`` or ``text``: what all values are.
        minimum: the least number; None where the kind is no number.
        maximum: the greatest number.
        date_format: as ``source.yml`` takes it; None for ISO or where two readings are possible.
        is_date_clear: False where the order of day and month cannot be told.
        missing: words of the usual ones for no answer that stood among its values; not counted.
        values: the different values where they are few, in lower case; for comparing with the
            registry only.
    """

    name: str
    rows: int = 0
    filled: int = 0
    distinct: int = 0
    kind: str = "empty"
    minimum: float | None = None
    maximum: float | None = None
    date_format: str | None = None
    is_date_clear: bool = True
    missing: frozenset[str] = frozenset()
    values: frozenset[str] | None = field(default=None, repr=False)

    @property
    def is_number(self) -> bool:
        """Whether every value is a number."""
        return self.kind in ("integer", "number")

    def described(self) -> str:
        """What may be said of it to a person."""
        if self.kind == "empty":
            return "empty"
        kinds = {
            "integer": "whole numbers",
            "number": "numbers",
            "date": "dates",
            "text": "text",
        }
        empty = self.rows - self.filled
        blanks = f", {empty:,} empty" if empty else ""
        return f"{kinds[self.kind]}, {self.distinct:,} different{blanks}"
