"""What a published release promises, seen from outside: names, words, comments, files, modes.

What belongs here: architecture.md section 5 as claims about one release.
What does not: what a number should be (``test_real_input`` and the oracle judge that), or how a
release comes about (``test_whole_job``).
"""

import json
import stat
import struct
from collections import Counter, defaultdict
from hashlib import sha256
from pathlib import Path

import pytest

from orchestration.disclosure.tables import TABLES
from orchestration.publishing.catalogue import DISCLOSURE_FILE, PUBLISHED
from orchestration.publishing.release import read_current
from tests.helpers import DASHBOARD, EVALUATION, IMAGINARY_SOURCE, Built, ask, copied, lines_of

# architecture.md section 5, for the tables that issue 2 names.
CONTRACT = {
    "fct_scores": "client_id episode_id program_id instrument_id scale_id scoring_variant day "
    "occurred_on occasion timepoint score score_origin items_answered_count is_prorated is_valid "
    "severity_band is_case",
    "fct_changes": "client_id episode_id program_id instrument_id scale_id interval_name "
    "baseline_score final_score baseline_day final_day change improvement reliable_change_index "
    "reliable_change_class outcome_class method threshold_id",
    "fct_episode_outcomes": "client_id episode_id program_id is_finished is_at_caseness "
    "is_recovered is_reliably_improved is_reliably_recovered is_reliably_deteriorated "
    "outcome_status threshold_set",
    "fct_program_outcomes": "program_id stratum_kind stratum_id period metric_id estimate "
    "interval_low interval_high sample_size missing_count",
    "rel_change_associations": "stratum_kind stratum_id process_scale_id outcome_scale_id "
    "interval_name sample_size pearson_r interval_low interval_high spearman_rho partial_r slope "
    "improvement_r status method evidence_label",
    "rel_within_person": "stratum_kind stratum_id process_scale_id outcome_scale_id "
    "is_adjusted_for_time direction within_slope between_slope standard_error interval_low "
    "interval_high client_count occasion_count status method evidence_label",
    "rel_within_person_models": "stratum_kind stratum_id process_scale_id outcome_scale_id "
    "direction model within_slope autoregression interval_low interval_high client_count status "
    "method evidence_label",
    "rel_cross_lagged": "stratum_kind stratum_id process_scale_id outcome_scale_id model direction "
    "estimate interval_low interval_high wave_count client_count status reason method "
    "evidence_label",
    "rel_early_change": "stratum_kind stratum_id process_scale_id outcome_scale_id direction "
    "early_window estimate interval_low interval_high client_count status method evidence_label",
    "rel_mediation": "stratum_kind stratum_id cause_kind cause_id mediator_scale_id "
    "outcome_scale_id window_name a b direct indirect interval_low interval_high "
    "swapped_indirect evidence_label",
    "dq_loads": "load_id source file_name sha256 rows_read rows_loaded rows_refused rows_repeated "
    "reasons",
    "dq_results": "run_id table_name rule severity status evaluated_count unexpected_count",
    "metric_dictionary": "metric_id name meaning formula source",
}
WORDS = {
    ("fct_scores", "score_origin"): {"items", "stated"},
    ("fct_changes", "reliable_change_class"): {"improved", "unchanged", "deteriorated", "unknown"},
    ("fct_changes", "outcome_class"): {
        "recovered", "improved", "unchanged", "deteriorated", "harmed", "unknown",
    },
    ("rel_change_associations", "status"): {"estimated", "too_few", "not_computable"},
    ("rel_within_person", "status"): {"estimated", "too_few", "not_computable"},
    ("rel_within_person", "direction"): {"concurrent", "process_to_outcome", "outcome_to_process"},
    ("dq_results", "status"): {"pass", "pass_with_failures", "fail", "error", "not_applicable"},
    ("dq_results", "severity"): {"critical", "warning"},
}  # fmt: skip
PERSONAL = ("client", "clinician", "episode_id", "session", "administration", "occurred_on", "_on")
DISCLOSURE_FLOOR = 11
# What DuckDB 1.0 reads: the number that stands behind the word DUCK at the head of the file.
STORAGE_OF_DUCKDB_1_0 = 64


# -- the contract ----------------------------------------------------------------------------------


@pytest.mark.parametrize("table", CONTRACT)
def test_a_published_table_has_the_columns_others_rely_on(
    imaginary_home: Built, table: str
) -> None:
    found = imaginary_home.evaluation(
        "select column_name from duckdb_columns() where schema_name = 'marts' and table_name = ?",
        table,
    )
    assert set(CONTRACT[table].split()) <= {row[0] for row in found}
    rows = imaginary_home.evaluation(f"select count(*) from marts.{table}")
    assert rows[0][0] > 0


