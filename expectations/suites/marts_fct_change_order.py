"""What must be true of ``marts.fct_change_order`` in a release: one pair of scales of one course.

What belongs here: that the order, its days and its reasons tell one story.
What does not: when a scale improved (``marts_fct_score_courses``).
"""

from expectations.rules import Rule, TableSuite
from expectations.suites import _marts
from expectations.wording import no_row_where, values_are_in

ORDERS = (
    "process_first",
    "outcome_first",
    "together",
    "process_only",
    "outcome_only",
    "neither",
    "unknown",
)

SUITE = TableSuite(
    schema="marts",
    table="fct_change_order",
    rules=(
        _marts.one_row_per(
            "one_row_per_episode_and_pair_of_scales",
            "No two rows share an episode, a process scale and an outcome scale.",
            "episode_id",
            "process_scale_id",
            "outcome_scale_id",
        ),
        Rule(
            rule_id="orders_are_known_words",
            sentence="The order is one of seven words.",
            why="Any other word is missing from every count.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=values_are_in("order_class", ORDERS),
            columns=("order_class",),
        ),
        Rule(
            rule_id="the_order_is_that_of_the_days",
            sentence="The lead is positive where the process came first, else negative or 0.",
            why="The class and the days must not tell two stories.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "lead_days <> outcome_improved_day - process_improved_day "
                "or (lead_days is not null and order_class is distinct from case "
                "when lead_days > 0 then 'process_first' when lead_days < 0 then 'outcome_first' "
                "else 'together' end)"
            ),
            columns=("order_class", "lead_days", "process_improved_day", "outcome_improved_day"),
        ),
        Rule(
            rule_id="an_unknown_order_says_why",
            sentence="A reason stands exactly where the order is unknown.",
            why="Unknown orders are counted apart, by reason.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where("(order_class = 'unknown') <> (unknown_reason is not null)"),
            columns=("order_class", "unknown_reason"),
        ),
    ),
)
