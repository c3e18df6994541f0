"""The classes of bad input of reliability.md 2.1, I-01 to I-52: one generated file or more each.

Every class ends in one of three ways: loaded, refused with a sentence that says how to mend it, or
its bad rows set aside and counted; and for every file rows_read = rows_loaded + rows_refused +
rows_repeated. All classes share one home and one call of landing, a source each.
"""

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.landing_home import RESPONSES, Home, assert_conserved

pytestmark = pytest.mark.slow  # many files in one home; one of 1.5 GB

ROW = "c-01,gad7,1,1,2026-01-05"
TWO = f"{RESPONSES}{ROW}\nc-02,gad7,1,2,2026-01-05\n"
CLIENTS = "client_id,arm\n"
NOTE = "c-{n},on day {n} it went better than I had hoped at first\n"


def answers(*given: str) -> str:
    return RESPONSES + "".join(f"c-{n},gad7,1,{one},2026-01-05\n" for n, one in enumerate(given))


def dates(*given: str) -> str:
    return RESPONSES + "".join(f"c-{n},gad7,1,1,{one}\n" for n, one in enumerate(given))


def ids(*given: str) -> str:
    return RESPONSES + "".join(f"{one},gad7,1,1,2026-01-05\n" for one in given)


def zip_bomb() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as members:
        members.writestr("[Content_Types].xml", "<x/>")
        with members.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(64):
                sheet.write(bytes(1 << 20))
    return held.getvalue()


def cut_parquet(folder: Path) -> bytes:
    path = folder / "made.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"copy (select 'c-1' as client_id, 'x' as arm) to '{path}'")
    return path.read_bytes()[:-20]


def loaded(read: int, good: int, bad: int = 0, again: int = 0, **reasons: int) -> dict:
    return {"loaded": (read, good, bad, again), "reasons": reasons}


