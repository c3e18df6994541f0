# ruff: noqa: RUF001 (other scripts are the point)
"""A second corpus, written from the identifiers' definitions and not from the detector.

What belongs here: what the first corpus (identifier_corpus.py) lacks: national numbers, headers and
names in other languages, identifiers inside pseudonyms, blobs, and clean columns abroad.
What does not: the code under test, and any value of a real person.
"""

import itertools
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random

from tests.privacy import national_ids as ids
from tests.privacy.identifier_corpus import ROWS, Sample, seeded

Maker = Callable[[Random], str]


def _cut(maker: Maker, *places: int, sign: str = " ") -> Maker:
    """The number of ``maker`` with ``sign`` put in at some places."""

    def make(rng: Random) -> str:
        text = maker(rng)
        edges = [0, *places, len(text)]
        return sign.join(text[a:b] for a, b in itertools.pairwise(edges))

    return make


def _like(template: str) -> Maker:
    """`#` is a digit from 1 to 9, `{a|b}` a choice."""

    def make(rng: Random) -> str:
        chosen = re.sub(r"\{([^}]*)\}", lambda found: rng.choice(found[1].split("|")), template)
        return re.sub("#", lambda _: rng.choice("123456789"), chosen)

    return make


def _one_of(text: str) -> Maker:
    choices = text.split()
    return lambda rng: rng.choice(choices)


def _pair(first: str, last: str) -> Maker:
    firsts, lasts = first.split(), last.split()
    return lambda rng: f"{rng.choice(firsts)} {rng.choice(lasts)}"


# One silent header for each: the number itself has to tell.
_BARE: dict[str, list[Maker]] = {
    "chi": [ids.chi, _cut(ids.chi, 3, 6), _cut(ids.chi, 6)],
    "nino": [
        ids.nino,
        _cut(ids.nino, 2, 4, 6, 8),
        _cut(ids.nino, 2, 8),
        lambda r: ids.nino(r).lower(),
        _cut(ids.nino, 2, 4, 6, 8, sign="-"),
    ],
    "steuer_id": [ids.steuer_id, _cut(ids.steuer_id, 2, 5, 8)],
    "nir": [
        ids.nir,
        _cut(ids.nir, 1, 3, 5, 7, 10, 13),
        _cut(ids.nir, 13),
        lambda r: ids.nir(r)[:13],
    ],
    "dni": [ids.dni, _cut(ids.dni, 8, sign="-"), lambda r: ids.dni(r).lower()],
    "nie": [ids.nie, _cut(ids.nie, 1, 8, sign="-")],
    "codice_fiscale": [ids.codice_fiscale, lambda r: ids.codice_fiscale(r).lower()],
    "bsn": [ids.bsn, _cut(ids.bsn, 4, 6, sign=".")],
    "personnummer": [
        ids.personnummer,
        _cut(ids.personnummer, 6, sign="-"),
        lambda r: "19" + ids.personnummer(r),
        lambda r: "19" + _cut(ids.personnummer, 6, sign="-")(r),
    ],
    "pesel": [ids.pesel],
    "fodselsnummer": [ids.fodselsnummer, _cut(ids.fodselsnummer, 6)],
    "cpr": [_cut(ids.cpr, 6, sign="-"), ids.cpr],
    "hetu": [ids.hetu],
    "belgian": [
        ids.belgian,
        lambda r: "{0[0]}{0[1]}.{0[2]}{0[3]}.{0[4]}{0[5]}-{1}.{2}".format(
            (n := ids.belgian(r)), n[6:9], n[9:]
        ),
    ],
    "ahv": [ids.ahv, _cut(ids.ahv, 3, 7, 11, sign=".")],
    "svnr": [ids.svnr, _cut(ids.svnr, 4)],
    "rodne_cislo": [ids.rodne_cislo, _cut(ids.rodne_cislo, 6, sign="/")],
    "cnp": [ids.cnp],
    "oib": [ids.oib],
    "pps": [ids.pps],
    "vin": [ids.vin],
    "medicare_beneficiary": [
        ids.medicare_beneficiary,
        _cut(ids.medicare_beneficiary, 4, 7, sign="-"),
    ],
    "cpf": [
        ids.cpf,
        lambda r: f"{(n := ids.cpf(r))[:3]}.{n[3:6]}.{n[6:9]}-{n[9:]}",
    ],
    "aadhaar": [ids.aadhaar, _cut(ids.aadhaar, 4, 8)],
}

