"""What must be true of ``marts.rel_change_order`` in a release: one group and pair of scales a row.

What belongs here: that the classes sum, and that no number stands below the floor.
What does not: the order of one course (``marts_fct_change_order``).
"""

from expectations.rules import Rule, TableSuite
from expectations.suites import _marts
from expectations.wording import no_row_where, no_rows

SUITE = TableSuite(
    schema="marts",
    table="rel_change_order",
    rules=(
        _marts.one_row_per(
            "one_row_per_group_pair_and_basis",
            "No two rows share a group, a pair of scales and a basis.",
            "stratum_kind",
            "stratum_id",
            "process_scale_id",
            "outcome_scale_id",
            "order_basis",
        ),
        Rule(
            rule_id="the_orders_sum_to_the_episodes",
            sentence="The seven orders sum to the episodes and three of them to the sample.",
            why="An episode that is in no class is missing from every proportion.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "process_first_count + together_count + outcome_first_count <> sample_size "
                "or sample_size + process_only_count + outcome_only_count + neither_count "
                "+ unknown_count <> episode_count"
            ),
            columns=(
                "episode_count",
                "sample_size",
                "process_first_count",
                "together_count",
                "outcome_first_count",
                "process_only_count",
                "outcome_only_count",
                "neither_count",
                "unknown_count",
            ),
        ),
        Rule(
            rule_id="every_episode_is_counted_once",
            sentence="The group of all has as many episodes as fct_change_order has rows.",
            why="A group that loses episodes gives a proportion of nobody knows whom.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_rows(
                "select 1 from (select process_scale_id, outcome_scale_id, count(*) as rows_count "
                "from marts.fct_change_order group by all) as orders full join "
                "(select * from batch where stratum_kind = 'all') as groups "
                "on orders.process_scale_id = groups.process_scale_id "
                "and orders.outcome_scale_id = groups.outcome_scale_id "
                "where rows_count is distinct from episode_count"
            ),
            columns=("stratum_kind", "process_scale_id", "outcome_scale_id", "episode_count"),
            tables=("marts.fct_change_order",),
        ),
        Rule(
            rule_id="a_proportion_lies_in_its_interval_or_is_not_given",
            sentence="Estimate and p are proportions, the interval holds the estimate, and a row "
            "that is not estimated has none.",
            why="A number below the floor, or outside its own interval, is none.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "(status = 'estimated') <> (estimate is not null) "
                "or estimate < interval_low - 1e-9 or estimate > interval_high + 1e-9 "
                "or interval_low < 0 or interval_high > 1 or p_value < 0 or p_value > 1 "
                "or (estimate is null and coalesce(interval_low, interval_high, p_value) "
                "is not null)"
            ),
            columns=("status", "estimate", "interval_low", "interval_high", "p_value"),
        ),
    ),
)
