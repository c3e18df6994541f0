"""Refusal at the door: does a table of text look as if it identifies people?

What belongs here: the decision, column by column, from the header and from the distinct values,
made inside DuckDB on every value (one telephone number in the last row is found).
What does not: what identifiers look like (identifier_headers.py, identifier_patterns.py),
reading files, refusing a file (the caller does that), and any value: a finding names a column and a rule, never what was seen.

How a column is judged. Its values are trimmed, made distinct and classed (plain number or code,
digits, date, text); only the rest is searched with the expensive expressions. Then:

* A value that has the shape of an identifier and of nothing else (e-mail, punctuated telephone or
  social security number, spaced NHS number with its check digit, spaced postcode, street address,
  IP, URL) is a finding on its own, in every column.
* A value that has the shape by chance (9 or 10 bare digits, a code like a postcode, a single first
  name) counts only as a share of the column. One random ten-digit number in eleven carries a
  valid NHS check digit, so the share asked is 60 % of ten, 95 % of twenty for mapped pseudonyms.
* A header counts only with values that could be what it says: an empty or yes/no `phone` column
  identifies nobody.
* Dates outside ``event_date_columns`` are birth dates when at least half of the distinct dates lie
  more than ten years before the latest event (95th percentile of the event dates; of all
  dates where no event date is mapped) or before 2010. Years only, so that the order of day and
  month does not matter.

What it cannot do: recognise one rare name among ordinary words, a birth date among event dates, or
nine bare digits without a header. It refuses what looks identified; it does not de-identify.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from orchestration.landing.identifier_headers import BELIEVED, header_rules
from orchestration.landing.identifier_patterns import (
    CLASSES,
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

if TYPE_CHECKING:
    from orchestration.warehouse import Connection

__all__ = ["Finding", "find_identifiers"]

_DISTINCT, _PROFILE = "identifier_distinct_values", "identifier_profile"
_TEXT = f"(select * from {_PROFILE} where kind = 'text')"
# The digits become one number before any arithmetic on them, or each digit would parse them anew.
_BARE_NUMBERS = (
    "(select digits, length(digits) as places, try_cast(digits as bigint) as number from "
    f"(select split_part(value, '.', 1) as digits from {_PROFILE} where kind = 'digits'))"
)
# Scores, answers, short codes: too short for a date, a telephone number or most names.
_SMALL = "(strlen(raw) <= 3 or abs(try_cast(raw as double)) < 1e7 and not starts_with(raw, '+'))"
# Full-width signs, odd hyphens and spaces are what copying from a document leaves behind.
_CLEAN = (
    "case when strlen(raw) = length(raw) then trim(raw, ' \t\r\n') else trim(translate("
    "nfc_normalize(raw), '\u00a0\u2007\u202f\u2009\u2010\u2011\u2012\u2013\u2014\u2212\uff20"
    "\ufeff\u200b\u200e', '    ------@'), ' \t\r\n') end"
)
# Policy numbers; each is a share of distinct values unless it says otherwise.
MOST_VALUES = 0.6
OVERWHELMING_SHARE = 0.95
BIRTH_SHARE = 0.5
YEARS_BEFORE_THE_LATEST_EVENT = 10
FIRST_YEAR_OF_EVENTS = 2010

_DROP = "Drop this column from the export"
_WHAT: dict[str, tuple[str, str]] = {
    "email": ("e-mail addresses", f"{_DROP}."),
    "phone": ("telephone or fax numbers", f"{_DROP}."),
    "ssn": (
        "social security numbers",
        f"{_DROP}, or replace it by a pseudonym made by the clinic.",
    ),
    "nhs_number": ("NHS numbers", f"{_DROP}, or replace it by a pseudonym made by the clinic."),
    "national_id": ("numbers of a person's documents, insurance or accounts", f"{_DROP}."),
    "medical_record_number": (
        "medical record numbers",
        "Replace them by pseudonyms whose key stays in the clinic.",
    ),
    "postcode": ("postcodes or ZIP codes", f"{_DROP}, or keep a region of at least 20 000 people."),
    "date_of_birth": (
        "dates of birth",
        f"{_DROP} and send an age band. If the dates are events, map the column as an event date.",
    ),
    "date_of_death": ("dates of death", f"{_DROP}, or send the year only."),
    "name": ("names of people", f"{_DROP}; use pseudonyms for clients and clinicians."),
    "address": ("addresses or places smaller than a state", f"{_DROP}."),
    "ip_address": ("IP addresses", f"{_DROP}; survey tools can anonymise responses on export."),
    "device": ("addresses of devices", f"{_DROP}."),
    "web_address": ("web addresses", f"{_DROP}."),
    "account_name": ("names of user accounts", f"{_DROP}."),
    "photo_or_biometric": ("pictures or biometric data", f"{_DROP}."),
    "location": ("geographic coordinates", f"{_DROP}."),
    "card_number": ("payment card or device numbers with a valid check digit", f"{_DROP}."),
    "iban": ("bank account numbers", f"{_DROP}."),
    "age_over_89": ("ages over 89", "Send 90 for every age over 89, or an age band."),
    "free_text": ("free text", f"{_DROP}; notes carry names that no pattern finds."),
}


@dataclass(frozen=True)
class Finding:
    """One reason to refuse a file.

    Attributes:
        column: the column's name, or `column <n>` where the name itself looks like an identifier.
        rule: a code of lower-case words, for example ``email`` or ``date_of_birth``.
        sentence: what was seen and where, without a value.
        how_to_mend: what whoever made the export can do.
    """

    column: str
    rule: str
    sentence: str
    how_to_mend: str


@dataclass
class _Column:
    """One column's numbers: counts of distinct values by class, and what was found so far."""

    name: str
    shown: str
    hints: set[str]
    is_pseudonym: bool = False
    is_event: bool = False
    lines: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)

    @property
    def distinct(self) -> int:
        return sum(self.counts.values())


