"""What must hold of the dbt project as a whole, read from dbt's own manifest.

What belongs here: rules that no single model can break or keep alone: who may read whom, that
everything is described, contracted and tested, that the SQL stays portable and names no instrument.
What does not: what a model computes (unit tests beside the models, golden and oracle tests).
"""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.dbt.running import CHECKOUT, DBT_PROJECT, Dbt

Node = dict[str, Any]
Models = dict[str, Node]

# What a stage may read, and why. An edge that no line allows fails.
ALLOWED_STAGES = {
    ("staging", "raw"): "the stage before: records as they arrived",
    ("staging", "staging"): "its own stage",
    ("scoring", "staging"): "the stage before: forms, answers, stated totals",
    ("scoring", "scoring"): "its own stage",
    ("change", "scoring"): "the stage before: scores",
    ("change", "change"): "its own stage",
    ("relations", "scoring"): "what one person scored at one moment",
    ("relations", "change"): "the stage before: changes and ordered scores",
    ("relations", "relations"): "its own stage",
    ("marts", "scoring"): "fct_scores is what scoring made, under its public names",
    ("marts", "change"): "fct_changes is what change made, under its public names",
    ("marts", "relations"): "rel_ tables are the estimates, under their public names",
    ("marts", "marts"): "its own stage",
    ("disclosure", "marts"): "what is published is a mart; here is what it is counted from",
    ("disclosure", "disclosure"): "its own stage",
    ("published", "marts"): "the stage before: nothing is published that is not a mart",
    ("published", "published"): "its own stage",
}
# Staged models that later stages may read past the stages between, and why.
ALLOWED_STAGED_MODELS = {
    ("relations", "int_episode_strata"): "the groups to estimate in",
    ("relations", "int_episodes"): "whose episode it is, its arm, its start and end",
    ("relations", "stg_raw__clients"): "the population of a client, a group to compare",
    ("relations", "stg_raw__sessions"): "how the therapy was delivered",
    ("relations", "stg_raw__practice"): "what was practised at home",
    ("change", "int_episodes"): "when an episode ended, and which have no form at all",
    ("change", "int_administrations"): "the latest day in the data (macro as_of_date)",
    ("change", "int_episode_strata"): "the groups an episode is counted in",
    ("change", "stg_raw__clients"): "the bands of a client that a split asks for",
    ("change", "stg_raw__sessions"): "attended contacts make a finished course",
    ("change", "stg_raw__episode_conditions"): "which measure speaks for the disorder",
    ("marts", "int_episodes"): "dimension: episodes and the programs that have one",
    ("marts", "int_episode_strata"): "dimension: the groups an episode is counted in",
    ("marts", "int_administrations_identified"): "in which load a form came (dq_new_forms)",
    ("marts", "int_administrations"): "dq_conflicts, and clients whose form no episode can hold",
    ("marts", "stg_raw__clients"): "dimension: what a clinic states about a client",
    ("marts", "stg_raw__episode_conditions"): "dimension: conditions of an episode",
    (
        "marts",
        "stg_raw__sessions",
    ): "fct_sessions as stated, and the dates between which people wait",
    ("disclosure", "int_panel_products"): "whose moments a lagged estimate rests on",
    ("disclosure", "int_scale_pairs"): "which scales those are of",
    ("disclosure", "int_episodes_numbered"): "which episodes those are of",
    ("disclosure", "int_course_windows"): "who has the scores that a mediation takes",
    ("disclosure", "int_link_covariates"): "of whom it is known what was delivered and practised",
    ("disclosure", "int_relation_strata"): "whose rows those are",
    ("disclosure", "int_course_ends"): "who is behind an effect size",
    ("disclosure", "int_episode_outcomes"): "which courses have ended",
    ("disclosure", "int_episode_strata"): "the groups a correlation is told of",
    ("marts", "stg_raw__practice"): "a fact as stated: nothing is computed from it",
    ("marts", "stg_raw__loads"): "ledger: files",
    ("marts", "stg_raw__refusals"): "ledger: refusals",
    ("marts", "stg_raw__item_responses"): "provenance: the lines a form stands on, no answer",
    ("marts", "stg_raw__stated_scores"): "provenance: the lines a form stands on, no score",
}
# Tables that Python writes, and who may read them.
ALLOWED_SOURCES = {
    ("staging", "raw"): "records as they arrived",
    ("marts", "change"): "estimates that orchestration.statistics made",
    ("marts", "relations"): "estimates that orchestration.statistics made",
    ("published", "disclosure"): "which counts may be shown, and the policy's numbers",
    ("marts", "quality"): "what suites found and what moved, run by run",
}

