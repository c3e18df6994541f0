"""A table that looks as if it identifies people is refused; outcome data is not.

Judged by columns made up in identifier_corpus.py, whose labels and check digits owe nothing to the
code under test, and by real exports in shared/data (skipped where that folder is absent).
Messages of these tests show labels of made-up columns, never values.
"""

import hashlib
import hmac
import os
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from orchestration.landing.identifiers import Finding, find_identifiers
from orchestration.landing.identifiers.headers import header_rules, tokens_of
from tests.privacy.identifier_corpus import (
    ROWS,
    Sample,
    clean,
    identified,
    identified_once,
    luhn_number,
    nhs_number,
    seeded,
)
from tests.privacy.identifier_corpus_abroad import clean_abroad, identified_abroad

pytestmark = pytest.mark.slow  # hundreds of cases

SHARED_DATA = Path(
    os.environ.get("SCOUT_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data")
)


def _words(text: str) -> list[str]:
    return text.split()


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": "2"}) as opened:
        yield opened


def _load(connection: duckdb.DuckDBPyConnection, frame: pd.DataFrame) -> None:
    connection.register("given", frame.astype("object"))
    columns = ", ".join(
        'cast("'
        + str(name).replace('"', '""')
        + '" as varchar) as "'
        + str(name).replace('"', '""')
        + '"'
        for name in frame.columns
    )
    connection.execute(f"create or replace temp table delivered as select {columns} from given")
    connection.unregister("given")


def _find(
    connection: duckdb.DuckDBPyConnection,
    values: dict[str, Sequence[str | None]],
    *,
    events: Collection[str] = (),
    pseudonyms: Collection[str] = (),
) -> list[Finding]:
    _load(connection, pd.DataFrame(values, dtype="object"))
    return find_identifiers(
        connection,
        "delivered",
        columns=list(values),
        event_date_columns=events,
        identifier_columns=pseudonyms,
    )


def _find_sample(connection: duckdb.DuckDBPyConnection, sample: Sample) -> list[Finding]:
    mapped = [sample.header]
    return _find(
        connection,
        {sample.header: sample.values},
        events=mapped if sample.role == "event" else (),
        pseudonyms=mapped if sample.role == "pseudonym" else (),
    )


def _rules(findings: Sequence[Finding]) -> set[tuple[str, str]]:
    return {(finding.column, finding.rule) for finding in findings}


CORPORA = {
    "first": (lambda: [*identified(), *identified_once()], clean),
    "abroad": (identified_abroad, clean_abroad),
}


def test_the_corpus_is_as_wide_as_it_claims() -> None:
    variants = Counter(sample.kind for sample in identified())
    assert len(variants) >= 18
    assert min(variants.values()) >= 10
    assert len({sample.label for sample in clean()}) >= 300
    assert len({sample.label for sample in identified_abroad()}) >= 500
    assert len({sample.label for sample in clean_abroad()}) >= 300


@pytest.mark.parametrize("corpus", CORPORA)
def test_nearly_every_identified_column_is_found(
    connection: duckdb.DuckDBPyConnection, corpus: str
) -> None:
    found, named_rightly, missed = 0, 0, []
    samples = list(CORPORA[corpus][0]())
    for sample in samples:
        rules = {finding.rule for finding in _find_sample(connection, sample)}
        found += bool(rules)
        named_rightly += sample.kind in rules
        if not rules:
            missed.append(sample.label)
    assert found / len(samples) >= 0.99, missed
    assert named_rightly / len(samples) >= 0.98


@pytest.mark.parametrize("corpus", CORPORA)
def test_outcome_data_rarely_raises_an_alarm(
    connection: duckdb.DuckDBPyConnection, corpus: str
) -> None:
    alarms = defaultdict(set)
    samples = list(CORPORA[corpus][1]())
    for sample in samples:
        for finding in _find_sample(connection, sample):
            alarms[sample.label].add(finding.rule)
    assert len(alarms) / len(samples) <= 0.02, dict(alarms)


