"""Rows about what others found: published effects and rates that a local result is set beside.

What belongs here: the model of such a row.
What does not: joining it to anything (``fct_benchmarks``), yardsticks of a single person.
"""

from collections.abc import Iterator
from typing import Literal

from orchestration.landing.registry.rows import Problem, Row, unconfirmed_default
from orchestration.landing.registry.values import (
    Count,
    Flag,
    Identifier,
    Number,
    Positive,
    Status,
    Text,
)

RATES = (
    "recovery",
    "reliable_recovery",
    "reliable_improvement",
    "no_reliable_change",
    "reliable_deterioration",
    "at_caseness",
    "paired_data",
)
REFERENCE_SD = "effect_size_reference_sd"


class PublishedEffect(Row):
    """One published number, its statistic named in full, with how it was found.

    ``estimate`` and its limits are signed so that positive is better, proportions from 0 to 1;
    correlations keep the sign of the scales.
    """

    published_effect_id: Identifier
    study: Text
    published_period: Text
    design: Literal[
        "randomised_trials",
        "controlled_trials",
        "mixed_studies",
        "uncontrolled_studies",
        "correlations",
        "national_statistics",
        "target",
        "other",
    ]
    comparison: Literal["controls", "mixed", "none"]
    population: Text
    studies_count: Count | None = None
    people_count: Count | None = None
    outcome: Text
    outcome_construct: Identifier | None = None
    scale_id: Identifier | None = None
    threshold_set: Identifier | None = None
    metric_id: Literal[
        "between_groups_hedges_g",
        "between_groups_cohens_d",
        "effect_size_change_sd",
        "effect_size_average_sd",
        "effect_size_baseline_sd",
        "effect_size_raw_score_sd",
        "effect_size_reference_sd",
        "effect_size_unstated_sd",
        "cross_sectional_r",
        "recovery",
        "reliable_recovery",
        "reliable_improvement",
        "no_reliable_change",
        "reliable_deterioration",
        "at_caseness",
        "paired_data",
    ]
    reference_sd: Positive | None = None
    estimate: Number
    interval_low: Number | None = None
    interval_high: Number | None = None
    doi: Text | None = None
    is_default: Flag
    citation: Text
    status: Status
    source: Text | None = None
    note: Text | None = None

    def problems(self) -> Iterator[Problem]:
        """Confirmed where used, limits in order, and everything that its statistic needs."""
        yield from unconfirmed_default(self.status, self.is_default, "is_default")
        low, high = self.interval_low, self.interval_high
        if (low is None) != (high is None):
            yield "interval_low", "an interval has two limits; write both or neither"
        elif low is not None and high is not None and not low <= self.estimate <= high:
            yield "estimate", "it lies outside its interval; mend one of the three numbers"
        is_rate = self.metric_id in RATES
        if is_rate and not 0 <= self.estimate <= 1:
            yield "estimate", "a rate is a proportion; write 0.5 for 50 %"
        if is_rate != (self.threshold_set is not None):
            yield "threshold_set", "name the set of thresholds for a rate, and only there"
        if (self.metric_id == REFERENCE_SD) != (self.reference_sd is not None):
            yield "reference_sd", f"name the published deviation for {REFERENCE_SD}, and only there"
        if self.metric_id == REFERENCE_SD and self.scale_id is None:
            yield "scale_id", "a published deviation belongs to one scale; name it"
