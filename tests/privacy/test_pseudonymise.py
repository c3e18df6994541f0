"""What leaves the clinic after `scout pseudonymise`: claims about ids, dates, ages and places.

Judged by Python's own hmac and calendar, by hypothesis, and by Scout's door: what was pseudonymised
must be let in, what was not must be refused.
"""

import base64
import csv
import hashlib
import hmac
import json
import os
import stat
import subprocess
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.deidentification import Plan, make_key, pseudonymise, read_key
from orchestration.deidentification.keys import Key
from orchestration.deidentification.transforms import RESTRICTED_ZIP, age, pseudonym, shift_of, zip3
from orchestration.errors import SettingsError
from tests.helpers import CLI, environment
from tests.landing_home import Home

KEYS = st.builds(lambda secret: Key(secret, "test", ""), st.binary(min_size=32, max_size=32))
IDS = st.text(min_size=1, max_size=20).filter(lambda text: bool(text.strip()))
DATES = st.dates(date(1990, 1, 1), date(2040, 1, 1))


@given(KEYS, IDS)
def test_a_client_has_one_pseudonym_whatever_blanks_surround_the_id(key: Key, client: str) -> None:
    assert pseudonym(key, "client", client) == pseudonym(key, "client", f" {client}\t")


@given(KEYS, KEYS, IDS)
def test_another_key_gives_another_pseudonym(one: Key, other: Key, client: str) -> None:
    same = one.secret == other.secret
    assert (pseudonym(one, "client", client) == pseudonym(other, "client", client)) is same


@given(KEYS, IDS, IDS)
def test_two_clients_have_two_pseudonyms(key: Key, one: str, other: str) -> None:
    from unicodedata import normalize

    same = normalize("NFC", one).strip() == normalize("NFC", other).strip()
    assert (pseudonym(key, "client", one) == pseudonym(key, "client", other)) is same


@given(KEYS, IDS, DATES, DATES)
def test_a_shift_keeps_intervals_and_weekdays(key: Key, client: str, one: date, two: date) -> None:
    shift = shift_of(key, client)
    assert (two + shift) - (one + shift) == two - one
    assert (one + shift).weekday() == one.weekday()
    assert timedelta(days=-364) <= shift <= timedelta(days=-7)


def test_a_pseudonym_is_the_hmac_that_anyone_with_the_key_computes(tmp_path: Path) -> None:
    path = tmp_path / "clinic.key"
    path.write_text("ab" * 8 + "0123456789" * 3)
    path.chmod(0o600)
    secret = ("ab" * 8 + "0123456789" * 3).encode()
    salt = hashlib.sha256(b"scout recipient\0" + b"university").digest()
    for_recipient = hmac.new(secret, salt, hashlib.sha256).digest()
    for_purpose = hmac.new(for_recipient, b"pseudonym of a client", hashlib.sha256).digest()
    digest = hmac.new(for_purpose, b"00123", hashlib.sha256).digest()
    expected = "p-" + base64.b32encode(digest[:10]).decode().lower()
    key = read_key(path, tmp_path / "home", "university")
    assert pseudonym(key, "client", "00123") == expected


def test_shifts_spread_over_the_year() -> None:
    key = Key(b"\x01" * 32, "test", "")
    weeks = {shift_of(key, f"client {n}").days // 7 for n in range(2_000)}
    assert weeks == set(range(-52, 0))


def test_ages_over_89_are_one_group() -> None:
    # 45 CFR 164.514(b)(2)(i)(C)
    assert [age(text) for text in ("7", "89", "90", "104", "90+", "")] == [
        "7", "89", "90+", "90+", "90+", "",
    ]  # fmt: skip


def test_three_digits_of_a_zip_code_stay_where_enough_people_live() -> None:
    # The 17 prefixes of reliability.md 1.1; two of them by hand.
    assert len(RESTRICTED_ZIP) == 17
    assert [zip3(text) for text in ("60614", "60614-1234", "03601", "89301", "606")] == [
        "606", "606", "000", "000", "606",
    ]  # fmt: skip


# --- files ---------------------------------------------------------------------------------------

HEADER = ["client_id", "instrument_id", "item", "response", "occurred_on", "surname", "age", "zip"]


def rows() -> list[list[str]]:
    made = []
    for n in range(24):
        for visit in range(2):
            on = (date(2024, 1, 3) + timedelta(days=9 * n + 70 * visit)).isoformat()
            for item in range(1, 8):
                made.append(
                    [f"{n:05d}", "gad7", str(item), "1", on, "Kowalski", str(70 + n), "60614"]
                )
    return made


def write(path: Path, records: Sequence[Sequence[str]], header: Sequence[str] = HEADER) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *records])
    return path


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