def find_identifiers(
    connection: "Connection",
    table: str,
    *,
    columns: Sequence[str],
    event_date_columns: Collection[str] = (),
    identifier_columns: Collection[str] = (),
) -> list[Finding]:
    """Every reason to believe that ``table`` identifies people, in the order of ``columns``.

    Args:
        connection: an open connection that may create temporary tables.
        table: the name of a table or view whose ``columns`` are text.
        columns: the columns to judge; all values of each are looked at.
        event_date_columns: columns mapped as dates of events; they are not judged as birth dates
            by their values, though a header that says birth still counts.
        identifier_columns: columns mapped as pseudonyms; shapes that digits have by chance count
            there only when nearly all values have them.

    Returns:
        One finding per column and rule; an empty list when nothing looks identified. No finding
        contains a value of the table.

    Raises:
        orchestration.warehouse.Error: the table or one of the columns does not exist.
    """
    findings: list[Finding] = []
    latest = _latest_event_year(connection, table, event_date_columns)
    judged: list[_Column] = []
    old_dates: list[tuple[_Column, dict[int, int]]] = []
    shown = _shown(connection, columns)
    for name in columns:
        column = _profile(connection, table, name, shown[name])
        column.is_pseudonym = name in identifier_columns
        column.is_event = name in event_date_columns
        if column.distinct:
            _judge_header(connection, column)
            _judge_digits(connection, column)
            _judge_text(connection, column)
            years = _years(connection, column)
            if years:
                old_dates.append((column, years))
        judged.append(column)
    _judge_dates(old_dates, latest)
    for temporary in (_DISTINCT, _PROFILE):
        connection.execute(f"drop table if exists {temporary}")
    for column in judged:
        if "date_of_death" in column.found:
            column.found.pop("date_of_birth", None)
        for rule, reason in column.found.items():
            what, mend = _WHAT[rule]
            sentence = f"Column {column.shown} looks like {what}: {reason}."
            findings.append(Finding(column.shown, rule, sentence, mend))
    return findings


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _one(connection: "Connection", query: str) -> tuple[int, ...]:
    row = connection.execute(query).fetchone()
    return tuple(int(number or 0) for number in row or ())


def _counts(
    connection: "Connection", conditions: Sequence[str], relation: str = _TEXT
) -> tuple[int, ...]:
    """How many distinct values meet each condition."""
    counts = ", ".join(f"count(*) filter ({condition})" for condition in conditions)
    return _one(connection, f"select {counts} from {relation}")


