"""What must be true of ``published.pub_score_bins`` before a dashboard may open the file.

What belongs here: the table's key and base, and how its bins lie.
What does not: the disclosure rules themselves (_disclosure.py).
"""

from expectations.rules import Rule, TableSuite
from expectations.suites._disclosure import MEND, disclosure_rules
from expectations.suites.published_pub_program_measures import GUARDED
from expectations.wording import no_rows

SUITE = TableSuite(
    schema="published",
    table="pub_score_bins",
    rules=(
        *disclosure_rules(
            key=("program_id", "scale_id", "score_moment", "bin_number", "bin_low", "bin_high"),
            base="paired_count",
            guarded=GUARDED,
        ),
        Rule(
            rule_id="bins_lie_end_to_end",
            sentence="Each bin of a program, scale and moment begins where the one before it ends.",
            why="People in a gap are in no picture, and in an overlap they are twice in it.",
            severity="critical",
            when_it_fails=MEND,
            expectation=no_rows(
                "select 1 from (select bin_low, lag(bin_high) over (partition by program_id, "
                "scale_id, score_moment order by bin_number) as edge from batch) "
                "where edge <> bin_low"
            ),
            columns=("program_id", "scale_id", "score_moment", "bin_number", "bin_low", "bin_high"),
        ),
    ),
)
