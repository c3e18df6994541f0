"""What must be true of ``marts.fct_alert_performance`` in a release: one number per row.

What belongs here: that the four cells and the unknown sum to the courses, and no number is
impossible.
What does not: whether a course was judged rightly (unit and oracle tests).
"""

from expectations.rules import Rule, TableSuite
from expectations.suites import _marts
from expectations.wording import no_row_where, no_rows

GROUP = ("program_id", "population", "alert_kind", "predicted_outcome")


def _sum_of(*metrics: str) -> str:
    words = ", ".join(f"'alert_{metric}'" for metric in metrics)
    return f"sum(sample_size) filter (where metric_id in ({words}))"


SUITE = TableSuite(
    schema="marts",
    table="fct_alert_performance",
    rules=(
        _marts.one_row_per(
            "one_row_per_alert_outcome_and_number",
            "No two rows share a group, an alert, an outcome and a number.",
            *GROUP,
            "metric_id",
        ),
        Rule(
            rule_id="judged_and_unknown_courses_sum_to_all",
            sentence="Those with and without the outcome, with and without the alert and the "
            "unknown sum to the courses.",
            why="A course that is in no cell makes an alert look better or worse than it is.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_rows(
                f"select 1 from batch group by {', '.join(GROUP)} "
                f"having {_sum_of('sensitivity', 'specificity')} <> {_sum_of('base_rate')} "
                f"or {_sum_of('positive_predictive_value', 'negative_predictive_value')} "
                f"<> {_sum_of('base_rate')} "
                f"or {_sum_of('base_rate')} + max(unknown_outcome_count) "
                "+ max(unknown_alert_count) <> max(course_count)"
            ),
            columns=(
                *GROUP,
                "metric_id",
                "sample_size",
                "course_count",
                "unknown_outcome_count",
                "unknown_alert_count",
            ),
        ),
        Rule(
            rule_id="zero_is_a_number_and_nobody_is_none",
            sentence="A number exists exactly where somebody is in its denominator.",
            why="No alert was right, and no alert was raised, are two different things.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "(estimate is null) <> (sample_size = 0) "
                "or (status = 'not_computable') <> (sample_size = 0) "
                "or abs(estimate * sample_size - numerator_count) > 0.001"
            ),
            columns=("estimate", "sample_size", "numerator_count", "status"),
        ),
        Rule(
            rule_id="a_number_lies_within_its_limits",
            sentence="A share lies between its limits and a median between its quartiles.",
            why="Readers trust the interval more than the number.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "estimate not between interval_low - 1e-9 and interval_high + 1e-9 "
                "or interval_low < 0 or interval_high > 1 "
                "or estimate not between quartile_low and quartile_high"
            ),
            columns=("estimate", "interval_low", "interval_high", "quartile_low", "quartile_high"),
        ),
    ),
)
