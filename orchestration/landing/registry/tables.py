"""Which registry files there are: ``seeds/*.csv`` and a clinic's own definitions of the same names.

What belongs here: the name, the kind of row and the key of each file.
What does not: what a row may say.
"""

from typing import NamedTuple

from orchestration.landing.registry.evidence import PublishedEffect
from orchestration.landing.registry.questionnaires import (
    Equivalence,
    Instrument,
    InstrumentItem,
    ResponseLabel,
    Scale,
    ScaleItem,
    ScoreConversion,
)
from orchestration.landing.registry.rows import Row
from orchestration.landing.registry.surroundings import Condition, Practice, Program, Timepoint
from orchestration.landing.registry.values import as_text
from orchestration.landing.registry.yardsticks import (
    ChangeRule,
    MissingRule,
    Norm,
    OutcomeMeasure,
    SeverityBand,
    SeverityReference,
    Threshold,
)


class Table(NamedTuple):
    """One registry file.

    Attributes:
        name: the file's name without ``.csv``.
        model: what a row may hold; its fields are the columns, in order.
        key: the columns that together name a row once.
    """

    name: str
    model: type[Row]
    key: tuple[str, ...]

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
    def stated_defaults(self) -> dict[str, str]:
        """What a column that a row leaves out holds, as text, where that is not nothing."""
        fields = self.model.model_fields
        return {
            column: as_text(fields[name].default) or ""
            for column, name in self.fields.items()
            if not fields[name].is_required() and fields[name].default is not None
        }

    @property
    def fields(self) -> dict[str, str]:
        """Column -> the model's field of it."""
        return {field.alias or name: name for name, field in self.model.model_fields.items()}


TABLES = {
    table.name: table
    for table in (
        Table("instruments", Instrument, ("instrument_id",)),
        Table("items", InstrumentItem, ("instrument_id", "item")),
        Table("response_labels", ResponseLabel, ("instrument_id", "label")),
        Table("scales", Scale, ("scale_id",)),
        Table("scale_items", ScaleItem, ("scale_id", "item", "component")),
        Table("score_conversions", ScoreConversion, ("scale_id", "raw_score")),
        Table("equivalences", Equivalence, ("scale_id", "equivalent_scale_id")),
        Table("severity_bands", SeverityBand, ("scale_id", "band_set", "band_order")),
        Table("norms", Norm, ("norm_id",)),
        Table("thresholds", Threshold, ("threshold_id",)),
        Table("change_rules", ChangeRule, ("change_rule_id",)),
        Table("severity_references", SeverityReference, ("scale_id",)),
        Table(
            "outcome_measures",
            OutcomeMeasure,
            ("threshold_set", "domain", "condition_id", "scale_id"),
        ),
        Table("programs", Program, ("program_id",)),
        Table("practices", Practice, ("practice_id",)),
        Table("timepoints", Timepoint, ("occasion_label",)),
        Table("conditions", Condition, ("condition_id",)),
        Table("missing_rules", MissingRule, ("scale_id", "rule_set")),
        Table("published_effects", PublishedEffect, ("published_effect_id",)),
    )
}
