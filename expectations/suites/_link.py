"""Rules that every table of estimates of the link keeps, and what makes them one of its own.

What belongs here: keys, words, limits around estimates, nothing shown below its floor.
What does not: whether an estimate is right (unit tests, benchmarks).
"""

from expectations.rules import Rule
from expectations.suites import _marts
from expectations.wording import no_row_where, values_are_in

STATUSES = ("estimated", "too_few", "not_computable")
LABELS = ("concurrent", "temporally_ordered", "controlled")


def estimate_rules(*key: str, size: str = "sample_size") -> tuple[Rule, ...]:
    """The rules of a table with ``estimate``, its limits, ``status`` and ``evidence_label``."""
    return (
        _marts.one_row_per("one_row_per_key", "No two rows are about the same thing.", *key),
        Rule(
            rule_id="statuses_are_known_words",
            sentence="The status is estimated, too_few or not_computable.",
            why="A number without a status hides why it is empty.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=values_are_in("status", STATUSES),
            columns=("status",),
        ),
        Rule(
            rule_id="evidence_is_labelled",
            sentence="Every row says what its design can show.",
            why="A concurrent association read as a cause misleads.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                f"evidence_label is null or evidence_label not in {LABELS} or method is null"
            ),
            columns=("evidence_label", "method"),
        ),
        Rule(
            rule_id="an_estimate_exists_exactly_where_the_status_says_so",
            sentence="A row has an estimate with both limits if it is estimated, else none.",
            why="A number that was held back must not be there all the same.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "(status = 'estimated') <> (estimate is not null) "
                "or (estimate is null) <> (interval_low is null) "
                f"or (estimate is null) <> (interval_high is null) or {size} is null"
            ),
            columns=("status", "estimate", "interval_low", "interval_high", size),
        ),
        Rule(
            rule_id="an_estimate_lies_within_its_limits",
            sentence="An estimate lies between its limits.",
            why="Readers trust the interval more than the number.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "estimate not between interval_low - 1e-6 and interval_high + 1e-6"
            ),
            columns=("estimate", "interval_low", "interval_high"),
        ),
    )


def is_a_share(column: str, low: int = 0) -> Rule:
    """A column between ``low`` and 1."""
    return Rule(
        rule_id=f"{column}_is_possible",
        sentence=f"{column} lies between {low} and 1.",
        why="Beyond that it is a mistake and not a finding.",
        severity="critical",
        when_it_fails=_marts.MEND,
        expectation=no_row_where(f"{column} not between {low} - 1e-9 and 1 + 1e-9"),
        columns=(column,),
    )
