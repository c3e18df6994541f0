"""What must be true of ``marts.fct_benchmarks``: a published number beside a local one.

What belongs here: that nothing is compared that may not be, and that every row says why.
What does not: whether the published numbers are copied right (tests against the reference).
"""

from expectations.rules import Rule, TableSuite
from expectations.suites import _marts
from expectations.wording import no_row_where, values_are_in

STATUSES = ("estimated", "too_few", "not_computable")

SUITE = TableSuite(
    schema="marts",
    table="fct_benchmarks",
    rules=(
        _marts.one_row_per(
            "one_row_per_published_number_and_group",
            "No two rows share a published number and a local group.",
            "published_effect_id",
            "program_id",
            "stratum_kind",
            "stratum_id",
            "population",
            "scale_id",
        ),
        Rule(
            rule_id="nothing_is_compared_across_designs_or_statistics",
            sentence="Compared are only equal statistics, both found without a comparison group.",
            why="A change of one group against a controlled effect flatters every clinic.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "is_comparable and (comparison is distinct from 'none' "
                "or local_metric_id is distinct from metric_id or estimate is null)"
            ),
            columns=("is_comparable", "comparison", "metric_id", "local_metric_id", "estimate"),
        ),
        Rule(
            rule_id="a_difference_stands_exactly_where_two_numbers_may_be_compared",
            sentence="A row is comparable with a difference, or says why it is not.",
            why="A missing difference without a reason invites readers to subtract themselves.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "is_comparable is null or is_comparable = (difference is null) "
                "or is_comparable = (not_comparable_reason is not null) "
                "or is_comparable = (is_published_inside_interval is null) "
                "or abs(estimate - published_estimate - difference) > 1e-6"
            ),
            columns=(
                "is_comparable",
                "difference",
                "not_comparable_reason",
                "is_published_inside_interval",
                "estimate",
                "published_estimate",
            ),
        ),
        Rule(
            rule_id="a_local_number_lies_within_its_limits",
            sentence="A local number stands exactly where it was estimated, within its limits.",
            why="Readers trust the interval more than the number.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "(status = 'estimated') <> (estimate is not null) "
                "or estimate not between interval_low - 1e-9 and interval_high + 1e-9 "
                "or sample_size < 0 or missing_count < 0"
            ),
            columns=(
                "status",
                "estimate",
                "interval_low",
                "interval_high",
                "sample_size",
                "missing_count",
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
        *_marts.is_present("published_estimate", "citation"),
    ),
)
