"""Judgements on one column: is this an identifier, by its header, by one value or by its share?

What belongs here: the rules and their policy numbers, each a condition on counts.
What does not: what identifiers look like (patterns.py, headers.py), how
values are counted (columns.py), and the words of a finding (identifiers.py).
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from orchestration.landing.identifiers.columns import (
    BARE_NUMBERS,
    DISTINCT,
    PROFILE,
    TEXT,
    Column,
    counts_of,
    one_row,
)
from orchestration.landing.identifiers.headers import BELIEVED
from orchestration.landing.identifiers.patterns import (
    PATTERNS,
    TELLING,
    flat,
    full_match,
    group,
    iban_is_valid,
    luhn,
    matches,
    modulus_11,
)
from orchestration.landing.identifiers.samples import (
    BIRTH_SHARE,
    FIRST_YEAR_OF_EVENTS,
    MOST_VALUES,
    is_too_frequent,
)

if TYPE_CHECKING:
    from orchestration.warehouse import Connection

__all__ = [
    "event_years",
    "judge_dates",
    "judge_digits",
    "judge_header",
    "judge_text",
    "latest_event_year",
    "years_of",
]

# Policy numbers; each is a share of distinct values unless it says otherwise.
YEARS_BEFORE_THE_LATEST_EVENT = 10
LOOSE_SHARE = 0.3


def judge_header(connection: "Connection", column: Column) -> None:
    """Believe what the header says where at least one value could be it."""
    hints = sorted(rule for rule in column.hints if rule in BELIEVED)
    if column.is_pseudonym:
        hints = [rule for rule in hints if rule != "record_number"]
    conditions = [f"{TELLING} and ({BELIEVED[rule]})" for rule in hints]
    believed = counts_of(connection, conditions, PROFILE) if hints else ()
    for rule, values in zip(hints, believed, strict=True):
        if values:
            rule = "medical_record_number" if rule == "record_number" else rule
            column.found[rule] = "its header says so and its values could be"
    if "perhaps_postcode" in column.hints and not column.is_pseudonym:
        (zips,) = counts_of(connection, [full_match(PATTERNS["zip"])], PROFILE)
        if zips >= max(3, MOST_VALUES * column.distinct):
            column.found.setdefault("postcode", "its header and most of its values say so")


def judge_digits(connection: "Connection", column: Column) -> None:
    """Bare digits: judged by the share that carries a check digit, never one by one."""
    if not column.counts.get("digits"):
        return
    tens, nhs, cards, valid, zeros, long_enough = counts_of(
        connection,
        [
            "places = 10",
            f"places = 10 and {modulus_11('number')}",
            "places between 13 and 18",
            f"places between 13 and 18 and {luhn('number')}",
            full_match(r"0[1-9]\d{8,9}", "digits"),
            "places between 10 and 11",
        ],
        BARE_NUMBERS,
    )
    if is_too_frequent(column, nhs, tens):
        column.found["nhs_number"] = "most of its ten-digit values carry a valid check digit"
    if is_too_frequent(column, valid, cards):
        column.found["card_number"] = "most of its long numbers carry a valid check digit"
    if not column.is_pseudonym and is_too_frequent(column, zeros, long_enough):
        column.found["phone"] = "most of its numbers begin as national telephone numbers do"


# Shapes that are findings on their own, in every column: pattern -> rule.
_ALONE = {
    "email": "email",
    "ssn": "ssn",
    "nhs_named": "nhs_number",
    "phone": "phone",
    "postcode": "postcode",
    "address": "address",
    "ip_address": "ip_address",
    "device": "device",
    "web_address": "web_address",
    "nino": "national_id",
    "national": "national_id",
    "photo": "photo_or_biometric",
    "location": "location",
    "name_known": "name",
}
_WHOLE_VALUE = {"location", "name_known"}


def judge_text(connection: "Connection", column: Column) -> None:
    """Search the worded values for shapes, check digits, names and free text."""
    if not column.counts.get("text"):
        return
    conditions = [
        full_match(PATTERNS[shape]) if shape in _WHOLE_VALUE else matches(PATTERNS[shape])
        for shape in _ALONE
    ]
    counts = counts_of(connection, conditions)
    for rule, values in zip(_ALONE.values(), counts, strict=True):
        if values:
            column.found.setdefault(rule, "at least one of its values has that shape")
    _judge_checked(connection, column)
    _judge_codes(connection, column)
    _judge_names(connection, column)
    _judge_free_text(connection, column)


def _judge_checked(connection: "Connection", column: Column) -> None:
    """Grouped digits and account numbers: the shape and the check digit together."""
    shapes = ("nhs", "nhs_hyphen", "card")
    of_spaced, of_hyphened, of_cards, perhaps_iban = counts_of(
        connection,
        [*(matches(PATTERNS[shape]) for shape in shapes), full_match(PATTERNS["iban"])],
    )
    if not (of_spaced or of_hyphened or of_cards or perhaps_iban):
        return
    spaced, hyphened, cards = (
        counts_of(
            connection,
            [check("number")],
            f"(select {flat(group(PATTERNS[shape]))} as number from {TEXT} "
            f"where {matches(PATTERNS[shape])})",
        )[0]
        for shape, check in zip(shapes, (modulus_11, modulus_11, luhn), strict=True)
    )
    hyphens_tell = (
        is_too_frequent(column, hyphened, of_hyphened) if column.is_pseudonym else hyphened > 0
    )
    if spaced or hyphens_tell:
        column.found.setdefault("nhs_number", "at least one of its values has a valid check digit")
        if spaced + hyphened >= MOST_VALUES * (of_spaced + of_hyphened):
            # The same digits are not reported twice.
            column.found.pop("phone", None)
    if is_too_frequent(column, cards, of_cards) if column.is_pseudonym else cards > 0:
        column.found.setdefault("card_number", "at least one of its values has a valid check digit")
    if perhaps_iban:
        result = connection.execute(
            f"select value from {TEXT} where {full_match(PATTERNS['iban'])}"
        )
        valid = 0
        while rows := result.fetchmany(10_000):
            valid += sum(iban_is_valid(str(row[0])) for row in rows)
        if is_too_frequent(column, valid, perhaps_iban) if column.is_pseudonym else valid > 0:
            column.found.setdefault("iban", "at least one of its values has a valid check digit")


def _judge_codes(connection: "Connection", column: Column) -> None:
    """Shapes that codes share with identifiers: judged by share, most not on pseudonyms."""
    most = MOST_VALUES * column.distinct
    # Shorter ones are how sites number their patients: 0101-023.
    places = "length(regexp_replace(value, '[^0-9]', '', 'g'))"
    loose, national, postcodes = counts_of(
        connection,
        [
            f"{full_match(PATTERNS['phone_loose'])} and "
            f"{places} >= {10 if column.is_pseudonym else 9}",
            full_match(PATTERNS["ssn_shape"]),
            full_match(PATTERNS["postcode_shape"]),
        ],
    )
    is_loose = is_too_frequent(column, loose, column.distinct) or (
        not column.is_pseudonym and loose >= max(3, LOOSE_SHARE * column.distinct)
    )
    if is_loose and "nhs_number" not in column.found:
        column.found.setdefault("phone", "many of its values have that shape")
    if column.is_pseudonym:
        return
    if national >= max(3, most):
        column.found.setdefault("ssn", "most of its values have that shape")
    if postcodes >= max(3, most):
        column.found.setdefault("postcode", "most of its values have that shape")


def _judge_names(connection: "Connection", column: Column) -> None:
    shaped, words, likely, known_words, institutions, several = counts_of(
        connection,
        [
            full_match(PATTERNS["name_shape"]),
            full_match(PATTERNS["word_shape"]),
            f"{full_match(PATTERNS['name_likely'])} and not {matches(PATTERNS['institution'])}",
            f"{matches(PATTERNS['name_word'])} and length(value) <= 40 "
            f"and not {matches(PATTERNS['institution'])}",
            matches(PATTERNS["institution"]),
            full_match(PATTERNS["several_words"]),
        ],
    )
    distinct = column.distinct
    is_varied = distinct >= 30 or (distinct >= 20 and distinct >= 0.5 * column.lines)
    reasons = (
        (
            likely >= max(1, 0.5 * distinct) or likely >= max(2, 0.2 * distinct),
            "many values begin with common given names",
        ),
        (likely >= 1 and (column.is_pseudonym or several <= 0.1 * distinct), "one value is a name"),
        (known_words >= 3 and known_words >= 0.3 * distinct, "many values hold common given names"),
        (
            is_varied and shaped >= 0.8 * distinct and institutions <= 0.2 * distinct,
            "nearly all values are two or three capitalised words",
        ),
        (
            "perhaps_name" in column.hints
            and words >= 0.5 * distinct
            and (known_words >= 1 or distinct >= max(10, 0.3 * column.lines)),
            "its header and its values say so",
        ),
    )
    for is_true, reason in reasons:
        if is_true:
            column.found.setdefault("name", reason)


def _judge_free_text(connection: "Connection", column: Column) -> None:
    is_long = (
        f"(length(value) > 40 and {full_match(PATTERNS['long_text'])} "
        f"or length(value) > 20 and {full_match(PATTERNS['unspaced_text'])})"
    )
    distinct, lines, once = one_row(
        connection,
        f"select count(*), sum(lines), count(*) filter (lines = 1) from {TEXT} where {is_long}",
    )
    mostly = distinct >= 3 and lines >= 0.5 * column.lines and distinct >= 0.5 * lines
    if mostly or (once >= 10 and once >= 0.5 * distinct):
        column.found.setdefault("free_text", "its values are long, worded and rarely repeated")


def years_of(connection: "Connection", column: Column) -> dict[int, int]:
    """How many distinct dates a column has in each year; empty unless it is a column of dates."""
    if column.is_event:
        return {}
    dates, digits = column.counts.get("date", 0), column.counts.get("date_digits", 0)
    # Eight digits are a date by chance now and then; a whole column of them is not.
    is_digits = digits >= max(5, 0.9 * column.distinct) and not column.is_pseudonym
    if dates < max(1.0, MOST_VALUES * column.distinct) and not is_digits:
        return {}
    return _count_by_year(connection, PROFILE)


# Two-digit years up to this one belong to this century.
_PIVOT = 30


def _count_by_year(connection: "Connection", relation: str, weight: str = "1") -> dict[int, int]:
    four = "regexp_extract(value, '(?:^|[^0-9]|^[0-9]{4})((?:18|19|20)[0-9]{2})', 1)"
    two = "regexp_extract(value, '[^0-9]([0-9]{2})$', 1)"
    rows = connection.execute(
        f"with years as (select try_cast({four} as integer) as four, "
        f"try_cast({two} as integer) as two, {weight} as weight from {relation}) "
        f"select coalesce(four, two + if(two <= {_PIVOT}, 2000, 1900)) as year, sum(weight) "
        "from years group by year having year is not null"
    ).fetchall()
    return {int(year): int(number) for year, number in rows}


def _latest(years: dict[int, int]) -> int | None:
    """The year that 95 % of the dates do not exceed, so that one misprint moves nothing."""
    seen, total = 0, sum(years.values())
    for year in sorted(years):
        seen += years[year]
        if seen >= 0.95 * total:
            return year
    return None


def event_years(connection: "Connection") -> dict[int, int]:
    """How many lines of the column just profiled state a date of each year."""
    return _count_by_year(connection, f"(select raw as value, lines from {DISTINCT})", "lines")


def latest_event_year(counted: Iterable[dict[int, int]]) -> int | None:
    """The year that 95 % of the mapped event dates do not exceed; None without such dates.

    Args:
        counted: :func:`event_years` of each column of event dates.
    """
    years: dict[int, int] = {}
    for column in counted:
        for year, number in column.items():
            years[year] = years.get(year, 0) + number
    return _latest(years)


def judge_dates(dated: Sequence[tuple[Column, dict[int, int]]], latest: int | None) -> None:
    """Find the columns whose dates would make ages; the rule stands in the module's docstring."""
    if latest is None:
        latest = max((_latest(years) or 0 for _, years in dated), default=0)
    first = max(FIRST_YEAR_OF_EVENTS, latest - YEARS_BEFORE_THE_LATEST_EVENT)
    for column, years in dated:
        old = sum(number for year, number in years.items() if year < first)
        if old >= BIRTH_SHARE * sum(years.values()):
            column.found.setdefault(
                "date_of_birth", "it is not mapped as an event and its dates would make ages"
            )
