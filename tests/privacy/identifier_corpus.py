"""Columns that identify people and columns that only look so, made up from a seed.

What belongs here: generators of column values, each labelled with what it is. Check digits are
computed here by textbook definitions, not by the code under test.
What does not: the code under test, and any value taken from a real person or a real file.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID

ROWS = 240
Maker = Callable[[Random], str]


def _words(text: str) -> list[str]:
    return text.split()


@dataclass(frozen=True)
class Sample:
    """One column: its header, its values, how it is mapped, and what it is (None: clean)."""

    header: str
    values: tuple[str, ...]
    kind: str | None
    role: str = "other"  # other | pseudonym | event
    label: str = ""


def seeded(seed: str | int) -> Random:
    return Random(seed)  # noqa: S311 (nothing here is a secret)


def nhs_number(rng: Random) -> str:
    while True:
        digits = [rng.randint(0, 9) for _ in range(9)]
        check = 11 - sum(d * w for d, w in zip(digits, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            return "".join(map(str, [*digits, 0 if check == 11 else check]))


def luhn_number(rng: Random, length: int = 16) -> str:
    body = [rng.randint(1, 9) for _ in range(length - 1)]
    total = 0
    for place, digit in enumerate(reversed(body)):
        doubled = digit * 2 if place % 2 == 0 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return "".join(map(str, body)) + str(-total % 10)


def iban(rng: Random) -> str:
    account = "".join(str(rng.randint(0, 9)) for _ in range(18))
    # D = 13, E = 14: the country and 00 move to the end, and the check makes the rest 1 mod 97.
    return f"DE{98 - int(account + '131400') % 97:02d}{account}"


def _digits(rng: Random, count: int, first: str = "0123456789") -> str:
    return rng.choice(first) + "".join(rng.choice("0123456789") for _ in range(count - 1))


def _letters(rng: Random, count: int, of: str = "abcdefghijklmnopqrstuvwxyz") -> str:
    return "".join(rng.choice(of) for _ in range(count))


def _fill(rng: Random, template: str) -> str:
    """2-9 for N, 1-9 for D, any digit for #, an upper-case letter for A, lower for a."""
    made = {"N": "23456789", "D": "123456789", "#": "0123456789"}
    made |= {"A": "ABDEFGHJLNPRSTUWXY", "a": "abdefghjlnprstuwxy"}
    return "".join(rng.choice(made[c]) if c in made else c for c in template)


def _filled(template: str) -> Maker:
    return lambda rng: _fill(rng, template)


def _day(rng: Random, first: date, last: date) -> date:
    return first + timedelta(days=rng.randrange((last - first).days))


def _born(style: str) -> Maker:
    return lambda rng: _day(rng, date(1938, 1, 1), date(2006, 1, 1)).strftime(style)


def _seen(style: str) -> Maker:
    return lambda rng: _day(rng, date(2022, 1, 1), date(2026, 1, 1)).strftime(style)


def _one_of(*texts: str) -> Maker:
    return lambda rng: rng.choice(texts)


def _pseudonym(rng: Random) -> str:
    return f"C-{rng.randint(0, 999_999):06d}"


_FIRST = _words(
    "John Mary Robert Susan Ahmed Fatima Hans Petra Pierre Camille Giulia Carlos "
    "Priya Wei Olga Emma Siobhan Declan Lars Astrid Kevin Rachel Thomas Laura Nigel "
    "Fiona"
)
_LAST = _words(
    "Smith Jones Okonkwo Patel Müller Dubois Rossi Garcia Tanaka Ivanova Kelly "
    "Haugland Brandt O'Neill Whitcombe Featherstone Lindqvist Abara Nakagawa "
    "Fitzwilliam Delacroix Hathaway"
)
_RARE_FIRST = _words("Thandiwe Bjarte Ximena Oluwaseun Tamsin Ngozi Anselm Zdenka Perpetua Isolde")
_WORDS = _words(
    "she felt better after the second session and said that her sister had moved back "
    "home which was hard but sleep improved work remains stressful he mentioned the "
    "accident again"
)
_STREETS = _words("Rose Hill Church Station Victoria Mill Park Dawnview Sibley Elm")