# Headers that a clinic's export has in its own language; the values alone say little.
_HEADERS: dict[str, tuple[Maker, str]] = {
    "name": (
        _one_of("Zdenka Bjarte Ximena Tamsin Ngozi Anselm Perpetua Isolde Thandiwe Yevhen"),
        "Vorname Nachname prénom NomUsuel nom_de_naissance nombre_paciente apellidos "
        "primer_apellido cognome nome_paziente imię nazwisko nazwisko_rodowe jméno příjmení "
        "förnamn efternamn fornavn etternavn mellomnavn etunimi sukunimi voornaam achternaam "
        "sobrenome nome_completo keresztnév vezetéknév prenume ad soyad όνομα επώνυμο имя "
        "фамилия "
        "прізвище patient_name PatientName pt_name emergency_contact contact_person "
        "guardian_name mothers_maiden_name 姓名 氏名 患者姓名 이름 الاسم "
        "שם_משפחה client_full_name ClientLast PtFirst",
    ),
    "phone": (
        lambda r: r.choice("23456789") + ids.digits(r, 7),
        "Telefonnummer Handynr Mobilnummer téléphone numéro_de_téléphone portable teléfono "
        "movil celular cellulare telefono_cell telefoonnummer gsm telefon_komórkowy "
        "nr_telefonu mobilnummer puhelin telefone telemóvel telefonszám τηλέφωνο телефон "
        "电话 電話番号 휴대폰 phone_home home_tel work_phone emergency_phone contact_no faxnr "
        "Cell",
    ),
    "address": (
        _one_of("Lindenhof Quai-Sud Altstadt Vieux-Port Nordkaj Rynek Zahradní Sundby"),
        "Straße Wohnort Adresse Anschrift Hausnummer_Strasse adresse_postale ville commune rue "
        "dirección ciudad calle domicilio municipio indirizzo città comune via_residenza adres "
        "woonplaats straatnaam ulica miejscowość miasto adresa ulice město gatuadress ort "
        "bostadsort "
        "gateadresse poststed osoite kaupunki morada endereço cidade bairro cím település adresă "
        "oraș διεύθυνση πόλη адрес город 地址 住所 주소 street_address address_line_1 parish "
        "hometown neighbourhood census_tract",
    ),
    "date_of_birth": (
        lambda r: (date(2022, 1, 1) + timedelta(days=r.randrange(900))).isoformat(),
        "Geburtsdatum Geb.-Datum GebDat date_de_naissance DDN fecha_de_nacimiento "
        "fecha_nacimiento FNAC data_di_nascita data_nascita data_de_nascimento geboortedatum "
        "data_urodzenia datum_narození födelsedatum fødselsdato syntymäaika születési_dátum "
        "data_nașterii doğum_tarihi ημερομηνία_γέννησης дата_рождения дата_народження 出生日期 "
        "生年月日 생년월일 تاريخ_الميلاد DOB Birth_Date pt_dob childs_dob mother_dob bdate "
        "birthdt BIRTH_DT",
    ),
    "medical_record_number": (
        lambda r: ids.digits(r, 7),
        "MRN mrn_no Fallnummer Patientennummer Krankenaktennummer PatNr IPP numéro_de_dossier "
        "num_dossier NHC historia_clinica numero_historia_clinica cartella_clinica patientnummer "
        "patiëntnummer dossiernummer numer_kartoteki číslo_karty journalnummer "
        "potilasnumero número_do_processo prontuario αριθμός_μητρώου номер_карты 病历号 "
        "カルテ番号 "
        "chart_no case_note_no hospital_no UHID epic_id pat_mrn_id emrn unit_record_number",
    ),
    "national_id": (
        lambda r: ids.letters(r, 2) + ids.digits(r, 7),
        "Personalausweisnummer Reisepassnummer Krankenversichertennummer KVNR Führerscheinnummer "
        "Kennzeichen numéro_de_sécurité_sociale NIR INS carte_vitale numéro_passeport DNI NIE "
        "NIF "
        "NUSS pasaporte tarjeta_sanitaria codice_fiscale tessera_sanitaria carta_identita "
        "patente_guida burgerservicenummer BSN paspoortnummer rijbewijsnummer PESEL "
        "numer_dowodu nr_paszportu rodné_číslo personnummer fødselsnummer CPR_nr "
        "henkilötunnus NIF_contribuinte CPF RG cartão_cidadão TAJ_szám CNP AMKA ΑΜΚΑ СНИЛС "
        "паспорт 身份证号 身份證 主民登録 マイナンバー 주민등록번호 aadhaar PAN_number SIN "
        "TFN medicare_no "
        "license_plate_no cert_number npi dea_number VIN device_serial_no udi "
        "health_card_number OHIP health_plan_id group_number subscriber_no",
    ),
    "postcode": (
        lambda r: str(r.randint(10_000, 99_999)),
        "PLZ Postleitzahl code_postal CP_patient código_postal codigo_postal cap_residenza "
        "kod_pocztowy "
        "PSČ postnummer postinumero CEP irányítószám cod_poștal ταχυδρομικός_κώδικας индекс "
        "почтовый_индекс 邮编 郵便番号 우편번호 ZIP zip_cd postcode_home PostalCode eircode "
        "patient_zip zip9",
    ),
    "email": (
        lambda r: f"{ids.letters(r, 6).lower()} at {ids.letters(r, 6).lower()}",
        "E-Mail EMail-Adresse courriel adresse_mail mél correo_electrónico correo "
        "indirizzo_email posta_elettronica e-mailadres adres_email e-post epost sähköposti "
        "endereço_email e-mailcím ηλεκτρονικό_ταχυδρομείο почта эл_почта 电子邮件 邮箱 "
        "メールアドレス 이메일 "
        "emailAddr mail_address contact_email",
    ),
    "free_text": (
        lambda r: " ".join(r.choice(("ging", "vsjo", "muy", "tak", "mal", "sehr")) for _ in "123"),
        "Bemerkung Notiz Freitext Anmerkungen Verlauf commentaire remarques observations "
        "texte_libre "
        "comentarios observaciones notas commenti osservazioni opmerkingen notities uwagi "
        "komentarz "
        "notatki poznámka anteckningar kommentarer merknad huomautus observações megjegyzés "
        "observații σχόλια комментарий примечание примітки 备注 備考 コメント 메모 "
        "clinician_notes "
        "progress_notes session_notes other_specify_comment narrative free_text memo",
    ),
}

