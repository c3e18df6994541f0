"""What must be true of ``marts.fct_dose_response`` in a release: one number of sessions per row.

What belongs here: that nobody is lost between the numbers of sessions or the endings.
What does not: which explanation the numbers favour; whether they are right (unit tests).
"""

from expectations.rules import Rule, TableSuite
from expectations.suites import _marts
from expectations.wording import no_row_where, no_rows

GROUP = ("metric_id", "program_id", "contact_source", "threshold_set", "scale_id")
KEY = (*GROUP, "ending_kind", "session_count")

SUITE = TableSuite(
    schema="marts",
    table="fct_dose_response",
    rules=(
        _marts.one_row_per(
            "one_row_per_group_and_number_of_sessions",
            "No two rows share a metric, a group and a number of sessions.",
            *KEY,
        ),
        Rule(
            rule_id="known_missing_and_left_out_sum_to_the_courses",
            sentence="Of every rate the known, the unknown and those not asked are all courses.",
            why="A course in no class makes the rate of a long course look better or worse.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "method = 'wilson' and (course_count <> sample_size + missing_count "
                "+ left_out_count or numerator_count > sample_size or missing_count < 0)"
            ),
            columns=(
                "method",
                "course_count",
                "sample_size",
                "missing_count",
                "left_out_count",
                "numerator_count",
            ),
        ),
        Rule(
            rule_id="the_endings_sum_to_all_endings",
            sentence="Planned, unplanned and unknown endings sum to all, number by number.",
            why="The two explanations are told apart by the ending; nobody may have none.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_rows(
                "select 1 from batch where method = 'wilson' "
                f"group by {', '.join(GROUP)}, session_count "
                "having sum(case when ending_kind = 'all' then course_count else 0 end) "
                "<> sum(case when ending_kind <> 'all' then course_count else 0 end)"
            ),
            columns=(*GROUP, "session_count", "ending_kind", "course_count", "method"),
        ),
        Rule(
            rule_id="whoever_improves_or_leaves_is_at_risk_no_more",
            sentence="Those at risk are the ones at risk before less the improved and last seen.",
            why="A survival curve that keeps people who left rises too slowly, and too fast else.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_rows(
                "select 1 from (select sample_size, lag(sample_size - numerator_count "
                "- censored_count) over (partition by program_id, contact_source, scale_id, "
                "ending_kind order by session_count) as left_over from batch "
                "where method = 'kaplan_meier' and session_count is not null) as steps "
                "where sample_size <> left_over"
            ),
            columns=(
                "program_id",
                "contact_source",
                "scale_id",
                "ending_kind",
                "session_count",
                "sample_size",
                "numerator_count",
                "censored_count",
                "method",
            ),
        ),
        Rule(
            rule_id="a_number_lies_within_its_limits",
            sentence="Every estimate lies within its interval, and a share within 0 and 1.",
            why="A number outside its own limits is a mistake, whatever made it.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "not (interval_low <= estimate + 1e-9 and estimate <= interval_high + 1e-9) "
                "or estimate > 1 or (method <> 'spearman_bonett_wright' and estimate < 0) "
                "or (estimate is null) <> (status <> 'estimated')"
            ),
            columns=("estimate", "interval_low", "interval_high", "method", "status"),
        ),
    ),
)
