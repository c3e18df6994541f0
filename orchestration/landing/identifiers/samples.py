"""What a few thousand of a column's values say together: numbers, birth dates and names in codes.

What belongs here: judgements that need a share of the values and arithmetic on each, made in
Python on a sample that is the same for the same column.
What does not: shapes that tell on their own, which are looked for in every value (judgements.py).

A pseudonym that was built from a birth date, a name or a national number is no pseudonym
(45 CFR 164.514(c)(1): a code must not be derived from information about the individual).
"""

import hashlib
import itertools
import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from orchestration.landing.identifiers.columns import DISTINCT, Column
from orchestration.landing.identifiers.national import NATIONAL, is_day
from orchestration.landing.identifiers.people import GIVEN, SURNAMES

if TYPE_CHECKING:
    from orchestration.warehouse import Connection

__all__ = [
    "MOST_VALUES",
    "OVERWHELMING_SHARE",
    "is_name_of_a_person",
    "is_too_frequent",
    "judge_sample",
]

MOST_VALUES = 0.6
OVERWHELMING_SHARE = 0.95
SAMPLE_SIZE = 2_000
BIRTH_SHARE = 0.5
FIRST_YEAR_OF_EVENTS = 2010
# A date of six digits is met by chance or by counting; one that spreads over life is a birth date.
_SPREAD = {"years": 15, "months": 6, "days": 12}
_NAME_SHARE = 0.3

_SEPARATORS = re.compile(r"[ .\-/_\u00a0\u2010-\u2014]")
_EIGHT = re.compile(
    r"(?<![0-9])(?:(?P<y>(?:19|20)[0-9]{2})[-./_ ]?(?P<m>[01][0-9])[-./_ ]?(?P<d>[0-3][0-9])"
    r"|(?P<a>[0-3][0-9])[-./_ ]?(?P<b>[0-3][0-9])[-./_ ]?(?P<c>(?:19|20)[0-9]{2}))(?![0-9])"
)
_SIX = re.compile(
    r"(?<![0-9])([0-9]{2})[-./]?([0-9]{2})[-./]?([0-9]{2})(?:[-+A/ ]?[0-9]{3,5})?(?![0-9])"
)


def is_too_frequent(column: Column, having: int, of: int) -> bool:
    """Whether a shape that chance also makes is too frequent for chance."""
    if of >= 8 and having == of:
        return True
    if column.is_pseudonym:
        return of >= 20 and having >= OVERWHELMING_SHARE * of
    return of >= 10 and having >= MOST_VALUES * of


def judge_sample(connection: "Connection", column: Column) -> None:
    """Look at a sample of the column's values, whatever its header says."""
    if column.is_event:
        return
    rows = connection.execute(
        f"select raw from {DISTINCT} where trim(raw) <> '' and length(raw) between 5 and 64 "
        f"order by hash(raw), raw limit {SAMPLE_SIZE}"
    ).fetchall()
    values = [str(row[0]).strip() for row in rows]
    if len(values) < 8:
        return
    if _are_plain_hashes(values):
        column.found["plain_hash"] = "hashing every number up to a hundred thousand gave them"
    if "national_id" not in column.found and _are_national(column, values):
        column.found["national_id"] = "most of its values carry a valid national check digit"
    if "date_of_birth" not in column.found and _are_births(column, values):
        column.found["date_of_birth"] = "its codes contain dates that would make ages"
    if "name" not in column.found and _are_names(values):
        column.found["name"] = "its codes contain common names"


_HASHES = {32: "md5", 40: "sha1", 64: "sha256"}
_TRIED = 100_000


def _are_plain_hashes(values: Sequence[str]) -> bool:
    """Whether hashes without a key give themselves away (reliability.md P-11).

    One hit is proof: no keyed pseudonym is the hash of a small number.
    """
    places = len(values[0])
    if places not in _HASHES or any(len(value) != places for value in values):
        return False
    wanted = {value.lower() for value in values}
    if not all(re.fullmatch(r"[0-9a-f]+", value) for value in wanted):
        return False
    for number in range(_TRIED):
        for text in {str(number), f"{number:06d}", f"{number:07d}"}:
            made = hashlib.new(_HASHES[places], text.encode(), usedforsecurity=False)
            if made.hexdigest() in wanted:
                return True
    return False


