"""`scout explain`: the way back from a number ends at the right lines of the right files."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from orchestration.desk.explaining import WITHHELD, Explanation, explain
from orchestration.desk.explaining_told import lines
from tests.helpers import EVALUATION, IMAGINARY_SOURCE, Built, lines_of, scout

LANDING = Path("landing") / IMAGINARY_SOURCE


def change_of(home: Built, scale: str) -> tuple[str, Explanation]:
    """A client's first-to-last change on a scale, explained."""
    ((client, episode),) = home.evaluation(
        "select client_id, episode_id from marts.fct_changes where scale_id = ? "
        "and interval_name = 'first_to_last' and change is not null order by all limit 1",
        scale,
    )
    keys = [f"episode_id={episode}", f"scale_id={scale}", "interval_name=first_to_last"]
    return client, explain(home.settings, None, "fct_changes", keys)


def test_the_lines_behind_a_change_are_those_of_the_client_and_the_instrument(
    imaginary_home: Built,
) -> None:
    client, told = change_of(imaginary_home, "gad7_total")
    names = {file.load_id: file for file in told.files}
    assert {form.day for form in told.forms} == {
        imaginary_home.evaluation(
            f"select {column} from marts.fct_changes where client_id = ? and "
            "scale_id = 'gad7_total' and interval_name = 'first_to_last'",
            client,
        )[0][0]
        for column in ("baseline_day", "final_day")
    }
    assert told.forms
    for form in told.forms:
        assert form.load_id is not None
        file = imaginary_home.home / LANDING / names[form.load_id].file_name
        rows = file.read_text(encoding="utf-8").splitlines()
        for line in (form.first_line, form.last_line):
            assert line is not None
            cells = rows[line - 1].split(",")
            # Not shown where it fails: only whether it is so.
            assert (client in cells, "gad7" in cells) == (True, True), (file.name, line)