def _note(rng: Random) -> str:
    return " ".join(rng.choice(_WORDS) for _ in range(rng.randint(9, 20)))


def _name(form: str) -> Maker:
    def make(rng: Random) -> str:
        first, last = rng.choice(_FIRST), rng.choice(_LAST)
        return form.format(f=first, l=last, i=rng.choice("ABCDEH"), F=first.upper(), L=last.upper())

    return make


def _spaced(number: str, sign: str = " ") -> str:
    return sign.join((number[:3], number[3:6], number[6:]))


def _in_fours(number: str, sign: str = " ") -> str:
    return sign.join(number[place : place + 4] for place in range(0, len(number), 4))


def _coordinate(rng: Random) -> str:
    return f"{rng.uniform(40, 60):.6f}"


# kind -> (header, maker) pairs; a header of "v7" says nothing, so the values must tell.
_IDENTIFIED: dict[str, list[tuple[str, Maker]]] = {
    "email": [
        ("v7", lambda r: f"{_letters(r, 6)}@{_letters(r, 5)}.com"),
        ("v7", lambda r: f"{_letters(r, 4)}.{_letters(r, 7)}@{_letters(r, 5)}.co.uk"),
        ("v7", lambda r: f"{_letters(r, 4)}+scout@{_letters(r, 5)}.org"),
        ("v7", lambda r: f"{_letters(r, 6).upper()}@{_letters(r, 5).upper()}.NET"),
        ("v7", lambda r: f"write to {_letters(r, 6)}@{_letters(r, 5)}.de please"),
        ("v7", lambda r: f"<{_letters(r, 6)}@mail.{_letters(r, 5)}.ac.uk>"),
        ("v7", lambda r: f"{_letters(r, 6)}_{_digits(r, 3)}@{_letters(r, 5)}.io"),
        ("v7", lambda r: f"mailto:{_letters(r, 6)}@{_letters(r, 5)}.com"),
        ("v7", lambda r: f"{_letters(r, 6)} [at] {_letters(r, 5)} [dot] com"),
        ("contactEmail", lambda r: f"{_letters(r, 6)} at {_letters(r, 6)}"),
        ("v7", lambda r: f"{_letters(r, 6)}\uff20{_letters(r, 5)}.com"),
    ],
    "phone": [
        ("v7", _filled("(N##) N##-####")),
        ("v7", _filled("N##-N##-####")),
        ("v7", _filled("N##.N##.####")),
        ("v7", _filled("+1 N## N## ####")),
        ("v7", _filled("+44 20 7### ####")),
        ("v7", _filled("07### ######")),
        ("v7", _filled("020 7### ####")),
        ("v7", _filled("+49 (0)30 D######")),
        ("v7", _filled("01 ## ## ## ##")),
        ("v7", _filled("1-N##-N##-####")),
        ("v7", _filled("07#########")),
        ("v7", _filled("N##\u2011N##\u2011####")),
        ("v7", _filled("tel:+447#########")),
        ("telephone_1", _filled("N##N######")),
        ("mobileNumber", _filled("N##N######")),
        ("Telefon", _filled("030D######")),
        ("home.phone", _filled("###-####")),
        ("fax", _filled("N##N######")),
    ],
    "ssn": [
        ("v7", _filled("1N#-N#-####")),
        ("v7", _filled("0N#-N#-D###")),
        ("v7", _filled("5## N# D###")),
        ("v7", _filled("SSN 4##-N#-D###")),
        ("v7", _filled("3##\u20132#\u2013D###")),
        ("v7", _filled("7##-N#-D###")),
        ("ssn", _filled("#########")),
        ("SSN", _filled("999-##-####")),
        ("client_ssn", _filled("D########")),
        ("socialSecurityNumber", _filled("D########")),
        ("social_security", _filled("D########.0")),
        ("ssn_last4", _filled("D###")),
    ],
    "nhs_number": [
        ("v7", lambda r: _spaced(nhs_number(r))),
        ("v7", lambda r: _spaced(nhs_number(r), "-")),
        ("v7", nhs_number),
        ("pid", nhs_number),
        ("v7", lambda r: nhs_number(r) if r.random() < 0.8 else _digits(r, 10)),
        ("v7", lambda r: nhs_number(r) + ".0"),
        ("v7", lambda r: f"NHS {nhs_number(r)}"),
        ("v7", lambda r: f" {_spaced(nhs_number(r))} "),
        ("v7", lambda r: _spaced(nhs_number(r), "\u00a0")),
        ("nhs_number", lambda r: _digits(r, 10)),
        ("NHSNo", lambda r: _digits(r, 10)),
        ("v7", lambda r: f"no. {_spaced(nhs_number(r))}, checked"),
    ],
    "postcode": [
        ("v7", _filled("AAD DAA".replace("AAD", "SWD"))),
        ("v7", _filled("MD# #AA")),
        ("v7", _filled("ED #aa")),
        ("v7", _filled("LSD##AA")),
        ("v7", _filled("ECDA DAA")),
        ("v7", _filled("KDA DAD".replace("KDA DAD", "KDA DBD"))),
        ("v7", _filled("#####-####")),
        ("zip", _filled("#####")),
        ("ZIPCode", _filled("D####")),
        ("postal_code", _filled("#####")),
        ("plz", _filled("D####")),
        ("homeZip", _filled("#####")),
        ("postcode", _filled("NWD #AA")),
        ("residence_area", _filled("D####")),
    ],
    "date_of_birth": [
        ("v7", _born("%Y-%m-%d")),
        ("v7", _born("%d/%m/%Y")),
        ("v7", _born("%m/%d/%Y")),
        ("v7", _born("%d.%m.%Y")),
        ("v7", _born("%d %B %Y")),
        ("v7", _born("%Y-%m-%dT00:00:00Z")),
        ("v7", _born("%Y%m%d")),
        ("v7", _born("%d-%b-%Y")),
        ("v7", _born("%B %d, %Y")),
        ("v7", _born("%d.%m.%y")),
        ("dob", _seen("%Y-%m-%d")),
        ("clientBirthDate", _seen("%d.%m.%Y")),
        ("Geburtsdatum", _seen("%d.%m.%Y")),
        ("date_naissance", _seen("%d/%m/%Y")),
        ("date_of_birth", lambda r: str(r.randint(12_000, 40_000))),
    ],
    "date_of_death": [
        (header, _seen(style))
        for header in ("DEATHDATE", "date_of_death", "deceased_on", "death.date", "DOD")
        for style in ("%Y-%m-%d", "%d.%m.%Y")
    ],
    "name": [
        ("v7", _name("{f} {l}")),
        ("v7", _name("{l}, {f}")),
        ("v7", _name("{f} {i}. {l}")),
        ("v7", _name("Dr {f} {l}")),
        ("v7", _name("{F} {L}")),
        ("v7", _name("{f}")),
        ("v7", _name("{F}")),
        ("v7", lambda r: _name("{f} {l}")(r).lower()),
        ("v7", lambda r: f"{r.choice(_RARE_FIRST)} {_letters(r, 7).capitalize()}"),
        ("v7", lambda r: _name("{f}_{l}")(r).lower()),
        ("name", _name("{l}")),
        ("firstName", _one_of(*_RARE_FIRST)),
        ("surname", _name("{l}")),
        ("LAST", lambda r: f"{_letters(r, 6).capitalize()}{_digits(r, 3)}"),
        ("Nachname", _name("{l}")),
        ("vorname", _one_of(*_RARE_FIRST)),
        ("nom_de_famille", _name("{l}")),
        ("therapist_name", _one_of(*_RARE_FIRST)),
        ("name_of_client", _one_of(*_RARE_FIRST)),
        ("initials", lambda r: _letters(r, 2).upper()),
        ("NextOfKin", _one_of(*_RARE_FIRST)),
    ],
    "address": [
        ("v7", lambda r: f"{r.randint(1, 200)} {r.choice(_STREETS)} Street"),
        ("v7", lambda r: f"{r.randint(1, 200)} {r.choice(_STREETS)} Rd."),
        ("v7", lambda r: f"{r.randint(1, 200)} {r.choice(_STREETS)} Ave, Apt {r.randint(1, 9)}"),
        ("v7", lambda r: f"{r.choice(_STREETS)}straße {r.randint(1, 90)}"),
        ("v7", lambda r: f"{r.randint(1, 90)} rue de {r.choice(_STREETS)}"),
        ("v7", lambda r: f"PO Box {r.randint(1, 900)}"),
        ("v7", lambda r: f"{r.choice(_STREETS)}ville, OH {_fill(r, 'D####')}"),
        ("address", lambda r: f"The {r.choice(_STREETS)}s"),
        ("homeAddress", lambda r: f"The {r.choice(_STREETS)}s"),
        ("Anschrift", lambda r: f"Am {r.choice(_STREETS)}"),
        ("city", lambda r: f"{r.choice(_STREETS)}ville"),
        ("COUNTY", lambda r: f"{r.choice(_STREETS)} County"),
    ],
    "ip_address": [
        ("v7", lambda r: ".".join(str(r.randint(1, 254)) for _ in range(4))),
        ("v7", lambda r: f"10.0.{r.randint(0, 255)}.{r.randint(0, 255)}"),
        ("v7", lambda r: f"from 192.168.{r.randint(0, 255)}.{r.randint(0, 255)}"),
        ("v7", lambda r: f"172.16.{r.randint(0, 255)}.{r.randint(0, 255)}:8080"),
        ("v7", lambda r: ":".join(f"{r.randrange(65536):x}" for _ in range(8))),
        ("v7", lambda r: f"2001:db8::{r.randrange(65536):x}"),
        ("v7", lambda r: f"fe80::{r.randrange(65536):x}:{r.randrange(65536):x}"),
        ("v7", lambda r: f"130.92.{r.randint(0, 255)}.{r.randint(0, 255)}/24"),
        ("IPAddress", lambda r: f"130.92.{r.randint(0, 255)}.xxx"),
        ("ip", lambda r: f"130.92.{r.randint(0, 255)}.0"),
    ],
    "web_address": [
        ("v7", lambda r: f"https://{_letters(r, 6)}.org/{_letters(r, 4)}"),
        ("v7", lambda r: f"http://{_letters(r, 6)}.de"),
        ("v7", lambda r: f"www.{_letters(r, 6)}.com"),
        ("v7", lambda r: f"see www.{_letters(r, 6)}.com"),
        ("v7", lambda r: f"HTTPS://{_letters(r, 6)}.COM"),
        ("v7", lambda r: f"facebook.com/{_letters(r, 8)}"),
        ("v7", lambda r: f"ftp://{_letters(r, 6)}.net/x"),
        ("homepage", lambda r: f"{_letters(r, 6)}.me"),
        ("url", lambda r: f"{_letters(r, 6)}.info"),
        ("website", lambda r: f"{_letters(r, 6)}.eu"),
    ],
    "medical_record_number": [
        (header, lambda r: _digits(r, 7))
        for header in _words(
            "mrn MRN client_mrn medicalRecordNumber medical_record_no hospital_number "
            "HospitalNo chart_number record_number patient_number case_note_number"
        )
    ],
    "national_id": [
        (header, lambda r: _letters(r, 1).upper() + _digits(r, 8))
        for header in _words(
            "passport DRIVERS drivers_license national_id insuranceNumber policy_number "
            "member_id account_number medicare_number vin license_plate device_serial taxID"
        )
    ]
    + [("v7", lambda r: f"AB {_fill(r, '## ## ##')} C")],
    "account_name": [
        (header, lambda r: _letters(r, 8))
        for header in _words(
            "username userName login twitter facebook_account instagram linkedin skype "
            "screen_name Login.Name"
        )
    ],
    "photo_or_biometric": [
        (header, lambda r: f"{_letters(r, 5)}-{_digits(r, 3)}")
        for header in _words("photo mugshot patient_photo fingerprint voiceprint selfie retina")
    ]
    + [
        ("v7", lambda r: f"mugshot-{r.randint(1, 99)}.jpg"),
        ("v7", lambda r: f"IMG_{_digits(r, 4)}.PNG"),
        ("v7", lambda r: f"data:image/png;base64,{_letters(r, 40)}"),
        ("v7", lambda r: _letters(r, 400)),
    ],
    "location": [
        (header, _coordinate)
        for header in _words(
            "LocationLatitude LocationLongitude latitude longitude LAT lon gps home_lat geo_lon"
        )
    ]
    + [("v7", lambda r: f"{_coordinate(r)}, {_coordinate(r)}")],
    "card_number": [
        ("v7", luhn_number),
        ("v7", lambda r: _in_fours(luhn_number(r))),
        ("v7", lambda r: _in_fours(luhn_number(r), "-")),
        ("v7", lambda r: f"card {_in_fours(luhn_number(r))}"),
        ("v7", lambda r: luhn_number(r, 15)),
        ("v7", lambda r: luhn_number(r, 14)),
        ("v7", lambda r: luhn_number(r, 13)),
        ("pid", luhn_number),
        ("v7", lambda r: luhn_number(r) if r.random() < 0.8 else _digits(r, 16)),
        ("v7", lambda r: luhn_number(r) + ".0"),
    ],
    "iban": [
        (header, maker)
        for header in ("v7", "x", "q12", "konto", "code")
        for maker in (iban, lambda r: _in_fours(iban(r)))
    ],
    "device": [
        (header, lambda r, joiner=joiner: joiner.join(_digits(r, 2) for _ in range(6)))
        for header in ("v7", "x", "q12", "unit", "code", "mac", "dev", "source", "sensor", "w")
        for joiner in (":",)
    ],
    "age_over_89": [
        (header, lambda r: str(r.randint(70, 99)))
        for header in _words(
            "age Age clientAge age_years age_at_baseline AGE.2 patient.age alter age_in_years edad"
        )
    ],
    "free_text": [
        (header, _note)
        for header in ("v7", "q12", "specify_mood", "reason", "other", "summary", "detail", "vob7")
    ]
    + [("comments", _one_of("Slept very badly", "Said very little")), ("Bemerkung", _note)],
}


