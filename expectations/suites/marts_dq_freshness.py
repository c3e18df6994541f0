"""What must be true of ``marts.dq_freshness``: every source sends when it is expected to.

What belongs here: the warning that a source is late.
What does not: how its rhythm is found (``dbt_project``).
"""

from expectations.rules import Rule, TableSuite
from expectations.wording import no_row_where

SUITE = TableSuite(
    schema="marts",
    table="dq_freshness",
    rules=(
        Rule(
            rule_id="no_source_is_late",
            sentence="No source has gone half as long again as expected without a new file.",
            why="Where files stopped, the figures stand still as if nothing happened any more.",
            severity="warning",
            threshold="`late_arrival_factor` times the days that source.yml states "
            "(expected_every), else the median between earlier arrivals, once there are "
            "`minimum_arrival_gaps` such gaps; a judgement.",
            when_it_fails=(
                "Ask the clinic for the export; if it sends less often now, state expected_every "
                "in its source.yml; if it stopped for good, nothing is to be done."
            ),
            expectation=no_row_where("freshness = 'late'"),
            columns=("freshness",),
        ),
    ),
)
