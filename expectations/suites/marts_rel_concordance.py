"""What must be true of ``marts.rel_concordance`` in a release: classes beside classes.

What belongs here: its key, and what its numbers can be. What does not: whether they are right (unit
tests, benchmarks).
"""

from expectations.rules import Rule, TableSuite
from expectations.suites import _marts
from expectations.suites._link import estimate_rules, is_a_share
from expectations.wording import no_row_where

KEY = (
    "stratum_kind",
    "stratum_id",
    "process_scale_id",
    "outcome_scale_id",
    "interval_name",
)
CLASSES = ("improved", "unchanged", "deteriorated", "unknown")
CELLS = tuple(f"{process}_{outcome}_count" for process in CLASSES for outcome in CLASSES)
KNOWN = tuple(cell for cell in CELLS if "unknown" not in cell)

SUITE = TableSuite(
    schema="marts",
    table="rel_concordance",
    rules=(
        *estimate_rules(*KEY),
        is_a_share("estimate", -1),
        Rule(
            rule_id="cells_add_up_to_the_clients",
            sentence="The cells add up to the clients of the group, the known to the sample.",
            why="Whoever falls out of a table of classes is forgotten.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                f"{' + '.join(CELLS)} <> client_count or {' + '.join(KNOWN)} <> sample_size "
                f"or least({', '.join(CELLS)}) < 0"
            ),
            columns=("client_count", "sample_size", *CELLS),
        ),
    ),
)