_POLISH = (
    "Agnieszka Katarzyna Małgorzata Piotr Krzysztof Paweł Michał Anna Magdalena Tomasz",
    "Wiśniewski Wójcik Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski",
)
_RUSSIAN = (
    "Иван Мария Сергей Ольга Дмитрий Анна Алексей Наталья Владимир Елена",
    "Иванов Петрова Сидоров Кузнецова Попов Соколова Лебедев Козлова",
)
_GREEK = ("Γιώργος Μαρία Δημήτρης Ελένη Νίκος Κατερίνα", "Παπαδόπουλος Γεωργίου Δημητρίου Νικολάου")
_SPANISH = (
    "María José Carmen Antonio Begoña Íñigo Álvaro Rocío Lucía Pilar",
    "García Fernández Núñez Ibáñez Muñoz Peña Zúñiga Rodríguez",
)
_INDIAN = (
    "Aarav Priya Vikram Anjali Sunita Rajesh Lakshmi Arjun Deepika Sanjay",
    "Sharma Iyer Reddy Gupta Chatterjee Nair Menon Kulkarni",
)
_NIGERIAN = (
    "Chinedu Ngozi Oluwaseun Adaeze Emeka Yetunde Ifeanyi Folake",
    "Okonkwo Adeyemi Balogun Eze Nwosu Ogunleye Abubakar",
)
_TURKISH = (
    "Ayşe Mehmet Fatma Mustafa Emre Zeynep Hüseyin Elif",
    "Yılmaz Kaya Demir Şahin Çelik Öztürk",
)
_NORDIC = (
    "Bjørn Åse Sigrid Håkon Ingeborg Øystein Torbjörn Solveig",
    "Ødegård Sæther Bergström Lindqvist",
)
_VIETNAMESE = ("Nguyễn Trần Lê Phạm Hoàng", "Văn-Minh Thị-Lan Hữu-Đức Minh-Anh Thu-Hà")