@pytest.mark.parametrize(("table", "column"), WORDS)
def test_a_closed_vocabulary_is_closed(imaginary_home: Built, table: str, column: str) -> None:
    found = imaginary_home.evaluation(f"select distinct {column} from marts.{table}")
    assert {row[0] for row in found} <= WORDS[table, column]


@pytest.mark.parametrize("file", [EVALUATION, DASHBOARD])
def test_every_table_and_column_explains_itself(imaginary_home: Built, file: str) -> None:
    published = imaginary_home.settings.current / file
    tables = ask(published, "select table_name, comment from duckdb_tables()")
    columns = ask(
        published,
        "select table_name, column_name, comment from duckdb_columns() where not internal",
    )
    assert tables
    assert columns
    assert [row for row in tables if len(row[-1] or "") < 10] == []
    assert [row[:2] for row in columns if len(row[-1] or "") < 5] == []


def test_every_estimate_says_how_sure_it_is(imaginary_home: Built) -> None:
    for table in ("rel_change_associations", "rel_within_person"):
        size = "sample_size" if table == "rel_change_associations" else "client_count"
        estimate = "pearson_r" if table == "rel_change_associations" else "within_slope"
        found = imaginary_home.evaluation(
            f"select count(*), count({size}), count(interval_low), count(interval_high), "
            f"count(evidence_label), count_if({estimate} between interval_low and interval_high) "
            f"from marts.{table} where status = 'estimated'"
        )
        assert found[0][0] > 0
        assert set(found[0]) == {found[0][0]}
        hidden = imaginary_home.evaluation(
            f"select count({estimate}), count(interval_low) from marts.{table} "
            "where status <> 'estimated'"
        )
        assert hidden == [(0, 0)]


def test_every_metric_column_is_in_the_dictionary(imaginary_home: Built) -> None:
    found = imaginary_home.evaluation("select metric_id, meaning from marts.metric_dictionary")
    metrics = {row[0] for row in found}
    assert {"change", "improvement", "reliable_change_index", "pearson_r"} <= metrics
    assert all(row[1] for row in found)


# -- the dashboard file ----------------------------------------------------------------------------


def test_the_dashboard_file_has_aggregates_only(imaginary_home: Built) -> None:
    columns = imaginary_home.dashboard(
        "select table_name, column_name from duckdb_columns() where not internal"
    )
    assert {row[0] for row in columns} >= {"pub_program_measures", "pub_change_associations"}
    assert [row for row in columns if not row[0].startswith("pub_")] == []
    # `..._on` ends a date; `..._reason` and the like do not. A count of clients is none of them.
    personal = [
        row
        for row in columns
        if any(part in row[1].split("_proportion")[0] for part in PERSONAL)
        and not row[1].removesuffix("_status").endswith("_count")
        # How many sessions a group had, from and to: fixed bands.
        and not row[1].startswith("session_band")
    ]
    assert personal == []


def test_no_cell_of_the_dashboard_file_names_a_person(imaginary_home: Built) -> None:
    landing = imaginary_home.settings.landing / IMAGINARY_SOURCE
    names = {line["client_id"] for line in lines_of(landing / "clients.csv")}
    for line in lines_of(landing / "episodes.csv"):
        names |= {line["episode_id"], line["clinician_id"]}
    columns = imaginary_home.dashboard(
        "select schema_name, table_name, column_name from duckdb_columns() "
        "where data_type = 'VARCHAR' and not internal"
    )
    cells = {
        row[0]
        for schema, table, column in columns
        for row in imaginary_home.dashboard(f"select distinct {column} from {schema}.{table}")
    }
    assert len(names) > 120
    assert "synthetic_msc" in cells
    assert names & cells == set()


