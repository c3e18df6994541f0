"""Rules that hold for every table of the link over time.

What belongs here: that a number, its interval and its status tell the same story, and that no
direction stands alone.
What does not: whether a number is right (unit, oracle and calibration tests).
"""

from expectations.rules import Rule
from expectations.suites import _marts
from expectations.wording import no_row_where, no_rows, values_are_in

PAIR = ("stratum_kind", "stratum_id", "process_scale_id", "outcome_scale_id")
STATUSES = ("estimated", "too_few", "not_computable")
EVIDENCE = ("concurrent", "temporally ordered", "controlled")


def statuses_are_known() -> Rule:
    """The three words of ``status``."""
    return Rule(
        rule_id="statuses_are_known_words",
        sentence="The status is estimated, too_few or not_computable.",
        why="A number without a status hides why it is empty.",
        severity="critical",
        when_it_fails=_marts.MEND,
        expectation=values_are_in("status", STATUSES),
        columns=("status",),
    )


def evidence_is_labelled(words: tuple[str, ...] = EVIDENCE) -> Rule:
    """The words a table may use of its evidence."""
    return Rule(
        rule_id="evidence_labels_are_known_words",
        sentence=f"The evidence label is {' or '.join(words)}.",
        why="Readers take an unlabelled association for a cause.",
        severity="critical",
        when_it_fails=_marts.MEND,
        expectation=no_row_where(
            "evidence_label is null or evidence_label not in ("
            + ", ".join(f"'{word}'" for word in words)
            + ")"
        ),
        columns=("evidence_label",),
    )


def numbers_follow_the_status(estimate: str, *others: str) -> Rule:
    """Estimated rows have a number and its limits; the others have none."""
    columns = (estimate, "interval_low", "interval_high", *others)
    some = " or ".join(f"{column} is not null" for column in columns)
    lacking = " or ".join(f"{column} is null" for column in columns)
    return Rule(
        rule_id="only_estimated_rows_carry_numbers",
        sentence="An estimated row has a number and both limits, any other row has none of them.",
        why="A number under the floor would be read as a finding.",
        severity="critical",
        when_it_fails=_marts.MEND,
        expectation=no_row_where(
            f"(status = 'estimated' and ({lacking})) or (status <> 'estimated' and ({some}))"
        ),
        columns=("status", *columns),
    )


def estimate_lies_within_its_limits(estimate: str) -> Rule:
    """For symmetric intervals: the estimate is inside, and the error is not negative."""
    return Rule(
        rule_id="an_estimate_lies_within_its_limits",
        sentence="An estimate lies between its limits and its standard error is not negative.",
        why="Readers trust the interval more than the number.",
        severity="critical",
        when_it_fails=_marts.MEND,
        expectation=no_row_where(
            f"{estimate} not between interval_low - 1e-7 and interval_high + 1e-7 "
            "or standard_error < 0"
        ),
        columns=(estimate, "interval_low", "interval_high", "standard_error"),
    )


def both_directions_stand(*keys: str) -> Rule:
    """Every group that has one lagged direction has the other."""
    return Rule(
        rule_id="both_directions_stand_side_by_side",
        sentence="Where process to outcome stands, outcome to process stands too.",
        why="A single direction looks like an answer to a question it does not ask.",
        severity="critical",
        when_it_fails=_marts.MEND,
        expectation=no_rows(
            f"select 1 from batch where direction <> 'concurrent' group by {', '.join(keys)} "
            "having count(distinct direction) <> 2"
        ),
        columns=(*keys, "direction"),
    )