def _are_national(column: Column, values: Sequence[str]) -> bool:
    bare = [_SEPARATORS.sub("", value.removesuffix(".0")).upper() for value in values]
    return any(
        is_too_frequent(
            column, sum(1 for text in bare if shape.fullmatch(text) and check(text)), len(bare)
        )
        for shape, check in NATIONAL
    )


def _are_births(column: Column, values: Sequence[str]) -> bool:
    """Dates inside codes; a column of plain dates is judged by its years elsewhere."""
    years, having = [], 0
    for value in values:
        found = _year_in(value)
        if found is not None:
            having += 1
            years.append(found)
    if is_too_frequent(column, having, len(values)):
        old = sum(1 for year in years if year < FIRST_YEAR_OF_EVENTS)
        # Only dates would be a column of dates: years and not births are its own judge's matter.
        return old >= BIRTH_SHARE * len(years)
    return any(_are_short_births(values, order) for order in ("dmy", "ymd", "mdy"))


def _year_in(value: str) -> int | None:
    for match in _EIGHT.finditer(value):
        part = match.groupdict()
        if part["y"]:
            if is_day(part["d"], part["m"]):
                return int(part["y"])
        elif is_day(part["a"], part["b"]) or is_day(part["b"], part["a"]):
            return int(part["c"])
    return None


def _are_short_births(values: Sequence[str], order: str) -> bool:
    seen: dict[str, set[str]] = {"d": set(), "m": set(), "y": set()}
    having = 0
    for value in values:
        found = _SIX.search(value)
        if found is None:
            continue
        part = dict(zip(order, found.groups(), strict=True))
        if is_day(part["d"], part["m"]):
            having += 1
            for name, text in part.items():
                seen[name].add(text)
    return (
        having >= max(20, OVERWHELMING_SHARE * len(values))
        and len(seen["y"]) >= _SPREAD["years"]
        and len(seen["m"]) >= _SPREAD["months"]
        and len(seen["d"]) >= _SPREAD["days"]
    )


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


_GIVEN = frozenset(_plain(name) for name in GIVEN.split())
_SURNAMES = frozenset(_plain(name) for name in SURNAMES.split())
_LONG_SURNAMES = frozenset(name for name in _SURNAMES if len(name) >= 5)
# Surnames that are also words.
_EVERYDAY = frozenset(
    _plain(name)
    for names in (
        "baker cook cooper carter taylor ward wood reed hall walker park koch bauer weber",
        "costa brooks wright martin lee kim",
    )
    for name in names.split()
)
_WORDS = re.compile(r"[^\W\d_]+")


def _words_of(text: str) -> list[str]:
    split = re.sub(r"([a-z])([A-Z])", r"\1 \2", text)
    return [_plain(word) for word in _WORDS.findall(split)]


def is_name_of_a_person(text: str, *, is_whole: bool = False) -> bool:
    """Whether a common given name and surname stand side by side in a text, or are all of it."""
    words = _words_of(text)
    if is_whole and len(words) > 2:
        return False
    return any(
        (a in _GIVEN and b in _SURNAMES) or (a in _SURNAMES and b in _GIVEN)
        for a, b in itertools.pairwise(words)
    )


def _are_names(values: Sequence[str]) -> bool:
    """Whether many codes hold a given name and a surname, an initial and a surname, or one name."""
    paired = initialled = given = surnamed = 0
    for value in values:
        words = _words_of(value)
        if not 1 <= len(words) <= 4:
            continue
        has_given = any(word in _GIVEN for word in words)
        has_surname = any(word in _SURNAMES for word in words)
        paired += is_name_of_a_person(value)
        initialled += any(
            word[1:] in _LONG_SURNAMES or word[:-1] in _LONG_SURNAMES for word in words
        )
        given += has_given
        surnamed += has_surname and not any(word in _EVERYDAY for word in words)
    most = _NAME_SHARE * len(values)
    return (
        paired >= max(3, 0.1 * len(values))
        or initialled >= max(5, most)
        or given >= max(8, most)
        or surnamed >= max(10, most)
    )