def identified() -> Iterator[Sample]:
    """Every kind and variant as a whole column of values."""
    for kind, variants in _IDENTIFIED.items():
        for number, (header, make) in enumerate(variants):
            rng = seeded(f"{kind}-{number}")
            values = tuple(make(rng) for _ in range(ROWS))
            yield Sample(header, values, kind, label=f"{kind}-{number}-{header}")


def identified_once() -> Iterator[Sample]:
    """One bad value at a random row of an otherwise clean column, in and out of pseudonyms."""
    telling: list[tuple[str, Maker]] = [
        ("email", _IDENTIFIED["email"][0][1]),
        ("phone", _filled("(N##) N##-####")),
        ("phone", _filled("N##-N##-####")),
        ("phone", _filled("+44 20 7### ####")),
        ("ssn", _filled("1N#-N#-D###")),
        ("nhs_number", lambda r: _spaced(nhs_number(r))),
        ("postcode", _filled("SWD DAA")),
        ("name", _name("{f} {l}")),
        ("address", lambda r: f"{r.randint(1, 200)} {r.choice(_STREETS)} Street"),
        ("ip_address", lambda r: f"130.92.{r.randint(0, 255)}.{r.randint(0, 255)}"),
        ("web_address", lambda r: f"https://{_letters(r, 6)}.org"),
    ]
    for role, header in (("pseudonym", "client_id"), ("other", "arm"), ("event", "occurred_on")):
        for number, (kind, make) in enumerate(telling):
            rng = seeded(f"{role}-{kind}-{number}")
            clean = _seen("%Y-%m-%d") if role == "event" else _pseudonym
            values = [clean(rng) for _ in range(ROWS)]
            values[rng.randrange(ROWS)] = make(rng)
            yield Sample(header, tuple(values), kind, role, f"once-{role}-{kind}-{number}")