def test_a_held_back_number_is_null_and_every_number_has_a_status(imaginary_home: Built) -> None:
    seen: Counter[str] = Counter()
    of_the_row = ("step_number", "kept_from_release", "bin_number", "bin_low", "bin_high")
    of_the_row += ("cell_number", "process_bin_low", "process_bin_high", "outcome_bin_low")
    of_the_row += ("outcome_bin_high", "process_change", "week_from", "week_to")
    # What an analysis or a paper says, not these people: waves, groups, bands, published numbers.
    of_the_row += ("wave_count", "strata_count", "session_band_low", "session_band_high")
    of_the_row += ("published_estimate", "published_estimate_interval_low")
    of_the_row += ("published_estimate_interval_high", "published_sample_size")
    # Limits follow from n: they stand where the estimate does (the next test).
    of_the_row += ("limit_95_low", "limit_95_high", "limit_998_low", "limit_998_high")
    for table in TABLES:
        columns = [
            row[0]
            for row in imaginary_home.dashboard(
                "select column_name from duckdb_columns() where table_name = ? "
                "and data_type in ('BIGINT', 'INTEGER', 'DOUBLE') "
                f"and column_name not in {of_the_row}",
                table,
            )
        ]
        assert columns
        for column in columns:
            stem = column.removesuffix("_interval_low").removesuffix("_interval_high")
            found = imaginary_home.dashboard(
                f"select {stem}_status, count(*), count({column}) "
                f"from published.{table} group by all"
            )
            for status, rows, values in found:
                assert status in {"shown", "suppressed", "not_computable"}
                seen[status] += rows
                if stem == column or status != "shown":
                    assert values == (rows if status == "shown" else 0), (table, column, status)
    assert seen["shown"] > 0
    assert seen["suppressed"] > 0


def test_limits_which_would_tell_n_stand_only_where_the_estimate_does(
    imaginary_home: Built,
) -> None:
    limits = ("limit_95_low", "limit_95_high", "limit_998_low", "limit_998_high")
    told = " + ".join(
        f"count({limit}) filter (where estimate_status <> 'shown')" for limit in limits
    )
    found = imaginary_home.dashboard(f"select count(*), {told} from published.pub_comparisons")
    assert found[0][0] > 0
    assert found[0][1] == 0


def test_no_shown_count_is_small(imaginary_home: Built) -> None:
    """Recounted from the evaluation file: who stands behind each number that is shown?"""
    clients: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for program, scale, outcome, client, change in imaginary_home.evaluation(
        "select program_id, scale_id, reliable_change_class, client_id, change "
        "from marts.fct_changes where interval_name = 'first_to_last'"
    ):
        clients[program, scale, "episode"].add(client)
        clients[program, scale, "missing" if change is None else "paired"].add(client)
        clients[program, scale, outcome].add(client)
    shown = 0
    for kind in ("episode", "paired", "improved", "unchanged", "deteriorated"):
        for program, scale in imaginary_home.dashboard(
            f"select program_id, scale_id from published.pub_program_measures "
            f"where {kind}_count is not null"
        ):
            behind = len(clients[program, scale, kind])
            assert behind == 0 or behind >= DISCLOSURE_FLOOR, (kind, program, scale)
            shown += 1
            if kind == "episode":
                missing = len(clients[program, scale, "missing"])
                assert missing == 0 or missing >= DISCLOSURE_FLOOR, (program, scale)
    assert shown > 0


def test_the_bins_count_those_whose_scores_lie_in_them(imaginary_home: Built) -> None:
    """A second count of pub_score_bins from the evaluation file, one episode at a time."""
    scores = imaginary_home.evaluation(
        "select program_id, scale_id, baseline_score, final_score from marts.fct_changes "
        "where interval_name = 'first_to_last' and change is not null"
    )
    bins = imaginary_home.dashboard(
        "select program_id, scale_id, score_moment, bin_low, bin_high, bin_number = "
        "max(bin_number) over (partition by program_id, scale_id), episode_count "
        "from published.pub_score_bins where episode_count is not null"
    )
    for program, scale, moment, low, high, is_last, count in bins:
        own = [
            round(first if moment == "first" else last, 9)
            for its_program, its_scale, first, last in scores
            if (its_program, its_scale) == (program, scale)
        ]
        inside = [score for score in own if low <= score < high or (is_last and score == high)]
        assert len(inside) == count, (program, scale, moment)
        assert count >= DISCLOSURE_FLOOR
    assert len(bins) > 20


# -- the release -----------------------------------------------------------------------------------


def test_the_manifest_names_every_file_with_its_true_hash(imaginary_home: Built) -> None:
    folder = imaginary_home.settings.current.resolve()
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    names = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert set(manifest["files"]) == names - {"manifest.json"}
    # The pages and pictures of programs are tested by themselves (test_reporting_programs).
    assert {name for name in manifest["files"] if not name.startswith("reports/")} == {
        EVALUATION,
        DASHBOARD,
        DISCLOSURE_FILE,
        "lineage.json",
    }
    pages = ("dictionary.csv", "dictionary.html", "index.html", "models.html", "questions.html")
    assert {f"reports/{page}" for page in (*pages, "quality.html")} <= set(manifest["files"])
    for name, told in manifest["files"].items():
        data = (folder / name).read_bytes()
        assert (told["sha256"], told["bytes"]) == (sha256(data).hexdigest(), len(data))
    for table, rows in manifest["row_counts"].items():
        (file,) = (name for name, (schema, _) in PUBLISHED.items() if table.startswith(schema))
        assert ask(folder / file, f"select count(*) from {table}") == [(rows,)]


