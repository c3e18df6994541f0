"""What a release tells of itself, of its files and of what is missing, beside what was landed.

What belongs here: the tables about the data, judged by the landing files, the manifest and the
registry of rules. What does not: single rules (``unit/test_expectations_rules``).
"""

import json
from collections import defaultdict
from dataclasses import asdict

import pytest

from expectations.rules import Thresholds
from orchestration.checks.rulebook import registered
from orchestration.disclosure import policies
from tests.helpers import IMAGINARY_SOURCE, Built, lines_of

pytestmark = pytest.mark.slow  # builds a warehouse


def test_a_dashboard_is_told_which_release_it_shows(small_home: Built) -> None:
    release = small_home.report.release
    assert release is not None
    told = small_home.dashboard(
        "select release_number, policy_name, smallest_count, is_synthetic, rule_count, "
        "source_count, refused_file_count from published.pub_release"
    )
    assert told == [(release.sequence, "cms11", 11, True, len(registered()), 1, 0)]


def test_every_registered_rule_has_a_result_in_the_dashboard(small_home: Built) -> None:
    """The rules that judge the published tables and the auditor's too: they come after the copy."""
    rows = small_home.dashboard(
        "select gate, table_name, rule, status from published.pub_rule_results"
    )
    wanted = {
        (row["gate"], f"{row['schema_name']}.{row['table_name']}", row["rule"])
        for row in registered()
    }
    assert {row[:3] for row in rows} == wanted
    assert "not_checked" not in {row[3] for row in rows}


def test_the_manifest_has_every_threshold_that_judged_the_release(small_home: Built) -> None:
    release = small_home.report.release
    assert release is not None
    manifest = json.loads((release.folder / "manifest.json").read_text(encoding="utf-8"))
    told = manifest["thresholds"]
    assert set(told["rules"]) == set(asdict(Thresholds()))
    assert None not in told["rules"].values()
    assert told["disclosure"] == policies.as_row(policies.named("cms11"))
    assert manifest["policy"]["drift_difference"] == 0.5


def test_completeness_is_what_the_landed_forms_say(small_home: Built) -> None:
    """Forms per episode counted from the files themselves, line by line."""
    folder = small_home.home / "landing" / IMAGINARY_SOURCE
    programs = {row["episode_id"]: row["program_id"] for row in lines_of(folder / "episodes.csv")}
    answered: dict[tuple[str, str], set[str]] = defaultdict(set)
    for path in folder.glob("responses_*.csv"):
        for row in lines_of(path):
            if row["response"]:
                place = (programs[row["episode_id"]], row["instrument_id"])
                answered[place].add(row["episode_id"])
    naive = {
        (*place, list(programs.values()).count(place[0]), len(episodes))
        for place, episodes in answered.items()
    }
    told = small_home.evaluation(
        "select program_id, instrument_id, episode_count, with_form_count "
        "from marts.dq_completeness where period_kind = 'all'"
    )
    assert set(told) == naive


def test_a_dashboard_never_learns_of_few_files_rows_or_unmeasured_people(small_home: Built) -> None:
    """Forty clients: what is shown of them is none or eleven at least, and so is the rest."""
    rows = small_home.dashboard(
        "select rows_read, rows_loaded, rows_refused, rows_repeated from published.pub_loads"
    )
    assert all(number is None or number % 100 == 0 for row in rows for number in row)
    counts = small_home.dashboard(
        "select episode_count, measured_count, paired_count from published.pub_completeness"
    )
    assert counts
    for row in counts:
        shown = [number for number in row if number is not None]
        differences = [a - b for a in shown for b in shown if a > b]
        assert all(number == 0 or number >= 11 for number in [*shown, *differences])