_SCORE_HEADERS = _words(
    "ahi01 cesdTotal elapsed.days treatment length bdi.pre bdi.2m ppid pre_data grade "
    "elite age class educ income em1 dm1 pm1 am1 phq9_1 scs_12 item response score "
    "day occasion session_number minutes alliance_score line depr1i3 cope2i44a rq_s3 "
    "wk2bdi beck.dep.inv_sess7 phone_sessions email_count address_feelings "
    "named_emotions birth_order zip_practice_minutes ssn_flag visit_no"
)
_CODE_HEADERS = _words(
    "client_id episode_id clinician_id id record_id subject PATIENT participant_id "
    "username_hash session_key study_id"
)
_PSEUDONYMS: dict[str, Maker] = {
    "dashed": _pseudonym,
    "zeros": lambda r: f"{r.randint(0, 999):05d}",
    "synthetic": lambda r: f"synthetic-{r.randint(0, 999_999):06d}",
    "uuid": lambda r: str(UUID(int=r.getrandbits(128), version=4)),
    "eight": lambda r: _digits(r, 8),
    "nine": lambda r: _digits(r, 9),
    "ten": lambda r: _digits(r, 10),
    "eleven": lambda r: _digits(r, 11),
    "sixteen": lambda r: _digits(r, 16),
    "hash": lambda r: f"{r.getrandbits(256):064x}",
    "qualtrics": lambda r: "R_" + _letters(r, 15, "ABCDEFGHJKabcdefghjk0123456789"),
    "letters": lambda r: _letters(r, 6).upper() + _digits(r, 2),
    "sited": lambda r: f"{r.randint(101, 120)}-{r.randint(1, 999):03d}",
    "redcap": lambda r: f"33{r.randint(1, 3)}-{r.randint(1, 400)}",
}
_TEXTS: dict[str, tuple[str, ...]] = {
    "program_name": (
        "Compassion Focused Therapy",
        "Mindful Self-Compassion",
        "Cognitive Behavioural Therapy",
        "Acceptance and Commitment Therapy",
    ),
    "instrument_name": ("Patient Health Questionnaire", "Self-Compassion Scale", "Other As Shamer"),
    "practice_name": ("Soothing Rhythm Breathing", "Loving Kindness", "3 minute breathing space"),
    "item_name": ("Item One", "Item Two", "Item Three"),
    "scale_name": ("Total Score", "Self Kindness", "Common Humanity"),
    "clinic_name": ("North Clinic", "St Mary Clinic", "Martin House", "Royal Park Hospital"),
    "condition": ("Major Depressive Disorder", "Social Anxiety", "Panic Disorder", "PTSD"),
    "ethnicity": (
        "White British",
        "Black African",
        "Hispanic or Latino",
        "Mixed",
        "Asian",
        "1",
        "2",
    ),
    "ethnicity_code": ("A", "B", "C", "D", "Z", "99"),
    "race": ("White", "Black or African American", "American Indian or Alaska Native"),
    "age_band": ("18-24", "25-34", "35-44", "45-54", "65+", "90+"),
    "gender": ("female", "male", "non-binary", "prefer not to say"),
    "drug": ("Yes", "No"),
    "medication": ("Sertraline", "Fluoxetine", "Citalopram", "None"),
    "arm": ("TAU", "BtheB", "control"),
    "ending": ("planned", "unplanned", "ongoing"),
    "mode": ("phone", "in person", "video", "online"),
    "instrument_id": ("phq9", "gad7", "scs", "cesd"),
    "scale_id": ("scs_total", "phq9_total"),
    "timepoint": ("baseline", "mid", "end", "follow_up"),
    "icd10": ("F32.1", "F41.1", "F43.10", "F40.10"),
    "loinc": ("55758-7", "75626-2", "70274-6", "44261-6"),
    "snomed": ("195662009", "410620009", "185345009"),
    "month": ("January", "April", "May", "June", "August"),
    "weekday": ("Monday", "Tuesday", "Friday"),
    "colour": ("Green", "Brown", "White", "Rose"),
    "virtue": ("Grace", "Hope", "Joy", "Faith", "Will"),
    "country": ("Germany", "Jordan", "Chad", "United Kingdom", "New Zealand"),
    "language": ("EN", "DE", "UserLanguage"),
    "education": ("Less than 12 years", "Bachelor degree", "Postgraduate degree"),
    "occupation_group": ("Skilled Manual", "Professional Occupations", "Elementary Work"),
    "length": (">6m", "<6m"),
    "email": ("", "0", "1"),
    "phone": ("yes", "no", ""),
    "address": ("REDACTED", "[removed]", ""),
    "date_of_birth": ("1983", "1990", "2001"),
    "given_birth": ("0", "1", ""),
    "family": ("CFT", "MBCT", "ACT"),
    "comment": ("ok", "none", "n/a"),
    "zip3": ("021", "606", "000"),
    "redcap_event_name": ("enrollment_arm_1", "dose_1_arm_1", "visit_1_arm_1"),
    "time": ("08:28:09", "9AM", "10:15", "Q1 9AM"),
    "version": ("1.2.3", "2.0.1", "10.4"),
    "interventions": ("imagery;letter writing", "chair work", "soothing rhythm;letter writing"),
    "household": ("Lives alone", "With partner", "With family"),
    "description": (
        "Generalized anxiety disorder 7 item (GAD-7) total score [Reported.PHQ]",
        "Patient Health Questionnaire 9 item (PHQ-9) total score [Reported]",
    ),
}


