"""What identifiers look like: shapes of values, check digits, common names.

What belongs here: the vocabulary of :mod:`orchestration.landing.identifiers`, as constants and as
SQL text made of constants. Every regular expression is RE2, the dialect of DuckDB: no look-around,
so borders are spelt out; `<WORD>` stands for the piece of that name.
What does not: words in headers (headers.py), any decision about a column
(judgements.py), and any value of a file.

Sources: 45 CFR 164.514(b)(2)(i) (A)-(R), the Safe Harbor list; NHS Data Dictionary (modulus 11);
SSA (area never 000, 666 or 9xx); BS 7666 (postcodes); ISO 13616 (IBAN); ISO/IEC 7812 (Luhn).
"""

import re

from orchestration.landing.identifiers.people import GIVEN, SURNAMES

__all__ = [
    "CLASSES",
    "PATTERNS",
    "TELLING",
    "compiled",
    "flat",
    "full_match",
    "group",
    "iban_is_valid",
    "luhn",
    "matches",
    "modulus_11",
]

_PIECES: dict[str, str] = {
    "GIVEN": "(?:" + "|".join(GIVEN.split()) + ")",
    "SURNAME": "(?:" + "|".join(SURNAMES.split()) + ")",
    "CAPITALISED": r"[<U>][<L>'\x{2019}\-]+",
    "TITLE": r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Prof|Herr|Frau|Mme|Sr|Sra)\.? +)?",
    "BEGIN": r"(?:^|[^0-9A-Za-z.\-/])",
    "END": r"(?:$|[^0-9A-Za-z\-/])",
    "OCTET": r"(?:25[0-5]|2[0-4]\d|1?\d?\d)",
    "HEX": r"[0-9A-Fa-f]{1,4}",
    "OUTWARD": r"(?:[A-Za-z]\d{1,2}|[A-Za-z]\d[A-Za-z]|[A-Za-z]{2}\d{1,2}|[A-Za-z]{2}\d[A-Za-z])",
    "INWARD": r"\d[ABD-HJLNP-UW-Zabd-hjlnp-uw-z]{2}",
    "STREET": r"(?:[Ss]treet|STREET|[Aa]venue|AVENUE|[Rr]oad|ROAD|[Ll]ane|LANE|[Bb]oulevard|St|ST|"
    r"Ave|AVE|Rd|RD|Ln|LN|Blvd|BLVD|Dr|DR|Drive|DRIVE|Ct|Court|COURT|Pl|Place|Sq|Square|Terrace|"
    r"Close|Crescent|Gardens|Parkway|Pkwy|Highway|Hwy|Way|WAY|Grove|Mews|Trail|Circle)",
    "MONTH": r"(?:jan|feb|mar|m[äa]r|avr|apr|ma[iy]|jun|juin|jul|juil|aug|ao[uû]t|sep|o[ck]t|nov|"
    r"de[cz])[a-zéèû]*",
    "CLOCK": r"(?:[T ,]+\d{1,2}:\d{2}.*)?",
    "YYYY": r"(?:18|19|20)\d{2}",
    "MM": r"(?:0?[1-9]|1[0-2])",
    "DD": r"(?:0?[1-9]|[12]\d|3[01])",
    # Everything beyond ASCII counts as a letter: the Unicode classes cost a hundred times as much.
    "L": r"A-Za-z\x{C0}-\x{10FFFF}",
    "U": r"A-Z\x{C0}-\x{10FFFF}",
}


def _spelt(pattern: str) -> str:
    """A pattern with its pieces put in, as a SQL string; pieces may hold those that follow them."""
    for piece, text in _PIECES.items():
        pattern = pattern.replace(f"<{piece}>", text)
    return "'" + pattern.replace("'", "''") + "'"