PLAN = Plan(
    "client_id", shifted=("occurred_on",), ages=("age",), zips=("zip",), dropped=("surname",),
    kept=("i*", "response"),
)  # fmt: skip


@pytest.fixture
def key(tmp_path: Path) -> Key:
    make_key(tmp_path / "clinic.key", tmp_path / "home")
    return read_key(tmp_path / "clinic.key", tmp_path / "home")


def test_what_was_pseudonymised_passes_the_door_that_refused_it(tmp_path: Path, key: Key) -> None:
    source = write(tmp_path / "export.csv", rows())
    landing = tmp_path / "home" / "landing" / "clinic"
    with Home(tmp_path / "home").opened() as home:
        home.drop("source.yml", "ignore: [surname, age, zip]\n")
        home.drop("responses.csv", source.read_bytes())
        assert home.receive_one().refusal == "looks_identified"
        written = pseudonymise(source, landing / "responses.csv", PLAN, key)
        assert (written.rows, written.clients) == (336, 24)
        assert home.receive_one().status == "loaded"
        assert home.ask("select count(distinct client_id) from raw.item_responses") == [(24,)]


def test_the_same_file_key_and_recipient_give_the_same_bytes(tmp_path: Path, key: Key) -> None:
    source = write(tmp_path / "export.csv", rows())
    for name in ("one.csv", "two.csv", "one.csv"):
        pseudonymise(source, tmp_path / name, PLAN, key)
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()
    assert stat.S_IMODE((tmp_path / "one.csv").stat().st_mode) == 0o600
    other = read_key(tmp_path / "clinic.key", tmp_path / "home", "another university")
    pseudonymise(source, tmp_path / "three.csv", PLAN, other)
    mine = {row["client_id"] for row in read(tmp_path / "one.csv")}
    theirs = {row["client_id"] for row in read(tmp_path / "three.csv")}
    assert len(mine) == len(theirs) == 24
    assert not mine & theirs


def test_the_note_names_the_key_and_never_holds_it(tmp_path: Path, key: Key) -> None:
    written = pseudonymise(write(tmp_path / "e.csv", rows()), tmp_path / "o.csv", PLAN, key)
    told = json.loads(written.note.read_text())
    secret = (tmp_path / "clinic.key").read_text().strip()
    assert told["key_id"] == key.key_id
    assert told["sha256"] == hashlib.sha256((tmp_path / "o.csv").read_bytes()).hexdigest()
    for text in (written.note.read_text(), (tmp_path / "o.csv").read_text()):
        assert secret not in text
        assert key.secret.hex() not in text
    assert key.key_id not in secret
    assert key.secret.hex() not in repr(key)


@pytest.mark.parametrize("plan", ["shift", "day"])
def test_intervals_of_every_client_are_kept(tmp_path: Path, key: Key, plan: str) -> None:
    column = {"shift": "shifted", "day": "days"}[plan]
    chosen = Plan("client_id", kept=("*",), dropped=("surname",), **{column: ("occurred_on",)})
    pseudonymise(write(tmp_path / "e.csv", rows()), tmp_path / "o.csv", chosen, key)
    for before, after in zip(rows(), read(tmp_path / "o.csv"), strict=True):
        first = date(2024, 1, 3) + timedelta(days=9 * int(before[0]))
        since = (date.fromisoformat(before[4]) - first).days
        if plan == "day":
            assert after["day"] == str(since)
        else:
            moved = date.fromisoformat(after["occurred_on"])
            assert moved.weekday() == date.fromisoformat(before[4]).weekday()
            assert (date.fromisoformat(before[4]) - moved).days % 7 == 0
            assert moved != date.fromisoformat(before[4])


