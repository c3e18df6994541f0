"""One run on a day when much goes wrong at once: a correction, bad files, a broken mapping.

What belongs here: what the analyst is told, what is published all the same, what readers notice.
What does not: each kind of bad file by itself (``test_landing_bad_input``).
"""

import csv
import json
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest

from orchestration.settings import Settings
from tests.helpers import (
    DASHBOARD,
    EVALUATION,
    IMAGINARY_SOURCE,
    Built,
    ask,
    copied,
    environment,
    lines_of,
    scout,
)

pytestmark = pytest.mark.slow

# -- a hard day ------------------------------------------------------------------------------------

# Holds one connection open all the time, and opens `current` anew again and again.
READER = """
import json, os, select, sys
import duckdb
current = os.path.join(sys.argv[1], "evaluation.duckdb")
query = "select count(*), sum(score), max(client_id) from marts.fct_scores"
held = duckdb.connect(os.path.realpath(current), read_only=True)
first = held.execute(query).fetchall()
told = {"rounds": 0, "changed": 0, "errors": 0, "answers": 1}
answers = {repr(first)}
print("ready", flush=True)
while not select.select([sys.stdin], [], [], 0.1)[0]:
    told["rounds"] += 1
    told["changed"] += held.execute(query).fetchall() != first
    try:
        with duckdb.connect(os.path.realpath(current), read_only=True) as fresh:
            answers.add(repr(fresh.execute(query).fetchall()))
    except Exception:
        told["errors"] += 1
told["answers"] = len(answers)
print(json.dumps(told), flush=True)
os._exit(0)
"""


@dataclass(frozen=True)
class HardDay:
    """A home after a day on which much went wrong at once.

    Attributes:
        home: the home, as ``before`` was plus that day.
        before: the home it was copied from.
        finished: the run, as the analyst saw it.
        corrected: (client, episode, occasion, item, old answer, new answer) of the corrected form.
        reader: what a reader met that was there all the time.
    """

    home: Settings
    before: Built
    finished: "subprocess.CompletedProcess[str]"
    corrected: tuple[str, str, str, str, int, int]
    reader: dict[str, int]


def correct_one_answer(file: Path) -> tuple[str, str, str, str, int, int]:
    """Raise one answer of a complete form in the middle of an episode, in place."""
    lines = lines_of(file)
    forms: dict[tuple[str, str, str], list[dict[str, str]]] = defaultdict(list)
    for line in lines:
        forms[line["client_id"], line["episode_id"], line["occasion"]].append(line)
    for (client, episode, occasion), form in forms.items():
        answers = [line["response"] for line in form]
        # Not the first and not the last, so that no baseline and no spread moves.
        is_inner = occasion == "2" and (client, episode, "3") in forms
        if is_inner and len(answers) == 7 and set(answers) <= {"0", "1", "2"}:
            changed = form[0]
            old = int(changed["response"])
            changed["response"] = str(old + 1)
            with file.open("w", encoding="utf-8", newline="") as target:
                writer = csv.DictWriter(target, list(lines[0]), lineterminator="\n")
                writer.writeheader()
                writer.writerows(lines)
            return client, episode, occasion, changed["item"], old, old + 1
    raise AssertionError("no form to correct")


def drop_what_goes_wrong(landing: Path) -> None:
    """Bad files beside the good ones, a source that cannot be used, and a new good one."""
    clinic = landing / IMAGINARY_SOURCE
    head = "client_id,instrument_id,item,response,occurred_on\n"
    rows = [f"synthetic-000001,gad7,{item},9,2020-01-0{item}\n" for item in range(1, 8)]
    (clinic / "responses_out_of_range.csv").write_text(head + "".join(rows), encoding="utf-8")
    rows = [f"synthetic-000001,nosuch,{item},1,2020-01-01\n" for item in range(1, 4)]
    (clinic / "responses_unknown.csv").write_text(head + "".join(rows), encoding="utf-8")
    (clinic / "clients_identified.csv").write_text(
        "client_id,age_band,email\n"
        + "".join(f"synthetic-00000{n},25-34,person{n}@example.org\n" for n in range(1, 6)),
        encoding="utf-8",
    )
    broken = landing / "broken_clinic"
    broken.mkdir()
    (broken / "source.yml").write_text(
        "format: wide\nclient_id: id\nday: day\ninstrumnts: {gad7: {items: 'q{item}'}}\n",
        encoding="utf-8",
    )
    (broken / "export.csv").write_text("id,day,q1\nx1,0,1\n", encoding="utf-8")
    second = landing / "second_clinic"
    second.mkdir()
    rows = [f"second-1,wsas,{item},3,{day}\n" for day in (0, 14) for item in range(1, 6)]
    (second / "responses.csv").write_text(
        "client_id,instrument_id,item,response,day\n" + "".join(rows), encoding="utf-8"
    )


