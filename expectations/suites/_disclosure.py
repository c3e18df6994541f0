"""Rules about what a dashboard may show, for any table of aggregates.

What belongs here: disclosure claims over every ``*_status`` column a table has, whatever its name.
They judge the file on their own: nothing is shared with the code that suppresses.
What does not: the threshold (it comes as a number), or what follows from several numbers together
(``orchestration.auditing`` attacks that).
"""

from collections.abc import Callable, Iterable, Mapping

from expectations.rules import Rule, Situation
from expectations.wording import key_is_unique, no_rows, quoted, text

WORDS = "('shown', 'suppressed', 'not_computable')"
SUFFIX = "_status"
# The limits of an interval share the status of what they are the interval of.
LIMITS = ("_interval_low", "_interval_high")
# What points at one person, or at one record of one person.
PERSONAL = (
    "client_id",
    "episode_id",
    "administration_id",
    "administration_key",
    "record_key",
    "clinician_id",
)
# Which release a row's numbers are of: no number about people.
ABOUT_THE_ROW = ("kept_from_release",)
NUMERIC = ("INT", "DOUBLE", "FLOAT", "DECIMAL", "REAL")
SMALLEST = "The smallest count that `disclosure_policy` lets a table show."
MEND = (
    "Nothing was published: the last good release stays. Report it, with the rule's name; "
    "the step that suppresses small numbers is wrong."
)


def disclosure_rules(
    *,
    key: tuple[str, ...],
    base: str,
    guarded: Iterable[str],
    shares: Mapping[str, tuple[str, ...]] | None = None,
    about_nobody_here: Iterable[str] = (),
    without_limits: str = "false",
) -> tuple[Rule, ...]:
    """The rules of one table of aggregates.

    Args:
        key: the columns that name a row.
        base: the column that counts the clients a row rests on.
        shares: proportions that are not called after their count, each with its counts.
        guarded: all tables that have such rules; a ``pub_`` table outside this list fails.
        about_nobody_here: columns that count no people of this clinic (moments, numbers of others,
            limits that follow from what is judged): rules of their own judge them.
        without_limits: SQL that is true of rows whose statistic has no limits.
    """
    apart = tuple(about_nobody_here)

    def values(situation: Situation) -> list[str]:
        return [name for name in _values(situation) if name not in apart]

    def rule(
        rule_id: str,
        sentence: str,
        why: str,
        statement: Callable[[Situation], str],
        *,
        columns: tuple[str, ...] = (),
        is_critical: bool = True,
        needs_rows: bool = True,
        threshold: str = "",
    ) -> Rule:
        return Rule(
            rule_id=rule_id,
            sentence=sentence,
            why=why,
            severity="critical" if is_critical else "warning",
            when_it_fails=MEND,
            expectation=no_rows(statement),
            columns=columns,
            needs_rows=needs_rows,
            threshold=threshold,
        )

    known, shares = tuple(guarded), shares or {}
    return (
        Rule(
            rule_id="one_row_per_key",
            sentence=f"No two rows share {', '.join(key)}.",
            why="A dashboard picks one row per choice; of two it shows either.",
            severity="critical",
            when_it_fails=MEND,
            expectation=key_is_unique(*key),
            columns=key,
        ),
        rule(
            "no_column_points_at_a_person",
            "No table of the file has a column that points at a person or at one record.",
            "The dashboard's file goes to people who may see aggregates only.",
            _personal_columns,
            needs_rows=False,
        ),
        rule(
            "every_table_of_aggregates_is_guarded",
            "Every pub_ table of the file is judged by these rules.",
            "A new table would otherwise be published unjudged.",
            lambda situation: (
                "select 1 from duckdb_tables() where database_name = current_database() "
                f"and schema_name = {text(situation.schema)} and starts_with(table_name, 'pub_') "
                f"and table_name not in ({', '.join(map(text, known))})"
            ),
            needs_rows=False,
        ),
        rule(
            "every_number_has_a_status",
            "Every numeric column that is not part of the key has a status column.",
            "A number without a status can be shown by mistake, and a NULL is not explained.",
            lambda situation: _columns_without_status(situation, (*key, *apart)),
            needs_rows=False,
        ),
        rule(
            "statuses_are_one_of_the_three_words",
            "Every status is shown, suppressed or not_computable.",
            "A reader knows what a missing number means only by these words.",
            lambda situation: _where_any(
                f"coalesce({quoted(_status(value))} not in {WORDS}, true)"
                for value in values(situation)
            ),
        ),
        rule(
            "what_is_not_shown_is_null",
            "A value that is suppressed or not computable is NULL.",
            "A value that is there can be read, whatever its status says; and 0 looks like none.",
            lambda situation: _where_any(
                f"({quoted(_status(value))} is distinct from 'shown' "
                f"and {quoted(value)} is not null)"
                for value in values(situation)
            ),
        ),
        rule(
            "what_is_shown_is_there",
            "A value whose status is shown is not NULL.",
            "A hole without a reason is read as zero.",
            lambda situation: _where_any(
                f"({quoted(_status(value))} = 'shown' and {quoted(value)} is null"
                + (f" and not ({without_limits}))" if value.endswith(LIMITS) else ")")
                for value in values(situation)
            ),
        ),
        rule(
            "no_shown_count_is_below_the_disclosure_threshold",
            "No count from 1 up to just below the disclosure threshold is there.",
            "A small cell can point at a person.",
            lambda situation: _where_any(
                _is_small(quoted(value)) for value in values(situation) if _is_count(value)
            ),
            threshold=SMALLEST,
        ),
        rule(
            "no_value_is_shown_for_too_few_clients",
            "No value is shown where the clients it rests on are suppressed or too few.",
            "A mean of few, or a zero out of few, tells about each of them.",
            lambda situation: _where_any(
                f"({quoted(value)} is not null "
                f"and ({quoted(base)} is null or {_is_small(quoted(base))}))"
                for value in values(situation)
                if value != base
            ),
            columns=(base,),
            threshold=SMALLEST,
        ),
        rule(
            "no_proportion_is_shown_without_its_count",
            "A proportion is shown only where the count it comes from is shown.",
            "A proportion times the clients gives the suppressed count back.",
            lambda situation: _where_any(
                f"({quoted(value)} is not null and {quoted(count)} is null)"
                for value in values(situation)
                if value.endswith("_proportion") or value in shares
                for count in _counts_of(value, shares, situation)
            ),
        ),
        rule(
            "no_shown_count_gives_away_a_small_remainder",
            "The clients minus a shown count are none, or at least the disclosure threshold.",
            "Whoever sees 40 clients and 38 of them improved knows of the other 2.",
            lambda situation: _where_any(
                _is_small(f"({quoted(base)} - {quoted(value)})")
                for value in values(situation)
                if _is_count(value) and value != base
            ),
            columns=(base,),
            # Of rounded numbers the difference says little; the auditor judges what it tells.
            is_critical=False,
            threshold=SMALLEST,
        ),
    )


