"""Rows that say what a score or a change of score means, and on whose word.

What belongs here: severity bands, norms, thresholds, change rules, references for severity, rules
for missing answers.
What does not: how a score is made (``questionnaires``).
"""

from collections.abc import Iterator
from typing import Literal

from orchestration.landing.registry.rows import (
    Problem,
    Row,
    check_missing_rule,
    reversed_dates,
    unconfirmed_default,
)
from orchestration.landing.registry.values import (
    Count,
    Day,
    Flag,
    Identifier,
    Number,
    Positive,
    Share,
    Status,
    Text,
    Whole,
)


class SeverityBand(Row):
    """A named stretch of scores."""

    scale_id: Identifier
    band_set: Identifier
    band_order: Count
    label: Text
    score_minimum: Number
    score_maximum: Number
    is_default: Flag
    population: Text | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None
    citation: Text | None = None
    status: Status
    source: Text | None = None
    note: Text | None = None

    def problems(self) -> Iterator[Problem]:
        """A band of one score is allowed, a reversed one is not."""
        yield from reversed_dates(self.valid_from, self.valid_to)
        if self.score_minimum > self.score_maximum:
            yield "score_maximum", "the band is reversed; write the smaller score as the minimum"
        yield from unconfirmed_default(self.status, self.is_default, "is_default")


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
    threshold_kind: Literal[
        "caseness", "remission", "reliable_change", "minimal_important_difference", "drop"
    ]
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
        yield from reversed_dates(self.valid_from, self.valid_to)
        yield from unconfirmed_default(self.status, self.is_default, "is_default")
        if self.is_of_change:
            if self.value <= 0:
                yield "value", "this is a size of change; write a number above 0"
            if self.operator not in (">=", ">"):
                yield "operator", "a size of change is reached from below; write >= or >"

    @property
    def is_of_change(self) -> bool:
        """Whether it judges the size of a change, not a score."""
        return self.threshold_kind not in ("caseness", "remission")


class OutcomeMeasure(Row):
    """Which scale speaks for a domain (in a condition) when a whole program is judged by a set."""

    threshold_set: Identifier
    set_order: Whole
    domain: Identifier
    condition_id: Identifier | None = None
    scale_id: Identifier
    priority: Count
    citation: Text
    status: Status
    source: Text | None = None
    note: Text | None = None


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
        yield from unconfirmed_default(self.status, self.is_default, "is_default")
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


class SeverityReference(Row):
    """How those who began in the clinical range of a scale usually change (metrics.md 2.5).

    Expected improvement is ``improvement_mean`` + ``slope`` x (first score - ``first_score_mean``),
    improvement signed so that positive is better. One reference per scale; where a clinic names
    one, its own closed courses are none.
    """

    scale_id: Identifier
    sample_size: Count
    first_score_mean: Number
    first_score_sd: Positive
    improvement_mean: Number
    improvement_sd: Positive | None = None
    slope: Number
    citation: Text
    status: Status = "confirmed"
    source: Text | None = None
    note: Text | None = None


class MissingRule(Row):
    """A rule for missing answers beside the one in ``scales.csv``; a default takes its place.

    In a clinic's own file the set is called ``local`` and is the default unless it says otherwise:
    a clinic writes a row because it wants the rule.
    """

    scale_id: Identifier
    rule_set: Identifier = "local"
    missing_rule: Literal["none", "mean_of_answered"]
    minimum_items_answered: Count | None = None
    is_default: Flag = True
    citation: Text
    status: Status = "confirmed"
    source: Text | None = None
    note: Text | None = None

    def problems(self) -> Iterator[Problem]:
        """The smallest number of answers is named exactly where some may be missing."""
        yield from unconfirmed_default(self.status, self.is_default, "is_default")
        yield from check_missing_rule(self.missing_rule, self.minimum_items_answered)