def test_the_files_behind_a_number_still_have_the_bytes_it_names(imaginary_home: Built) -> None:
    told = explain(
        imaginary_home.settings,
        None,
        "rel_pooled",
        ["pooled_over=condition", "process_scale_id=scs_total", "outcome_scale_id=phq9_total",
         "interval_name=first_to_last"],
    )  # fmt: skip
    assert {file.record_type for file in told.files} >= {"responses", "episodes"}
    for file in told.files:
        content = (imaginary_home.home / LANDING / file.file_name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file.sha256
    assert {"raw.item_responses", "scoring.int_scores"} <= set(told.ancestors)
    assert told.is_untouched


def test_a_rate_names_how_many_episodes_are_in_its_group(imaginary_home: Built) -> None:
    keys = ["metric_id=reliable_recovery", "program_id=synthetic_msc", "stratum_kind=condition",
            "stratum_id=synthetic_depression", "period_kind=all"]  # fmt: skip
    told = explain(imaginary_home.settings, None, "fct_program_outcomes", keys)
    counted = {group.table: group.row_count for group in told.groups}
    stated = {
        row["episode_id"]
        for row in lines_of(imaginary_home.home / LANDING / "episodes.csv")
        if row["program_id"] == "synthetic_msc" and row["condition_id"] == "synthetic_depression"
    }
    assert counted["marts.fct_episode_outcomes"] == len(stated) > 0
    assert {threshold.name for threshold in told.thresholds} >= {
        "phq9_caseness_nhs",
        "gad7_caseness_nhs",
    }
    assert any(one.name.startswith("reliable_recovery") for one in told.definitions)


def test_neither_a_client_nor_an_answer_is_told(imaginary_home: Built) -> None:
    client, told = change_of(imaginary_home, "phq9_total")
    text = "\n".join(lines(told))
    assert client not in text
    assert told.row["client_id"] == told.row["episode_id"] == WITHHELD
    score = imaginary_home.evaluation(
        "select administration_id from marts.fct_scores where client_id = ? limit 1", client
    )
    told = explain(
        imaginary_home.settings,
        None,
        "fct_scores",
        [f"administration_id={score[0][0]}", "scale_id=scs_total"]
        if _has(imaginary_home, score[0][0], "scs_total")
        else [
            f"administration_id={score[0][0]}",
            f"scale_id={_scale(imaginary_home, score[0][0])}",
        ],
    )
    text = "\n".join(lines(told))
    assert (client in text, score[0][0] in text) == (False, False)


def _has(home: Built, administration: str, scale: str) -> bool:
    return bool(
        home.evaluation(
            "select 1 from marts.fct_scores where administration_id = ? and scale_id = ?",
            administration,
            scale,
        )
    )


def _scale(home: Built, administration: str) -> str:
    rows = home.evaluation(
        "select min(scale_id) from marts.fct_scores where administration_id = ?", administration
    )
    return str(rows[0][0])


def test_nothing_is_counted_beside_a_number_that_is_held_back(imaginary_home: Built) -> None:
    rows = imaginary_home.dashboard(
        "select program_id, metric_id, population, threshold_set "
        "from published.pub_program_outcomes where estimate_status = 'suppressed' limit 1"
    )
    assert rows, "nothing is held back, so nothing is tried"
    columns = ("program_id", "metric_id", "population", "threshold_set")
    keys = [f"{column}={value}" for column, value in zip(columns, rows[0], strict=True)]
    told = explain(imaginary_home.settings, None, "pub_program_outcomes", keys)
    assert (told.forms, told.groups) == ((), ())
    text = "\n".join(lines(told))
    assert re.search(r"estimate_status +suppressed", text)
    made_from = text.split("Made from")[1].split("Files")[0]
    # Not one count of rows, people or episodes: tables are named and no more.
    assert re.findall(r"\(\d|\d+ rows", made_from) == []
    assert re.findall(r"[\d,]+ rows", text.split("\nFiles")[1].split("Checked")[0]) == []


def test_a_release_that_was_touched_says_so(imaginary_home: Built, tmp_path: Path) -> None:
    from tests.helpers import copied

    settings = copied(imaginary_home, tmp_path / "home")
    manifest = settings.current.resolve() / "manifest.json"
    told = json.loads(manifest.read_text())
    told["files"][EVALUATION]["sha256"] = "0" * 64
    manifest.write_text(json.dumps(told))
    explained = explain(settings, None, "metric_dictionary", ["metric_id=recovery"])
    assert not explained.is_untouched
    assert "NOT as it was published" in "\n".join(lines(explained))


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (["scale_id=phq9_total"], "interval_name="),
        (["scale=phq9_total"], "Did you mean scale_id"),
        (["scale_id=none_such"], "No row"),
        (["scale_id"], "column=value"),
    ],
)
def test_a_question_for_no_row_or_many_is_answered_with_the_way_out(
    imaginary_home: Built, keys: list[str], said: str
) -> None:
    done = scout("explain", "current", "fct_changes", *keys, "--home", imaginary_home.home)
    assert done.returncode == 2
    assert said in done.stderr
    assert "synthetic-0" not in done.stdout + done.stderr


def test_the_manifest_tells_versions_stages_and_the_lineage_covers_every_published_table(
    imaginary_home: Built,
) -> None:
    folder = imaginary_home.settings.current.resolve()
    manifest = json.loads((folder / "manifest.json").read_text())
    assert set(manifest["stages"]) >= {
        "raw", "staging", "scoring", "change", "relations", "marts", "published",
    }  # fmt: skip
    assert manifest["versions"]["duckdb"]
    assert "lineage.json" in manifest["files"]
    lineage = json.loads((folder / "lineage.json").read_text())
    assert set(manifest["row_counts"]) <= set(lineage["tables"])
    assert lineage["tables"]["marts.fct_scores"]["grain"] == ["administration_id", "scale_id"]
    answers = sum(
        len(lines_of(path))
        for path in (imaginary_home.home / LANDING).glob("responses_*.csv")
        if "again" not in path.name
    )
    refused = imaginary_home.evaluation("select sum(refused_count) from marts.dq_refusal_report")
    assert lineage["tables"]["raw.item_responses"]["rows"] == answers - refused[0][0]
    assert (
        sum(file["rows_loaded"] for file in lineage["files"])
        == (imaginary_home.evaluation("select sum(rows_loaded) from marts.dq_loads")[0][0])
    )