def test_a_fault_leaves_the_last_result_and_names_no_value(tmp_path: Path, key: Key) -> None:
    out = tmp_path / "o.csv"
    pseudonymise(write(tmp_path / "e.csv", rows()), out, PLAN, key)
    before = out.read_bytes()
    broken = rows()
    broken[7][4] = "kanarie-date"
    with pytest.raises(SettingsError, match=r"Line 9, column occurred_on") as caught:
        pseudonymise(write(tmp_path / "e.csv", broken), out, PLAN, key)
    assert "kanarie" not in str(caught.value)
    assert out.read_bytes() == before
    assert sorted(p.name for p in tmp_path.glob(".*.part")) == []


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (Plan("client_id", kept=("item",)), "Nothing says what happens to column 2"),
        (Plan("client", kept=("*",)), "no column client"),
        (Plan("client_id", ages=("age",), zips=("age",), kept=("*",)), "named twice"),
        (Plan("client_id", kept=("*",), method="sha256"), "seven-digit record numbers"),
        (Plan("client_id", kept=("*",), method="rot13"), "does not know the method"),
    ],
    ids=["an unnamed column", "a missing column", "named twice", "a plain hash", "unknown"],
)
def test_a_plan_that_does_not_fit_is_refused(
    tmp_path: Path, key: Key, plan: Plan, said: str
) -> None:
    with pytest.raises(SettingsError, match=said):
        pseudonymise(write(tmp_path / "e.csv", rows()), tmp_path / "o.csv", plan, key)
    assert not (tmp_path / "o.csv").exists()


def test_a_key_that_others_may_read_or_that_lies_in_the_home_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "deep").mkdir(parents=True)
    path = tmp_path / "clinic.key"
    make_key(path, home)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(SettingsError, match="exists already"):
        make_key(path, home)
    with pytest.raises(SettingsError, match="inside Scout's home"):
        make_key(home / "deep" / "clinic.key", home)
    path.chmod(0o640)
    with pytest.raises(SettingsError, match="chmod 600"):
        read_key(path, home)
    path.chmod(0o600)
    (tmp_path / "link.key").symlink_to(path)
    with pytest.raises(SettingsError, match="cannot be read"):
        read_key(tmp_path / "link.key", home)
    (tmp_path / "aside").symlink_to(home / "deep")
    (home / "deep" / "moved.key").write_bytes(path.read_bytes())
    with pytest.raises(SettingsError, match="inside Scout's home"):
        read_key(tmp_path / "aside" / "moved.key", home)
    weak = tmp_path / "weak.key"
    weak.write_text("password" * 2)
    weak.chmod(0o600)
    with pytest.raises(SettingsError, match="32 random bytes"):
        read_key(weak, home)


def test_a_place_that_is_not_there_is_named(tmp_path: Path, key: Key) -> None:
    source = write(tmp_path / "e.csv", rows())
    with pytest.raises(SettingsError, match=r"no file .*nobody\.csv"):
        pseudonymise(tmp_path / "nobody.csv", tmp_path / "o.csv", PLAN, key)
    with pytest.raises(SettingsError, match=r"no folder .*nowhere"):
        pseudonymise(source, tmp_path / "nowhere" / "o.csv", PLAN, key)
    with pytest.raises(SettingsError, match="another file"):
        pseudonymise(source, source, PLAN, key)
    with pytest.raises(SettingsError, match="not known"):
        pseudonymise(source, tmp_path / "o.csv", PLAN, key, encoding="nonsense")


@pytest.mark.slow
def test_the_command_says_what_it_did_and_nothing_of_the_content(tmp_path: Path) -> None:
    write(tmp_path / "export.csv", rows())

    def scout(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*CLI, *words], check=False, capture_output=True, text=True, cwd=tmp_path,
            env=environment(SCOUT_HOME=str(tmp_path / "home"), COLUMNS="250"),
        )  # fmt: skip

    assert scout("new-key", "clinic.key").returncode == 0
    options = (
        "pseudonymise", "export.csv", "--out", "out.csv", "--key", "clinic.key", "--column",
        "client_id", "--shift", "occurred_on", "--drop", "surname", "--age", "age", "--zip", "zip",
    )  # fmt: skip
    finished = scout(*options, "--keep", "*")
    assert finished.returncode == 0, finished.stderr
    assert "336 records of 24 clients" in finished.stdout
    unnamed = scout(*options)
    assert (unnamed.returncode, "Nothing says" in unnamed.stderr) == (2, True)
    os.chmod(tmp_path / "clinic.key", 0o644)  # noqa: PTH101
    assert scout(*options, "--keep", "*").returncode == 2
    said = finished.stdout + finished.stderr + unnamed.stderr
    assert not any(secret in said for secret in ("Kowalski", "00007", "60614", "2024-0"))
    assert "scout pseudonymise" in scout("pseudonymise", "--help").stdout
