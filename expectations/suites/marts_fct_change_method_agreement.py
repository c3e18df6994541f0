"""What must be true of ``marts.fct_change_method_agreement``: how far two methods agree.

What belongs here: that counts are parts of their whole and no number is impossible.
What does not: whether kappa is right (its unit test).
"""

from expectations.rules import Rule, TableSuite
from expectations.suites import _marts
from expectations.wording import no_row_where, values_are_in

STATUSES = ("estimated", "too_few", "not_computable")

SUITE = TableSuite(
    schema="marts",
    table="fct_change_method_agreement",
    rules=(
        _marts.one_row_per(
            "one_row_per_scale_interval_and_method",
            "No two rows share a scale, an interval and a method.",
            "scale_id",
            "interval_name",
            "method",
        ),
        Rule(
            rule_id="agreement_is_a_part_of_those_judged",
            sentence="Those judged alike and those newly classed are at most those judged.",
            why="A person can be judged alike or otherwise, not both.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "least(same_count, newly_improved_count, newly_deteriorated_count) < 0 "
                "or same_count + newly_improved_count + newly_deteriorated_count > sample_size "
                "or abs(agreement_proportion * sample_size - same_count) > 0.001"
            ),
            columns=(
                "same_count",
                "newly_improved_count",
                "newly_deteriorated_count",
                "sample_size",
                "agreement_proportion",
            ),
        ),
        Rule(
            rule_id="kappa_stands_exactly_where_it_was_estimated",
            sentence="Kappa stands where the status is estimated, and lies between -1 and 1.",
            why="Without people in two classes there is no agreement beyond chance to tell.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "(kappa is not null) <> (status = 'estimated') "
                "or kappa not between -1 - 1e-9 and 1 + 1e-9 or kappa > agreement_proportion + 1e-9"
            ),
            columns=("kappa", "status", "agreement_proportion"),
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
