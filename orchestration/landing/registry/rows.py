"""What one row of each registry file may hold: ``seeds/*.csv`` and a clinic's own definitions.

What belongs here: one pydantic model per file, its key, and the rules that one row can break alone.
What does not: kinds of cells (``registry.values``), rules across rows (``registry.rules``).
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from orchestration.landing.registry.values import (
    Count,
    Day,
    Flag,
    Identifier,
    Item,
    Number,
    Positive,
    Share,
    Status,
    Text,
    Whole,
)

Problem = tuple[str, str]
"""The column that is wrong, and what is wrong with how to mend it."""


class Row(BaseModel):
    """One row; empty cells are left out before it is made, so a missing value reads as None."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def problems(self) -> Iterator[Problem]:
        """What is wrong with this row although every cell by itself is well formed."""
        yield from ()


def _reversed_range(low: Decimal | int, high: Decimal | int, column: str) -> Iterator[Problem]:
    if low >= high:
        yield column, "the range is reversed or empty; write the smaller number as the minimum"


def _default(status: str, is_default: bool, column: str) -> Iterator[Problem]:
    if is_default and status == "unconfirmed":
        yield column, "an unconfirmed row may not be a default; write false or confirm the row"


def _missing_rule(rule: str, minimum_items_answered: int | None) -> Iterator[Problem]:
    tolerates = rule == "mean_of_answered"
    if tolerates and minimum_items_answered is None:
        yield "minimum_items_answered", "mean_of_answered needs the smallest number of answers"
    if not tolerates and minimum_items_answered is not None:
        yield "minimum_items_answered", "leave it empty where missing_rule is none"


class Instrument(Row):
    """A questionnaire."""

    instrument_id: Identifier
    instrument_name: Text
    aliases: Text | None = None
    construct_: Text = Field(alias="construct")  # pydantic owns the plain name
    role: Literal["process", "outcome", "mechanism", "alliance", "therapist_process"]
    shame_type: Literal["external", "internal", "experienced", "proneness"] | None = None
    recall_window: Text | None = None
    licence: Text | None = None
    licence_note: Text | None = None
    citation: Text
    status: Status
    source: Text | None = None


class InstrumentItem(Row):
    """One item: its number and the answers it allows, never its wording."""

    instrument_id: Identifier
    item: Item
    response_minimum: Whole
    response_maximum: Whole
    loinc_code: Text | None = None
    status: Status
    source: Text | None = None

    def problems(self) -> Iterator[Problem]:
        """The range must not be reversed."""
        yield from _reversed_range(self.response_minimum, self.response_maximum, "response_maximum")


class Scale(Row):
    """A score: how it is made of items and what it can be."""

    scale_id: Identifier
    instrument_id: Identifier
    scale_name: Text
    scale_kind: Literal["total", "half", "subscale", "variant"]
    is_primary: Flag
    is_higher_better: Flag
    scoring_rule: Literal[
        "sum", "mean", "mean_of_component_means", "sum_of_component_means", "stated_only"
    ]
    scoring_variant: Identifier
    multiplier: Positive
    score_minimum: Number
    score_maximum: Number
    missing_rule: Literal["none", "mean_of_answered"]
    minimum_items_answered: Count | None = None
    citation: Text
    status: Status
    source: Text | None = None

    def problems(self) -> Iterator[Problem]:
        """The id, the range, the missing rule and the status must fit each other."""
        if not self.scale_id.startswith(f"{self.instrument_id}_"):
            yield "scale_id", "write the instrument_id, then _, then a name for the scale"
        yield from _reversed_range(self.score_minimum, self.score_maximum, "score_maximum")
        yield from _default(self.status, self.is_primary, "is_primary")
        yield from _missing_rule(self.missing_rule, self.minimum_items_answered)


class ScaleItem(Row):
    """An item's part in a scale."""

    scale_id: Identifier
    item: Item
    is_reversed: Flag
    component: Identifier | None = None
    status: Status
    source: Text | None = None


class SeverityBand(Row):
    """A named stretch of scores."""

    scale_id: Identifier
    band_set: Identifier
    band_order: Count
    label: Text
    score_minimum: Number
    score_maximum: Number
    is_default: Flag
    status: Status
    source: Text | None = None

    def problems(self) -> Iterator[Problem]:
        """A band of one score is allowed, a reversed one is not."""
        if self.score_minimum > self.score_maximum:
            yield "score_maximum", "the band is reversed; write the smaller score as the minimum"
        yield from _default(self.status, self.is_default, "is_default")


class Norm(Row):
    """What is known of a scale in one population, in the scale's own metric."""

    norm_id: Identifier
    scale_id: Identifier
    population: Text
    population_kind: Literal["clinical", "functional"]
    country: Text | None = None
    sample_size: Count | None = None
    mean: Number | None = None
    standard_deviation: Positive | None = None
    alpha: Share | None = None
    retest_reliability: Share | None = None
    retest_interval: Text | None = None
    citation: Text
    status: Status
    source: Text | None = None


