"""What must be true of ``marts.dq_completeness``: enough is there to speak of a program.

What belongs here: claims about forms that are there or missing, by program and instrument.
What does not: single answers or forms.
"""

from expectations.rules import Rule, TableSuite
from expectations.wording import no_row_where, no_rows

SUITE = TableSuite(
    schema="marts",
    table="dq_completeness",
    rules=(
        Rule(
            rule_id="each_count_is_part_of_the_one_before",
            sentence="Episodes with two scores are among those with one, these among those with a "
            "form, these among all; and so with forms.",
            why="A share above one, or of the wrong whole, is no rate of completeness.",
            severity="critical",
            when_it_fails="Report it: a mart counts something twice.",
            expectation=no_row_where(
                "not (paired_count <= measured_count and measured_count <= with_form_count "
                "and with_form_count <= episode_count and finished_count <= episode_count "
                "and finished_paired_count <= least(finished_count, paired_count) "
                "and scored_form_count <= form_count)"
            ),
            columns=(
                "episode_count",
                "with_form_count",
                "measured_count",
                "paired_count",
                "finished_count",
                "finished_paired_count",
                "form_count",
                "scored_form_count",
            ),
        ),
        Rule(
            rule_id="few_answers_of_an_instrument_are_missing",
            sentence="Of no instrument in any program more than a fifth of the answers is missing.",
            why="A scale with gaps has no score, and gaps are rarely random.",
            severity="warning",
            threshold="`missing_share`: what usual rules for prorating a scale forgive.",
            when_it_fails=(
                "Count missing answers per item: one empty item is a mapping that misses its "
                "column, many are a matter for the clinic."
            ),
            expectation=no_row_where(
                "period_kind = 'all' and missing_answer_proportion > :missing_share"
            ),
            columns=("period_kind", "missing_answer_proportion"),
        ),
        Rule(
            rule_id="most_finished_courses_are_measured_twice",
            sentence="Of the finished courses of a program at least nine in ten have a first and a "
            "last score on each outcome and self-compassion scale that it uses.",
            why="Whoever leaves without a last form often did worse: the rates are then rosy.",
            severity="warning",
            threshold="`paired_share` of at least `paired_courses` courses: the standard for "
            "paired data of NHS Talking Therapies.",
            when_it_fails=(
                "Ask the clinic for the missing forms; until then read every rate of change beside "
                "its missing_count and bounds."
            ),
            expectation=no_rows(
                "select 1 from batch join marts.dim_scales as scales using (scale_id) "
                "where period_kind = 'all' and scales.role in ('outcome', 'process') "
                "and finished_count >= :paired_courses "
                "and finished_paired_proportion < :paired_share"
            ),
            columns=("period_kind", "scale_id", "finished_count", "finished_paired_proportion"),
            tables=("marts.dim_scales",),
        ),
    ),
)