def _surname_first(names: tuple[str, str]) -> Maker:
    firsts, lasts = names[0].split(), names[1].split()
    return lambda rng: f"{rng.choice(lasts)}, {rng.choice(firsts)}"


_BORN = ids.born
_NAMES = [
    "smith",
    "jones",
    "garcia",
    "miller",
    "davis",
    "wilson",
    "taylor",
    "patel",
    "khan",
    "schmidt",
    "rossi",
    "nowak",
]
_GIVEN = [
    "john",
    "mary",
    "susan",
    "peter",
    "laura",
    "kevin",
    "emma",
    "thomas",
    "anna",
    "david",
    "sarah",
    "james",
]


def _hex_blob(rng: Random) -> str:
    return "FFD8FFE0" + "".join(f"{rng.randrange(256):02X}" for _ in range(200))


def _base64(rng: Random, count: int = 400) -> str:
    return ids.letters(
        rng, count, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    )


# (kind, role, header, maker): what an analyst lets in without meaning to.
_BY_MISTAKE: list[tuple[str, str, str, Maker]] = [
    ("name", "other", "v7", _pair(*_POLISH)),
    ("name", "other", "v7", _pair(*_RUSSIAN)),
    ("name", "other", "v7", _pair(*_GREEK)),
    ("name", "other", "v7", _pair(*_SPANISH)),
    ("name", "other", "v7", _pair(*_INDIAN)),
    ("name", "other", "v7", _pair(*_NIGERIAN)),
    ("name", "other", "v7", _pair(*_TURKISH)),
    ("name", "other", "v7", _pair(*_NORDIC)),
    ("name", "other", "v7", _pair(*_VIETNAMESE)),
    ("name", "other", "v7", _surname_first(_RUSSIAN)),
    ("name", "other", "v7", _surname_first(_SPANISH)),
    ("name", "pseudonym", "client_id", _pair(*_POLISH)),
    ("name", "pseudonym", "client_id", lambda r: f"{r.choice(_GIVEN)}.{r.choice(_NAMES)}"),
    ("name", "pseudonym", "client_id", lambda r: f"{r.choice(_GIVEN)}_{r.choice(_NAMES)}"),
    (
        "name",
        "pseudonym",
        "client_id",
        lambda r: f"{r.choice(_GIVEN).title()}{r.choice(_NAMES).title()}{ids.digits(r, 2)}",
    ),
    (
        "name",
        "pseudonym",
        "client_id",
        lambda r: f"{r.choice('abcdehjklmprst')}{r.choice(_NAMES)}{ids.digits(r, 2)}",
    ),
    (
        "name",
        "pseudonym",
        "client_id",
        lambda r: f"{r.choice(_NAMES)}{r.choice('abcdehjklmprst')}{ids.digits(r, 1)}",
    ),
    (
        "name",
        "pseudonym",
        "client_id",
        lambda r: f"{r.choice(_NAMES).upper()}-{r.choice(_GIVEN).upper()}-{ids.digits(r, 3)}",
    ),
    ("name", "pseudonym", "client_id", lambda r: f"{r.choice(_NAMES).title()}{ids.digits(r, 3)}"),
    (
        "email",
        "pseudonym",
        "client_id",
        lambda r: f"{ids.letters(r, 6).lower()}@{ids.letters(r, 5).lower()}.org",
    ),
    ("date_of_birth", "pseudonym", "client_id", lambda r: _BORN(r).strftime("%Y%m%d")),
    ("date_of_birth", "pseudonym", "client_id", lambda r: _BORN(r).isoformat()),
    (
        "date_of_birth",
        "pseudonym",
        "client_id",
        lambda r: ids.letters(r, 2) + _BORN(r).strftime("%d%m%Y"),
    ),
    (
        "date_of_birth",
        "pseudonym",
        "client_id",
        lambda r: _BORN(r).strftime("%Y%m%d") + "-" + ids.letters(r, 2),
    ),
    (
        "date_of_birth",
        "pseudonym",
        "client_id",
        lambda r: ids.letters(r, 4) + "_" + _BORN(r).strftime("%Y-%m-%d"),
    ),
    (
        "date_of_birth",
        "pseudonym",
        "client_id",
        lambda r: ids.letters(r, 2) + _BORN(r).strftime("%d%m%y"),
    ),
    (
        "date_of_birth",
        "pseudonym",
        "client_id",
        lambda r: _BORN(r).strftime("%y%m%d") + ids.letters(r, 3),
    ),
    (
        "date_of_birth",
        "pseudonym",
        "client_id",
        lambda r: _BORN(r).strftime("%m%d%Y") + ids.letters(r, 1),
    ),
    ("date_of_birth", "other", "v7", lambda r: ids.letters(r, 2) + _BORN(r).strftime("%d%m%Y")),
    ("national_id", "pseudonym", "client_id", ids.chi),
    ("national_id", "pseudonym", "client_id", ids.pesel),
    ("national_id", "pseudonym", "client_id", ids.dni),
    ("national_id", "pseudonym", "client_id", ids.codice_fiscale),
    ("national_id", "pseudonym", "client_id", ids.bsn),
    ("national_id", "pseudonym", "client_id", ids.nino),
    ("national_id", "pseudonym", "client_id", ids.personnummer),
    ("national_id", "pseudonym", "client_id", _cut(ids.personnummer, 6, sign="-")),
    ("national_id", "pseudonym", "client_id", ids.nir),
    ("national_id", "pseudonym", "client_id", ids.steuer_id),
    ("phone", "pseudonym", "client_id", _like("+447#########")),
    ("phone", "pseudonym", "client_id", _like("0### #######")),
]
_BY_MISTAKE += [
    ("phone", "other", "v7", _like(template))
    for template in (
        "+33 6 ## ## ## ##",
        "+48 ### ### ###",
        "01{51|60|70|79}/#######",
        "06-########",
        "+7 (9##) ###-##-##",
        "8 (9##) ###-##-##",
        "+81-90-####-####",
    )
]
_BY_MISTAKE += [
    ("address", "other", "v7", _like(template))
    for template in (
        "Calle {Mayor|Luna|Serrano} ##, #º",
        "ul. {Długa|Polna|Leśna} ##/#",
        "Via {Roma|Garibaldi|Dante} ##",
        "{Kerk|Dorps|Molen}straat ##",
        "{Stor|Kungs|Drottning}gatan ##",
        "ул. {Ленина|Мира|Садовая}, д. ##",
    )
]
_BY_MISTAKE += [
    ("photo_or_biometric", "other", "v7", maker)
    for maker in (
        _hex_blob,
        lambda r: "0x" + _hex_blob(r),
        _base64,
        lambda r: "\r\n".join(_base64(r, 76) for _ in range(6)),
        # What DuckDB makes of a Parquet column of bytes.
        lambda r: "".join(f"\\x{r.randrange(256):02X}" for _ in range(40)),
        _like("scan_###.dcm"),
        _like("uploads/###.webp"),
        _like("voice###.wav"),
        _like("session_###.mp4"),
    )
]
_SAID = [
    "она",
    "сказала",
    "что",
    "стало",
    "лучше",
    "после",
    "второй",
    "встречи",
    "но",
    "работа",
    "тяжёлая",
]
_FELT = ("slept badly", "argued with sister", "missed work", "panic on bus")
_BY_MISTAKE += [
    ("free_text", "other", "v7", lambda r: "她觉得好多了" + "但是工作很辛苦" * r.randint(3, 30)),
    ("free_text", "other", "v7", lambda r: " ".join(r.choice(_SAID) for _ in range(14))),
    ("free_text", "other", "v7", lambda r: "; ".join(r.choice(_FELT) for _ in range(6))),
    ("web_address", "other", "v7", _like("https://www.linkedin.com/in/{ann|bob|cy}###")),
    ("web_address", "other", "v7", _like("instagram.com/{ann|bob|cy}###")),
    ("location", "other", "v7", lambda r: f"{r.uniform(40, 60):.5f},{r.uniform(-5, 20):.5f}"),
    ("location", "other", "v7", _like("##°##'##\"N #°##'##\"E")),
]


