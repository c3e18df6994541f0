"""Numbers that states and insurers give to people, made up with their check digits.

What belongs here: one maker per number, each from the textbook definition of its check digit.
What does not: the code under test, and any real person's number.

Sources: the definitions as published by the issuing bodies (Steuer-ID: ISO 7064 MOD 11,10; NIR:
97 minus the number modulo 97; DNI: modulo 23; codice fiscale: D.M. 23/12/1976; BSN: the 11-test;
personnummer: Luhn; PESEL: weights 1, 3, 7, 9; fødselsnummer: two digits modulo 11; HETU: modulo
31; Belgian number: 97 minus modulo 97; AHV: EAN-13; SVNR: modulo 11; rodné číslo: modulo 11; CNP:
modulo 11; OIB: ISO 7064 MOD 11,10; PPS: modulo 23; VIN: ISO 3779 with 49 CFR 565.15; CPF: two
digits modulo 11; Aadhaar: Verhoeff; CHI: the modulus 11 of the NHS number).
"""

from datetime import date, timedelta
from random import Random

_DNI = "TRWAGMYFPDXBNJZSQVHLCKE"


def born(rng: Random) -> date:
    return date(1940, 1, 1) + timedelta(days=rng.randrange(65 * 365))


def digits(rng: Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def letters(rng: Random, count: int, of: str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ") -> str:
    return "".join(rng.choice(of) for _ in range(count))


def weighted(number: str, weights: list[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(number, weights, strict=True))


def luhn_digit(body: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(body)):
        doubled = int(digit) * 2 if place % 2 == 0 else int(digit)
        total += doubled // 10 + doubled % 10
    return str(-total % 10)


def mod_11_10(body: str) -> str:
    product = 10
    for digit in body:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


def chi(rng: Random) -> str:
    while True:
        body = born(rng).strftime("%d%m%y") + digits(rng, 3)
        check = 11 - weighted(body, list(range(10, 1, -1))) % 11
        if check != 10:
            return body + str(0 if check == 11 else check)


def nino(rng: Random) -> str:
    while True:
        prefix = letters(rng, 1, "ABCEGHJKLMNOPRSTWXYZ") + letters(rng, 1, "ABCEGHJKLMNPRSTWXYZ")
        if prefix not in {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}:
            return prefix + digits(rng, 6) + letters(rng, 1, "ABCD")


def steuer_id(rng: Random) -> str:
    drawn = rng.sample("0123456789", 9)
    body = [*drawn, rng.choice(drawn)]
    rng.shuffle(body)
    if body[0] == "0":
        return steuer_id(rng)
    text = "".join(body)
    return text + mod_11_10(text)


def nir(rng: Random) -> str:
    day = born(rng)
    body = f"{rng.choice('12')}{day:%y%m}{rng.randint(1, 95):02d}{digits(rng, 3)}{digits(rng, 3)}"
    return body + f"{97 - int(body) % 97:02d}"


def dni(rng: Random) -> str:
    body = digits(rng, 8)
    return body + _DNI[int(body) % 23]


def nie(rng: Random) -> str:
    first, body = rng.choice("XYZ"), digits(rng, 7)
    return first + body + _DNI[int("XYZ".index(first) * 10**7 + int(body)) % 23]


def codice_fiscale(rng: Random) -> str:
    day = born(rng)
    month = "ABCDEHLMPRST"[day.month - 1]
    dated = day.day + rng.choice((0, 40))
    body = letters(rng, 6, "BCDFGLMNPRSTV") + f"{day:%y}{month}{dated:02d}"
    body += letters(rng, 1, "ABCDEFGHIL") + digits(rng, 3)
    odd = dict(zip("0123456789", (1, 0, 5, 7, 9, 13, 15, 17, 19, 21), strict=True))
    odd |= dict(zip("ABCDEFGHIJ", (1, 0, 5, 7, 9, 13, 15, 17, 19, 21), strict=True))
    odd |= dict(
        zip("KLMNOPQRSTUVWXYZ", (2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23),
            strict=True)
    )  # fmt: skip
    even = {c: int(c) if c.isdigit() else ord(c) - 65 for c in odd}
    total = sum(odd[c] if place % 2 == 0 else even[c] for place, c in enumerate(body))
    return body + chr(65 + total % 26)


def bsn(rng: Random) -> str:
    while True:
        body = digits(rng, 8)
        check = weighted(body, list(range(9, 1, -1))) % 11
        if check < 10 and body[0] != "0":
            return body + str(check)


def personnummer(rng: Random) -> str:
    body = born(rng).strftime("%y%m%d") + digits(rng, 3)
    return body + luhn_digit(body)


def pesel(rng: Random) -> str:
    day = born(rng)
    month = day.month + (20 if day.year >= 2000 else 0)
    body = f"{day:%y}{month:02d}{day:%d}" + digits(rng, 4)
    return body + str(-weighted(body, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)


def fodselsnummer(rng: Random) -> str:
    while True:
        body = born(rng).strftime("%d%m%y") + digits(rng, 3)
        first = -weighted(body, [3, 7, 6, 1, 8, 9, 4, 5, 2]) % 11
        second = -weighted(body + str(first % 10), [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11
        if first < 10 and second < 10:
            return f"{body}{first}{second}"


def cpr(rng: Random) -> str:
    return born(rng).strftime("%d%m%y") + digits(rng, 4)


def hetu(rng: Random) -> str:
    day, number = born(rng), f"{rng.randint(2, 899):03d}"
    body = day.strftime("%d%m%y")
    sign = "A" if day.year >= 2000 else "-"
    return body + sign + number + "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(body + number) % 31]


def belgian(rng: Random) -> str:
    day = born(rng)
    body = day.strftime("%y%m%d") + f"{rng.randint(1, 997):03d}"
    number = int(("2" if day.year >= 2000 else "") + body)
    return body + f"{97 - number % 97:02d}"


def ahv(rng: Random) -> str:
    body = "756" + digits(rng, 9)
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return body + str(-total % 10)


def svnr(rng: Random) -> str:
    while True:
        serial, day = f"{rng.randint(100, 999)}", born(rng).strftime("%d%m%y")
        check = weighted(serial + day, [3, 7, 9, 5, 8, 4, 2, 1, 6]) % 11
        if check < 10:
            return f"{serial}{check}{day}"


def rodne_cislo(rng: Random) -> str:
    while True:
        day = born(rng)
        month = day.month + rng.choice((0, 50))
        body = f"{day:%y}{month:02d}{day:%d}" + digits(rng, 3)
        if int(body) % 11 < 10:
            return body + str(int(body) % 11)


def cnp(rng: Random) -> str:
    day = born(rng)
    body = rng.choice("56" if day.year >= 2000 else "12") + day.strftime("%y%m%d")
    body += f"{rng.randint(1, 46):02d}" + digits(rng, 3)
    check = weighted(body, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11
    return body + str(1 if check == 10 else check)


def oib(rng: Random) -> str:
    body = digits(rng, 10)
    return body + mod_11_10(body)


def pps(rng: Random) -> str:
    body = digits(rng, 7)
    return body + "WABCDEFGHIJKLMNOPQRSTUV"[weighted(body, list(range(8, 1, -1))) % 23]


def vin(rng: Random) -> str:
    signs = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
    values = dict(zip("ABCDEFGH", range(1, 9), strict=True))
    values |= dict(zip("JKLMN", range(1, 6), strict=True)) | {"P": 7, "R": 9}
    values |= dict(zip("STUVWXYZ", range(2, 10), strict=True)) | {c: int(c) for c in "0123456789"}
    body = letters(rng, 8, signs) + "0" + letters(rng, 3, signs) + digits(rng, 5)
    weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
    total = sum(values[c] * w for c, w in zip(body, weights, strict=True)) % 11
    return body[:8] + ("X" if total == 10 else str(total)) + body[9:]


def medicare_beneficiary(rng: Random) -> str:
    """CMS: 1-9, letter, letter or digit, digit, twice over, then two letters and two digits."""
    alpha = "ACDEFGHJKMNPQRTUVWXY"
    mixed = alpha + "0123456789"
    text = rng.choice("123456789") + letters(rng, 1, alpha) + letters(rng, 1, mixed)
    text += digits(rng, 1) + letters(rng, 1, alpha) + letters(rng, 1, mixed) + digits(rng, 1)
    return text + letters(rng, 2, alpha) + digits(rng, 2)


def cpf(rng: Random) -> str:
    body = digits(rng, 9)
    for length in (9, 10):
        rest = weighted(body, list(range(length + 1, 1, -1))) * 10 % 11
        body += str(rest % 10)
    return body


def aadhaar(rng: Random) -> str:
    permute = [list(range(10))]
    first = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]
    for _ in range(7):
        permute.append([permute[-1][first[n]] for n in range(10)])

    def times(a: int, b: int) -> int:
        """The dihedral group of ten elements."""
        if a < 5:
            return (a + b) % 5 if b < 5 else (a + b - 5) % 5 + 5
        return (a - b) % 5 + 5 if b < 5 else (a - b) % 5

    body = rng.choice("23456789") + digits(rng, 10)
    state = 0
    for place, digit in enumerate(reversed(body), start=1):
        state = times(state, permute[place % 8][int(digit)])
    return body + str(next(n for n in range(10) if times(state, n) == 0))
