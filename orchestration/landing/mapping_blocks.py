"""The blocks inside a mapping: instruments, their occasions, missing codes.

What belongs here: the shape of each block and the rules it can break alone.
What does not: the mapping as a whole (mapping.py), a format's own block (formats).
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from orchestration.landing.mapping_values import Codes, Strict, Text

_TIMEPOINT = Literal["baseline", "mid", "end", "follow_up"]


class Occasion(Strict):
    """When one block of columns was filled in.

    Attributes:
        day: a number of days since the first contact, or the name of a column that holds it.
        timepoint: baseline, mid, end or follow_up, where the clinic states it.
        occurred_on: the name of a column that holds the date.
    """

    day: float | Annotated[str, StringConstraints(min_length=1)] | None = None
    timepoint: _TIMEPOINT | None = None
    occurred_on: Text | None = None


class Instrument(Strict):
    """Where one instrument's answers and stated totals stand.

    Attributes:
        items: a template such as ``cesd{item:02d}`` or ``depr{occasion}i{item}``, the columns
            in the order of the items, or item -> column.
        stored_minimum: the lowest answer as this export stores it, where the registry has another.
        stated: scale_id -> a column, a template with ``{occasion}``, or occasion -> column.
        occasions: labels, or label -> :class:`Occasion`; a line then holds several administrations.
        occurred_on: the column of this instrument's date, where each instrument of a line has one.
        day: likewise the column of its day.
    """

    items: Text | tuple[Text, ...] | dict[Text, Text] | None = None
    stored_minimum: int | None = Field(default=None, ge=-1000, le=1000)
    stated: dict[str, Text | dict[Text, Text]] = Field(default_factory=dict)
    occasions: tuple[Text, ...] | dict[Text, Occasion | None] | None = None
    occurred_on: Text | None = None
    day: Text | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "Instrument":
        if self.items is None and not self.stated:
            raise ValueError("give `items` or `stated` (or both)")
        if self.occasions is not None and not self.occasions:
            raise ValueError("`occasions` is empty; list the labels or leave it out")
        if self.occasions is not None and (self.occurred_on or self.day):
            raise ValueError("with `occasions`, write `occurred_on` and `day` under each of them")
        labels = list(self.occasions or ())
        if len(set(labels)) != len(labels):
            raise ValueError("`occasions` names a label twice")
        for scale, columns in self.stated.items():
            if isinstance(columns, dict) and set(columns) - set(labels):
                raise ValueError(
                    f"`stated.{scale}` names an occasion that `occasions` does not list"
                )
        return self

    @property
    def blocks(self) -> tuple[tuple[str, Occasion] | None, ...]:
        """The occasions in order; one None where a line is a single administration."""
        if self.occasions is None:
            return (None,)
        if isinstance(self.occasions, dict):
            return tuple((label, when or Occasion()) for label, when in self.occasions.items())
        return tuple((label, Occasion()) for label in self.occasions)


class Missing(Strict):
    """Codes that stand for no answer, and where they do.

    Attributes:
        everywhere: in every column that holds a value.
        instruments: instrument -> codes among the answers to its items.
        columns: column -> codes in that column, even where they could be answers.
    """

    everywhere: Codes = ()
    instruments: dict[Text, Codes] = Field(default_factory=dict)
    columns: dict[Text, Codes] = Field(default_factory=dict)