def clean() -> Iterator[Sample]:
    """Columns of outcome data that share a shape or a word with identifiers."""
    for header in _SCORE_HEADERS:
        for label, make in (
            ("item", lambda r: str(r.randint(0, 4))),
            ("score", lambda r: str(r.randint(0, 63))),
            ("mean", lambda r: f"{r.uniform(1, 5):.14f}"),
        ):
            if header == "age" and label == "mean":
                continue
            rng = seeded(f"{header}-{label}")
            values = tuple(make(rng) for _ in range(ROWS))
            yield Sample(header, values, None, label=f"{header}-{label}")
    for header in _CODE_HEADERS:
        for label, make in _PSEUDONYMS.items():
            rng = seeded(f"{header}-{label}")
            # Sources draw pseudonyms once and repeat them over occasions.
            drawn = [make(rng) for _ in range(ROWS // rng.choice((1, 3)))]
            values = tuple(drawn[row % len(drawn)] for row in range(ROWS))
            role = "other" if header == "username_hash" else "pseudonym"
            yield Sample(header, values, None, role, f"{header}-{label}")
    for label, make in _PSEUDONYMS.items():
        rng = seeded(f"unmapped-{label}")
        values = tuple(make(rng) for _ in range(ROWS))
        yield Sample("reference", values, None, label=f"unmapped-{label}")
    for header, texts in _TEXTS.items():
        rng = seeded(header)
        values = tuple(rng.choice(texts) for _ in range(ROWS))
        yield Sample(header, values, None, label=f"text-{header}")
    for header in ("occurred_on", "held_on", "referred_on", "practised_on"):
        for style in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%Y%m%d", "%Y-%m-%d %H:%M:%S"):
            for role in ("event", "other"):
                rng = seeded(f"{header}-{style}-{role}")
                values = tuple(_seen(style)(rng) for _ in range(ROWS))
                yield Sample(header, values, None, role, f"{header}-{style}-{role}")
    rng = seeded("old events")
    old = tuple(_day(rng, date(1998, 1, 1), date(2004, 1, 1)).isoformat() for _ in range(ROWS))
    yield Sample("occurred_on", old, None, "event", "old-events")
