"""What must be true of ``marts.dq_new_forms``: what came last is like what came before.

What belongs here: warnings about the newest files of a source.
What does not: how new is compared with before (``dbt_project``).
"""

from expectations.rules import Rule, TableSuite
from expectations.wording import no_row_where

SUITE = TableSuite(
    schema="marts",
    table="dq_new_forms",
    rules=(
        Rule(
            rule_id="first_scores_of_new_forms_are_like_those_before",
            sentence="In no clinic and scale do the first scores of the newest files differ from "
            "those before by half a standard deviation or more, beyond chance.",
            why="A change of codes, form or clientele looks like an effect of the program.",
            severity="warning",
            threshold="`drift_difference` standard deviations, a medium effect (Cohen 1988), and "
            "`drift_standard_errors` standard errors; of at least `minimum_compared_forms` "
            "forms on either side.",
            when_it_fails=(
                "Ask the clinic what changed: another form, other codes (stored_minimum in "
                "source.yml), another kind of client. If it is real, nothing is to be done."
            ),
            expectation=no_row_where("score_status = 'moved'"),
            columns=("score_status",),
        ),
        Rule(
            rule_id="new_forms_miss_no_more_answers_than_those_before",
            sentence="In no clinic and instrument do the newest files miss many more answers than "
            "those before.",
            why="Most scales have no score when answers are missing, and gaps are rarely random.",
            severity="warning",
            threshold="A rise by `missing_answers_rise` of all answers, a judgement: so many are "
            "seen by eye; of at least `minimum_compared_forms` forms on either side.",
            when_it_fails=(
                "Look for a column that the newest export no longer has or names otherwise; else "
                "ask how the form is filled in now."
            ),
            expectation=no_row_where("missing_status = 'more'"),
            columns=("missing_status",),
        ),
    ),
)
