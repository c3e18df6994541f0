"""What must be true of ``marts.dq_score_drift``: what moved since the release before, and why.

What belongs here: that a score of unchanged files stays what it was, and that counts are counts.
What does not: finding what moved (``orchestration.checks.drift``).
"""

from expectations.rules import Rule, TableSuite
from expectations.suites import _marts
from expectations.wording import no_row_where, values_are_in

REASONS = (
    "new_file",
    "corrected_file",
    "read_again",
    "rule",
    "other_records",
    "records_and_rule",
    "unexplained",
)

SUITE = TableSuite(
    schema="marts",
    table="dq_score_drift",
    rules=(
        Rule(
            rule_id="scores_of_unchanged_files_stay_what_they_were",
            sentence="No score moved whose form stands in no new, corrected or newly read file.",
            why="A rule that changes silently changes last year's report with it.",
            severity="warning",
            when_it_fails=(
                "See changed_rules: was Scout updated, or a definition in instruments/ changed? If "
                "you expected it, nothing is to be done; the next run compares with this release."
            ),
            expectation=no_row_where("subject = 'score' and reason in ('rule', 'unexplained')"),
            columns=("subject", "reason"),
        ),
        Rule(
            rule_id="whatever_moved_has_a_cause",
            sentence="Nothing moved while neither a file nor a rule changed.",
            why="Two runs on the same data must give the same tables.",
            severity="warning",
            when_it_fails="Report it: a number depends on something Scout does not know of.",
            expectation=no_row_where("reason = 'unexplained'"),
            columns=("reason",),
        ),
        _marts.one_row_per(
            "one_row_per_subject_place_and_reason",
            "No two rows share subject, program, scale, metric and reason.",
            "subject",
            "program_id",
            "scale_id",
            "metric_id",
            "reason",
        ),
        Rule(
            rule_id="every_row_tells_of_something_that_moved",
            sentence="Counts are not negative, and one of them is above 0.",
            why="A row of zeros would look like a finding.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "least(added_count, removed_count, changed_count, moved_class_count) < 0 "
                "or added_count + removed_count + changed_count = 0 "
                "or moved_class_count > changed_count "
                "or (changed_count > 0) <> (largest_difference is not null)"
            ),
            columns=(
                "added_count",
                "removed_count",
                "changed_count",
                "moved_class_count",
                "largest_difference",
            ),
        ),
        Rule(
            rule_id="reasons_are_known_words",
            sentence="The reason is one of the seven that the column explains.",
            why="An unknown word would escape the rule about unchanged files.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=values_are_in("reason", REASONS),
            columns=("reason",),
        ),
    ),
)
