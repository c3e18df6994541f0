"""What must be true of ``marts.dq_key_guards``: nothing speaks against the keys in use.

What belongs here: the claim that no guard warns.
What does not: what a guard looks at (``dbt_project``).
"""

from expectations.rules import Rule, TableSuite
from expectations.wording import no_row_where

SUITE = TableSuite(
    schema="marts",
    table="dq_key_guards",
    rules=(
        Rule(
            rule_id="no_guard_speaks_against_a_key",
            sentence="No source's answers look reversed, shifted, or totalled in another metric.",
            why="A wrong key turns improvement into deterioration and no later check can see it.",
            severity="warning",
            when_it_fails=(
                "The run's summary and marts.dq_key_guards name source, instrument and guard: "
                "compare the clinic's form with seeds/INSTRUMENTS.md, then mend source.yml "
                "(stored_minimum, items) or export again."
            ),
            expectation=no_row_where("status = 'warning'"),
            columns=("status",),
        ),
    ),
)
