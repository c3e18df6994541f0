"""A wide mapping spelt out: which column holds which answer, and when it was given.

What belongs here: the shapes.
What does not: how templates become columns (columns.py), SQL, values.
"""

from dataclasses import dataclass

from orchestration.landing.mapping import Mapping


@dataclass(frozen=True)
class Block:
    """One instrument at one occasion of a wide line.

    Attributes:
        instrument_id: the registry's id.
        occasion: the label, or None where the line itself carries the occasion.
        order: position of the label in the mapping, from 0.
        day: days since first contact as text, a constant.
        day_column: or the column that holds them.
        date_column: the column that holds the date.
        timepoint: as the mapping states it.
    """

    instrument_id: str
    occasion: str | None = None
    order: int | None = None
    day: str | None = None
    day_column: str | None = None
    date_column: str | None = None
    timepoint: str | None = None


@dataclass(frozen=True)
class Slot:
    """One column of a wide file that holds an answer or a stated score.

    Attributes:
        block: index into :attr:`Wide.blocks`.
        table: item_responses or stated_scores.
        target: item (text of a whole number) or scale_id.
        column: the column's name.
        low: least value after the shift.
        high: greatest value after the shift.
        shift: stored minimum minus the registry's minimum.
        missing: codes that mean no answer in this column.
        is_fractional: an answer may lie between whole numbers.
    """

    block: int
    table: str
    target: str
    column: str
    low: float
    high: float
    shift: int = 0
    missing: tuple[str, ...] = ()
    is_fractional: bool = False


@dataclass(frozen=True)
class Wide:
    """A wide mapping with every template spelt out."""

    blocks: tuple[Block, ...]
    slots: tuple[Slot, ...]

    def columns(self, mapping: Mapping) -> dict[str, str]:
        """Every column the mapping needs -> the key that needs it."""
        needed = {
            column: key
            for key in ("client_id", "episode_id", "day", "occurred_on", "occasion")
            if (column := getattr(mapping, key)) is not None
        }
        needed |= {column: f"attributes.{name}" for name, column in mapping.attributes.items()}
        for block in self.blocks:
            for column in (block.day_column, block.date_column):
                if column:
                    needed.setdefault(column, f"instruments.{block.instrument_id}.occasions")
        for slot in self.slots:
            part = "items" if slot.table == "item_responses" else "stated"
            needed.setdefault(
                slot.column, f"instruments.{self.blocks[slot.block].instrument_id}.{part}"
            )
        return needed