@pytest.fixture(scope="module")
def hard_day(imaginary_home: Built, tmp_path_factory: pytest.TempPathFactory) -> HardDay:
    """A correction, three bad files, a broken mapping and a new source, in one run."""
    settings = copied(imaginary_home, tmp_path_factory.mktemp("hard") / "home")
    corrected = correct_one_answer(settings.landing / IMAGINARY_SOURCE / "responses_gad7.csv")
    drop_what_goes_wrong(settings.landing)
    with subprocess.Popen(
        [sys.executable, "-c", READER, str(settings.current)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
    ) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
        finished = scout("run", "--home", settings.home)
        told = json.loads(reader.communicate("enough\n")[0])
    return HardDay(settings, imaginary_home, finished, corrected, told)


def test_a_broken_mapping_is_told_and_other_sources_are_published(hard_day: HardDay) -> None:
    assert hard_day.finished.returncode == 2, hard_day.finished.stderr
    told = " ".join(hard_day.finished.stdout.split())
    assert "broken_clinic/source.yml" in told
    assert "instrumnts" in told
    assert "Traceback" not in told + hard_day.finished.stderr
    found = ask(
        hard_day.home.current / EVALUATION,
        "select day, score from marts.fct_scores where client_id = 'second-1' order by day",
    )
    assert found == [(0.0, 15.0), (14.0, 15.0)]


def test_a_broken_mapping_is_told_until_it_is_mended(hard_day: HardDay) -> None:
    again = scout("run", "--home", hard_day.home.home)
    assert again.returncode == 2
    assert "instrumnts" in again.stdout


def test_a_corrected_answer_changes_its_score_and_nothing_else(hard_day: HardDay) -> None:
    # Sums over several threads differ in the last bit from run to run.
    query = (
        "select client_id, episode_id, instrument_id, scale_id, occasion, day, round(score, 9), "
        "stated_score, items_answered_count, is_valid, severity_band, is_case from marts.fct_scores"
    )
    before = Counter(hard_day.before.evaluation(query))
    after = Counter(ask(hard_day.home.current / EVALUATION, query))
    gone, come = list((before - after).elements()), list((after - before).elements())
    client, episode, occasion, _, old, new = hard_day.corrected
    assert [row[:5] for row in gone] == [(client, episode, "gad7", "gad7_total", occasion)]
    mended = [row for row in come if row[0] == client]
    assert [row[:5] for row in mended] == [row[:5] for row in gone]
    assert mended[0][6] - gone[0][6] == new - old == 1
    assert {row[0] for row in come} == {client, "second-1"}


def test_the_earlier_version_of_a_corrected_answer_stays_in_raw(hard_day: HardDay) -> None:
    client, episode, occasion, item, old, new = hard_day.corrected
    found = ask(
        hard_day.home.warehouse,
        "select response, record_key in (select record_key from raw.superseded as s "
        "where s.load_sequence = r.load_sequence) from raw.item_responses as r "
        "where client_id = ? and episode_id = ? and occasion = ? and item = ? "
        "and instrument_id = 'gad7' order by load_sequence",
        client,
        episode,
        occasion,
        item,
    )
    assert found == [(str(old), True), (str(new), False)]
    assert ask(hard_day.home.warehouse, "select count(*) from raw.superseded") == [(1,)]


def test_the_earlier_release_stays_as_it_was(hard_day: HardDay) -> None:
    assert sorted(path.name for path in hard_day.home.releases.iterdir()) == ["000001", "000002"]
    assert hard_day.home.current.resolve().name == "000002"
    for name in (EVALUATION, DASHBOARD, "manifest.json"):
        original = hard_day.before.settings.releases / "000001" / name
        assert (hard_day.home.releases / "000001" / name).read_bytes() == original.read_bytes()


def test_bad_files_are_refused_with_their_reasons_and_every_row_is_counted(
    hard_day: HardDay,
) -> None:
    found = {
        row[0]: row[1:]
        for row in ask(
            hard_day.home.current / EVALUATION,
            "select file_name, status, rows_read, rows_loaded, rows_refused, rows_repeated, "
            "reasons from marts.dq_loads where load_id > 'load-000009'",
        )
    }
    gad7 = len(lines_of(hard_day.home.landing / IMAGINARY_SOURCE / "responses_gad7.csv"))
    impossible = "response_out_of_range 1"
    assert found["responses_gad7.csv"] == ("loaded", gad7, 1, 1, gad7 - 2, impossible)
    assert found["responses_out_of_range.csv"] == (
        "loaded", 7, 0, 7, 0, "response_out_of_range 7",
    )  # fmt: skip
    assert found["responses_unknown.csv"] == ("loaded", 3, 0, 3, 0, "unknown_instrument 3")
    assert found["clients_identified.csv"][0] == "refused"
    assert found["clients_identified.csv"][-1] == "looks_identified"
    assert set(found) == {
        "responses_gad7.csv", "responses_out_of_range.csv", "responses_unknown.csv",
        "clients_identified.csv", "responses.csv",
    }  # fmt: skip


def test_a_refused_file_is_not_kept(hard_day: HardDay) -> None:
    refused = hard_day.home.landing / IMAGINARY_SOURCE / "clients_identified.csv"
    digest = sha256(refused.read_bytes()).hexdigest()
    assert list(hard_day.home.archive.glob(f"*{digest}*")) == []
    kept = hard_day.home.landing / IMAGINARY_SOURCE / "responses_unknown.csv"
    digest = sha256(kept.read_bytes()).hexdigest()
    assert list(hard_day.home.archive.glob(f"*{digest}*")) != []


def test_a_reader_never_waits_and_never_sees_half(hard_day: HardDay) -> None:
    told = hard_day.reader
    assert told["rounds"] > 20
    assert (told["errors"], told["changed"]) == (0, 0)
    assert told["answers"] == 2, "the release before and the release after, nothing between"


# -- the doctor on the same home -------------------------------------------------------------------


def test_the_doctor_names_file_and_line_and_exits_2(hard_day: HardDay) -> None:
    finished = scout("doctor", "--home", hard_day.home.home)
    assert finished.returncode == 2
    assert "broken_clinic/source.yml" in finished.stdout
    assert f"{IMAGINARY_SOURCE}/responses_unknown.csv line 2" in finished.stdout
    assert "Traceback" not in finished.stdout + finished.stderr


def test_the_doctor_leaves_no_trace_in_the_home(hard_day: HardDay) -> None:
    def state() -> dict[str, int]:
        return {str(path): path.stat().st_mtime_ns for path in hard_day.home.home.rglob("*")}

    before = state()
    scout("doctor", "--home", hard_day.home.home)
    assert state() == before
