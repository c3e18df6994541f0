"""What must be true of ``marts.fct_program_outcomes`` in a release: one number per row.

What belongs here: that every denominator is the sum of its classes and no number is impossible.
What does not: whether a rate is right (unit, golden and oracle tests).
"""

from expectations.rules import Rule, TableSuite
from expectations.suites import _marts
from expectations.wording import no_row_where, no_rows, values_are_in

KEY = (
    "program_id",
    "stratum_kind",
    "stratum_id",
    "period_kind",
    "period",
    "population",
    "threshold_set",
    "scale_id",
    "metric_id",
)
STATUSES = ("estimated", "too_few", "not_computable")

SUITE = TableSuite(
    schema="marts",
    table="fct_program_outcomes",
    rules=(
        _marts.one_row_per(
            "one_row_per_group_and_metric", "No two rows share a group and a metric.", *KEY
        ),
        Rule(
            rule_id="change_classes_sum_to_their_denominator",
            sentence="Improved, unchanged, deteriorated and unknown sum to the courses.",
            why="In published national totals up to 1.7 % of courses are in no class at all.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_rows(
                "select 1 from batch where metric_id in ('reliable_improvement', "
                "'no_reliable_change', 'reliable_deterioration') "
                f"group by {', '.join(KEY[:-2])} "
                "having sum(numerator_count) + max(missing_count) <> max(sample_size) "
                "or min(sample_size) <> max(sample_size) or count(*) <> 3"
            ),
            columns=(*KEY[:-2], "metric_id", "numerator_count", "missing_count", "sample_size"),
        ),
        Rule(
            rule_id="zero_is_a_number_and_nothing_is_none",
            sentence="A rate exists exactly where something is known of its denominator.",
            why="Nobody recovered, nobody asked and nobody knows are three different things.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "numerator_count is not null and ("
                "(estimate is null) <> (sample_size = missing_count) "
                "or (status = 'not_computable') <> (sample_size = missing_count) "
                "or abs(estimate * sample_size - numerator_count) > 0.001)"
            ),
            columns=("estimate", "sample_size", "missing_count", "numerator_count", "status"),
        ),
        Rule(
            rule_id="a_rate_lies_within_its_limits",
            sentence="An estimate lies between its limits, a rate between 0 and 1 and its bounds.",
            why="Readers trust the interval more than the number.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "estimate not between interval_low - 1e-9 and interval_high + 1e-9 "
                "or (numerator_count is not null and (estimate not between 0 and 1 "
                "or bound_low not between 0 and bound_high or bound_high > 1))"
            ),
            columns=(
                "estimate",
                "interval_low",
                "interval_high",
                "numerator_count",
                "bound_low",
                "bound_high",
            ),
        ),
        Rule(
            rule_id="statuses_are_known_words",
            sentence="The status is estimated, too_few or not_computable.",
            why="A number without a status hides why it is empty.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=values_are_in("status", STATUSES),
            columns=("status",),
        ),
    ),
)