def _profile(connection: "Connection", table: str, name: str, shown: str) -> _Column:
    """Class the distinct values of one column into a temporary table.

    Plain values are kept only where the header hints at something, since nothing else reads them.
    """
    column = _Column(name, shown, header_rules(name))
    connection.execute(
        f"create or replace temp table {_DISTINCT} as "
        f"select cast({_identifier(name)} as varchar) as raw, count(*) as lines "
        f"from {_identifier(table)} where {_identifier(name)} is not null group by all"
    )
    values, blank, small, lines = _one(
        connection,
        f"select count(*), count(*) filter (trim(raw) = ''), count(*) filter ({_SMALL} and trim(raw) <> ''), "
        f"sum(lines) filter (trim(raw) <> '') from {_DISTINCT}",
    )
    column.lines = lines
    if blank + small == values and not column.hints:
        # Most columns of an export end here, before any regular expression is compiled.
        column.counts = {"plain": small} if small else {}
        return column
    kept = "value <> ''" if column.hints else "value <> '' and kind <> 'plain'"
    connection.execute(
        f"create or replace temp table {_PROFILE} as select kind, value, lines from "
        f"(select value, lines, {CLASSES} as kind from "
        f"(select {_CLEAN} as value, lines from {_DISTINCT})) where {kept}"
    )
    column.counts = {
        str(kind): int(number)
        for kind, number in connection.execute(
            f"select kind, count(*) from {_PROFILE} group by kind"
        ).fetchall()
    }
    if not column.hints:
        column.counts["plain"] = values - blank - sum(column.counts.values())
    return column


def _shown(connection: "Connection", columns: Sequence[str]) -> dict[str, str]:
    """How each column may be named: by position where its name is itself an identifier.

    A file whose header line is missing has a person's values for names.
    """
    shapes = [
        matches(PATTERNS[shape])
        for shape in ("email", "ssn", "nhs", "phone", "postcode", "address", "ip_address")
    ]
    shapes += [full_match(PATTERNS["name_known"]), "length(value) > 80"]
    rows = connection.execute(
        f"select value, {' or '.join(shapes)} from (select unnest(?::varchar[]) as value)",
        [list(columns)],
    ).fetchall()
    is_telling = {str(name): bool(telling) for name, telling in rows}
    return {
        name: f"column {position}" if is_telling.get(name) else name
        for position, name in enumerate(columns, start=1)
    }


def _judge_header(connection: "Connection", column: _Column) -> None:
    hints = sorted(rule for rule in column.hints if rule in BELIEVED)
    if not hints:
        return
    conditions = [f"{TELLING} and ({BELIEVED[rule]})" for rule in hints]
    for rule, values in zip(hints, _counts(connection, conditions, _PROFILE), strict=True):
        if values:
            column.found[rule] = "its header says so and its values could be"


def _share(column: _Column, having: int, of: int) -> bool:
    """Whether a shape that chance also makes is too frequent for chance."""
    if of >= 8 and having == of:
        return True
    if column.is_pseudonym:
        return of >= 20 and having >= OVERWHELMING_SHARE * of
    return of >= 10 and having >= MOST_VALUES * of


def _judge_digits(connection: "Connection", column: _Column) -> None:
    """Bare digits: judged by the share that carries a check digit, never one by one."""
    if not column.counts.get("digits"):
        return
    tens, nhs, cards, valid, zeros, long_enough = _counts(
        connection,
        [
            "places = 10",
            f"places = 10 and {modulus_11('number')}",
            "places between 13 and 18",
            f"places between 13 and 18 and {luhn('number')}",
            full_match(r"0[1-9]\d{8,9}", "digits"),
            "places between 10 and 11",
        ],
        _BARE_NUMBERS,
    )
    if _share(column, nhs, tens):
        column.found["nhs_number"] = "most of its ten-digit values carry a valid check digit"
    if _share(column, valid, cards):
        column.found["card_number"] = "most of its long numbers carry a valid check digit"
    if not column.is_pseudonym and _share(column, zeros, long_enough):
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
    "photo": "photo_or_biometric",
    "location": "location",
    "name_known": "name",
}
_WHOLE_VALUE = {"location", "name_known"}


def _judge_text(connection: "Connection", column: _Column) -> None:
    if not column.counts.get("text"):
        return
    conditions = [
        full_match(PATTERNS[shape]) if shape in _WHOLE_VALUE else matches(PATTERNS[shape])
        for shape in _ALONE
    ]
    counts = _counts(connection, conditions)
    for rule, values in zip(_ALONE.values(), counts, strict=True):
        if values:
            column.found.setdefault(rule, "at least one of its values has that shape")
    _judge_checked(connection, column)
    _judge_codes(connection, column)
    _judge_names(connection, column)
    _judge_free_text(connection, column)