# A model whose grain no test proves, and why not.
WITHOUT_GRAIN_TEST = {
    "stg_registry__outcome_measures": "a measure for every condition has none; landing.registry "
    "checks the key",
    "stg_raw__item_responses": "the largest table; a second answer to an item leaves int_scores "
    "without a score, and the raw suite counts records",
    "stg_raw__refusals": "a ledger: an entry written twice does no harm",
    "dq_refusals": "a ledger: an entry written twice does no harm",
    "fct_practice": "a diary: the same exercise twice on one day is two rows",
    "int_item_scores": "a view, aggregated by its key",
    "int_reliability_answers": "answers of forms, each once; the raw suite counts records",
    "dq_key_guards": "a scale is empty where the guard is about the whole instrument",
    "int_score_sequences": "numbered by its key, from int_scores, which is tested",
    "int_intervals": "int_changes has the same rows and is tested",
    "int_numbered_changes": "int_changes, which is tested, by the numbers of its key",
    "int_change_pairs": "int_numbered_changes joined by its key with int_comparisons",
    "int_panels": "numbered by its key",
    "int_panel_products": "aggregated by its key",
    "int_concordance_counts": "aggregated by its key",
    "int_component_products": "aggregated by its key",
    "int_link_rows": "one episode per client and program, int_relation_strata, which is tested, "
    "joined with changes by their key",
    "fct_scores": "int_scores under its public names, which is tested",
    "fct_changes": "int_changes under its public names, which is tested",
    "int_change_methods": "int_changes, which is tested, crossed with a list of methods",
    "fct_episode_outcomes": "int_episode_outcomes under its public names, which is tested",
    "fct_episode_measures": "int_episode_measures under its public names, which is tested",
    "fct_change_methods": "int_changes, which is tested, crossed with a list of methods",
    "int_program_counts": "aggregated by its key",
    "int_program_moments": "aggregated by its key",
    "int_course_ends": "aggregated by its key",
    "fct_benchmarks": "rows of fct_program_outcomes; the marts suite judges it",
    "dq_release": "one row; the published suite judges pub_release, which is the same",
    **dict.fromkeys(
        ("pub_release", "pub_loads", "pub_rule_results", "pub_completeness"),
        "the published suite judges its key",
    ),
    "dq_score_drift": "a view on what Python wrote; the marts suite judges it",
    "fct_program_outcomes": "its parts are aggregated by their keys, and the marts suite judges it",
    "int_tracked_scores": "int_score_sequences, which is numbered, each row once",
    "int_trajectory_moments": "aggregated by its key",
    "int_alerts": "aggregated by its key, and fct_alerts is tested",
    "int_pair_statistics": "a view, aggregated by its key",
    "int_atoms": "the courses, changes and pairs of marts, each once; aggregated by its units",
    "int_estimate_atoms": "the people behind estimates, each once; aggregated by its units",
    "int_atom_counts": "aggregated by its key",
    "int_unit_sizes": "aggregated by its key",
    "int_score_steps": "numbered by its key",
    "int_change_orders": "int_score_courses, which is tested, crossed with int_scale_pairs, too",
    "int_change_order_counts": "aggregated by its key",
    "fct_score_courses": "int_score_courses under its public names, which is tested",
    "fct_sudden_gains": "int_score_steps, filtered, and the marts suite judges its key",
    "fct_change_order": "int_change_orders under its public names, and the marts suite judges it",
    "int_session_scores": "int_score_sequences in part, by its key",
    "int_case_mix": "aggregated by its key, and a first score may be unknown",
    "int_dose_counts": "aggregated by its key, and a form may have no place among the sessions",
    "fct_severity_adjusted": "int_severity_residuals under its public names, which is tested",
    "fct_dose_response": "a set or a scale is empty by design; the marts suite judges it",
}