class Threshold(Row):
    """A cut-off or a size of change that counts, with where it comes from."""

    threshold_id: Identifier
    scale_id: Identifier
    threshold_set: Identifier
    threshold_kind: Literal["caseness", "reliable_change"]
    operator: Literal[">=", ">", "<=", "<"]
    value: Number
    population: Text | None = None
    is_default: Flag
    valid_from: Day | None = None
    valid_to: Day | None = None
    citation: Text
    status: Status
    source: Text | None = None
    note: Text | None = None

    def problems(self) -> Iterator[Problem]:
        """Dates in order, defaults confirmed, a change counted as a positive size."""
        if self.valid_from and self.valid_to and self.valid_from > self.valid_to:
            yield "valid_to", "the dates are reversed; write the earlier date as valid_from"
        yield from _default(self.status, self.is_default, "is_default")
        if self.threshold_kind == "reliable_change":
            if self.value <= 0:
                yield "value", "a reliable change is a size of change; write a number above 0"
            if self.operator not in (">=", ">"):
                yield "operator", "a reliable change is reached from below; write >= or >"


class ChangeRule(Row):
    """How change on a scale is judged: Jacobson & Truax 1991, J Consult Clin Psychol 59:12-19."""

    change_rule_id: Identifier
    scale_id: Identifier
    rule_set: Identifier
    method: Literal["jacobson_truax"]
    sd_source: Literal["clinic_baseline", "published"]
    sd_norm_id: Identifier | None = None
    reliability: Share
    reliability_kind: Literal["alpha", "retest", "other"]
    cutoff_kind: Literal["a", "b", "c", "threshold", "none"]
    clinical_source: Literal["clinic_baseline", "published"] | None = None
    clinical_norm_id: Identifier | None = None
    functional_norm_id: Identifier | None = None
    cutoff_threshold_id: Identifier | None = None
    is_default: Flag
    citation: Text
    status: Status
    source: Text | None = None
    note: Text | None = None

    def problems(self) -> Iterator[Problem]:
        """Each source of a number is named exactly where the rule uses it."""
        yield from _default(self.status, self.is_default, "is_default")
        needed = {
            "sd_norm_id": (self.sd_source == "published", "sd_source is published"),
            "clinical_source": (self.cutoff_kind in ("a", "c"), "cutoff_kind is a or c"),
            "clinical_norm_id": (
                self.clinical_source == "published",
                "clinical_source is published",
            ),
            "functional_norm_id": (self.cutoff_kind in ("b", "c"), "cutoff_kind is b or c"),
            "cutoff_threshold_id": (self.cutoff_kind == "threshold", "cutoff_kind is threshold"),
        }
        for column, (is_needed, when) in needed.items():
            given = getattr(self, column) is not None
            if is_needed and not given:
                yield column, f"it is needed where {when}"
            if given and not is_needed:
                yield column, f"leave it empty unless {when}"


class MissingRule(Row):
    """The clinic's own rule for missing answers on a scale, in place of the shipped one."""

    scale_id: Identifier
    missing_rule: Literal["none", "mean_of_answered"]
    minimum_items_answered: Count | None = None
    citation: Text

    def problems(self) -> Iterator[Problem]:
        """The smallest number of answers is named exactly where some may be missing."""
        yield from _missing_rule(self.missing_rule, self.minimum_items_answered)


class Program(Row):
    """A treatment or training."""

    program_id: Identifier
    program_name: Text
    family: Text | None = None
    self_compassion_content: Literal["explicit", "implicit", "none", "unknown"]
    format: Text | None = None
    citation: Text | None = None
    status: Status | None = None
    source: Text | None = None


class Practice(Row):
    """A home exercise."""

    practice_id: Identifier
    practice_name: Text
    component_target: Text | None = None
    tone: Text | None = None
    citation: Text | None = None
    status: Status | None = None
    source: Text | None = None


class Timepoint(Row):
    """What a source's own word for an occasion means."""

    occasion_label: Annotated[
        str,
        Field(pattern=r"^[^A-Z\s]([^A-Z]{0,60}[^A-Z\s])?$", description="a lower-case label"),
    ]
    timepoint: Literal["baseline", "mid", "end", "follow_up"]
    timepoint_order: Whole


class Condition(Row):
    """A diagnosis or problem."""

    condition_id: Identifier
    condition_name: Text
    transdiagnostic_group: Text | None = None


class Table(NamedTuple):
    """One registry file.

    Attributes:
        name: the file's name without ``.csv``.
        model: what a row may hold; its fields are the columns, in order.
        key: the columns that together name a row once.
        is_shipped: whether ``seeds/`` has the file; if not, only a clinic may bring it.
    """

    name: str
    model: type[Row]
    key: tuple[str, ...]
    is_shipped: bool = True

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the file, in order."""
        return tuple(self.fields)

    @property
    def required(self) -> tuple[str, ...]:
        """The columns a file may not leave out."""
        fields = self.model.model_fields
        return tuple(column for column, name in self.fields.items() if fields[name].is_required())

    @property
    def fields(self) -> dict[str, str]:
        """Column -> the model's field of it."""
        return {field.alias or name: name for name, field in self.model.model_fields.items()}


TABLES = {
    table.name: table
    for table in (
        Table("instruments", Instrument, ("instrument_id",)),
        Table("items", InstrumentItem, ("instrument_id", "item")),
        Table("scales", Scale, ("scale_id",)),
        Table("scale_items", ScaleItem, ("scale_id", "item")),
        Table("severity_bands", SeverityBand, ("scale_id", "band_set", "band_order")),
        Table("norms", Norm, ("norm_id",)),
        Table("thresholds", Threshold, ("threshold_id",)),
        Table("change_rules", ChangeRule, ("change_rule_id",)),
        Table("programs", Program, ("program_id",)),
        Table("practices", Practice, ("practice_id",)),
        Table("timepoints", Timepoint, ("occasion_label",)),
        Table("conditions", Condition, ("condition_id",)),
        Table("missing_rules", MissingRule, ("scale_id",), is_shipped=False),
    )
}