def test_current_is_a_relative_link_so_that_a_home_can_be_moved(
    imaginary_home: Built, tmp_path: Path
) -> None:
    current = imaginary_home.settings.current
    assert current.is_symlink()
    assert not current.readlink().is_absolute()
    moved = copied(imaginary_home, tmp_path / "moved")
    found = read_current(moved)
    assert found is not None
    assert found.folder.is_relative_to(tmp_path / "moved")


def test_only_the_owner_can_read_what_was_published(imaginary_home: Built) -> None:
    settings = imaginary_home.settings
    places = [settings.archive, settings.releases, settings.dagster, settings.warehouse]
    places += [*settings.releases.rglob("*"), *settings.archive.rglob("*")]
    for path in places:
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path.relative_to(settings.home)


@pytest.mark.parametrize("file", [EVALUATION, DASHBOARD])
def test_every_duckdb_client_since_1_0_can_read_it(imaginary_home: Built, file: str) -> None:
    with (imaginary_home.settings.current / file).open("rb") as published:
        head = published.read(20)
    assert head[8:12] == b"DUCK"
    assert struct.unpack("<Q", head[12:20]) == (STORAGE_OF_DUCKDB_1_0,)


def test_a_release_holds_no_index_or_key(imaginary_home: Built) -> None:
    assert imaginary_home.evaluation("select count(*) from duckdb_indexes()") == [(0,)]
    assert imaginary_home.dashboard("select count(*) from duckdb_indexes()") == [(0,)]


# -- the imaginary clinic --------------------------------------------------------------------------


def test_every_number_of_a_program_stands_in_the_dictionary(imaginary_home: Built) -> None:
    found = imaginary_home.evaluation(
        "select metric_id from marts.fct_program_outcomes union select metric_id from "
        "marts.fct_benchmarks union select local_metric_id from marts.fct_benchmarks "
        "where local_metric_id is not null"
    )
    known = imaginary_home.evaluation("select metric_id from marts.metric_dictionary")
    assert len(found) > 10
    assert {row[0] for row in found} - {row[0] for row in known} == set()


def test_every_registered_rule_has_a_result_in_the_run(imaginary_home: Built) -> None:
    rules = imaginary_home.evaluation("select gate, table_name, rule from marts.dq_rules")
    judged = imaginary_home.evaluation("select gate, table_name, rule from marts.dq_results")
    assert set(rules) == set(judged)
    assert len(rules) > 100


@pytest.mark.parametrize("mart", ["fct_dose_response", "fct_follow_up", "fct_waits"])
def test_every_number_of_doses_and_waits_stands_in_the_dictionary(
    imaginary_home: Built, mart: str
) -> None:
    found = imaginary_home.evaluation(f"select distinct metric_id from marts.{mart}")
    known = imaginary_home.evaluation("select metric_id from marts.metric_dictionary")
    # Nobody in the imaginary clinic is followed up.
    assert len(found) > 2 or mart == "fct_follow_up"
    assert {row[0] for row in found} - {row[0] for row in known} == set()


@pytest.mark.parametrize("mart", ["fct_program_outcomes", "fct_waits"])
def test_every_band_a_client_states_is_a_group_of_its_split(
    imaginary_home: Built, mart: str
) -> None:
    stated = imaginary_home.evaluation(
        "select distinct attribute, attribute_value from marts.dim_client_attributes "
        "where client_id in (select client_id from marts.fct_episode_outcomes where is_counted)"
    )
    shown = imaginary_home.evaluation(f"select distinct stratum_kind, stratum_id from marts.{mart}")
    assert len(stated) > 5
    assert set(stated) - set(shown) == set()


def test_everything_imaginary_says_so(imaginary_home: Built) -> None:
    for column, table in (
        ("client_id", "dim_clients"),
        ("episode_id", "dim_episodes"),
        ("program_id", "dim_programs"),
        ("program_name", "dim_programs"),
        ("clinic_id", "dim_episodes"),
        ("clinician_id", "dim_episodes"),
        ("condition_id", "dim_episode_conditions"),
        ("practice_id", "fct_practice"),
    ):
        found = imaginary_home.evaluation(f"select distinct lower({column}) from marts.{table}")
        assert found
        assert [row for row in found if not row[0].startswith("synthetic")] == []
    for column in ("program_id", "program_name"):
        found = imaginary_home.dashboard(
            f"select distinct lower({column}) from published.pub_programs"
        )
        assert found
        assert [row for row in found if not row[0].startswith("synthetic")] == []