# Class -> (file name, content, what becomes of it); further files of a class have a letter.
CASES: dict[str, tuple[str, str | bytes, dict | str]] = {
    "I-01 byte order mark": ("responses.csv", b"\xef\xbb\xbf" + TWO.encode(), loaded(2, 2)),
    "I-02 UTF-16": ("responses.csv", TWO.encode("utf-16"), "wrong_encoding"),
    "I-03 a Windows letter": (
        "responses.csv",
        TWO.encode() + b"c\xe9,gad7,1,1,x\n",
        "wrong_encoding",
    ),
    "I-04 CRLF": ("responses.csv", TWO.replace("\n", "\r\n"), loaded(2, 2)),
    "I-04b CR": ("responses.csv", TWO.replace("\n", "\r"), loaded(2, 2)),
    "I-05 mixed line ends": ("responses.csv", TWO.replace("\n", "\r\n", 1), loaded(2, 2)),
    "I-06 ragged rows": (
        "responses.csv",
        TWO + "c-3,gad7,1\n" + ROW + ",1\n",
        loaded(4, 2, 2, ragged_row=2),
    ),
    "I-07 an open quote": (
        "responses.csv",
        TWO + f'"c-3,gad7,1,1,2026-01-05\n{ROW}\n' * 3,
        "unterminated_quote",
    ),
    "I-08 a quote inside a cell": (
        "responses.csv",
        TWO + 'c"3,gad7,1,1,2026-01-05\n',
        loaded(3, 3),
    ),
    "I-09 a line end in quotes": ("clients.csv", CLIENTS + 'c-1,"a\nb"\nc-2,a\n', loaded(2, 2)),
    "I-10 a NUL": ("responses.csv", TWO + "c-3,gad7,1,\0,2026-01-05\n", "binary_content"),
    "I-11 a field of 3 MB": ("responses.csv", TWO + "x" * (3 << 20) + "\n", "too_long_line"),
    "I-12 a zip bomb": ("responses.xlsx", zip_bomb(), "unreadable_file"),
    "I-12b a gzip archive": ("responses.csv", b"\x1f\x8b" + bytes(99), "binary_content"),
    "I-13 nothing": ("responses.csv", b"", "empty_file"),
    "I-13b a header alone": ("responses.csv", RESPONSES, "header_only"),
    "I-14 no last line end": ("responses.csv", TWO.rstrip("\n"), loaded(2, 2)),
    "I-15 cut in a row": ("responses.csv", TWO + "c-3,gad7,", loaded(3, 2, 1, ragged_row=1)),
    "I-16 cut inside quotes": ("responses.csv", TWO + 'c-3,"gad', "unterminated_quote"),
    "I-17 half copied": ("responses.csv.part", TWO, "left alone"),
    "I-22 rows twice": ("responses.csv", TWO + f"{ROW}\n{ROW}\n", loaded(4, 2, 0, 2)),
    "I-25 a renamed column": ("responses.csv", TWO.replace("item", "itm"), "missing_column"),
    "I-26 columns in another order": (
        "responses.csv",
        "occurred_on,response,client_id,item,instrument_id\n2026-01-05,3,c-09,1,gad7\n",
        loaded(1, 1),
    ),
    "I-27 a column too many": (
        "responses.csv",
        RESPONSES.strip() + f",extra\n{ROW},1\n",
        "unmapped_column",
    ),
    "I-28 a column too few": ("responses.csv", "client_id,item\nc-1,1\n", "missing_column"),
    "I-29 a name twice": (
        "responses.csv",
        RESPONSES.strip() + f",item\n{ROW},1\n",
        "duplicate_header",
    ),
    "I-30 header again and a footer": (
        "responses.csv",
        f"{TWO}{RESPONSES}Total,,,2,\n",
        loaded(4, 2, 2),
    ),
    "I-31 another delimiter": ("responses.csv", TWO.replace(",", ";"), "wrong_delimiter"),
    "I-32 outside the range": (
        "responses.csv",
        answers("0", "3", "4", "-1", "99"),
        loaded(5, 2, 3, response_out_of_range=3),
    ),
    "I-33 no whole number": (
        "responses.csv",
        answers("1", "2.5", "2.5e0", "0x1F", "1_000", "6.5"),
        loaded(6, 1, 5, response_not_a_number=5),
    ),
    "I-34 other digits, odd blanks": (
        "responses.csv",
        answers("1", "\u0663", "1\u00a0", "1\u200b"),
        loaded(4, 1, 3, response_not_a_number=3),
    ),
    "I-35 beyond any number": (
        "responses.csv",
        answers("1", "1e400", "NaN", "Infinity", "9" * 40),
        loaded(5, 1, 4),
    ),
    "I-36 a decimal comma": (
        "responses.csv",
        answers('"1,5"'),
        loaded(1, 0, 1, response_not_a_number=1),
    ),
    "I-37 dates that are none": (
        "responses.csv",
        dates("2026-01-05", "2024-02-30", "31/12/2024", "2024-1-5", "infinity", "20240105"),
        loaded(6, 1, 5, unreadable_date=5),
    ),
    "I-38 dates no visit has": (
        "responses.csv",
        dates("2026-01-05", "2099-01-01", "1850-01-01", "0001-01-01"),
        loaded(4, 1, 3, unreadable_date=3),
    ),
    "I-39 a moment with a zone": (
        "responses.csv",
        dates("2026-01-05", "2026-01-05T23:30:00+01:00"),
        loaded(2, 2),
    ),
    "I-40 an identified column": (
        "clients.csv",
        CLIENTS + "c-1,a.b@example.org\n",
        "looks_identified",
    ),
    "I-41 one telephone number": (
        "responses.csv",
        answers(*["1"] * 5_000, "(415) 555-0199"),
        "looks_identified",
    ),
    "I-42 free text": (
        "clients.csv",
        CLIENTS + "".join(NOTE.format(n=n) for n in range(20)),
        "looks_identified",
    ),
    "I-43 ids like numbers and dates": (
        "responses.csv",
        ids("00123", "1e5", "NA", "TRUE", "2024-01-05"),
        loaded(5, 5),
    ),
    "I-44 ids that only look alike": (
        "responses.csv",
        ids("C1", "\u04211", "c1", "C1 ", "\u00e91", "e\u03011"),
        loaded(6, 5, 0, 1),
    ),
    "I-45 a word in row 30 001": (
        "responses.csv",
        answers(*["1"] * 30_000, "x", *["1"] * 9),
        loaded(30_010, 30_009, 1, response_not_a_number=1),
    ),
    "I-46 a name that is a pattern": ("responses[1].csv", TWO, loaded(2, 2)),
    "I-47 a link": ("responses.csv", "link", "not_a_regular_file"),
    "I-48 a formula": ("clients.csv", CLIENTS + "c-1,=1+1\nc-2,@SUM(1)\n", loaded(2, 2)),
    "I-49 a picture called csv": ("responses.csv", b"\x89PNG\r\n" + bytes(99), "binary_content"),
    "I-52 cut Parquet": ("clients.parquet", "parquet", "unreadable_file"),
}
# Classes that are about time, several files or another reader, each claimed by a test of its own.
ELSEWHERE = {
    "I-18": "test_a_file_that_grows_while_it_is_read_is_refused_and_loaded_next_time",
    "I-19": "test_what_comes_again_or_corrected_is_told_apart",
    "I-20": "test_what_comes_again_or_corrected_is_told_apart",
    "I-21": "test_what_comes_again_or_corrected_is_told_apart",
    "I-23": "test_what_comes_again_or_corrected_is_told_apart",
    "I-24": "test_files_in_any_order_give_the_same_records",
    "I-50": "test_json_200_000_deep_is_refused_before_a_parser_sees_it",
    "I-51": "test_a_passing_fault_loses_nothing",
}


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, dict]]:
    """Every case in a source of its own, after one call of landing."""
    folder = tmp_path_factory.mktemp("classes")
    with Home(folder / "home").opened() as home:
        for case, (name, content, _) in CASES.items():
            source = case.split()[0].lower()
            if content == "link":
                (home.settings.landing / source).mkdir(parents=True)
                (home.settings.landing / source / name).symlink_to("/etc/hostname")
            else:
                home.drop(name, cut_parquet(folder) if content == "parquet" else content, source)
            # The file that a pattern would read instead.
            if "[1]" in name:
                home.drop(name.replace("[1]", "1"), TWO.replace("c-0", "other-"), f"{source}-other")
        summary = home.receive()
        assert not summary.mapping_errors
        yield home, {(file.source, file.file_name): file for file in summary.files}


