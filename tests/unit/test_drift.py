"""What moved between two releases is counted once, under the reason that was planted.

Two small releases written by hand: eight forms of one scale, each with one thing done to it.
What belongs here: keys, reasons and counts.
What does not: whether a run writes it (``integration``).
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest

from orchestration import fingerprint
from orchestration.checks import drift
from orchestration.landing.raw_tables import create_raw_tables
from orchestration.settings import Settings

Score = tuple[int, str, float | None, bool]  # form, episode, score, whether a case

BEFORE: Sequence[Score] = (
    (1, "e1", 10, True),
    (2, "e1", 4, False),
    (3, "e2", 10, True),
    (4, "e2", 4, False),
    (5, "e3", 7, False),
    (6, "e3", None, False),
)
LOADS = "load_sequence, load_id, sha256, status, retired_by"


def marts(connection: duckdb.DuckDBPyConnection, scores: Sequence[Score]) -> None:
    connection.execute("create schema marts")
    connection.execute(
        "create table marts.fct_scores (administration_id text, scale_id text, program_id text, "
        "episode_id text, score double, severity_band text, is_case boolean)"
    )
    connection.executemany(
        "insert into marts.fct_scores values (?, 'mood', 'p', ?, ?, null, ?)",
        [(str(form), *rest) for form, *rest in scores],
    )
    connection.execute(
        "create table marts.fct_changes as select episode_id, scale_id, 'first_to_last' as "
        "interval_name, program_id, max(score) - min(score) as improvement, 'unchanged' as "
        "reliable_change_class, 'unknown' as outcome_class from marts.fct_scores group by all"
    )
    connection.execute(
        "create table marts.fct_program_outcomes as select 'all' as program_id, 'all' as "
        "stratum_kind, 'all' as stratum_id, 'all' as period_kind, 'all' as period, 'courses' as "
        "population, null::text as threshold_set, 'mood' as scale_id, 'd' as metric_id, "
        "avg(score) as estimate, 'estimated' as status from marts.fct_scores"
    )


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home whose current release holds the scores of before, under the rules of now."""
    settings = Settings(home=tmp_path, threads=1, memory_limit="1GB")
    folder = settings.releases / "000004"
    folder.mkdir(parents=True)
    settings.current.symlink_to(folder)
    with duckdb.connect(folder / "evaluation.duckdb") as connection:
        marts(connection, BEFORE)
        connection.execute(
            "create table marts.dq_loads as select * from (values ('load-1', 'a', 'loaded', false),"
            " ('load-2', 'b', 'loaded', false)) as loads (load_id, sha256, status, is_retired)"
        )
    seal(settings, fingerprint.of_rules(settings))
    return settings


def seal(settings: Settings, rules: dict[str, str]) -> None:
    file = settings.current / "evaluation.duckdb"
    files = {file.name: {"sha256": hashlib.sha256(file.read_bytes()).hexdigest()}}
    manifest = {"sequence": 4, "rules": rules, "files": files}
    (settings.current / "manifest.json").write_text(json.dumps(manifest))


def drifted(
    settings: Settings,
    scores: Sequence[Score],
    loads: Sequence[tuple[object, ...]] = (),
    records: Sequence[tuple[int, int]] = (),
) -> set[tuple[object, ...]]:
    """Subject, reason, added, removed, changed, moved classes, largest difference."""
    with duckdb.connect(settings.warehouse) as connection:
        create_raw_tables(connection)  # type: ignore[arg-type]
        for load in ((1, "load-1", "a", "loaded", None), *loads):
            connection.execute(
                f"insert into raw.loads ({LOADS}, source, file_name, contract_sha256, loaded_at) "
                "values (?, ?, ?, ?, ?, 'clinic', 'f', 'c', '2026-01-01')",
                list(load),
            )
        for load_sequence, form in records:
            connection.execute(
                "insert into raw.item_responses (load_sequence, line, administration_key, "
                "record_key, source, client_id, instrument_id, item, response_shift, repeat_number)"
                " values (?, 1, ?, 1, 'clinic', 'c', 'mood', '1', 0, 1)",
                [load_sequence, form],
            )
        marts(connection, scores)
    drift.record(settings)
    with duckdb.connect(settings.warehouse) as connection:
        return set(
            connection.execute(
                "select subject, reason, added_count, removed_count, changed_count, "
                "moved_class_count, largest_difference from quality.score_drift"
            ).fetchall()
        )