def identified_abroad() -> Iterator[Sample]:
    """National numbers, foreign headers and the mistakes an analyst makes, a column each."""
    made: list[tuple[str, str, str, Maker]] = []
    for name, makers in _BARE.items():
        made += [("national_id", "other", "v7", maker) for maker in makers]
        # What a database export makes of some of them: blanks around, one value in ten missing.
        made.append(("national_id", "other", "q12", _gappy(makers[0])))
        made.append(("national_id", "other", f"{name[0]}_code", makers[0]))
    for kind, (maker, headers) in _HEADERS.items():
        made += [(kind, "other", header, maker) for header in headers.split()]
    made += _BY_MISTAKE
    for number, (kind, role, header, maker) in enumerate(made):
        rng = seeded(f"abroad-{number}")
        values = tuple(maker(rng) for _ in range(ROWS))
        yield Sample(header, values, kind, role, f"abroad-{number}-{kind}-{role}-{header}")


def _gappy(maker: Maker) -> Maker:
    return lambda rng: "" if rng.random() < 0.1 else f" {maker(rng)} "


_CATEGORIES: dict[str, str] = {
    "Geschlecht": "weiblich|männlich|divers|keine Angabe",
    "Bildungsabschluss": "Abitur|Mittlere Reife|Hauptschule|Hochschulabschluss",
    "Programm": "Achtsamkeitsbasierte Therapie|Mitgefühlsfokussierte Therapie|Wartegruppe",
    "situation_familiale": "célibataire|marié(e)|divorcé(e)|veuf/veuve",
    "sexe": "femme|homme|autre",
    "motif_de_sortie": "fin prévue|abandon|réorientation",
    "estado_civil": "soltero/a|casado/a|viudo/a|divorciado/a",
    "ocupación": "empleado|desempleado|estudiante|jubilado",
    "stan_cywilny": "panna/kawaler|mężatka/żonaty|rozwiedziona/y",
    "wykształcenie": "podstawowe|średnie|wyższe",
    "пол": "женский|мужской",
    "образование": "Высшее образование|Среднее образование|Начальное",
    "группа": "Контрольная группа|Основная группа",
    "диагноз": "Депрессивный эпизод|Тревожное расстройство|Без диагноза",
    "φύλο": "γυναίκα|άνδρας|άλλο",
    "性別": "女性|男性|その他",
    "教育程度": "小学|中学|大学",
    "utbildning": "grundskola|gymnasium|universitet",
    "sivilstand": "gift|ugift|skilt|samboer",
    "opleiding": "mbo|hbo|wo|geen",
    "diagnosis": "Generalised Anxiety Disorder|Bipolar II Disorder|Adjustment Disorder|None",
    "therapy_type": "Individual Therapy|Group Therapy|Couples Therapy|Online Self Help",
    "program_location": "Online|Face to Face|Blended",
    "insurance_type": "private|public|none",
    "id_type": "internal|external",
    "name_of_program": "MSC|CFT|MBCT",
    "test_name": "Stroop|Trail Making|Digit Span",
    "language": "Deutsch|English|Español|Français|Русский|中文",
    "nationality_group": "EU|non-EU|UK",
    "religion_group": "Christian|Muslim|Hindu|None|Prefer not to say",
    "marital_status": "Single|Married|Widowed|Domestic Partner",
    "employment": "Full Time|Part Time|Self Employed|Not Working",
    "season": "Spring|Summer|Autumn|Winter",
    "therapist_gender": "female|male",
    "dose": "50 mg|100 mg|20 mg/day",
    "medication": "Escitalopram|Venlafaxine|Sertraline 50 mg|Quetiapin",
    "side_effects": "none|mild nausea|headache",
    "visit_label": "Visit 1|Visit 2|Follow Up 1|Follow Up 2",
    "wave": "T0|T1|T2|T3",
    "region": "North East|South West|Greater London|Wales",
    "state": "NY|CA|TX|WA",
    "land": "Bayern|Sachsen|Hessen|Berlin",
    "country": "Deutschland|Österreich|Schweiz",
    "likert": "Strongly Agree|Agree|Neither Agree nor Disagree|Disagree|Strongly Disagree",
    "frequency": "Not at all|Several days|More than half the days|Nearly every day",
    "häufigkeit": "Überhaupt nicht|An einzelnen Tagen|Beinahe jeden Tag",
    "fréquence": "Jamais|Plusieurs jours|Presque tous les jours",
    "frecuencia": "Ningún día|Varios días|Casi todos los días",
    "частота": "Ни разу|Несколько дней|Почти каждый день",
    "file_format": "csv|xlsx|sav",
    "device_type": "iPhone|Android|Desktop",
    "browser": "Chrome 120.0.0|Safari 17.1|Firefox 119.0",
    "os": "Windows 10|iOS 17.2|Android 13",
    "smoker": "Never|Former|Current",
    "phone_call_completed": "Yes|No",
    "email_reminder_sent": "0|1|2",
    "home_practice": "Body Scan|Loving Kindness|Compassionate Letter",
    "contact_mode": "phone|video|face-to-face",
    "address_of_shame": "1|2|3",
    "named_contact": "0|1",
    "city_size": "rural|town|city over 100000",
    "born_abroad": "yes|no",
    "birth_order": "1|2|3|4",
    "births": "0|1|2|3",
    "telephone_sessions": "0|1|2|3",
    "death_anxiety": "12|18|22",
    "social_security_benefits": "yes|no",
    "licence_type": "full|provisional|none",
    "notes_taken": "yes|no",
    "comments_count": "0|1|2",
    "family": "nuclear|extended|single parent",
    "first": "1|0",
    "last": "1|0",
    "prefix": "A|B",
    "via": "self|GP|school",
    "ort_der_therapie": "Praxis|Klinik|Online",
}