@pytest.mark.parametrize("case", CASES)
def test_each_class_ends_loaded_refused_or_set_aside_and_counted(
    landed: tuple[Home, dict], case: str
) -> None:
    home, files = landed
    name, _, expected = CASES[case]
    source = case.split()[0].lower()
    file = files.get((source, name))
    if expected == "left alone":
        assert file is None
        return
    assert file is not None
    assert_conserved(file)
    if isinstance(expected, str):
        assert (file.status, file.refusal) == ("refused", expected)
        assert file.message
        assert name in file.message
        kept = f"select count(*) from raw.item_responses where source = '{source}'"
        assert home.ask(kept) == [(0,)]
        return
    counts = (file.rows_read, file.rows_loaded, file.rows_refused, file.rows_repeated)
    assert (file.status, counts) == ("loaded", expected["loaded"])
    for reason, count in expected["reasons"].items():
        assert file.reasons[reason] == count


def test_ids_stay_the_text_they_were(landed: tuple[Home, dict]) -> None:
    named = landed[0].ask("select client_id from raw.item_responses where source = 'i-43'")
    assert sorted(row[0] for row in named) == ["00123", "1e5", "2024-01-05", "NA", "TRUE"]
    named = landed[0].ask("select client_id from raw.item_responses where source = 'i-46'")
    assert {row[0] for row in named} == {"c-01", "c-02"}
    # The clinic's day, whatever the zone would make of it.
    days = landed[0].ask("select occurred_on from raw.item_responses where source = 'i-39'")
    assert days == [("2026-01-05",), ("2026-01-05",)]
    reordered = landed[0].ask(
        "select client_id, response, occurred_on from raw.item_responses where source = 'i-26'"
    )
    assert reordered == [("c-09", "3", "2026-01-05")]


