"""Rows that say what a questionnaire is and how its scores are made.

What belongs here: instruments, items, scales and their items, score conversions, equivalences.
What does not: what a score means (``yardsticks``).
"""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from orchestration.landing.registry.rows import (
    Problem,
    Row,
    check_missing_rule,
    reversed_range,
    unconfirmed_default,
)
from orchestration.landing.registry.values import (
    Count,
    Flag,
    Identifier,
    Item,
    Number,
    Positive,
    Status,
    Text,
    Whole,
)

ShameType = Literal["external", "internal", "experienced", "proneness"]


class Instrument(Row):
    """A questionnaire."""

    instrument_id: Identifier
    instrument_name: Text
    aliases: Text | None = None
    construct_: Text = Field(alias="construct")  # pydantic owns the plain name
    role: Literal[
        "process", "outcome", "mechanism", "alliance", "therapist_process", "negative_control"
    ]
    shame_type: ShameType | None = None
    recall_window: Text | None = None
    licence: Text | None = None
    licence_note: Text | None = None
    citation: Text
    status: Status
    source: Text | None = None


class InstrumentItem(Row):
    """One item: its number and the answers it allows (whole numbers unless fractional)."""

    instrument_id: Identifier
    item: Item
    response_minimum: Whole
    response_maximum: Whole
    is_fractional: Flag | None = None
    loinc_code: Text | None = None
    status: Status
    source: Text | None = None

    def problems(self) -> Iterator[Problem]:
        """The range must not be reversed."""
        yield from reversed_range(self.response_minimum, self.response_maximum, "response_maximum")


class ResponseLabel(Row):
    """An answer in words, as an answer sheet prints it, and the number it stands for.

    Never an item's wording. An instrument may have several labels for one response (an older
    edition, another language), and never one label for two responses.
    """

    instrument_id: Identifier
    label: Text
    response: Whole
    status: Status
    source: Text | None = None

    def problems(self) -> Iterator[Problem]:
        """A label is words: a number would change what the numbers of an export mean."""
        if not any(character.isalpha() for character in self.label):
            yield "label", "a label holds words; remove the row, numbers are read as they are"


class Scale(Row):
    """A score: how it is made of items and what it can be."""

    scale_id: Identifier
    instrument_id: Identifier
    scale_name: Text
    scale_kind: Literal["total", "half", "subscale", "variant"]
    construct_: Text | None = Field(default=None, alias="construct")
    shame_type: ShameType | None = None
    is_primary: Flag
    is_higher_better: Flag
    scoring_rule: Literal[
        "sum",
        "mean",
        "mean_of_component_means",
        "sum_of_component_means",
        "lookup",
        "stated_only",
    ]
    converted_from: Identifier | None = None
    scoring_variant: Identifier
    multiplier: Positive
    score_minimum: Number
    score_maximum: Number
    missing_rule: Literal["none", "mean_of_answered"]
    minimum_items_answered: Count | None = None
    loinc_code: Text | None = None
    citation: Text
    status: Status
    source: Text | None = None

    def problems(self) -> Iterator[Problem]:
        """The id, the range, the missing rule and the status must fit each other."""
        if not self.scale_id.startswith(f"{self.instrument_id}_"):
            yield "scale_id", "write the instrument_id, then _, then a name for the scale"
        yield from reversed_range(self.score_minimum, self.score_maximum, "score_maximum")
        yield from unconfirmed_default(self.status, self.is_primary, "is_primary")
        yield from check_missing_rule(self.missing_rule, self.minimum_items_answered)
        if self.scoring_rule == "lookup" and self.converted_from is None:
            yield "converted_from", "a lookup needs the scale_id whose score is looked up"
        if self.scoring_rule != "lookup" and self.converted_from is not None:
            yield "converted_from", "leave it empty unless scoring_rule is lookup"
        if self.scoring_rule == "lookup" and self.missing_rule != "none":
            yield "missing_rule", "a lookup has the missing rule of the scale it is looked up from"


class ScaleItem(Row):
    """An item's part in a scale."""

    scale_id: Identifier
    item: Item
    is_reversed: Flag
    component: Identifier | None = None
    status: Status
    source: Text | None = None


class ScoreConversion(Row):
    """One line of a published table: what stands for a raw score (a T score, a crosswalk)."""

    scale_id: Identifier
    raw_score: Number
    converted_score: Number
    status: Status
    source: Text | None = None


class Equivalence(Row):
    """Two scales that stand beside each other; linked only where a published crosswalk is cited."""

    scale_id: Identifier
    equivalent_scale_id: Identifier
    relation: Literal["short_form", "same_items", "crosswalk", "not_linked"]
    crosswalk_scale_id: Identifier | None = None
    citation: Text
    status: Status
    source: Text | None = None
    note: Text | None = None

    def problems(self) -> Iterator[Problem]:
        """Two different scales; a crosswalk is a scale of its own, made by lookup."""
        if self.scale_id == self.equivalent_scale_id:
            yield "equivalent_scale_id", "a scale needs no equivalence with itself; remove the row"
        if (self.relation == "crosswalk") != (self.crosswalk_scale_id is not None):
            yield "crosswalk_scale_id", "name the lookup scale exactly where relation is crosswalk"
