"""Rules that every published table of estimates keeps beside those of disclosure.

What belongs here: what a reader of an estimate relies on, whatever the table.
What does not: disclosure itself (_disclosure.py), a table's key.
"""

from expectations.rules import Rule, TableSuite
from expectations.suites._disclosure import MEND, disclosure_rules
from expectations.suites.published_pub_program_measures import GUARDED
from expectations.wording import no_row_where, no_rows

LABELS = ("concurrent", "temporally ordered", "controlled", "uncontrolled", "descriptive")


def published_estimates(
    table: str,
    key: tuple[str, ...],
    *rules: Rule,
    shares: dict[str, tuple[str, ...]] | None = None,
    about_nobody_here: tuple[str, ...] = (),
    without_limits: str = "false",
) -> TableSuite:
    """The suite of one table whose estimates rest on ``sample_size``."""
    return TableSuite(
        schema="published",
        table=table,
        rules=(
            *disclosure_rules(
                key=key,
                base="sample_size",
                guarded=GUARDED,
                shares=shares,
                about_nobody_here=about_nobody_here,
                without_limits=without_limits,
            ),
            claim(
                "an_estimate_lies_within_its_limits",
                "An estimate that has limits lies between them.",
                "Readers trust the interval more than the number.",
                "estimate not between estimate_interval_low and estimate_interval_high",
                "estimate",
                "estimate_interval_low",
                "estimate_interval_high",
            ),
            claim(
                "evidence_is_labelled",
                "Every row says what its design can show.",
                "A concurrent association read as a cause misleads.",
                f"evidence_label is null or evidence_label not in {LABELS}",
                "evidence_label",
            ),
            *rules,
        ),
    )


def claim(rule_id: str, sentence: str, why: str, broken: str, *columns: str) -> Rule:
    """A rule that no row may break."""
    return Rule(
        rule_id=rule_id,
        sentence=sentence,
        why=why,
        severity="critical",
        when_it_fails=MEND,
        expectation=no_row_where(broken),
        columns=columns,
    )


def together(rule_id: str, sentence: str, why: str, block: tuple[str, ...], rows: int) -> Rule:
    """A rule that the rows of a block are all there and are all shown or none."""
    return Rule(
        rule_id=rule_id,
        sentence=sentence,
        why=why,
        severity="critical",
        when_it_fails=MEND,
        expectation=no_rows(
            lambda _: (
                f"select 1 from batch group by {', '.join(block)} having count(*) <> {rows} "
                "or count(distinct sample_size_status) > 1 "
                "or count(distinct coalesce(sample_size, -1)) > 1"
            )
        ),
        columns=("sample_size", *block),
    )