def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern for Python, for a handful of texts that are not worth a query."""
    for piece, text in _PIECES.items():
        pattern = pattern.replace(f"<{piece}>", text)
    return re.compile(re.sub(r"\\x\{([0-9A-F]+)\}", lambda code: chr(int(code[1], 16)), pattern))


def matches(pattern: str, subject: str = "value") -> str:
    """SQL that is true where ``pattern`` occurs in ``subject``."""
    return f"regexp_matches({subject}, {_spelt(pattern)})"


def full_match(pattern: str, subject: str = "value") -> str:
    """SQL that is true where ``pattern`` is the whole of ``subject``."""
    return f"regexp_full_match({subject}, {_spelt(pattern)})"


def group(pattern: str, subject: str = "value") -> str:
    """SQL for what the first group of ``pattern`` holds, empty where it does not occur."""
    return f"regexp_extract({subject}, {_spelt(pattern)}, 1)"


PATTERNS: dict[str, str] = {
    "email": r"[<L>0-9_%+'\-] ?(?:@|[\[(]at[\])]) ?[<L>0-9][^\s@]*(?:\.| ?[\[(]dot[\])] ?)[<L>]",
    "ssn": r"<BEGIN>(?:00[1-9]|0[1-9]\d|[1-578]\d{2}|6[0-57-9]\d|66[0-57-9])"
    r"(?:-(?:0[1-9]|[1-9]\d)-| (?:0[1-9]|[1-9]\d) )"
    r"(?:000[1-9]|00[1-9]\d|0[1-9]\d{2}|[1-9]\d{3})<END>",
    "ssn_shape": r"\d{3}-\d{2}-\d{4}",
    "nhs": r"(?:^|[^0-9\-])(\d{3} \d{3} \d{4})(?:$|[^0-9\-])",
    "nhs_named": r"(?i:nhs\D{0,9}\d{3}[ \-]?\d{3}[ \-]?\d{4}(?:\D|$))",
    "nhs_hyphen": r"(?:^|[^0-9\-])(\d{3}-\d{3}-\d{4})(?:$|[^0-9\-])",
    # Numbers of a shape that no plain pseudonym has: international, American, British, French.
    "phone": r"(?:^|[^0-9A-Za-z])\+ ?[1-9]\d{0,2}[ .\-/]?(?:\(0?\d{0,4}\)[ .\-/]?)?"
    r"\d(?:[ .\-/]?\d){6,12}(?:$|[^0-9])"
    r"|<BEGIN>(?:1[ .\-])?(?:\(\d{3}\)[ \-]?\d{3}[ .\-]|[2-9]\d{2}[ .\-/][2-9]\d{2}[ .\-])\d{4}"
    r"(?:$|[^0-9A-Za-z\-/]| ?(?:x|ext))"
    r"|<BEGIN>\(?0[1-9]\d{1,3}\)?[ \-]\d{3,4}[ \-]\d{3,4}<END>"
    r"|<BEGIN>0[1-9](?:[ .\-]\d{2}){4}<END>"
    r"|<BEGIN>8 ?\([3-9]\d{2}\) ?\d{3}-?\d{2}-?\d{2}<END>",
    # Shapes that a code might have too: not asked of columns of pseudonyms.
    "phone_loose": r"<BEGIN>0[1-9][ \-]\d{8}<END>"
    r"|<BEGIN>\(?0[1-9]\d{1,4}\)?(?: | ?/ ?|-)\d{2,8}(?:[ \-]?\d{2,4})+<END>"
    r"|<BEGIN>00[1-9]\d{0,2}[ .\-/]\(?\d{1,4}\)?[ .\-/]?\d{3,}(?:[ .\-]?\d{2,})*<END>"
    r"|<BEGIN>(?:1[ .\-])?\d{3}[ .\-]\d{3}[ .\-]\d{4}<END>",
    "postcode": r"(?:^|[^0-9A-Za-z])(?:<OUTWARD> +<INWARD>|GIR 0AA|"
    r"[A-CEGHJ-NPR-TVXY]\d[A-CEGHJ-NPR-TV-Z] \d[A-CEGHJ-NPR-TV-Z]\d)(?:$|[^0-9A-Za-z])",
    "postcode_shape": r"<OUTWARD> ?<INWARD>|[A-Z]\d[A-Z]\d[A-Z]\d|\d{5}-\d{4}|[1-9]\d{3} ?[A-Z]{2}",
    "zip": r"\d{5}(?:-?\d{4})?",
    "address": r"(?:^|[^0-9A-Za-z])\d{1,5}[A-Za-z]?,? +(?:[<L>'.\-]+ +){1,3}<STREET>"
    r"(?:[.,;\n]|$| +(?:[Aa]pt|[Ss]uite|[Uu]nit|[Ff]lat|#))"
    r"|, ?[A-Z]{2},? \d{5}(?:-\d{4})?(?:$|\D)"
    r"|[<L>](?:straße|strasse|str\.|weg|platz|allee|gasse) \d{1,4} ?[a-z]?(?:$|[^<L>0-9])"
    r"|(?i:\d{1,4},? (?:bis,? )?(?:rue|avenue|boulevard|chemin|impasse|quai) "
    r"(?:de |du |des |la |l')*[<L>])"
    r"|(?i:(?:^|[^<L>])p\.? ?o\.? ?box +\d)|(?i:(?:^|[^<L>])(?:calle|via|rua) [<L>][<L> ]+,? \d)"
    r"|^(?:Via|Viale|Piazza|Corso|Calle|C/|Avda\.?|Avenida|Plaza|Rua) <CAPITALISED>[<L> ]*,? \d"
    r"|(?:^|[^<L>])(?i:ul|al|os|ул|пр|пер|пл)\. ?[<U>][<L>]+[<L> ]*,? ?(?i:д\.? ?)?\d"
    r"|[<L>]{3}(?:straat|laan|gracht|plein|gatan|gata|vägen|veien|vej|gade|katu|tie|utca)"
    r" \d{1,4} ?[A-Za-z]?(?:$|[^<L>0-9])"
    r"|\d{1,4},? (?:улица|проспект) [<U>]|(?:улица|проспект) [<U>][<L> ]+,? (?:д\.? ?)?\d",
    "ip_address": r"(?:^|[^0-9A-Za-z.])(?:<OCTET>\.){3}<OCTET>(?:$|[^0-9A-Za-z.]|\.$)"
    r"|(?:^|[^0-9A-Za-z:])(?:(?:<HEX>:){7}<HEX>"
    r"|[0-9A-Fa-f]{3,4}(?::<HEX>){0,6}::(?:<HEX>(?::<HEX>){0,6})?)(?:$|[^\w:])",
    "device": r"(?:^|[^0-9A-Za-z:])(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}(?:$|[^0-9A-Za-z:])",
    "web_address": r"(?i:(?:https?|ftp)://|(?:^|[^\w.])www\.\w|"
    r"(?:^|[^\w.@])[a-z0-9\-]{2,}\.(?:com|org|net|io|me|de|fr|co\.uk)/\w)",
    "card": r"<BEGIN>(\d{4}[ \-]\d{4}[ \-]\d{4}[ \-]\d{1,7}|3[47]\d{2}[ \-]\d{6}[ \-]\d{5})<END>",
    # The countries of the registry: two letters and two digits alone are also how codes begin.
    "iban": r"(?i:A[DELTZ]|B[AEGHRY]|C[HRYZ]|D[EKO]|E[EGS]|F[IOR]|G[BEILRT]|H[RU]|I[ELQST]"
    r"|JO|K[WZ]|L[BCITUV]|M[CDEKRTU]|N[LO]|P[KLST]|QA|R[OS]|S[AEIKM]|T[LNR]|UA|VG|XK)\d{2}"
    r"(?: ?[A-Za-z0-9]{4}){2,7}(?: ?[A-Za-z0-9]{1,3})?",
    # Punctuated as their cards print them: telling alone.
    "national": r"(?:^|\W)756\.\d{4}\.\d{4}\.\d{2}(?:$|\W)"
    r"|(?:^|\W)\d{3}\.\d{3}\.\d{3}-\d{2}(?:$|\W)"
    r"|(?:^|\W)\d{2}\.[01]\d\.[0-3]\d-\d{3}\.\d{2}(?:$|\W)"
    r"|(?:^|\W)[1278] \d{2} [01]\d (?:\d{2}|2[AB]) \d{3} \d{3}(?: \d{2})?(?:$|\W)"
    r"|(?:^|\W)(?i:[A-Z]{6}\d{2}[A-EHLMPRST][0-7]\d[A-Z]\d{3}[A-Z])(?:$|\W)",
    "nino": r"(?:^|\W)[A-CEGHJ-PR-TW-Z]{2} \d{2} \d{2} \d{2} [A-D](?:$|\W)",
    # Pictures and recordings: their files, and their bytes in the three ways exports write them.
    "photo": r"(?i:^data:(?:image|audio|video|application)/"
    r"|[^ .]\.(?:jpe?g|png|gif|heic|webp|bmp|tiff?|dcm|wav|mp3|m4a|ogg|mp4|mov|avi|webm)$)"
    r"|^[A-Za-z0-9+/_\r\n\-]{300,}={0,2}$|^(?:0[xX]|\\x)?(?:[0-9A-Fa-f]{2}){66,}$"
    r"|(?:\\x[0-9A-Fa-f]{2}[^\\]{0,40}){8}",
    "location": r"-?\d{1,2}\.\d{4,}[,; ] ?-?\d{1,3}\.\d{4,}"
    r"|.*\d{1,3}° ?\d{1,2}['\x{2032}] ?[\d.]*[\"\x{2033}]? ?[NSEWO].*",
    "coordinate": r"-?\d{1,3}[.,]\d{3,}",
    "name_shape": r"<TITLE><CAPITALISED>(?: +[<U>]\.?)?(?:,? +<CAPITALISED>){1,2}"
    r"|<CAPITALISED>, ?<CAPITALISED>",
    "word_shape": r"<CAPITALISED>\d{0,3}",
    "name_known": r"(?i:<TITLE><GIVEN>(?: +[<L>]\.?)?(?: +[<L>]{3,})? +<SURNAME>"
    r"|<SURNAME>, ?<GIVEN>(?: +[<L>]\.?)?)",
    "name_likely": r"<TITLE>(?i:<GIVEN>)(?: +[<U>]\.?)?(?: +(?:van|von|de|da|der|den|la|del|di))*"
    r"(?: +<CAPITALISED>){1,2}|<CAPITALISED>, ?(?i:<GIVEN>)(?: +[<U>]\.?)?",
    "name_word": r"(?i:(?:^|[^<L>])<GIVEN>(?:$|[^<L>]))",
    "institution": r"(?i:(?:^|[^<L>])(?:st\.?|saint|hospital|hospice|clinic|centre|center|house|"
    r"ward|unit|program|programme|course|therapy|group|disorder|syndrome|disease|scale|inventory|"
    r"questionnaire|index|team|service|services|school|university|college|institute|foundation|"
    r"trust|park|street|court|road|practice|method|study|trial|arm|condition|palsy|test)"
    r"(?:$|[^<L>]))",
    "long_text": r"(?s:(?:\S+\s+){5,}\S+.*)",
    "unspaced_text": r"(?s:.*[\x{3040}-\x{30FF}\x{3400}-\x{9FFF}\x{AC00}-\x{D7AF}]{6}.*)",
    "three_words": r"(?s:(?:\S+\s+){2,}\S+.*)",
    "several_words": r"[<L>]+[ ,]+[<L>].*",
}

_DATE = (
    r"<YYYY>[-/. ]<MM>[-/. ]<DD><CLOCK>|<DD>[-/. ]{1,2}<DD>[-/. ]{1,2}(?:<YYYY>|\d{2})<CLOCK>"
    r"|(?i:<DD>(?:st|nd|rd|th|\.)?[-/ .]*<MONTH>[-/ .,]*(?:<YYYY>|\d{2}))"
    r"|(?i:<MONTH> ?<DD>(?:st|nd|rd|th)?,? <YYYY>)"
)
_DATE_DIGITS = (
    r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    r"|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d{2}"
)
_PLAIN = (
    r"-?\d{1,8}(?:[.,]\d+)?|-?[.,]\d+|-?\d+(?:\.\d+)?[eE][-+]?\d+|\d{20,}"
    r"|[A-Za-z]{1,3}[-_ ]?\d{1,8}|[A-Za-z]{1,2}"
    r"|(?i:client|patient|participant|person|subject|synthetic|case|study|record|user|id|episode|"
    r"session|clinician|clinic|site|code|pseudonym)[-_ ]?\d{1,8}"
    r"|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
    r"|[0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64}"
)
_DIGITS = r"\d{9,19}(?:\.0)?"
# One class per value; only text is worth the expensive expressions.
CLASSES = (
    f"case when {full_match(_DATE_DIGITS)} then 'date_digits' "
    f"when {full_match(_DIGITS)} then 'digits' "
    f"when {full_match(_PLAIN)} then 'plain' "
    f"when {full_match(_DATE)} then 'date' else 'text' end"
)

# Values that say nothing under any header: flags, codes for missing, words for removed.
_SILENT = (
    "0 1 yes no true false y n t f na nan null none nil unknown missing checked unchecked ja nein "
    "oui non si redacted removed anonymous anonym anonymised anonymized deidentified withheld "
    "masked hidden confidential notcompleted notapplicable notavailable x xx xxx xxxx"
)
TELLING = (
    f"coalesce(nullif(regexp_replace(lower(value), {_spelt('[^<L>0-9]')}, '', 'g'), ''), 'na') "
    f"not in ('" + "', '".join(_SILENT.split()) + "')"
)


def flat(subject: str) -> str:
    """SQL for the digits of ``subject`` as a whole number, NULL where they are too many."""
    return rf"try_cast(regexp_replace({subject}, '\D', '', 'g') as bigint)"


def modulus_11(number: str) -> str:
    """SQL that is true where ten digits carry the NHS check digit: weights 10 to 1, modulus 11."""
    total = " + ".join(f"{place + 1} * ({number} // {10**place} % 10)" for place in range(10))
    return f"({number} > 0 and ({total}) % 11 = 0)"


def luhn(number: str) -> str:
    """SQL that is true where up to eighteen digits satisfy the Luhn formula (ISO/IEC 7812-1)."""
    digits = [f"({number} // {10**place} % 10)" for place in range(18)]
    terms = [f"2 * {d} // 10 + 2 * {d} % 10" if i % 2 else d for i, d in enumerate(digits)]
    return f"({number} > 0 and ({' + '.join(terms)}) % 10 = 0)"


def iban_is_valid(text: str) -> bool:
    """Whether ``text`` satisfies the check digits of ISO 13616 (modulus 97)."""
    moved = re.sub(r"\s", "", text).upper()
    moved = moved[4:] + moved[:4]
    return int("".join(str(int(letter, 36)) for letter in moved)) % 97 == 1