def test_no_finding_repeats_a_value(connection: duckdb.DuckDBPyConnection) -> None:
    canaries = {
        "v1": "canaryfish@canarymail.example",
        "v2": "412-33-7781",
        "v3": "(415) 555-0199",
        "v4": "SW1A 2AA",
        "v5": "Kevin Canaryson",
        "v6": "77 Canary Street",
        "v7": "130.92.34.67",
        "dob": "1971-03-29",
        "surname": "Canaryson",
        "age": "97",
    }
    findings = _find(connection, {header: [value] * 3 for header, value in canaries.items()})
    assert {finding.column for finding in findings} == set(canaries)
    text = " ".join(repr(finding) for finding in findings).lower()
    for value in canaries.values():
        assert value.lower() not in text
    assert "canary" not in text


def test_a_missing_header_line_does_not_put_a_person_into_the_message(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    findings = _find(
        connection,
        {"kept": ["1", "2"], "canary@mail.example": ["a@b.example", "c@d.example"]},
    )
    assert _rules(findings) == {("column 2", "email")}
    assert "canary" not in repr(findings)


def test_one_telephone_number_in_a_million_rows_is_found(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute(
        "create temp table delivered as select i as line, 'C-' || lpad((i // 9)::text, 6, '0') "
        "as client_id, if(i = 999998, '(415) 555-0199', (i % 4)::text) as response "
        "from range(1000000) as rows(i)"
    )
    findings = find_identifiers(
        connection,
        "delivered",
        columns=["client_id", "response"],
        identifier_columns=["client_id"],
    )
    assert _rules(findings) == {("response", "phone")}


@pytest.mark.parametrize("header", ["client_id", "episode_id"])
@pytest.mark.parametrize("places", [8, 9, 10, 11, 16])
def test_random_digits_under_a_mapped_pseudonym_are_no_identifiers(
    connection: duckdb.DuckDBPyConnection, header: str, places: int
) -> None:
    rng = seeded(places)
    values = ["".join(rng.choice("0123456789") for _ in range(places)) for _ in range(2_000)]
    assert _find(connection, {header: values}, pseudonyms=[header]) == []


def test_a_mapped_pseudonym_made_of_nhs_numbers_is_found(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    rng = seeded(1)
    values = [nhs_number(rng) for _ in range(60)]
    findings = _find(connection, {"client_id": values}, pseudonyms=["client_id"])
    assert _rules(findings) == {("client_id", "nhs_number")}
    changed = [
        f"{int(value) ^ 1:010d}" if row % 5 == 0 else value for row, value in enumerate(values)
    ]
    assert _find(connection, {"client_id": changed}, pseudonyms=["client_id"]) == []


@pytest.mark.parametrize("method", ["md5", "sha1", "sha256"])
def test_plain_hashes_of_record_numbers_are_no_pseudonyms(
    connection: duckdb.DuckDBPyConnection, method: str
) -> None:
    rng = seeded(9)
    numbers = [f"{rng.randrange(200_000):07d}" for _ in range(40)]
    plain = [hashlib.new(method, number.encode()).hexdigest() for number in numbers]
    keyed = [hmac.new(b"key" * 11, number.encode(), method).hexdigest() for number in numbers]
    found = _find(connection, {"client_id": plain}, pseudonyms=["client_id"])
    assert _rules(found) == {("client_id", "plain_hash")}
    assert _find(connection, {"client_id": keyed}, pseudonyms=["client_id"]) == []


def test_ten_digits_are_judged_by_the_share_with_a_valid_check_digit(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    rng = seeded(2)
    valid = [nhs_number(rng) for _ in range(70)]
    broken = [value[:9] + str((int(value[9]) + 1) % 10) for value in valid]
    assert _rules(_find(connection, {"v": valid[:42] + broken[42:]})) == {("v", "nhs_number")}
    assert _find(connection, {"v": valid[:41] + broken[41:]}) == []


def test_one_wrong_check_digit_makes_a_spaced_number_a_telephone_number_at_most(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    number = nhs_number(seeded(3))
    broken = number[:9] + str((int(number[9]) + 1) % 10)
    for digits, expected in ((number, True), (broken, False)):
        spaced = f"{digits[:3]} {digits[3:6]} {digits[6:]}"
        rules = {finding.rule for finding in _find(connection, {"v": [spaced, "C-1"]})}
        assert ("nhs_number" in rules) is expected


def test_nine_bare_digits_need_a_header_to_be_a_social_security_number(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    values = [f"{number:09d}" for number in range(123_456_789, 123_456_889)]
    assert _find(connection, {"v7": values}) == []
    assert _rules(_find(connection, {"ssn": values})) == {("ssn", "ssn")}


def test_dates_are_birth_dates_when_they_lie_long_before_the_events(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    held = [f"2025-0{1 + row % 9}-15" for row in range(60)]
    children = [f"{2010 + row % 5}-06-01" for row in range(60)]
    recent = [f"{2019 + row % 5}-06-01" for row in range(60)]
    findings = _find(connection, {"held_on": held, "v": children, "w": recent}, events=["held_on"])
    assert _rules(findings) == {("v", "date_of_birth")}
    # Without events to compare with, the same dates could be events themselves.
    assert _find(connection, {"v": children}) == []


def test_one_misprinted_event_does_not_turn_events_into_birth_dates(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    held = [f"2024-{1 + row % 12:02d}-15" for row in range(239)] + ["2099-01-01"]
    referred = [f"2023-{1 + row % 12:02d}-15" for row in range(240)]
    findings = _find(connection, {"held_on": held, "v": referred}, events=["held_on"])
    assert findings == []


def test_an_event_date_counts_as_birth_only_when_its_header_says_so(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    born = [f"{1950 + row % 50}-06-01" for row in range(60)]
    assert _find(connection, {"occurred_on": born}, events=["occurred_on"]) == []
    findings = _find(connection, {"birth_on": born}, events=["birth_on"])
    assert _rules(findings) == {("birth_on", "date_of_birth")}


@pytest.mark.parametrize("values", [[None] * 5, [""] * 5, ["yes", "no"], ["0", "1"], ["[removed]"]])
@pytest.mark.parametrize("header", ["email", "telephone", "RecipientLastName", "dob", "ssn", "mrn"])
def test_a_header_without_values_that_could_be_it_is_no_finding(
    connection: duckdb.DuckDBPyConnection, header: str, values: list[str | None]
) -> None:
    assert _find(connection, {header: values}) == []


def test_ages_above_89_count_only_under_a_header_that_says_age(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    values = ["34", "89", "90"]
    assert _rules(_find(connection, {"age": values})) == {("age", "age_over_89")}
    assert _find(connection, {"age": values[:2]}) == []
    assert _find(connection, {"score": values}) == []
    assert _find(connection, {"age_months": values}) == []
    assert _find(connection, {"age": ["34", "999", "-99"]}) == []


def test_a_card_number_needs_its_check_digit(connection: duckdb.DuckDBPyConnection) -> None:
    number = luhn_number(seeded(4))
    broken = number[:15] + str((int(number[15]) + 5) % 10)
    for digits, expected in ((number, True), (broken, False)):
        grouped = " ".join(digits[place : place + 4] for place in range(0, 16, 4))
        rules = {finding.rule for finding in _find(connection, {"v": [grouped, "C-1"]})}
        assert ("card_number" in rules) is expected


@pytest.mark.parametrize(
    ("header", "tokens"),
    [
        ("clientAge.2", ["client", "age", "2"]),
        ("IPAddress", ["ip", "address"]),
        ("Geburts-Straße", ["geburts", "strasse"]),
        ("prénom", ["prenom"]),
        ("bdi.2m", ["bdi", "2", "m"]),
        ("NAME_FIRST", ["name", "first"]),
    ],
)
def test_headers_are_cut_at_case_signs_and_digits(header: str, tokens: list[str]) -> None:
    assert tokens_of(header) == tokens


@pytest.mark.parametrize(
    "header",
    _words(
        "program_name instrument_name practice_name item_name scale_name clinic_name "
        "username_hash ahi01 cesdTotal elapsed.days treatment drug length bdi.pre bdi.2m "
        "ppid pre_data grade class elite gender educ income em1 dm1 pm1 am1 "
        "patient_group_name stage page average usage recipient celebrity mobility telling "
        "titles shipping zipper emailed"
    ),
)
def test_a_header_that_only_contains_a_telling_word_says_nothing(header: str) -> None:
    assert header_rules(header) == set()


def test_quotes_and_odd_signs_in_a_header_are_read(connection: duckdb.DuckDBPyConnection) -> None:
    findings = _find(connection, {'the "e-mail" (if any); --': ["a@b.example", "c@d.example"]})
    assert [finding.rule for finding in findings] == ["email"]


def test_an_empty_table_has_no_findings(connection: duckdb.DuckDBPyConnection) -> None:
    assert _find(connection, {"email": [], "client_id": []}) == []


def test_nothing_is_left_behind(connection: duckdb.DuckDBPyConnection) -> None:
    _find(connection, {"v": ["a@b.example"] * ROWS})
    names = connection.execute("select table_name from duckdb_tables()").fetchall()
    assert names == [("delivered",)]


# --- real exports ----------------------------------------------------------------------------


def _find_in_file(
    connection: duckdb.DuckDBPyConnection, name: str, events: Collection[str], ids: Collection[str]
) -> set[tuple[str, str]]:
    path = SHARED_DATA / name
    if not path.exists():
        pytest.skip(f"{name} is not in shared data (set SCOUT_SHARED_DATA)")
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    _load(connection, frame)
    return _rules(
        find_identifiers(
            connection,
            "delivered",
            columns=[str(column) for column in frame.columns],
            event_date_columns=events,
            identifier_columns=ids,
        )
    )


@pytest.mark.parametrize(
    ("name", "events", "ids"),
    [
        ("pospsy/posPsy_AHI_CESD_original.csv", (), ("id",)),
        ("pospsy/posPsy_p_info.csv", (), ("id",)),
        ("keng/depress.csv", (), ("id",)),
        ("suddengains/sgdata.csv", (), ("id",)),
        ("suddengains/sgdata_bad.csv", (), ("id",)),
        ("beat_the_blues/BtheB.csv", (), ("subject",)),
        ("jacobson_truax_1991/sample_data.csv", (), ("ppid",)),
        ("redcap/REDCapR/multilevel-model-1/data.csv", ("date_at_visit",), ("patient_id",)),
        ("synthea/observations_mental_health.csv", ("DATE",), ("PATIENT", "ENCOUNTER")),
        ("synthea/encounters.csv", ("START", "STOP"), ("Id", "PATIENT")),
    ],
)
def test_a_real_export_without_identifiers_is_let_in(
    connection: duckdb.DuckDBPyConnection, name: str, events: Collection[str], ids: Collection[str]
) -> None:
    assert _find_in_file(connection, name, events, ids) == set()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "synthea/patients_with_synthetic_PHI.csv",
            {
                ("BIRTHDATE", "date_of_birth"),
                ("DEATHDATE", "date_of_death"),
                ("SSN", "ssn"),
                ("DRIVERS", "national_id"),
                ("PASSPORT", "national_id"),
                ("FIRST", "name"),
                ("LAST", "name"),
                ("MAIDEN", "name"),
                ("ADDRESS", "address"),
                ("CITY", "address"),
                ("COUNTY", "address"),
                ("ZIP", "postcode"),
                ("LAT", "location"),
                ("LON", "location"),
            },
        ),
        ("qualtrics/sample.csv", {("IPAddress", "ip_address")}),
        ("qualtrics/sample_legacy.csv", {("V6", "ip_address")}),
        *(
            (
                f"redcap/REDCapR/{project}/data.csv",
                {
                    ("name_first", "name"),
                    ("name_last", "name"),
                    ("address", "address"),
                    (phone, "phone"),
                    ("email", "email"),
                    ("dob", "date_of_birth"),
                },
            )
            for project, phone in (
                ("simple", "telephone"),
                ("blank-for-gray-status", "telephone"),
                ("clinical-trial-1", "phone"),
            )
        ),
        (
            "redcap/REDCapR/longitudinal/data.csv",
            {
                ("first_name", "name"),
                ("last_name", "name"),
                ("telephone_1", "phone"),
                ("email", "email"),
                ("dob", "date_of_birth"),
                ("comments", "free_text"),
            },
        ),
        ("redcap/REDCapR/survey/data.csv", {("email", "email"), ("dob", "date_of_birth")}),
        ("redcap/REDCapR/nonnumeric-record-id/data.csv", {("name", "name")}),
    ],
)
def test_a_real_export_with_identifiers_is_refused(
    connection: duckdb.DuckDBPyConnection, name: str, expected: set[tuple[str, str]]
) -> None:
    assert expected <= _find_in_file(connection, name, (), ("record_id", "Id"))
