"""No value that a clinic sent turns up where it has no business: reliability.md A-19, A-20, G11.

Canaries are planted in a landing folder; after a run every byte that Scout wrote is searched, and
every cell of both databases too, because DuckDB may store a text in pieces. That the search finds
canaries where they belong is part of the claim.
"""

import os
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
import yaml

from orchestration.publishing.catalogue import DISCLOSURE_FILE
from orchestration.settings import CHECKOUT, Settings
from tests.helpers import DASHBOARD, EVALUATION, environment, scout

pytestmark = pytest.mark.slow

# Pseudonyms: only where a pseudonym may be.
CLIENT = "kanarie-client-{}"
CLIENTS = 12
EPISODE = "kanarie-episode-1"
CLINIC = "kanarie-clinic-north"
CLINICIAN = "kanarie-clinician-9"
# Refused on sight or in the row: nowhere but in what the clinic dropped, and in the archive where
# the rest of the file was accepted.
ANSWER = "kanarie answer: I felt 3"
WRONG_DATE = "kanarie-31/31/2024"
WRONG_SCORE = "kanarie score 17"
WRONG_ITEM = "kanarie-item"
WRONG_INSTRUMENT = "kanarie-instrument"
OUT_OF_RANGE = "7340017"
EMAIL = "kanarie.vogel@example.org"
PHONE = "+44 20 7946 0958"
UNMAPPED = "kanarie free text about a day"
REFUSED_CLIENT = "kanarie-refused-77"
NAME_AS_HEADER = "Kanarie Vogelsang"

PSEUDONYMS = frozenset({CLIENT.format("01"), EPISODE, CLINIC, CLINICIAN})
IN_A_ROW = frozenset({ANSWER, WRONG_DATE, WRONG_SCORE, WRONG_ITEM, WRONG_INSTRUMENT, OUT_OF_RANGE})
IN_A_REFUSED_FILE = frozenset({EMAIL, PHONE, UNMAPPED, REFUSED_CLIENT, NAME_AS_HEADER})
# Folder or file under the home -> the canaries that may be found in it.
MAY_HOLD = {
    "landing": PSEUDONYMS | IN_A_ROW | IN_A_REFUSED_FILE,
    "archive": PSEUDONYMS | IN_A_ROW,
    "warehouse.duckdb": PSEUDONYMS,
    EVALUATION: PSEUDONYMS,
    # Clinics are compared with each other by name; an institution is nobody.
    DASHBOARD: frozenset({CLINIC}),
    DISCLOSURE_FILE: frozenset({CLINIC}),
}


def plant(landing: Path) -> None:
    """A small clinic, a few bad rows, a few bad files and one unusable source."""
    clinic = landing / "clinic"
    clinic.mkdir(parents=True)
    rows = ["client_id,episode_id,instrument_id,item,response,occurred_on"]
    for number in range(1, CLIENTS + 1):
        client = CLIENT.format(f"{number:02d}")
        episode = EPISODE if number == 1 else f"other-episode-{number}"
        for day in ("2024-02-01", "2024-03-01", "2024-04-01"):
            rows += [
                f"{client},{episode},gad7,{item},{(item + number) % 4},{day}"
                for item in range(1, 8)
            ]
    first = f"{CLIENT.format('01')},{EPISODE}"
    rows += [
        f'{first},gad7,1,"{ANSWER}",2024-05-01',
        f"{first},gad7,2,1,{WRONG_DATE}",
        f"{first},gad7,{WRONG_ITEM},1,2024-05-01",
        f"{first},{WRONG_INSTRUMENT},1,1,2024-05-01",
        f"{first},gad7,3,{OUT_OF_RANGE},2024-05-01",
    ]
    (clinic / "responses.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (clinic / "scores.csv").write_text(
        "client_id,episode_id,instrument_id,scale_id,score,occurred_on\n"
        f"{first},phq9,phq9_total,12,2024-02-01\n"
        f"{first},phq9,phq9_total,{WRONG_SCORE},2024-03-01\n",
        encoding="utf-8",
    )
    episodes = ["client_id,episode_id,program_id,clinic_id,clinician_id,started_on"]
    for number in range(1, CLIENTS + 1):
        episode = EPISODE if number == 1 else f"other-episode-{number}"
        episodes.append(
            f"{CLIENT.format(f'{number:02d}')},{episode},course,{CLINIC},{CLINICIAN},2024-02-01"
        )
    (clinic / "episodes.csv").write_text("\n".join(episodes) + "\n", encoding="utf-8")
    (clinic / "clients.csv").write_text(
        "client_id,age_band,contact\n"
        + "".join(f"{CLIENT.format(f'{n:02d}')},25-34,{EMAIL}\n" for n in range(1, CLIENTS + 1))
        + f"{REFUSED_CLIENT},25-34,{EMAIL}\n",
        encoding="utf-8",
    )
    (clinic / "practice.csv").write_text(
        "client_id,practice_id,practised_on,reached_at\n"
        + "".join(
            f"{CLIENT.format(f'{n:02d}')},walk,2024-02-0{n % 9 + 1},{PHONE}\n" for n in range(1, 9)
        ),
        encoding="utf-8",
    )
    wide = landing / "wide"
    wide.mkdir()
    (wide / "source.yml").write_text(
        "format: wide\nclient_id: id\nday: day\ninstruments: {gad7: {items: 'q{item}'}}\n",
        encoding="utf-8",
    )
    (wide / "export.csv").write_text(
        f"id,day,q1,q2,q3,q4,q5,q6,q7,note,{NAME_AS_HEADER}\n"
        f"{CLIENT.format('01')},0,1,1,1,1,1,1,1,{UNMAPPED},2\n",
        encoding="utf-8",
    )


