"""National numbers: which of them a text could be, by its shape and its check digits.

What belongs here: one predicate per number on a text without its separators, pure.
What does not: how many values must satisfy one before a column is refused (samples.py).

One random number in ten or eleven carries a valid check digit: a single hit says nothing.

Sources: the issuing bodies' definitions. CHI: NHS Scotland (date, modulus 11). Steuer-ID: BZSt,
ISO 7064 MOD 11,10. NIR: INSEE, key 97. DNI/NIE: modulo 23. Codice fiscale: D.M. 23/12/1976.
BSN: the 11-test. Personnummer: date and Luhn. PESEL: weights 1-3-7-9. Fødselsnummer: two digits
modulo 11. HETU: modulo 31. Belgian national number: 97. AHV: EAN-13. SVNR: modulo 11. Rodné
číslo: modulo 11. CNP: modulo 11. OIB: ISO 7064 MOD 11,10. PPS: modulo 23. VIN: 49 CFR 565.15. MBI:
CMS format. CPF: two digits modulo 11. Aadhaar: Verhoeff. NINO: HMRC format. SIN: Luhn.
"""

import re
from collections.abc import Callable, Iterable

__all__ = ["NATIONAL", "is_day"]

_DNI = "TRWAGMYFPDXBNJZSQVHLCKE"
_HETU = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_day(day: str, month: str) -> bool:
    """Whether two texts of two digits are a day of a month; leap years are not asked for."""
    return 1 <= int(month) <= 12 and 1 <= int(day) <= _DAYS[int(month) - 1]