_CODES: dict[str, Maker] = {
    "month_sixtieth_serial": lambda r: (
        f"{r.randint(1, 12):02d}{r.randint(1, 60):02d}{r.randint(1, 99):02d}"
    ),
    "site_patient": lambda r: f"{r.randint(1, 6):02d}-{r.randint(1, 250):04d}",
    "luhn_free_nine": lambda r: str(100_000_000 + r.randrange(900_000_000)),
    "sequential_nine": lambda r: str(100_000_000 + r.randrange(400)),
    "sequential_ten": lambda r: str(2_024_000_000 + r.randrange(4_000)),
    "sequential_eleven": lambda r: str(10_000_000_000 + r.randrange(999)),
    "sequential_thirteen": lambda r: str(1_700_000_000_000 + r.randrange(10**9)),
    "eleven_random": lambda r: ids.digits(r, 11),
    "twelve_random": lambda r: ids.digits(r, 12),
    "thirteen_random": lambda r: ids.digits(r, 13),
    "fifteen_random": lambda r: ids.digits(r, 15),
    "enrolled": lambda r: (
        (date(2022, 1, 1) + timedelta(days=r.randrange(900))).strftime("%Y%m%d")
        + f"-{r.randint(1, 99):02d}"
    ),
    "eight_and_letter": lambda r: ids.digits(r, 8) + ids.letters(r, 1),
    "letter_seven_letter": lambda r: ids.letters(r, 1) + ids.digits(r, 7) + ids.letters(r, 1),
    "two_six_one": lambda r: ids.letters(r, 2) + ids.digits(r, 6) + ids.letters(r, 1),
    "alnum_eleven": lambda r: ids.letters(r, 11, "ABCDEFGHJKMNPQRSTUVWXYZ0123456789"),
    "alnum_seventeen": lambda r: ids.letters(r, 17, "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"),
    "alnum_sixteen": lambda r: ids.letters(r, 16, "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"),
    "base32": lambda r: ids.letters(r, 26, "ABCDEFGHJKMNPQRSTVWXYZ0123456789"),
    "base64_short": lambda r: _base64(r, 22) + "==",
    "hmac_twelve": lambda r: f"c-{r.getrandbits(60):015x}",
    "ulid_lower": lambda r: ids.letters(r, 20, "abcdefghijklmnopqrstuvwxyz234567"),
    "dashed_six_four": lambda r: f"{ids.digits(r, 6)}-{ids.digits(r, 4)}",
    "dashed_four_four": lambda r: f"{ids.digits(r, 4)}-{ids.digits(r, 4)}",
    "three_letters_six": lambda r: f"{ids.letters(r, 3)}{ids.digits(r, 6)}",
    "cyrillic_code": lambda r: f"П-{ids.digits(r, 4)}",
    "adjective_animal": lambda r: (
        r.choice(("quiet", "brave", "amber"))
        + "-"
        + r.choice(("otter", "heron", "maple"))
        + f"-{ids.digits(r, 3)}"
    ),
    "nato": lambda r: r.choice(("ALPHA", "BRAVO", "DELTA", "ECHO")) + ids.digits(r, 3),
    "version": lambda r: f"v{r.randint(1, 3)}.{r.randint(0, 20)}.{r.randint(0, 9)}",
    "clock": lambda r: f"{r.randint(0, 23):02d}:{r.randint(0, 59):02d}",
    "duration": lambda r: f"PT{r.randint(1, 59)}M",
    "percent": lambda r: f"{r.randint(0, 100)}%",
    "comma_decimal": lambda r: f"{r.uniform(0, 60):.2f}".replace(".", ","),
    "thousand": lambda r: f"{r.randint(1, 99)},{r.randint(0, 999):03d}",
    "scientific": lambda r: f"{r.uniform(0, 9):.8e}",
    "range": lambda r: f"{r.randint(1, 9)}-{r.randint(10, 19)}",
    "icd": lambda r: f"F{r.randint(10, 69)}.{r.randint(0, 9)}",
    "loinc": lambda r: f"{r.randint(10_000, 99_999)}-{r.randint(0, 9)}",
    "snomed": lambda r: str(r.randint(10**8, 10**9)),
    "atc": lambda r: f"N06A{ids.letters(r, 1, 'ABX')}{r.randint(1, 20):02d}",
    "epoch": lambda r: str(r.randint(1_640_000_000, 1_760_000_000)),
    "iso_week": lambda r: f"2024-W{r.randint(1, 52):02d}",
    "month": lambda r: f"2024-{r.randint(1, 12):02d}",
    "stamped": lambda r: (
        (date(2023, 1, 1) + timedelta(days=r.randrange(700))).isoformat()
        + f"T{r.randint(8, 18):02d}:15:00+02:00"
    ),
    "slashed": lambda r: (date(2023, 1, 1) + timedelta(days=r.randrange(700))).strftime("%d/%m/%Y"),
}


def clean_abroad() -> Iterator[Sample]:
    """Categories in other languages, codes of many shapes, dates and numbers: nobody's identity."""
    for header, texts in _CATEGORIES.items():
        rng = seeded(f"category-{header}")
        choices = texts.split("|")
        values = tuple(rng.choice(choices) for _ in range(ROWS))
        yield Sample(header, values, None, label=f"category-{header}")
    for label, maker in _CODES.items():
        for header, role in (("client_id", "pseudonym"), ("record", "other"), ("kode", "other")):
            for draw in (ROWS, 60):
                rng = seeded(f"code-{label}-{header}-{draw}")
                drawn = [maker(rng) for _ in range(draw)]
                values = tuple(drawn[row % draw] for row in range(ROWS))
                yield Sample(header, values, None, role, f"code-{label}-{header}-{draw}")
