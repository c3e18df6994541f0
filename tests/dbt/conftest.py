"""A parsed manifest and a small warehouse, each made once for all tests on the dbt project.

What belongs here: the fixtures.
What does not: calling dbt (``running``), a claim about the project.
"""

import json
from typing import Any

import duckdb
import pandas as pd
import pytest

from orchestration import warehouse
from orchestration.checks import arrivals, drift, release_facts, results
from orchestration.disclosure import cells, merging, policies
from orchestration.landing.raw_tables import create_raw_tables
from orchestration.landing.registry.tables import TABLES
from orchestration.statistics import reliability, trajectories
from tests.dbt.running import Dbt

# Tables that Python makes and a mart only copies: they have the mart's columns and types.
ESTIMATES = {
    "change_association_estimates": "rel_change_associations",
    "within_person_estimates": "rel_within_person",
    "change_order_estimates": "rel_change_order",
    "within_model_estimates": "rel_within_person_models",
    "cross_lagged_estimates": "rel_cross_lagged",
    "early_change_estimates": "rel_early_change",
    "mediation_estimates": "rel_mediation",
    "concordance_estimates": "rel_concordance",
    "component_estimates": "rel_components",
    "pooled_estimates": "rel_pooled",
    "moderation_estimates": "rel_moderation",
    "sensitivity_estimates": "rel_sensitivity",
    "delivery_estimates": "rel_delivery",
    "practice_estimates": "rel_practice",
}
_GROUP = (
    "program_id varchar, stratum_kind varchar, stratum_id varchar, period_kind varchar, "
    "period varchar, population varchar"
)
_NUMBER = (
    "metric_id varchar, estimate double, interval_low double, interval_high double, "
    "sample_size bigint, missing_count bigint, status varchar, method varchar"
)
_LIMITS = ", ".join(
    f"{prefix}limit_{width}_{side} double"
    for prefix in ("", "overdispersed_")
    for width in ("95", "998")
    for side in ("low", "high")
)
# Tables that Python makes and marts join: their columns as orchestration.statistics names them.
JOINED_ESTIMATES = {
    "multilevel_estimates": "episode_id varchar, scale_id varchar, slope double, "
    "slope_deviation double, conditional_sd double, reliable_change_index double, status varchar",
    "program_rate_estimates": f"{_GROUP}, threshold_set varchar, {_NUMBER}, "
    "numerator_count bigint, bound_low double, bound_high double",
    "funnel_estimates": "program_id varchar, unit_kind varchar, unit_id varchar, "
    "period_kind varchar, period varchar, population varchar, threshold_set varchar, "
    "metric_id varchar, adjustment varchar, adjusted_for varchar, estimate double, target double, "
    "numerator_count bigint, expected_count double, observed_to_expected double, "
    "sample_size bigint, unit_count bigint, dispersion_ratio double, "
    f"between_unit_variance double, {_LIMITS}, position varchar, overdispersed_position varchar, "
    "status varchar, method varchar",
    "program_effect_estimates": f"{_GROUP}, scale_id varchar, {_NUMBER}, "
    "uncorrected_estimate double",
    "severity_estimates": f"{_GROUP}, scale_id varchar, {_NUMBER}",
    "dose_response_estimates": "program_id varchar, contact_source varchar, ending_kind varchar, "
    "threshold_set varchar, scale_id varchar, session_count bigint, numerator_count bigint, "
    "left_out_count bigint, course_count bigint, censored_count bigint, evidence_label varchar, "
    f"{_NUMBER}",
    "trajectory_estimates": "program_id varchar, scale_id varchar, held_out_part bigint, "
    "episode_count bigint, score_count bigint, "
    + ", ".join(
        f"{name} double"
        for name in (
            *trajectories.REACH,
            *trajectories.MEAN_NAMES,
            *trajectories.VARIANCE_NAMES,
            "variance_minimum",
            "band_multiplier",
        )
    )
    + ", status varchar, method varchar",
}


def reliability_tables() -> dict[str, pd.DataFrame]:
    """The tables of reliability as the statistics room makes them of nothing."""
    none = [
        pd.DataFrame(columns=list(columns))
        for columns in (
            reliability.FORM_COLUMNS,
            reliability.ANSWER_COLUMNS,
            reliability.KEY_COLUMNS,
            ("stratum_kind", "stratum_id", "scale_id", "pair_count", "r", "median_days"),
        )
    ]
    return {
        "scale_reliability_estimates": reliability.estimate(
            *none[:3], minimum_forms=3, confidence=0.95
        ),
        "retest_estimates": reliability.retest(none[3], minimum_pairs=3, confidence=0.95),
    }


def disclosure_tables() -> dict[str, pd.DataFrame]:
    """What is decided of no count at all, and the policy it is decided by."""
    return {
        "published_cells": pd.DataFrame(columns=list(cells.COLUMNS)).astype({"value": "Int64"}),
        "merged_bins": merging.merged(
            pd.DataFrame(columns=["system", "unit_id", "cells", "episode_count"]), {}
        )[1],
        "disclosure_policy": pd.DataFrame([policies.as_row(policies.named("cms11"))]),
    }


@pytest.fixture(scope="session")
def dbt(tmp_path_factory: pytest.TempPathFactory) -> Dbt:
    """dbt in a folder of its own."""
    return Dbt(tmp_path_factory.mktemp("dbt"))


@pytest.fixture(scope="session")
def manifest(dbt: Dbt) -> dict[str, Any]:
    """What dbt knows of the project after reading it."""
    found: dict[str, Any] = json.loads(dbt.reading.read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="session")
def models(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every model by name."""
    nodes = manifest["nodes"].values()
    return {node["name"]: node for node in nodes if node["resource_type"] == "model"}


@pytest.fixture(scope="session")
def empty_warehouse(dbt: Dbt, models: dict[str, dict[str, Any]]) -> Dbt:
    """A warehouse with every table and no client: unit tests need the inputs' columns to exist."""
    with duckdb.connect(dbt.warehouse) as connection:
        create_raw_tables(connection)
        results.prepare(connection)
        drift.prepare(connection)
        arrivals.prepare(connection)
        release_facts.prepare(connection)
        for table in TABLES.values():
            columns = ", ".join(f"{column} varchar" for column in table.columns)
            connection.execute(f"create table raw.local_{table.name} ({columns})")
        connection.execute("create schema relations")
        for name, mart in ESTIMATES.items():
            columns = ", ".join(
                f"{column} {content['data_type']}"
                for column, content in models[mart]["columns"].items()
            )
            connection.execute(f"create table relations.{name} ({columns})")
        connection.execute("create schema change")
        for name, columns in JOINED_ESTIMATES.items():
            connection.execute(f"create table change.{name} ({columns})")
        for name, frame in reliability_tables().items():
            warehouse.replace_table(connection, "relations", name, frame)
        for name, frame in disclosure_tables().items():
            warehouse.replace_table(connection, "disclosure", name, frame)
    dbt.run("build", "--empty", "--exclude-resource-type", "test", "unit_test")
    return dbt