# Not in Spark 4 (architecture.md, section 7), so not here either: what both know stands beside it.
NOT_PORTABLE = {
    r"quantile_cont": "percentile_cont ... within group",
    r"arg_min|arg_max": "min_by, max_by",
    r"exclude": "* except",
    r"union\s+(all\s+)?by\s+name": "union all with the columns in order",
    r"date_diff|date_sub|datesub": "dbt's datediff",
    r"list_\w+|array_agg|unnest|generate_series|range(?=\s*\()": "joins and window functions",
    r"read_(csv|parquet|json)\w*": "a source",
    r"struct_pack|map_from_entries": "columns",
    r"strftime|strptime": "cast",
    r"positional\s+join|asof\s+join": "a join that names its columns",
    r"try_strptime|regexp_matches|string_split": "try_cast, regexp_extract, split_part",
}


def stage_of(node: Node) -> str:
    """The stage of a model: the folder it lies in under models/."""
    return str(node["fqn"][1])


@pytest.fixture(scope="session")
def edges(manifest: dict[str, Any], models: Models) -> list[tuple[Node, Node]]:
    """Every model with each thing it reads."""
    found = {**manifest["nodes"], **manifest["sources"]}
    return [
        (model, found[parent])
        for model in models.values()
        for parent in model["depends_on"]["nodes"]
    ]


def is_public(model: Node) -> bool:
    """Whether people open what the model makes."""
    return stage_of(model) in ("marts", "published")


def is_registry(node: Node) -> bool:
    """Whether a node is something we know, which every stage may read."""
    return node["resource_type"] == "seed" or "registry" in node["fqn"]


def is_allowed(model: Node, parent: Node) -> bool:
    """Whether one of the lines above lets a model read a parent."""
    if is_registry(parent):
        return True
    stage = stage_of(model)
    if parent["resource_type"] == "source":
        return (stage, parent["source_name"]) in ALLOWED_SOURCES
    if (stage, stage_of(parent)) in ALLOWED_STAGES:
        return True
    return (stage, parent["name"]) in ALLOWED_STAGED_MODELS


def test_no_edge_skips_a_stage_or_goes_backwards(edges: list[tuple[Node, Node]]) -> None:
    assert len(edges) > 100, "the manifest lost its edges"
    wrong = [
        f"{stage_of(model)}.{model['name']} reads {parent['name']}"
        for model, parent in edges
        if not is_allowed(model, parent)
    ]
    assert wrong == []


def test_every_line_that_allows_a_staged_model_names_one_that_exists(models: Models) -> None:
    named = {name for _, name in ALLOWED_STAGED_MODELS} | set(WITHOUT_GRAIN_TEST)
    assert named - set(models) == set()


def test_a_model_is_stored_in_the_schema_of_its_folder(models: Models) -> None:
    wrong = [name for name, model in models.items() if model["schema"] != stage_of(model)]
    assert wrong == []


def test_every_model_says_what_one_row_is(models: Models) -> None:
    wrong = [name for name, model in models.items() if not model["description"].startswith("One")]
    assert wrong == []


def test_every_model_states_a_grain_of_its_own_columns(models: Models) -> None:
    wrong = [
        name
        for name, model in models.items()
        if not model["config"]["meta"].get("grain")
        or set(model["config"]["meta"]["grain"]) - set(model["columns"])
    ]
    assert wrong == []


@pytest.mark.slow
def test_every_column_that_people_open_is_described_inside_the_file(
    empty_warehouse: Dbt, models: Models
) -> None:
    with duckdb.connect(empty_warehouse.warehouse, read_only=True) as connection:
        rows = connection.execute(
            "select table_name, column_name, comment from duckdb_columns() where not internal"
        ).fetchall()
    public = {name: model for name, model in models.items() if is_public(model)}
    inside = {(table, column): comment for table, column, comment in rows if table in public}
    written = {
        (name, column): content["description"].strip()
        for name, model in public.items()
        for column, content in model["columns"].items()
    }
    assert {key: (text or "").strip() for key, text in inside.items()} == written


@pytest.mark.slow
def test_every_table_that_people_open_says_inside_the_file_what_one_row_is(
    empty_warehouse: Dbt, models: Models
) -> None:
    with duckdb.connect(empty_warehouse.warehouse, read_only=True) as connection:
        rows = connection.execute(
            "select table_name, comment from duckdb_tables() where not internal "
            "union all select view_name, comment from duckdb_views() where not internal"
        ).fetchall()
    public = {name: model for name, model in models.items() if is_public(model)}
    inside = {table: (comment or "").strip() for table, comment in rows if table in public}
    assert inside == {name: model["description"].strip() for name, model in public.items()}


