"""Rules that hold for every raw table that carries what a clinic sent.

What belongs here: claims about keys, time, origin and identifying values, whatever the table.
What does not: claims about answers or scores.
"""

from expectations.rules import Rule, Situation
from expectations.wording import no_row_where, no_rows, quoted, values_are_present

# Cheap tests come first in each pattern: they spare most values the regular expression.
EMAIL = (
    "contains({column}, '@') and "
    "regexp_matches({column}, '[A-Za-z0-9._%+-]@[A-Za-z0-9-]+[.][A-Za-z]')"
)
SSN = (
    "strlen({column}) >= 11 and "
    "regexp_matches({column}, '(^|[^0-9])[0-9]{{3}}-[0-9]{{2}}-[0-9]{{4}}($|[^0-9])')"
)

MEND_LANDING = (
    "This is a fault of Scout's landing room, not of the clinic's file: rows like this should have "
    "been refused. Find the load by its number in raw.loads and report it."
)


def is_present(column: str, why: str) -> Rule:
    """No record lacks ``column``."""
    return Rule(
        rule_id=f"{column}_is_present",
        sentence=f"Every record has a value in {column}.",
        why=why,
        severity="critical",
        when_it_fails=MEND_LANDING,
        expectation=values_are_present(column),
        columns=(column,),
    )


def belongs_to_a_load() -> Rule:
    """Every record can be traced to an accepted file."""
    return Rule(
        rule_id="every_record_belongs_to_a_load",
        sentence="Every record names a load that was accepted.",
        why="A record that no file explains cannot be traced, corrected or rebuilt.",
        severity="critical",
        when_it_fails="Rebuild the warehouse from the archive; if it comes back, report it.",
        expectation=no_rows(
            "select 1 from batch anti join "
            "(select load_sequence from raw.loads where status = 'loaded') as accepted "
            "using (load_sequence)"
        ),
        columns=("load_sequence",),
        tables=("raw.loads",),
    )


def has_a_time() -> Rule:
    """Every record states a date, a day or an occasion."""
    return Rule(
        rule_id="every_record_has_a_time",
        sentence="Every record states a date, a day or an occasion.",
        why="Change needs an order, and Scout invents no time.",
        severity="critical",
        when_it_fails=MEND_LANDING,
        expectation=no_row_where(
            "nullif(trim(occurred_on), '') is null and nullif(trim(day), '') is null "
            "and nullif(trim(occasion), '') is null"
        ),
        columns=("occurred_on", "day", "occasion"),
    )


def no_identifiers() -> tuple[Rule, ...]:
    """No text column of the table, whatever its name, holds an e-mail address or a US SSN."""
    mend = (
        "Do not publish. Find the load in raw.loads, take the file out of the landing folder, have "
        "the clinic remove the value, delete the warehouse and the archived file, and run again."
    )
    return (
        Rule(
            rule_id="no_value_looks_like_an_email_address",
            sentence="No text in the table looks like an e-mail address.",
            why="The warehouse holds pseudonymous data only; an address names a person.",
            severity="critical",
            when_it_fails=mend,
            expectation=no_rows(lambda situation: _any_text_matches(situation, EMAIL)),
        ),
        Rule(
            rule_id="no_value_looks_like_a_social_security_number",
            sentence="No text in the table looks like a US social security number.",
            why="The warehouse holds pseudonymous data only; an SSN names a person.",
            severity="critical",
            when_it_fails=mend,
            expectation=no_rows(lambda situation: _any_text_matches(situation, SSN)),
        ),
    )


def _any_text_matches(situation: Situation, pattern: str) -> str:
    tests = [
        f"({pattern.format(column=quoted(name))})"
        for name, kind in situation.columns.items()
        if kind == "VARCHAR"
    ]
    return f"select 1 from batch where {' or '.join(tests) or 'false'}"