def test_every_class_has_a_case() -> None:
    named = {case.split()[0][:4] for case in CASES} | set(ELSEWHERE)
    assert named == {f"I-{number:02d}" for number in range(1, 53)}


def test_what_comes_again_or_corrected_is_told_apart(tmp_path: Path) -> None:
    with Home(tmp_path).opened() as home:
        home.drop("responses.csv", TWO)
        home.drop("responses_again.csv", TWO)
        assert {file.status for file in home.receive().files} == {"loaded", "already_loaded"}
        home.drop("responses.csv", TWO.replace(",2,2026", ",3,2026"))
        corrected = next(file for file in home.receive().files if file.status == "loaded")
        assert_conserved(corrected)
        assert (corrected.rows_loaded, corrected.rows_repeated) == (1, 1)
        now = home.current("item_responses", "client_id, response")
        assert now == [("c-01", "1"), ("c-02", "3")]
        # The answer that was corrected can still be read.
        both = "select response from raw.item_responses where client_id = 'c-02' order by 1"
        assert home.ask(both) == [("2",), ("3",)]
        assert all(file.status == "already_loaded" for file in home.receive().files)


def test_files_in_any_order_give_the_same_records(tmp_path: Path) -> None:
    parts = {f"responses_{n}.csv": answers(*"0123"[n:]).replace("c-", f"c-{n}") for n in range(3)}
    seen = []
    for number, names in enumerate((sorted(parts), sorted(parts, reverse=True))):
        with Home(tmp_path / str(number)).opened() as home:
            for name in names:
                home.drop(name, parts[name])
                home.receive()
            seen.append(home.current("item_responses", "client_id, item, response, occurred_on"))
    assert seen[0] == seen[1]


# -- flat memory ----------------------------------------------------------------------------------

CHILD = """
import json, resource, sys
from pathlib import Path
limit = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
from tests.landing_home import Home
with Home(Path(sys.argv[1])).opened() as home:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    files = {f.source: [f.status, f.refusal] for f in home.receive().files}
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(json.dumps({"files": files, "grown": grown}))
"""


def test_a_line_of_1_5_gb_and_bombs_are_refused_in_flat_memory(tmp_path: Path) -> None:
    home = Home(tmp_path)
    line = home.drop("responses.csv", TWO + "x" * (2 << 20), "line")
    # The rest of the line is a hole in the file: nothing is written.
    os.truncate(line, 3 << 29)
    home.drop("responses.xlsx", zip_bomb(), "zip")
    home.drop("responses.csv.gz", b"\x1f\x8b" + bytes(99), "gzip")
    finished = subprocess.run(
        [sys.executable, "-c", CHILD, str(tmp_path), str(3 << 30)],
        check=False,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert finished.returncode == 0, finished.stderr[-500:]
    told = json.loads(finished.stdout)
    assert told["files"] == {
        "line": ["refused", "too_long_line"],
        "zip": ["refused", "unreadable_file"],
        "gzip": ["refused", "unknown_format"],
    }
    # Kilobytes; what landing itself needs, and far from the 1.5 GB of the line.
    assert told["grown"] < 200_000


@pytest.mark.parametrize(
    "text",
    [
        "[" * 200_000 + "]" * 200_000,
        '{"resourceType": "Bundle", "resourceType": "Bundle"}',
        '{"resourceType": "' + "x" * (1 << 24) + '"}',
    ],
    ids=["200 000 deep", "a key twice", "an endless string"],
)
def test_json_of_any_depth_is_refused_in_flat_memory(tmp_path: Path, text: str) -> None:
    with Home(tmp_path).opened() as home:
        home.drop("source.yml", "format: fhir\nfiles: '*.json'\n")
        home.drop("bundle.json", text)
        assert home.receive_one().status == "refused"


def test_the_tests_named_elsewhere_are_there() -> None:
    folder = Path(__file__).parents[1]
    text = "".join(path.read_text() for path in folder.glob("*/test_*.py"))
    for name in ELSEWHERE.values():
        assert re.search(rf"def {name}\(", text), name