@dataclass(frozen=True)
class Planted:
    """The home after a run, and what the run and its sister commands said."""

    settings: Settings
    said: dict[str, str]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    """The canaries, after a run, its sister commands, and a run that was held.

    Held by a k that a clinic of twelve who state nothing of themselves cannot have.
    """
    settings = Settings(home=tmp_path_factory.mktemp("canaries") / "home")
    plant(settings.landing)
    said = {}
    for command, code in {
        "run": 0,
        "check": 0,
        "doctor": None,
        "status": None,
        "verify": 0,
    }.items():
        finished = scout(command, "--home", settings.home, COLUMNS="250")
        said[f"scout {command}"] = finished.stdout + finished.stderr
        assert code in (None, finished.returncode), said
    held = scout("run", "--always", "--home", settings.home, COLUMNS="250", SCOUT_MINIMUM_K="13")
    said["scout run, held"] = held.stdout + held.stderr
    assert held.returncode == 1, said
    return Planted(settings, said)


def canaries() -> list[str]:
    return sorted(PSEUDONYMS | IN_A_ROW | IN_A_REFUSED_FILE)


def found_in_bytes(path: Path) -> set[str]:
    data = path.read_bytes()
    return {
        canary
        for canary in canaries()
        if canary.encode() in data or canary.encode("utf-16-le") in data
    }


def found_in_cells(database: Path) -> set[str]:
    """Canaries in any text cell of any table or view."""
    found: set[str] = set()
    names = canaries()
    with duckdb.connect(str(database.resolve()), read_only=True) as connection:
        columns = connection.execute(
            "select schema_name, table_name, column_name from duckdb_columns() "
            "where data_type = 'VARCHAR' and not internal"
        ).fetchall()
        assert columns
        for schema, table, column in columns:
            holds = ", ".join(f'coalesce(bool_or(contains("{column}", ?)), false)' for _ in names)
            row = connection.execute(f'select {holds} from "{schema}"."{table}"', names).fetchone()
            found |= {name for name, is_there in zip(names, row or (), strict=True) if is_there}
    return found


def allowed(settings: Settings, path: Path) -> frozenset[str]:
    place = path.relative_to(settings.home).parts
    name = place[-1].removesuffix(".wal")
    return MAY_HOLD.get(place[0], frozenset()) | (
        MAY_HOLD.get(name, frozenset()) if place[0] == "releases" else frozenset()
    )


def test_what_scout_says_holds_no_value_of_a_clinic(planted: Planted) -> None:
    assert all(len(text) > 100 for text in planted.said.values())
    told = {
        command: {canary for canary in canaries() if canary in " ".join(text.split())}
        for command, text in planted.said.items()
    }
    assert told == {command: set() for command in planted.said}


def test_no_byte_that_scout_wrote_holds_a_value_where_it_may_not(planted: Planted) -> None:
    settings = planted.settings
    searched: dict[str, int] = defaultdict(int)
    misplaced = []
    for folder, _, names in os.walk(settings.home):
        for name in names:
            path = Path(folder) / name
            if path.is_symlink() or not path.is_file():
                continue
            searched[path.relative_to(settings.home).parts[0]] += 1
            wrong = found_in_bytes(path) - allowed(settings, path)
            if wrong:
                misplaced.append((str(path.relative_to(settings.home)), sorted(wrong)))
    assert misplaced == []
    for place in (
        "landing", "archive", "dagster", "scratch", "releases", "warehouse.duckdb", "held.html",
    ):  # fmt: skip
        assert searched[place] > 0, place
    published = [path.name for path in settings.current.resolve().rglob("*") if path.is_file()]
    assert {"manifest.json", "quality.html", DASHBOARD, EVALUATION} <= set(published)
    # Dagster's events and runs, where the text of every message and failure is kept.
    assert [path for path in settings.dagster.rglob("*.db") if path.stat().st_size]


