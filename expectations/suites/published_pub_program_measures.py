"""What must be true of ``published.pub_program_measures`` before a dashboard may open the file.

What belongs here: the table's key and base, and the list of tables that are guarded.
What does not: the disclosure rules themselves (_disclosure.py).
"""

from expectations.rules import Rule, TableSuite
from expectations.suites._disclosure import MEND, disclosure_rules
from expectations.wording import no_row_where

# Whoever adds a pub_ table that tells of people adds a module like this one, and the table here.
AGGREGATES = (
    "pub_program_measures",
    "pub_change_associations",
    "pub_program_outcomes",
    "pub_attrition",
    "pub_score_bins",
    "pub_change_bins",
    "pub_change_lines",
    "pub_course",
    "pub_change_order",
    "pub_sudden_gains",
    "pub_lead_lag",
    "pub_strata",
    "pub_components",
    "pub_mediation",
    "pub_delivery",
    "pub_dose_response",
    "pub_comparisons",
    "pub_benchmarks",
    "pub_completeness",
)
# What the file says of programs, scales and words; nobody is counted in them.
REFERENCES = ("pub_metric_dictionary", "pub_programs", "pub_scales")
# What the file says of the data's files and rules (_quality.py): rows of files, not people.
ABOUT_THE_DATA = ("pub_release", "pub_loads", "pub_rule_results")
GUARDED = (*AGGREGATES, *REFERENCES, *ABOUT_THE_DATA)

SUITE = TableSuite(
    schema="published",
    table="pub_program_measures",
    rules=(
        *disclosure_rules(
            key=("program_id", "scale_id", "interval_name"), base="paired_count", guarded=GUARDED
        ),
        Rule(
            rule_id="classes_sum_to_those_judged",
            sentence="Where all are shown, improved, unchanged and deteriorated are together those "
            "judged.",
            why="Somebody would be in no class or in two, and no share of the program would hold.",
            severity="critical",
            when_it_fails=MEND,
            threshold="Exactly; where the disclosure policy rounds, what rounded numbers allow.",
            expectation=no_row_where(
                "abs(improved_count + unchanged_count + deteriorated_count - judged_count) "
                "> 2 * (:disclosure_rounding - 1)"
            ),
            columns=("improved_count", "unchanged_count", "deteriorated_count", "judged_count"),
        ),
    ),
)