def _weighted(digits: str, weights: Iterable[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 else 1)
        total += doubled // 10 + doubled % 10
    return total % 10 == 0


def _mod_11_10(digits: str) -> bool:
    product = 10
    for digit in digits[:-1]:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return (product + int(digits[-1])) % 10 == 1


def _chi(n: str) -> bool:
    return is_day(n[:2], n[2:4]) and _weighted(n, range(10, 0, -1)) % 11 == 0


def _personnummer(n: str) -> bool:
    n = n[-10:]
    # A coordination number adds 60 to the day.
    day = f"{int(n[4:6]) - 60:02d}" if int(n[4:6]) > 60 else n[4:6]
    return is_day(day, n[2:4]) and _luhn(n)


def _rodne_cislo(n: str) -> bool:
    month = int(n[2:4]) % 50
    return is_day(n[4:6], f"{month % 20 or month:02d}") and int(n) % 11 == 0


def _svnr(n: str) -> bool:
    total = _weighted(n[:3] + n[4:], (3, 7, 9, 5, 8, 4, 2, 1, 6)) % 11
    return is_day(n[4:6], n[6:8]) and total == int(n[3])


def _bsn(n: str) -> bool:
    return (_weighted(n, range(9, 1, -1)) - int(n[8])) % 11 == 0 and int(n) > 0


def _steuer_id(n: str) -> bool:
    counts = sorted(n[:10].count(digit) for digit in set(n[:10]))
    return n[0] != "0" and counts[-1] in (2, 3) and counts[-2] == 1 and _mod_11_10(n)


def _pesel(n: str) -> bool:
    month = int(n[2:4]) % 20
    return is_day(n[4:6], f"{month:02d}") and (
        _weighted(n, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0
    )


def _fodselsnummer(n: str) -> bool:
    day = f"{int(n[:2]) - 40:02d}" if int(n[:2]) > 40 else n[:2]
    return (
        is_day(day, n[2:4])
        and _weighted(n, (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)) % 11 == 0
        and _weighted(n, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0
    )


def _belgian(n: str) -> bool:
    rest = {97 - int(n[:9]) % 97, 97 - int("2" + n[:9]) % 97}
    return is_day(n[4:6], n[2:4]) and int(n[9:]) in rest


def _cpf(n: str) -> bool:
    first = _weighted(n, range(10, 1, -1)) * 10 % 11 % 10
    second = _weighted(n, range(11, 1, -1)) * 10 % 11 % 10
    return n[9:] == f"{first}{second}" and len(set(n)) > 1


def _cnp(n: str) -> bool:
    check = _weighted(n, (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11
    return n[0] != "0" and is_day(n[5:7], n[3:5]) and int(n[12]) == (1 if check == 10 else check)


def _ahv(n: str) -> bool:
    return n.startswith("756") and _weighted(n, (1, 3) * 6 + (1,)) % 10 == 0


def _nir(n: str) -> bool:
    n = n.replace("2A", "19").replace("2B", "18")
    return n[0] in "1278" and int(n[13:]) == 97 - int(n[:13]) % 97


def _dni(text: str) -> bool:
    number = text[:-1].replace("X", "0").replace("Y", "1").replace("Z", "2")
    return _DNI[int(number) % 23] == text[-1]


def _hetu(text: str) -> bool:
    return is_day(text[:2], text[2:4]) and _HETU[int(text[:6] + text[-4:-1]) % 31] == text[-1]


def _pps(text: str) -> bool:
    total = _weighted(text, range(8, 1, -1))
    total += 9 * (ord(text[8]) - 64) if len(text) == 9 and text[8] != "W" else 0
    return "WABCDEFGHIJKLMNOPQRSTUV"[total % 23] == text[7]


_VIN = {**{c: n for n, c in enumerate("ABCDEFGH", 1)}, **{c: n for n, c in enumerate("JKLMN", 1)}}
_VIN |= {"P": 7, "R": 9, **{c: n for n, c in enumerate("STUVWXYZ", 2)}}


def _vin(text: str) -> bool:
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    total = sum(
        (int(c) if c.isdigit() else _VIN[c]) * w for c, w in zip(text, weights, strict=True)
    )
    return text[8] == "0123456789X"[total % 11] and not text.isdigit()


_TIMES = [
    [
        ((a + b) % 5 if b < 5 else (a + b) % 5 + 5) if a < 5
        else ((a - b) % 5 + 5 if b < 5 else (a - b) % 5)
        for b in range(10)
    ]
    for a in range(10)
]  # fmt: skip


def _aadhaar(n: str) -> bool:
    order = list(range(10))
    state = 0
    for digit in reversed(n):
        state = _TIMES[state][order[int(digit)]]
        order = [order[place] for place in (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)]
    return state == 0 and n[0] not in "01"


def _any(text: str) -> bool:
    """The shape alone is telling."""
    return bool(text)


# Shape without separators -> the predicate on it. Numbers of one length are told apart by share.
NATIONAL: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = tuple(
    (re.compile(shape), check)
    for shape, check in (
        (r"[0-9]{10}", _chi),
        (r"(?:19|20)?[0-9]{10}", _personnummer),
        (r"[0-9]{10}", _rodne_cislo),
        (r"[1-9][0-9]{9}", _svnr),
        (r"[0-9]{9}", _bsn),
        (r"[0-9]{11}", _steuer_id),
        (r"[0-9]{11}", _pesel),
        (r"[0-9]{11}", _fodselsnummer),
        (r"[0-9]{11}", _belgian),
        (r"[0-9]{11}", _cpf),
        (r"[0-9]{11}", _mod_11_10),
        (r"[2-9][0-9]{11}", _aadhaar),
        (r"[0-9]{13}", _cnp),
        (r"[0-9]{13}", _ahv),
        (r"[0-9]{5}(?:[0-9]{2}|2A|2B)[0-9]{8}", _nir),
        (r"[XYZ0-9][0-9]{7}[A-Z]", _dni),
        (r"[0-9]{6}[-+A-F]?[0-9]{3}[0-9A-Y]", _hetu),
        (r"[0-9]{7}[A-W][A-IW]?", _pps),
        (r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{6}[A-D]", _any),
        (r"[A-Z]{6}[0-9]{2}[A-EHLMPRST][0-9]{2}[A-Z][0-9]{3}[A-Z]", _any),
        (r"[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9][0-9]"
         r"[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9][0-9][AC-HJKMNP-RT-Y]{2}[0-9]{2}", _any),
        (r"[A-HJ-NPR-Z0-9]{17}", _vin),
    )
)  # fmt: skip