@pytest.mark.parametrize("file", [EVALUATION, DASHBOARD, DISCLOSURE_FILE, "warehouse.duckdb"])
def test_no_cell_holds_a_value_where_it_may_not(planted: Planted, file: str) -> None:
    settings = planted.settings
    database = settings.warehouse if file == "warehouse.duckdb" else settings.current / file
    assert found_in_cells(database) <= MAY_HOLD.get(file, frozenset())


def test_a_clinics_own_k_holds_the_release_and_says_how_to_mend_it(planted: Planted) -> None:
    told = " ".join(planted.said["scout run, held"].split())
    assert "SCOUT_MINIMUM_K" in told
    assert "dim_clients: 12 clients" in told
    assert planted.settings.current.resolve().name == "000001"


@pytest.mark.parametrize("file", [EVALUATION, DASHBOARD, DISCLOSURE_FILE])
def test_no_description_in_a_published_file_holds_a_value(planted: Planted, file: str) -> None:
    database = str((planted.settings.current / file).resolve())
    with duckdb.connect(database, read_only=True) as connection:
        comments = connection.execute(
            "select comment from duckdb_tables() union all select comment from duckdb_columns()"
        ).fetchall()
    told = " ".join(str(comment) for (comment,) in comments)
    assert {canary for canary in canaries() if canary in told} == set()


def test_the_search_finds_what_is_there(planted: Planted) -> None:
    settings = planted.settings
    assert found_in_cells(settings.current / EVALUATION) == PSEUDONYMS
    assert found_in_cells(settings.warehouse) >= PSEUDONYMS
    dropped = set()
    for path in settings.landing.rglob("*.csv"):
        dropped |= found_in_bytes(path)
    assert dropped == set(canaries())
    kept = set()
    for path in settings.archive.iterdir():
        kept |= found_in_bytes(path)
    assert kept == PSEUDONYMS | IN_A_ROW


def test_bad_rows_and_files_were_met_not_missed(planted: Planted) -> None:
    """Without this the search above could pass because nothing was read."""
    with duckdb.connect(str(planted.settings.warehouse), read_only=True) as connection:
        reasons = connection.execute("select distinct reason from raw.refusals").fetchall()
        files = connection.execute(
            "select file_name, refusal from raw.loads where status = 'refused'"
        ).fetchall()
    assert {row[0] for row in reasons} == {
        "unknown_label",
        "unreadable_date",
        "unknown_item",
        "unknown_instrument",
        "response_out_of_range",
        "score_not_a_number",
    }
    assert dict(files) == {
        "clients.csv": "looks_identified",
        "practice.csv": "unmapped_column",
        "export.csv": "unmapped_column",
    }


# -- nobody is told --------------------------------------------------------------------------------

ENVIRONMENT_AT_EXIT = """
import atexit, os, sys
import orchestration.cli
names = ("DO_NOT_TRACK", "DAGSTER_DISABLE_TELEMETRY", "GX_ANALYTICS_ENABLED")
atexit.register(lambda: print("|".join(os.environ.get(name, "") for name in names)))
sys.argv = ["scout", "--help"]
orchestration.cli.main()
"""


def test_the_command_line_turns_every_tools_telemetry_off() -> None:
    names = ("DO_NOT_TRACK", "DAGSTER_DISABLE_TELEMETRY", "GX_ANALYTICS_ENABLED")
    bare = {name: value for name, value in environment().items() if name not in names}
    finished = subprocess.run(
        [sys.executable, "-c", ENVIRONMENT_AT_EXIT],
        check=True,
        capture_output=True,
        text=True,
        env=bare,
    )
    assert finished.stdout.strip().splitlines()[-1] == "1|yes|false"


def test_dagster_and_dbt_are_told_to_send_nothing(planted: Planted) -> None:
    dagster = yaml.safe_load((planted.settings.dagster / "dagster.yaml").read_text("utf-8"))
    assert dagster["telemetry"] == {"enabled": False}
    project = yaml.safe_load((CHECKOUT / "dbt_project" / "dbt_project.yml").read_text("utf-8"))
    assert project["flags"]["send_anonymous_usage_stats"] is False


def test_dbt_writes_no_log_of_its_own(planted: Planted) -> None:
    """A debug log would hold compiled SQL and quote rows that fail."""
    logs = [path.name for path in planted.settings.home.rglob("*.log*") if path.stat().st_size]
    assert logs == []