def test_nothing_has_moved_where_nothing_has(settings: Settings) -> None:
    assert drifted(settings, BEFORE) == set()


def test_the_first_release_is_set_beside_nothing(settings: Settings) -> None:
    settings.current.unlink()
    assert drifted(settings, [(1, "e1", 3, True)]) == set()


def test_a_damaged_release_is_set_beside_nothing(settings: Settings) -> None:
    file = settings.current / "evaluation.duckdb"
    file.write_bytes(file.read_bytes()[:5000])
    assert drifted(settings, [(1, "e1", 3, True)]) == set()


def test_a_release_of_another_version_is_compared_as_far_as_it_goes(settings: Settings) -> None:
    with duckdb.connect(settings.current / "evaluation.duckdb") as connection:
        connection.execute("alter table marts.fct_changes drop column outcome_class")
    seal(settings, fingerprint.of_rules(settings))
    assert {row[0] for row in drifted(settings, [(1, "e1", 3, True)])} == {"score", "rate"}


def test_each_movement_has_the_reason_that_was_planted(settings: Settings) -> None:
    found = drifted(
        settings,
        [
            (1, "e1", 12, True),  # corrected by 2
            (2, "e1", 4, False),
            # 3 is gone: a correction took it away
            (4, "e2", 4, True),  # read again, and now a case
            (5, "e3", 7, False),
            (6, "e3", 5, False),  # the missing answer came
            (7, "e4", 9, False),  # a new form
            (8, "e4", 9, False),  # another
        ],
        loads=[
            (2, "load-2", "b", "loaded", 3),
            (3, "load-3", "b", "loaded", None),
            (4, "load-4", "new bytes", "loaded", None),
        ],
        records=[(2, 4), (3, 4), *((4, form) for form in (1, 3, 6, 7, 8))],
    )
    assert {row for row in found if row[0] == "score"} == {
        ("score", "corrected_file", 1, 1, 1, 0, 2.0),
        ("score", "read_again", 0, 0, 1, 1, 0.0),
        ("score", "new_file", 2, 0, 0, 0, None),
    }
    # e1 by 2, e2 by 6 (its first form is gone), e3 by 2; e4 is new.
    assert {row for row in found if row[0] == "change"} == {
        ("change", "corrected_file", 0, 0, 3, 0, 6.0),
        ("change", "new_file", 1, 0, 0, 0, None),
    }
    assert {row[:5] for row in found if row[0] == "rate"} == {("rate", "other_records", 0, 0, 1)}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "reason"), [("seeds", "rule"), ("models", "rule"), (None, "unexplained")]
)
def test_a_score_of_an_unchanged_file_moves_with_a_rule_or_for_no_known_cause(
    settings: Settings, kind: str | None, reason: str
) -> None:
    rules = fingerprint.of_rules(settings)
    if kind:
        seal(settings, rules | {kind: "of another version"})
    moved = [(1, "e1", 10.5, False), *BEFORE[1:]]
    found = {row for row in drifted(settings, moved) if row[0] == "score"}
    assert found == {("score", reason, 0, 0, 1, 1, 0.5)}
    with duckdb.connect(settings.warehouse, read_only=True) as connection:
        told = connection.execute(
            "select distinct changed_rules, previous_release from quality.score_drift"
        ).fetchall()
    assert told == [(kind or "none", 4)]


def test_the_last_bits_of_a_sum_are_no_movement(settings: Settings) -> None:
    assert drifted(settings, [(1, "e1", 10 + 1e-12, True), *BEFORE[1:]]) == set()
