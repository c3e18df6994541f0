"""What must be true of ``marts.rel_mediation`` in a release.

What belongs here: that paths, statuses and labels fit together.
What does not: whether a path is right (oracle and calibration tests).
"""

from expectations.rules import Rule, TableSuite
from expectations.suites import _link_over_time, _marts
from expectations.wording import no_row_where

KEY = (
    "stratum_kind",
    "stratum_id",
    "cause_kind",
    "cause_id",
    "mediator_scale_id",
    "outcome_scale_id",
    "window_name",
)

SUITE = TableSuite(
    schema="marts",
    table="rel_mediation",
    rules=(
        _marts.one_row_per(
            "one_row_per_group_and_path",
            "No two rows share a group, cause, mediator, outcome and window.",
            *KEY,
        ),
        _link_over_time.statuses_are_known(),
        _link_over_time.evidence_is_labelled(),
        _link_over_time.numbers_follow_the_status("indirect", "swapped_indirect"),
        Rule(
            rule_id="the_indirect_path_is_the_product_of_its_parts",
            sentence="indirect is a times b, and its lower limit is not above the upper one.",
            why="The three numbers are read together.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "abs(indirect - a * b) > 1e-6 * (1 + abs(a) + abs(b)) "
                "or interval_low > interval_high or swapped_interval_low > swapped_interval_high"
            ),
            columns=(
                "a",
                "b",
                "indirect",
                "interval_low",
                "interval_high",
                "swapped_interval_low",
                "swapped_interval_high",
            ),
        ),
        Rule(
            rule_id="nothing_is_controlled_without_a_comparison_arm",
            sentence="Only arms whose mediator came before the outcome are labelled controlled.",
            why="Without people who did not have it, a cause cannot be claimed.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "(evidence_label = 'controlled') <> "
                "(cause_kind = 'arm' and window_name = 'middle_then_last')"
            ),
            columns=("evidence_label", "cause_kind", "window_name"),
        ),
    ),
)
