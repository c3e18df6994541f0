"""Bad files and bad mappings end in one sentence that says what, where and how to mend it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from orchestration.landing.refusals import FILE_REASONS
from tests.landing_home import RESPONSES, Home, assert_conserved

pytestmark = pytest.mark.slow  # starts dbt, Great Expectations or many homes

GOOD = f"{RESPONSES}c1,gad7,1,1,2026-01-05\n"
HALF = (GOOD + "c1,gad7,2,1,2026-01-05\n").encode()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(tmp_path).opened() as opened:
        yield opened


WHOLE_FILES: dict[str, tuple[str, bytes, str, str]] = {
    "an empty file": ("responses.csv", b"", "empty_file", "Export it again"),
    "only blank lines": ("responses.csv", b"\n\r\n \n", "empty_file", "Export it again"),
    "a header alone": ("responses.csv", RESPONSES.encode(), "header_only", "no rows"),
    "a header without end of line": (
        "responses.csv",
        RESPONSES.strip().encode(),
        "header_only",
        "no rows",
    ),
    "UTF-16": ("responses.csv", GOOD.encode("utf-16"), "wrong_encoding", "UTF-8"),
    "UTF-16 without a mark": (
        "responses.csv",
        GOOD.encode("utf-16-le"),
        "binary_content",
        "line 1",
    ),
    "a Windows letter": (
        "responses.csv",
        HALF + b"c1,gad7,3,1," + b"\xe9\n",
        "wrong_encoding",
        "line 4",
    ),
    "half a letter at the end": (
        "responses.csv",
        HALF + b"c1,gad7,3,1,\xc3",
        "wrong_encoding",
        "line 4",
    ),
    "a NUL": ("responses.csv", HALF + b"c1,gad7,3,\x00,2026-01-05\n", "binary_content", "line 4"),
    "a workbook called csv": (
        "responses.csv",
        b"PK\x03\x04" + b"x" * 99,
        "binary_content",
        "Excel",
    ),
    "a picture called csv": (
        "responses.csv",
        b"\x89PNG\r\n\x1a\n" + b"x" * 99,
        "binary_content",
        "image",
    ),
    "Parquet called csv": ("responses.csv", b"PAR1" + b"x" * 99, "binary_content", "Parquet"),
    "text called xlsx": ("responses.xlsx", GOOD.encode(), "binary_content", "extension"),
    "text called parquet": ("responses.parquet", GOOD.encode(), "binary_content", "extension"),
    "a damaged workbook": (
        "responses.xlsx",
        b"PK\x03\x04" + b"x" * 99,
        "unreadable_file",
        "Export it again",
    ),
    "damaged Parquet": (
        "responses.parquet",
        b"PAR1" + b"x" * 99 + b"PAR1",
        "unreadable_file",
        "Export it again",
    ),
    "a missing column": (
        "responses.csv",
        b"client_id,instrument_id,item,occurred_on\nc1,gad7,1,2026-01-05\n",
        "missing_column",
        "response",
    ),
    "a renamed column": (
        "responses.csv",
        b"client,instrument_id,item,response,day\nc1,gad7,1,1,0\n",
        "missing_column",
        "client_id",
    ),
    "an export of another shape, without a mapping": (
        "responses.csv",
        b"client,day,phq9_1,phq9_2\nc1,0,1,1\n",
        "missing_column",
        "`scout map FILE` proposes a mapping",
    ),
    "no column of time": (
        "responses.csv",
        b"client_id,instrument_id,item,response\nc1,gad7,1,1\n",
        "missing_column",
        "occasion",
    ),
    "an unknown column": (
        "responses.csv",
        b"client_id,instrument_id,item,response,day,ward\nc1,gad7,1,1,0,3\n",
        "unmapped_column",
        "ward",
    ),
    "a doubled header": (
        "responses.csv",
        b"client_id,instrument_id,item,response,day,Day\nc1,gad7,1,1,0,0\n",
        "duplicate_header",
        "columns 5 and 6",
    ),
    "semicolons": (
        "responses.csv",
        GOOD.replace(",", ";").encode(),
        "wrong_delimiter",
        "delimiter",
    ),
    "tabs": ("responses.csv", GOOD.replace(",", "\t").encode(), "wrong_delimiter", "tab"),
    "an open quote": (
        "responses.csv",
        HALF + b'c1,gad7,3,"1,2026-01-05\nc1,gad7,4,1,2026-01-05\n',
        "unterminated_quote",
        "line 4",
    ),
    "an open quote in the last row": (
        "responses.csv",
        HALF + b'c1,gad7,3,1,"2026',
        "unterminated_quote",
        "line 4",
    ),
    "an open quote met by another": (
        "responses.csv",
        HALF + b'c1,gad7,3,"1,2026-01-05\nc1,gad7,4,1,"2026-01-05"\n',
        "unterminated_quote",
        "line 4",
    ),
    "a line of two million characters": (
        "responses.csv",
        HALF + b"c1,gad7,3,1," + b"2" * 2_000_000 + b"\n",
        "too_long_line",
        "line 4",
    ),
    "an e-mail column": (
        "responses.csv",
        b"client_id,instrument_id,item,response,day,mode\nc1,gad7,1,1,0,jo.canary@clinic.example\nc2,gad7,1,1,0,al.canary@clinic.example\n",
        "looks_identified",
        "mode",
    ),
    "another kind of file": ("responses.sav", GOOD.encode(), "unknown_format", ".csv"),
    "a tidy file of no kind": ("answers.csv", GOOD.encode(), "unknown_format", "responses"),
}


@pytest.mark.parametrize(
    ("name", "content", "code", "hint"), WHOLE_FILES.values(), ids=list(WHOLE_FILES)
)
def test_a_bad_file_is_refused_whole_with_one_mendable_sentence(
    home: Home, name: str, content: bytes, code: str, hint: str
) -> None:
    home.drop(name, content)
    for _ in range(2):
        file = home.receive_one()
        assert (file.status, file.refusal) == ("refused", code)
        assert file.message is not None
        assert name in file.message
        assert hint in file.message
        assert "\n" not in file.message
        assert "canary" not in file.message
    assert home.ask("select status, refusal, count(*) from raw.loads group by all") == [
        ("refused", code, 1)
    ]
    assert home.ask("select count(*) from raw.item_responses") == [(0,)]
    assert not home.settings.archive.exists()


def test_every_reason_for_refusing_a_file_has_a_case() -> None:
    elsewhere = {"not_a_regular_file", "file_changed", "withdrawn_client"}
    # Of one format each, with the tests of that format.
    elsewhere |= {"wrong_companion", "too_deep", "not_data", "wrong_mapping"}
    assert {code for _, _, code, _ in WHOLE_FILES.values()} | elsewhere == set(FILE_REASONS)


def test_links_folders_and_pipes_are_refused_without_opening_them(home: Home) -> None:
    target = home.drop("responses.csv", GOOD)
    folder = target.parent
    (folder / "responses_link.csv").symlink_to(target)
    (folder / "responses_folder.csv").mkdir()
    os.mkfifo(folder / "responses_pipe.csv")
    refused = {f.file_name: f.refusal for f in home.receive().files if f.status == "refused"}
    assert refused == dict.fromkeys(
        ("responses_link.csv", "responses_folder.csv", "responses_pipe.csv"), "not_a_regular_file"
    )


def test_a_file_that_grows_while_it_is_read_is_refused_and_loaded_next_time(home: Home) -> None:
    path = home.drop("responses.csv", GOOD)

    from orchestration.landing import files
    from orchestration.landing.refusals import FileRefusalError

    descriptor = path.open("ab")
    original = os.fstat
    calls = []

    def fstat(number: int) -> os.stat_result:
        calls.append(number)
        if len(calls) == 2:
            descriptor.write(b"c1,gad7,2,1,2026-01-05\n")
            descriptor.flush()
        return original(number)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files.os, "fstat", fstat)
        with pytest.raises(FileRefusalError) as refusal:
            files.receive_copy(path, home.settings.scratch)
    assert refusal.value.code == "file_changed"
    descriptor.close()
    assert home.receive_one().rows_loaded == 2


@pytest.mark.parametrize(
    "name",
    [".hidden.csv", "responses.tmp", "responses.csv.part", "a.crdownload", "~$responses.xlsx"],
)
def test_half_copied_and_hidden_files_are_left_alone(home: Home, name: str) -> None:
    home.drop(name, "half")
    assert home.receive().files == ()


@pytest.mark.parametrize(
    "name",
    [
        "responses[1].csv",
        "responses*.csv",
        "responses'); drop.csv",
        'responses"x.csv',
        "responses é.csv",
    ],
)
def test_a_strange_file_name_reads_its_own_file(home: Home, name: str) -> None:
    home.drop("responses1.csv", f"{RESPONSES}other,gad7,1,1,2026-01-05\n")
    home.drop(name, GOOD)
    assert all(file.status == "loaded" for file in home.receive().files)
    assert home.ask("select distinct client_id from raw.item_responses order by 1") == [
        ("c1",),
        ("other",),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + HALF,
        HALF.replace(b"\n", b"\r\n"),
        HALF.replace(b"\n", b"\r"),
        HALF.replace(b"\n", b"\r\n", 1),
        HALF.rstrip(b"\n"),
        HALF + b"\n\n",
        b"\n" + HALF,
        HALF.replace(b"c1", b'"c1"'),
        b'"client_id","instrument_id","item","response","occurred_on"' + HALF[HALF.index(b"\n") :],
    ],
    ids=[
        "BOM",
        "CRLF",
        "CR",
        "mixed ends",
        "no last newline",
        "blank end",
        "blank start",
        "quotes",
        "quoted header",
    ],
)
def test_the_same_rows_in_another_dress_are_read_alike(home: Home, content: bytes) -> None:
    home.drop("responses.csv", content)
    file = home.receive_one()
    assert (file.status, file.rows_read, file.rows_loaded) == ("loaded", 2, 2)
    assert home.ask("select client_id, item, response from raw.item_responses order by item") == [
        ("c1", "1", "1"),
        ("c1", "2", "1"),
    ]


def test_a_file_cut_anywhere_is_refused_or_accounted_for(home: Home) -> None:
    for cut in range(len(RESPONSES), len(HALF)):
        path = home.drop("responses.csv", HALF[:cut])
        (file,) = home.receive().files
        assert file.status in ("loaded", "already_loaded", "refused")
        assert_conserved(file)
        path.unlink()


def test_a_declared_encoding_is_read(home: Home) -> None:
    home.drop("source.yml", "encoding: cp1252\n")
    home.drop("clients.csv", "client_id,diet\nc1,végétarien\nc2,ö\n".encode("cp1252"))
    assert home.receive_one().status == "loaded"
    assert home.ask("select value from raw.clients order by line") == [("végétarien",), ("ö",)]


def test_workbooks_and_parquet_give_the_same_records_as_csv(home: Home) -> None:
    home.drop("responses_1.csv", f"{RESPONSES}c1,gad7,1,1,2026-01-05\n7,gad7,2,3,2026-01-05\n")
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        RESPONSES.strip().split(","),
        ["c1", "gad7", 1, 1.0, date(2026, 1, 5)],
        [],
        [7, "gad7", 2, 3, date(2026, 1, 5)],
    ):
        sheet.append(row)
    path = home.drop("responses_2.xlsx", b"")
    book.save(path)
    parquet = home.drop("responses_3.parquet", b"")
    home.connection.execute(
        "copy (select * from (values ('c1', 'gad7', 1, 1.0::double, date '2026-01-05'),"
        " ('7', 'gad7', 2, 3.0, date '2026-01-05')) as t(client_id, instrument_id, item, "
        "response, occurred_on))"
        f" to '{parquet}' (format parquet)"
    )
    files = home.receive().files
    assert [(f.file_name, f.rows_loaded, f.rows_repeated) for f in files] == [
        ("responses_1.csv", 2, 0),
        ("responses_2.xlsx", 0, 2),
        ("responses_3.parquet", 0, 2),
    ]


MAPPINGS = {
    "an unknown key": ("format: wide\nclinet_id: id\n", "clinet_id", "client_id"),
    "an unknown key of an instrument": (
        "format: wide\nclient_id: id\nday: d\ninstruments: {gad7: {itmes: 'q{item}'}}\n",
        "instruments.gad7.itmes",
        "items",
    ),
    "no such format": ("format: docx\n", "format", "use one of tidy, wide"),
    "no YAML": ("format: [wide\n", "line", "YAML"),
    "a key twice": ("format: tidy\nformat: wide\n", "line 2", "twice"),
    "a list": ("- format\n", "key: value", "format: wide"),
    "no client": (
        "format: wide\nday: d\ninstruments: {gad7: {items: 'q{item}'}}\n",
        "client_id",
        "pseudonym",
    ),
    "no time": (
        "format: wide\nclient_id: id\ninstruments: {gad7: {items: 'q{item}'}}\n",
        "instruments.gad7",
        "occasion",
    ),
    "an unknown instrument": (
        "format: wide\nclient_id: id\nday: d\ninstruments: {gad17: {items: 'q{item}'}}\n",
        "instruments.gad17",
        "gad7",
    ),
    "an unknown scale": (
        "format: wide\nclient_id: id\nday: d\ninstruments: {gad7: {stated: {gad7_totl: t}}}\n",
        "gad7_totl",
        "gad7_total",
    ),
    "a template without item": (
        "format: wide\nclient_id: id\nday: d\ninstruments: {gad7: {items: 'q'}}\n",
        "items",
        "{item}",
    ),
    "too few columns": (
        "format: wide\nclient_id: id\nday: d\ninstruments: {gad7: {items: [a, b]}}\n",
        "items",
        "7 items",
    ),
    "a wide key in a tidy source": ("client_id: id\n", "client_id", "format: wide"),
    "no such encoding": ("encoding: utf-7\n", "encoding", "utf-8"),
    "a date format without year": ("date_format: '%d/%m'\n", "date_format", "%d/%m/%Y"),
}


@pytest.mark.parametrize(("text", "key", "fix"), MAPPINGS.values(), ids=list(MAPPINGS))
def test_a_wrong_mapping_refuses_its_source_only_and_says_how_to_mend_it(
    home: Home, text: str, key: str, fix: str
) -> None:
    home.drop("source.yml", text, "wrong")
    home.drop("responses.csv", GOOD, "wrong")
    home.drop("responses.csv", GOOD, "right")
    summary = home.receive()
    assert [(file.source, file.status) for file in summary.files] == [("right", "loaded")]
    (message,) = summary.mapping_errors
    assert "landing/wrong/source.yml" in message
    assert key in message
    assert fix in message


def test_a_wide_file_without_a_mapped_column_names_it_and_its_near_miss(home: Home) -> None:
    home.drop(
        "source.yml",
        "format: wide\nclient_id: id\nday: day\nignore: ['note*']\ninstruments: {phq9: "
        "{items: 'phq{item:02d}'}}\n",
    )
    header = ",".join(
        ["id", "day", *(f"PHQ{n:02d}" if n == 9 else f"phq{n:02d}" for n in range(1, 10)), "notes"]
    )
    home.drop("form.csv", f"{header}\n{','.join('1' * 12)}\n")
    file = home.receive_one()
    assert file.refusal == "missing_column"
    assert "PHQ09 for phq09" in str(file.message)


def test_a_file_without_a_header_does_not_show_its_first_row(home: Home) -> None:
    home.drop("responses.csv", "canary-1,gad7,1,2,2026-01-05\ncanary-2,gad7,1,1,2026-01-05\n")
    file = home.receive_one()
    assert file.refusal == "missing_column"
    assert "canary" not in str(file.message)


def test_no_message_repeats_a_value(home: Home) -> None:
    canaries = ("canary-client", "canary-code", "canary-item", "canary-answer", "canary-date")
    home.drop(
        "responses.csv", RESPONSES + ",".join(canaries) + "\nc1,gad7,1,canary-answer,2026-01-05\n"
    )
    home.drop(
        "scores.csv",
        "client_id,instrument_id,scale_id,score,day\nc1,gad7,gad7_total,canary,canary\n",
    )
    summary = home.receive()
    told = (
        repr(summary)
        + repr(home.events)
        + repr(home.ask("from raw.loads"))
        + repr(home.ask("from raw.refusals"))
    )
    assert sum(file.rows_refused for file in summary.files) == 3
    assert "canary" not in told


def test_a_folder_or_file_without_permission_is_named(home: Home) -> None:
    with tempfile.TemporaryDirectory() as folder:
        landing = Path(folder) / "landing"
        for name in ("closed", "open"):
            (landing / name).mkdir(parents=True)
            (landing / name / "responses.csv").write_text(GOOD)
        (landing / "open" / "responses.csv").chmod(0)
        (landing / "closed").chmod(0)
        Path(folder).chmod(0o755)
        home.settings = home.settings.model_copy(update={"home": Path(folder)})
        with _without_power(Path(folder)):
            summary = home.receive()
        (landing / "closed").chmod(0o700)
    (message,) = summary.mapping_errors
    assert "landing/closed" in message
    assert "chmod" in message
    assert [(file.source, file.refusal) for file in summary.files] == [("open", "unreadable_file")]


@contextmanager
def _without_power(folder: Path) -> Iterator[None]:
    """Root may read everything, so give up that right for a moment."""
    if os.geteuid() != 0:
        yield
        return
    for path in (folder, *folder.rglob("*")):
        os.chown(path, 65534, 65534)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
