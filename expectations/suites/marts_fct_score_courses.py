"""What must be true of ``marts.fct_score_courses`` in a release: one scale of one course per row.

What belongs here: that status, moments, days and counts of a course tell one story.
What does not: when a change is reliable (unit, golden and oracle tests).
"""

from expectations.rules import Rule, TableSuite
from expectations.suites import _marts
from expectations.wording import no_row_where, no_rows

SUITE = TableSuite(
    schema="marts",
    table="fct_score_courses",
    rules=(
        _marts.one_row_per(
            "one_row_per_episode_and_scale",
            "No two rows share an episode and a scale.",
            "episode_id",
            "scale_id",
        ),
        Rule(
            rule_id="a_change_is_reached_censored_or_unknown",
            sentence="A moment stands exactly where a change was reached, a reason where unknown.",
            why="Censored courses counted as unchanged make every time to change too long.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                " or ".join(
                    f"{change}_status is distinct from case when unknown_reason is not null "
                    f"then 'unknown' when {moment}_moment is not null then 'reached' "
                    "else 'censored' end"
                    for change, moment in (
                        ("improvement", "improved"),
                        ("deterioration", "deteriorated"),
                    )
                )
            ),
            columns=(
                "improvement_status",
                "deterioration_status",
                "improved_moment",
                "deteriorated_moment",
                "unknown_reason",
            ),
        ),
        Rule(
            rule_id="a_lasting_change_is_not_before_the_first",
            sentence="A change for good comes with or after the first one and by the last score.",
            why="The day from which a change lasted is one of the days on which it held.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "lastingly_improved_day < improved_day or lastingly_improved_day > last_day "
                "or lastingly_deteriorated_day < deteriorated_day "
                "or lastingly_deteriorated_day > last_day"
            ),
            columns=(
                "improved_day",
                "lastingly_improved_day",
                "deteriorated_day",
                "lastingly_deteriorated_day",
                "last_day",
            ),
        ),
        Rule(
            rule_id="every_sudden_step_that_is_counted_is_listed",
            sentence="The sudden gains and losses of a course are the rows of fct_sudden_gains.",
            why="A rate takes its numerator from the one table and its denominator from the other.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_rows(
                "select 1 from (select episode_id, scale_id, "
                "count(*) filter (where is_sudden and step_improvement > 0) as gains, "
                "count(*) filter (where is_sudden and step_improvement < 0) as losses "
                "from marts.fct_sudden_gains group by all) as listed "
                "full join batch on listed.episode_id = batch.episode_id "
                "and listed.scale_id = batch.scale_id "
                "where coalesce(gains, 0) is distinct from sudden_gains_count "
                "or coalesce(losses, 0) is distinct from sudden_losses_count "
                "or sudden_gains_count + sudden_losses_count > judged_steps_count"
            ),
            columns=(
                "episode_id",
                "scale_id",
                "sudden_gains_count",
                "sudden_losses_count",
                "judged_steps_count",
            ),
            tables=("marts.fct_sudden_gains",),
        ),
    ),
)
