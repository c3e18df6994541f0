"""What must be true of ``marts.rel_cross_lagged`` in a release.

What belongs here: that statuses, numbers, reasons and directions fit together.
What does not: whether a path is right (oracle and calibration tests).
"""

from expectations.rules import Rule, TableSuite
from expectations.suites import _link_over_time, _marts
from expectations.wording import no_row_where

KEY = (*_link_over_time.PAIR, "model", "direction")

SUITE = TableSuite(
    schema="marts",
    table="rel_cross_lagged",
    rules=(
        _marts.one_row_per(
            "one_row_per_pair_model_and_direction",
            "No two rows share a group, pair of scales, model and direction.",
            *KEY,
        ),
        _link_over_time.statuses_are_known(),
        _link_over_time.evidence_is_labelled(("temporally ordered",)),
        _link_over_time.numbers_follow_the_status("estimate", "standard_error"),
        _link_over_time.estimate_lies_within_its_limits("estimate"),
        _link_over_time.both_directions_stand(*_link_over_time.PAIR, "model"),
        Rule(
            rule_id="a_random_intercept_has_three_waves",
            sentence="A model with a random intercept spans three waves or more, a plain one two.",
            why="With fewer, lasting levels cannot be told from what happens within a person.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "wave_count < case model when 'random_intercept' then 3 else 2 end "
                "or (status = 'estimated' and wave_count is null)"
            ),
            columns=("model", "wave_count", "status"),
        ),
        Rule(
            rule_id="what_cannot_be_computed_says_why",
            sentence="A row has a reason exactly where it is not_computable.",
            why="A fit that failed and a clinic with nothing to fit are mended differently.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where("(reason is not null) <> (status = 'not_computable')"),
            columns=("reason", "status"),
        ),
    ),
)