def _values(situation: Situation) -> list[str]:
    """The columns that have a status, their own or that of what they are an interval of."""
    return [name for name in situation.columns if _status(name) in situation.columns]


def _status(column: str) -> str:
    """The status column that speaks for a column."""
    for limit in LIMITS:
        column = column.removesuffix(limit)
    return column + SUFFIX


def _counts_of(
    value: str, shares: Mapping[str, tuple[str, ...]], situation: Situation
) -> tuple[str, ...]:
    own = value.removesuffix("_proportion") + "_count"
    return shares.get(value, (own,) if own in situation.columns else ())


def _is_count(column: str) -> bool:
    return column.endswith("_count") or column == "sample_size"


def _is_small(number: str) -> str:
    return f"({number} > 0 and {number} < :disclosure_threshold)"


def _where_any(tests: Iterable[str]) -> str:
    return f"select 1 from batch where {' or '.join(tests) or 'false'}"


def _personal_columns(situation: Situation) -> str:
    return (
        "select 1 from duckdb_columns() where database_name = current_database() "
        f"and schema_name in ('main', {text(situation.schema)}) and not internal "
        f"and lower(column_name) in ({', '.join(map(text, PERSONAL))})"
    )


def _columns_without_status(situation: Situation, key: tuple[str, ...]) -> str:
    bare = sum(
        name not in (*key, *ABOUT_THE_ROW)
        and _status(name) not in situation.columns
        and any(word in kind for word in NUMERIC)
        for name, kind in situation.columns.items()
    )
    return f"select 1 from range({bare})"