def test_every_described_column_has_words(models: Models) -> None:
    wrong = [
        f"{name}.{column}"
        for name, model in models.items()
        for column, content in model["columns"].items()
        if not content["description"].strip()
    ]
    assert wrong == []


def test_every_source_table_is_described(manifest: dict[str, Any]) -> None:
    sources = manifest["sources"].values()
    assert [source["name"] for source in sources if not source["description"].strip()] == []


def test_every_grain_is_tested_or_says_why_not(manifest: dict[str, Any], models: Models) -> None:
    tested = {
        (node["attached_node"], tuple(node["test_metadata"]["kwargs"]["columns"]))
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test" and node["test_metadata"]["name"] == "one_row_per"
    }
    untested = {
        name
        for name, model in models.items()
        if (model["unique_id"], tuple(model["config"]["meta"]["grain"])) not in tested
    }
    assert untested == set(WITHOUT_GRAIN_TEST)


def test_every_mart_has_an_enforced_contract_with_types(models: Models) -> None:
    public = [model for model in models.values() if is_public(model)]
    wrong = [
        model["name"]
        for model in public
        if not model["contract"]["enforced"]
        or not all(column["data_type"] for column in model["columns"].values())
    ]
    assert len(public) > 20
    assert wrong == []


def test_no_contract_makes_a_key_or_an_index(models: Models) -> None:
    kinds = {
        constraint["type"]
        for model in models.values()
        for holder in (model, *model["columns"].values())
        for constraint in holder["constraints"]
    }
    assert kinds == {"not_null"}


def test_every_calculating_model_has_a_unit_test(manifest: dict[str, Any], models: Models) -> None:
    tested = {test["model"] for test in manifest["unit_tests"].values()}
    calculating = {
        name
        for name, model in models.items()
        if stage_of(model) in ("scoring", "change", "relations", "disclosure")
    }
    assert calculating - tested == set()


def test_every_docs_block_is_used_and_no_name_is_defined_twice(manifest: dict[str, Any]) -> None:
    texts = "".join(path.read_text() for path in (DBT_PROJECT / "models").rglob("*.yml"))
    used = set(re.findall(r"doc\('(\w+)'\)", texts))
    pages = "".join(path.read_text() for path in (DBT_PROJECT / "models").glob("columns*.md"))
    written = re.findall(r"{% docs (\w+) %}", pages)
    assert sorted(written) == sorted(set(written))
    assert set(written) - used == set()


def test_a_column_has_one_type_wherever_a_contract_names_it(models: Models) -> None:
    types: dict[str, set[str]] = {}
    for model in models.values():
        for column, content in model["columns"].items():
            if content["data_type"]:
                types.setdefault(column, set()).add(content["data_type"])
    assert {column: kinds for column, kinds in types.items() if len(kinds) > 1} == {}


def statements(text: str) -> str:
    """SQL in lower case without comments (SQL's and Jinja's)."""
    without = re.sub(r"{#.*?#}|/\*.*?\*/", " ", text, flags=re.DOTALL)
    return re.sub(r"--[^\n]*", " ", without).lower()


def sql_files() -> Iterator[Path]:
    """Every SQL file of the project: models, macros and tests."""
    for folder in ("models", "macros", "tests"):
        yield from sorted((DBT_PROJECT / folder).rglob("*.sql"))


@pytest.mark.parametrize("word", NOT_PORTABLE, ids=lambda word: word.partition("|")[0])
def test_the_sql_stays_inside_what_spark_knows_too(word: str) -> None:
    pattern = re.compile(rf"\b(?:{word})\b")
    found = [path.name for path in sql_files() if pattern.search(statements(path.read_text()))]
    assert found == [], f"use instead: {NOT_PORTABLE[word]}"


def test_no_model_names_an_instrument() -> None:
    with (CHECKOUT / "seeds/instruments.csv").open(newline="") as file:
        instruments = [row["instrument_id"] for row in csv.DictReader(file)]
    assert len(instruments) > 10
    pattern = re.compile(rf"\b(?:{'|'.join(instruments)})(?:_\w+)?\b")
    found = {
        path.name: match.group()
        for path in sql_files()
        if (match := pattern.search(statements(path.read_text())))
    }
    assert found == {}


def test_dagster_can_read_the_manifest(manifest: dict[str, Any]) -> None:
    # Python reads Infinity and NaN; the strict reader that Dagster uses refuses the whole file.
    json.dumps(manifest, allow_nan=False)
