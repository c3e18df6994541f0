"""What headers say: words in several languages that announce an identifier.

What belongs here: the words, how a header is cut into words, and what the values under a header
must look like before the header is believed.
What does not: shapes of values that need no header (patterns.py) and the decision about
a column (identifiers.py).

Source: 45 CFR 164.514(b)(2)(i) (A)-(R), the Safe Harbor list, put into the words exports use.
"""

import re
import unicodedata

from orchestration.landing.identifiers.patterns import PATTERNS, full_match, matches

__all__ = ["BELIEVED", "header_rules", "tokens_of"]


def _words(text: str) -> list[str]:
    return text.split()


# Words are matched against whole tokens and against runs of tokens written together, so that
# `first_name`, `firstName`, `FIRSTNAME` and `First.Name` all meet "firstname".
_HEADER_WORDS: dict[str, str] = {
    "email": "email emailaddress emailadresse emailadress courriel correoelectronico mailaddress",
    "phone": "phone phonenumber phoneno telephone telephonenumber telefon telefonnummer telefono "
    "telefone telefoon tel mobile mobilenumber mobilephone mobil cellphone cellnumber handynummer "
    "handy fax faxnumber contactnumber contactno whatsapp",
    "ssn": "ssn socialsecurity socialsecuritynumber socsec itin sozialversicherungsnummer",
    "nhs_number": "nhsnumber nhsno nhsnum nhsid newnhsno chinumber hcnumber",
    "national_id": "nationalid nationalidnumber nationalinsurance nationalinsurancenumber nino "
    "passport passportnumber passportno drivers driverslicense driverlicense driverslicence "
    "drivinglicence licensenumber licencenumber licenseplate licenceplate numberplate taxid "
    "taxnumber steuernummer personnummer personalausweis dni curp bsn insuranceid insurancenumber "
    "insuranceno policynumber memberid membernumber beneficiary beneficiaryid beneficiarynumber "
    "medicareid medicarenumber medicaidid medicaidnumber medicare medicaid subscriberid "
    "versichertennummer accountnumber accountno bankaccount iban creditcard cardnumber vin "
    "vehicleid serialnumber deviceserial deviceid deviceidentifier imei macaddress "
    "certificatenumber",
    "medical_record_number": "mrn medicalrecordnumber medicalrecordno medicalrecord medrec "
    "medrecno hospitalnumber hospitalno hospitalid chartnumber chartno casenotenumber "
    "casenotesnumber patientennummer empi",
    "postcode": "zip zipcode zip5 zip4 postcode postalcode postal postleitzahl plz codepostal "
    "codigopostal postnummer pincode",
    "date_of_birth": "dob dateofbirth dateborn birth births birthdate birthday birthdt bday born "
    "gebdat gebdatum geburt datedenaissance naissance ddn nacimiento fechanacimiento nascita "
    "nascimento geboortedatum fodelsedatum fodselsdato",
    "date_of_death": "dod dateofdeath deathdate death deceased deceasedon sterbedatum todesdatum",
    "name": "firstname lastname surname surnames forename forenames givenname givennames "
    "familyname fullname middlename maidenname maiden nickname birthname legalname namefirst "
    "namelast namemiddle namefull fname lname vorname vornamen nachname familienname zuname "
    "rufname geburtsname prenom prenoms nomdefamille apellido apellidos cognome sobrenome "
    "voornaam achternaam fornamn efternamn fornavn etternavn nazwisko imie initials nextofkin "
    "фамилия имя отчество 姓名 名前 氏名",
    "address": "address addresses addr addressline homeaddress streetaddress street streetname "
    "strasse hausnummer adresse anschrift direccion domicilio indirizzo adres endereco city town "
    "village suburb county municipality wohnort birthplace placeofbirth geburtsort hometown "
    "cityofresidence",
    "ip_address": "ip ipaddress ipaddr ipv4 ipv6 adresseip ipadresse",
    "web_address": "url website homepage webpage weblink",
    "account_name": "username login loginname screenname twitter facebook instagram linkedin "
    "skype telegram tiktok",
    "photo_or_biometric": "photo photograph mugshot portrait selfie faceimage facephoto "
    "fingerprint fingerprints voiceprint retina irisscan biometric biometrics",
    "location": "latitude longitude gps gpscoordinates geolocation coordinates locationlat "
    "locationlon homelat homelon geolat geolon",
    "free_text": "comment comments note notes remark remarks freetext narrative kommentar "
    "kommentare bemerkung bemerkungen anmerkung commentaire commentaires comentario comentarios "
    "clinicalnotes progressnote",
}
_RULE_OF = {word: rule for rule, words in _HEADER_WORDS.items() for word in words.split()}
# Words that mean a person only when they are the whole header. `record_number` may also be what a
# clinic calls its pseudonyms: it counts only where the column is not mapped as one.
_RULE_OF_WHOLE = (
    dict.fromkeys(_words("name names nom nome nombre naam navn namn"), "name")
    | dict.fromkeys(_words("first last given family middle prefix alias"), "perhaps_name")
    | dict.fromkeys(_words("lat lon lng"), "location")
    | {"mail": "email", "cell": "phone", "nhs": "nhs_number", "geb": "date_of_birth"}
    | dict.fromkeys(_words("recordnumber recordno patientnumber patientno"), "record_number")
    | {"ort": "address"}
)
_BIRTH_STEMS = ("geburts", "naissanc", "nacimient")
# `<person>_name` and `name_of_<person>`; `program_name`, `instrument_name` stay silent.
_PEOPLE = frozenset(
    _words(
        "client clients patient patients participant person subject respondent recipient member "
        "user child mother mothers father fathers parent parents guardian carer caregiver spouse "
        "partner husband wife kin contact relative sibling clinician therapist doctor physician gp "
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


def tokens_of(header: str) -> list[str]:
    """The words of a header, lower case, without accents: ``clientAge.2`` -> client, age, 2."""
    plain = unicodedata.normalize("NFKD", header.replace("ß", "ss"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = re.sub(r"([a-z])([A-Z])", r"\1 \2", plain)
    plain = re.sub(r"([A-Z]{2,})([A-Z][a-z])", r"\1 \2", plain)
    return [token.casefold() for token in re.findall(r"[^\W\d_]+|\d+", plain)]


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
    if any(word.startswith(_BIRTH_STEMS) for word in words):
        rules.add("date_of_birth")
    for place, word in enumerate(words):
        if word in _NAME_WORDS:
            following = [later for later in words[place + 1 :] if later not in {"of", "the", "de"}]
            before = words[place - 1] if place else ""
            if before in _PEOPLE or (not place and following and following[0] in _PEOPLE):
                rules.add("name")
    if _HASH_WORDS & set(words):
        rules -= {"name", "perhaps_name", "account_name"}
    if rules & {"email", "ip_address", "web_address"}:
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
