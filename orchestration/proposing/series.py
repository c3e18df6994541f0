"""Columns whose names differ in a number alone: perhaps the items of a questionnaire.

What belongs here: finding such runs of columns, numbered from one without a gap.
What does not: which questionnaire it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.proposing.names import pieces
from orchestration.proposing.templates import MARK, braced

_FEWEST = 2


@dataclass(frozen=True)
class Series:
    """Columns that are numbered.

    Attributes:
        before: what stands before the number.
        after: what stands behind it.
        columns: number -> column.
        width: to how many digits numbers are padded; 0 where they are not.
        is_even: whether one template gives every name.
    """

    before: str
    after: str
    columns: dict[int, str]
    width: int
    is_even: bool

    @property
    def count(self) -> int:
        """How many columns."""
        return len(self.columns)

    @property
    def marked(self) -> str:
        """The name with :data:`MARK` in the number's place."""
        return f"{self.before}{MARK}{self.after}"

    @property
    def words(self) -> tuple[str, ...]:
        """The words and numbers of the name, without the item's number."""
        return tuple(one.text for part in (self.before, self.after) for one in pieces(part))

    @property
    def place(self) -> str:
        """The number's place in a template."""
        return f"{{item:0{self.width}d}}" if self.width else "{item}"

    @property
    def template(self) -> str:
        """The template of its names."""
        return f"{braced(self.before)}{self.place}{braced(self.after)}"

    @property
    def told(self) -> str:
        """Its first and last column, for a person."""
        numbers = sorted(self.columns)
        return f"{self.columns[numbers[0]]} to {self.columns[numbers[-1]]}"


def all_series(names: Sequence[str]) -> list[Series]:
    """Every run of at least two columns numbered 1, 2, 3 ... or 0, 1, 2 ...

    One column may stand in several runs: `depr1i2` counts items in one and occasions in another.
    """
    groups: dict[tuple[str, str], dict[str, str]] = {}
    for name in names:
        for piece in pieces(name):
            if piece.text.isdigit():
                key = (name[: piece.start], name[piece.end :])
                groups.setdefault(key, {})[piece.text] = name
    found = []
    for (before, after), columns in groups.items():
        if len(columns) >= _FEWEST:
            found += _numbered(before, after, columns)
    return found


def _numbered(before: str, after: str, columns: dict[str, str]) -> list[Series]:
    """The run itself, or the run behind digits that all numbers begin with (`gad71` to `gad77`)."""
    prefixes = [""]
    first = min(columns, key=len)
    prefixes += [first[:n] for n in range(1, len(first))]
    found = []
    for prefix in prefixes:
        cut = len(prefix)
        mine = {
            text[cut:]: name
            for text, name in columns.items()
            if len(text) > cut and text.startswith(prefix)
        }
        numbers = {int(text): text for text in mine}
        start = 0 if 0 in numbers else 1
        if len(numbers) < len(mine) or set(numbers) != set(range(start, start + len(numbers))):
            continue
        if len(numbers) < _FEWEST:
            continue
        lengths = {len(text) for text in mine}
        is_padded = any(text.startswith("0") and len(text) > 1 for text in mine)
        is_even = start == 1 and (not is_padded or len(lengths) == 1)
        width = max(lengths) if is_padded else 0
        ordered = {number: mine[numbers[number]] for number in sorted(numbers)}
        found.append(Series(before + prefix, after, ordered, width, is_even))
    return found