def _judge_checked(connection: "Connection", column: _Column) -> None:
    """Grouped digits and account numbers: the shape and the check digit together."""
    one, _, some, of_some, cards, of_cards = (
        number
        for shape, check in (("nhs", modulus_11), ("nhs_hyphen", modulus_11), ("card", luhn))
        for number in _counts(
            connection,
            [check("number"), "true"],
            f"(select {flat(group(PATTERNS[shape]))} as number from {_TEXT} "
            f"where {matches(PATTERNS[shape])})",
        )
    )
    (perhaps_iban,) = _counts(connection, [full_match(PATTERNS["iban"])])
    hyphens_tell = _share(column, some, of_some) if column.is_pseudonym else some > 0
    if one or hyphens_tell:
        column.found.setdefault("nhs_number", "at least one of its values has a valid check digit")
        # The same digits are not reported twice.
        column.found.pop("phone", None)
    if _share(column, cards, of_cards) if column.is_pseudonym else cards > 0:
        column.found.setdefault("card_number", "at least one of its values has a valid check digit")
    if perhaps_iban:
        result = connection.execute(
            f"select value from {_TEXT} where {full_match(PATTERNS['iban'])}"
        )
        valid = 0
        while rows := result.fetchmany(10_000):
            valid += sum(iban_is_valid(str(row[0])) for row in rows)
        if _share(column, valid, perhaps_iban) if column.is_pseudonym else valid > 0:
            column.found.setdefault("iban", "at least one of its values has a valid check digit")


def _judge_codes(connection: "Connection", column: _Column) -> None:
    """Shapes that codes share with identifiers: judged by share, and not on pseudonyms."""
    if column.is_pseudonym:
        return
    most = MOST_VALUES * column.distinct
    loose, national, postcodes = _counts(
        connection,
        [
            full_match(PATTERNS["phone_loose"]),
            full_match(PATTERNS["ssn_shape"]),
            full_match(PATTERNS["postcode_shape"]),
        ],
    )
    if loose and "nhs_number" not in column.found:
        column.found.setdefault("phone", "at least one of its values has that shape")
    if national >= max(3, most):
        column.found.setdefault("ssn", "most of its values have that shape")
    if postcodes >= max(3, most):
        column.found.setdefault("postcode", "most of its values have that shape")
    if "perhaps_postcode" in column.hints:
        (zips,) = _counts(connection, [full_match(PATTERNS["zip"])], _PROFILE)
        if zips >= max(3, most):
            column.found.setdefault("postcode", "its header and most of its values say so")


def _judge_names(connection: "Connection", column: _Column) -> None:
    shaped, words, likely, known_words, institutions, several = _counts(
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
    is_varied = distinct >= 20 and distinct >= 0.5 * column.lines
    reasons = (
        (likely >= 2 and likely >= 0.2 * distinct, "many values begin with common given names"),
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


def _judge_free_text(connection: "Connection", column: _Column) -> None:
    is_long = f"length(value) > 40 and {full_match(PATTERNS['long_text'])}"
    distinct, lines, once = _one(
        connection,
        f"select count(*), sum(lines), count(*) filter (lines = 1) from {_TEXT} where {is_long}",
    )
    mostly = distinct >= 3 and lines >= 0.5 * column.lines and distinct >= 0.5 * lines
    if mostly or (once >= 10 and once >= 0.5 * distinct):
        column.found.setdefault("free_text", "its values are long, worded and rarely repeated")


def _years(connection: "Connection", column: _Column) -> dict[int, int]:
    """How many distinct dates a column has in each year; empty unless it is a column of dates."""
    if column.is_event:
        return {}
    dates, digits = column.counts.get("date", 0), column.counts.get("date_digits", 0)
    # Eight digits are a date by chance now and then; a whole column of them is not.
    is_digits = digits >= max(5, 0.9 * column.distinct) and not column.is_pseudonym
    if dates < max(1.0, MOST_VALUES * column.distinct) and not is_digits:
        return {}
    return _count_by_year(connection, _PROFILE)


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


def _latest_event_year(
    connection: "Connection", table: str, event_date_columns: Collection[str]
) -> int | None:
    years: dict[int, int] = {}
    for name in event_date_columns:
        counted = _count_by_year(
            connection,
            f"(select cast({_identifier(name)} as varchar) as value, count(*) as lines "
            f"from {_identifier(table)} group by all)",
            "lines",
        )
        for year, number in counted.items():
            years[year] = years.get(year, 0) + number
    return _latest(years)


def _judge_dates(dated: Sequence[tuple[_Column, dict[int, int]]], latest: int | None) -> None:
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
