"""What must be true of ``published.pub_program_measures`` before a dashboard may open the file.

What belongs here: the table's key and base, and the list of tables that are guarded.
What does not: the disclosure rules themselves (_disclosure.py).
"""

from expectations.rules import TableSuite
from expectations.suites._disclosure import disclosure_rules

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
)
# What the file says of programs, scales and words; nobody is counted in them.
REFERENCES = ("pub_metric_dictionary", "pub_programs", "pub_scales")
GUARDED = (*AGGREGATES, *REFERENCES)

SUITE = TableSuite(
    schema="published",
    table="pub_program_measures",
    rules=disclosure_rules(
        key=("program_id", "scale_id", "interval_name"), base="paired_count", guarded=GUARDED
    ),
)
