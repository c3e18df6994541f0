"""What headers say: how a header is cut into words, and when what it says is believed.

What belongs here: the cutting, the rules a header hints at, and what the values under it must look
like before it is believed.
What does not: the words themselves (words.py), shapes of values that need no header (patterns.py)
and the decision about a column (judgements.py).
"""

import re
import unicodedata

from orchestration.landing.identifiers.patterns import PATTERNS, full_match, matches
from orchestration.landing.identifiers.words import STEMS, UNSPACED, WHOLE, WORDS

__all__ = ["BELIEVED", "header_rules", "tokens_of"]


def _words(text: str) -> list[str]:
    return text.split()


# `<person>_name` and `name_of_<person>`; `program_name`, `instrument_name` stay silent.
_PEOPLE = frozenset(
    _words(
        "client clients patient patients participant person subject respondent recipient member "
        "user child mother mothers father fathers parent parents guardian carer caregiver spouse "
        "partner husband wife kin contact relative sibling clinician therapist doctor physician gp "
        "pt pat pts childs patients clients emergency mothers fathers "
        "counsellor counselor psychologist psychiatrist nurse teacher employee staff interviewer "
        "rater assessor supervisor full legal preferred family given first last maiden middle birth"
    )
)
_NAME_WORDS = frozenset(_words("name names nom nome nombre naam navn namn"))
_HASH_WORDS = frozenset(_words("hash hashed sha md5 sha1 sha256 pseudonym pseudonymised"))
_AGE_WORDS = frozenset(_words("age ages alter edad eta leeftijd alder idade"))
_NOT_YEARS = frozenset(
    _words(
        "month months mo day days week weeks hour hours band bands group groups range category "
        "onset equivalent"
    )
)
_NEARBY = frozenset(_words("geo location area residence residential home place region"))


_HALVES = frozenset(_words("first last given family middle surname forename"))
# `city_size` tells of a city and not which.
_ABOUT_PLACES = frozenset(_words("size type kind level category rural density"))


def tokens_of(header: str) -> list[str]:
    """The words of a header, lower case, without accents: ``clientAge.2`` -> client, age, 2."""
    plain = _without_accents(header)
    plain = re.sub(r"([a-z])([A-Z])", r"\1 \2", plain)
    plain = re.sub(r"([A-Z]{2,})([A-Z][a-z])", r"\1 \2", plain)
    return [token.casefold() for token in re.findall(r"[^\W\d_]+|\d+", plain)]


def _without_accents(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    # Hangul comes apart too, and has to come together again.
    return unicodedata.normalize("NFC", plain)


def _rules_by_word(words: dict[str, str]) -> dict[str, str]:
    return {"".join(tokens_of(word)): rule for rule, text in words.items() for word in text.split()}


_RULE_OF = _rules_by_word(WORDS)
_RULE_OF_WHOLE = _rules_by_word(WHOLE)
_RULE_OF_STEM = _rules_by_word(STEMS)
_RULE_OF_UNSPACED = _rules_by_word(UNSPACED)


def header_rules(header: str) -> set[str]:
    """The rules a header hints at; a hint becomes a finding only with values that could be it."""
    tokens = tokens_of(header)
    words = [token for token in tokens if not token.isdigit()]
    joined = {
        "".join(run[start:stop])
        for run in (tokens, words)
        for start in range(len(run))
        for stop in range(start + 1, min(start + 4, len(run)) + 1)
    }
    rules = {_RULE_OF[word] for word in joined if word in _RULE_OF}
    rules |= {_RULE_OF_WHOLE[word] for word in ("".join(words),) if word in _RULE_OF_WHOLE}
    for stem, rule in _RULE_OF_STEM.items():
        if any(word.startswith(stem) for word in words):
            rules.add(rule)
    together = "".join(tokens)
    rules |= {rule for sign, rule in _RULE_OF_UNSPACED.items() if sign in together}
    if len(words) > 1 and _HALVES & set(words) and _PEOPLE & set(words) - _HALVES - {"family"}:
        rules.add("name")
    for place, word in enumerate(words):
        if word in _NAME_WORDS:
            following = [later for later in words[place + 1 :] if later not in {"of", "the", "de"}]
            before = words[place - 1] if place else ""
            if before in _PEOPLE or (not place and following and following[0] in _PEOPLE):
                rules.add("name")
    if _HASH_WORDS & set(words):
        rules -= {"name", "perhaps_name", "account_name"}
    if rules & {"email", "ip_address", "web_address"} or _ABOUT_PLACES & set(words):
        rules.discard("address")
    if _AGE_WORDS & set(words) and not _NOT_YEARS & set(words):
        rules.add("age_over_89")
    if _NEARBY & set(words):
        rules.add("perhaps_postcode")
    return rules


# What at least one value must look like before a header is believed (SQL on value and kind). An
# empty column, a yes/no column or a small count under `phone` identifies nobody.
_LETTERS = matches("[<L>]{2}")
_NOT_DATE = "kind <> 'date' and not " + full_match(r"-?\d{0,7}[.,]\d{2,}")
_FULL_DATE = "(kind in ('date', 'date_digits') or " + full_match(r"\d{5,8}") + ")"
_CODE = f"{_NOT_DATE} and length(value) >= 4 and " + matches(r"\d")


def _digits(least: int) -> str:
    return f"length(regexp_replace(value, '[^0-9]', '', 'g')) >= {least}"


BELIEVED: dict[str, str] = {
    "email": f"{_LETTERS} and {_NOT_DATE}",
    "phone": f"{_digits(6)} and {_NOT_DATE}",
    "ssn": f"{_digits(4)} and {_NOT_DATE}",
    "nhs_number": f"{_digits(6)} and {_NOT_DATE}",
    "national_id": _CODE,
    "medical_record_number": f"{_NOT_DATE} and " + matches(r"\d"),
    "record_number": f"{_NOT_DATE} and " + matches(r"\d"),
    # Three characters of a ZIP code or an outward code may stay.
    "postcode": f"{_NOT_DATE} and length(replace(value, ' ', '')) >= 4 and " + matches(r"\d"),
    "date_of_birth": _FULL_DATE,
    "date_of_death": _FULL_DATE,
    "name": f"{_LETTERS} and {_NOT_DATE}",
    "address": f"{_NOT_DATE} and " + matches("[<L>]{3}"),
    "ip_address": matches(r"\d{1,3}\.\d{1,3}\.\d{1,3}|:[0-9a-fA-F]{0,4}:"),
    "web_address": f"{_LETTERS} and " + matches(r"\."),
    "account_name": f"{_LETTERS} and {_NOT_DATE}",
    "photo_or_biometric": f"{_NOT_DATE} and length(value) >= 4",
    "location": full_match(PATTERNS["coordinate"]),
    "free_text": full_match(PATTERNS["three_words"]),
    "age_over_89": "try_cast(value as double) > 89 and try_cast(value as double) <= 125",
}
