"""What Dagster sees: every asset, check, job, schedule and sensor, and the rules they follow.

The snapshot is a list of names that people and schedules rely on; a renamed asset shows up as a
changed line. After a wanted change write it anew with SCOUT_WRITE_SNAPSHOT=1 and read the diff.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from expectations.registry import SUITES
from orchestration.assets import WAREHOUSE_POOL
from orchestration.build import build_definitions
from orchestration.publishing.catalogue import PUBLISHED
from orchestration.run_context import RunContext
from orchestration.settings import CHECKOUT, Settings

pytestmark = pytest.mark.slow  # starts dbt, Great Expectations or many homes

SNAPSHOT = Path(__file__).with_name("definitions.txt")
WRITE = "SCOUT_WRITE_SNAPSHOT"
STAGES = {
    "raw",
    "staging",
    "scoring",
    "change",
    "relations",
    "marts",
    "disclosure",
    "published",
}
SEEDS = "seeds"


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    """Scout's code location for an empty home."""
    return build_definitions(RunContext(Settings(home=tmp_path_factory.mktemp("definitions"))))


@pytest.fixture(scope="module")
def assets(definitions: dg.Definitions) -> list[dg.AssetSpec]:
    """Every asset that Scout makes; what checks write (``quality``) is dbt's source, not made."""
    graph = definitions.resolve_asset_graph()
    made = graph.executable_asset_keys
    assert {key.path[0] for key in graph.get_all_asset_keys() - made} == {"quality"}
    return [spec for spec in definitions.resolve_all_asset_specs() if spec.key in made]


@pytest.fixture(scope="module")
def check_specs(definitions: dg.Definitions) -> list[dg.AssetCheckSpec]:
    """Every asset check, ours and dbt's."""
    graph = definitions.resolve_asset_graph()
    return [graph.get_check_spec(key) for key in graph.asset_check_keys]


def names(
    definitions: dg.Definitions, assets: list[dg.AssetSpec], check_specs: list[dg.AssetCheckSpec]
) -> Iterator[str]:
    """The snapshot, line by line."""
    yield from sorted(f"asset     {spec.key.to_user_string()}" for spec in assets)
    yield from sorted(
        f"check     {spec.asset_key.to_user_string()}  {spec.name}"
        f"{'  blocking' if spec.blocking else ''}"
        for spec in check_specs
    )
    repository = definitions.get_repository_def()
    yield from sorted(
        f"job       {job.name}"
        for job in repository.get_all_jobs()
        if not job.name.startswith("__")
    )
    yield from sorted(
        f"schedule  {one.name}  {one.cron_schedule}  {one.execution_timezone}"
        for one in repository.schedule_defs
    )
    yield from sorted(f"sensor    {one.name}" for one in repository.sensor_defs)


def test_names_are_the_ones_others_rely_on(
    definitions: dg.Definitions,
    assets: list[dg.AssetSpec],
    check_specs: list[dg.AssetCheckSpec],
) -> None:
    seen = list(names(definitions, assets, check_specs))
    if os.environ.get(WRITE):
        SNAPSHOT.write_text("\n".join(seen) + "\n", encoding="utf-8")
    assert seen == SNAPSHOT.read_text(encoding="utf-8").splitlines()


def test_every_asset_says_what_it_is(assets: list[dg.AssetSpec]) -> None:
    silent = [
        spec.key.to_user_string() for spec in assets if len((spec.description or "").strip()) < 20
    ]
    assert silent == []


def test_every_asset_says_whom_to_ask_what_it_is_made_with_and_what_to_do(
    assets: list[dg.AssetSpec],
) -> None:
    book = (CHECKOUT / "orchestration/RUN_BOOK.md").read_text(encoding="utf-8")
    sections = {word for line in book.splitlines() if line.startswith("## ")
                for word in line.removeprefix("## ").split(", ")}  # fmt: skip
    for spec in assets:
        assert spec.owners, spec.key
        assert spec.kinds, spec.key
        if spec.group_name != SEEDS:
            link = str(spec.metadata["run_book"].value)
            assert link.partition("#")[2] in sections, spec.key


def test_an_asset_is_named_and_grouped_by_its_stage(assets: list[dg.AssetSpec]) -> None:
    """One word per stage: schema, first part of the key and group; seeds have their room's name."""
    stray = [
        f"{spec.key.to_user_string()} in {spec.group_name}"
        for spec in assets
        if spec.group_name != spec.key.path[0] or spec.group_name not in {*STAGES, SEEDS}
    ]
    assert stray == []


def test_the_first_part_of_a_key_is_the_schema_of_the_table(
    definitions: dg.Definitions, assets: list[dg.AssetSpec]
) -> None:
    keys = {tuple(spec.key.path) for spec in assets}
    published = {(schema, table) for schema, tables in PUBLISHED.values() for table in tables}
    assert published <= keys
    assert {("published", "candidate"), ("published", "release")} <= keys


def test_whatever_opens_the_warehouse_takes_its_turn(definitions: dg.Definitions) -> None:
    job = definitions.resolve_job_def("whole_job")
    pools = {node.name: node.definition.pools for node in job.nodes}
    assert len(pools) > 10
    assert {name: pool for name, pool in pools.items() if pool != {WAREHOUSE_POOL}} == {}


def test_the_one_job_holds_every_asset_and_every_check(
    definitions: dg.Definitions,
    assets: list[dg.AssetSpec],
    check_specs: list[dg.AssetCheckSpec],
) -> None:
    graph = definitions.resolve_job_def("whole_job").asset_layer.asset_graph
    assert graph.executable_asset_keys == {spec.key for spec in assets}
    assert set(graph.asset_check_keys) == {spec.key for spec in check_specs}


def test_nothing_runs_by_itself_until_somebody_turns_it_on(definitions: dg.Definitions) -> None:
    repository = definitions.get_repository_def()
    assert [one.name for one in repository.schedule_defs] == ["daily"]
    assert [one.name for one in repository.sensor_defs if one.name == "landing"] == ["landing"]
    for schedule in repository.schedule_defs:
        assert schedule.default_status == dg.DefaultScheduleStatus.STOPPED
        assert schedule.job_name == "whole_job"
    for sensor in repository.sensor_defs:
        assert sensor.default_status == dg.DefaultSensorStatus.STOPPED


def test_every_rule_is_a_check_and_a_critical_one_blocks(
    check_specs: list[dg.AssetCheckSpec],
) -> None:
    checks = {spec.name: spec for spec in check_specs}
    for suites in SUITES.values():
        for suite in suites:
            for rule in suite.rules:
                spec = checks[f"{suite.table}__{rule.rule_id}"]
                assert spec.blocking == (rule.severity == "critical"), spec.name
                assert spec.description
                assert rule.sentence in spec.description


def test_a_dbt_test_that_can_fail_a_gate_blocks_or_stops_its_op(
    check_specs: list[dg.AssetCheckSpec],
) -> None:
    """dbt's own tests stop the gate's op themselves; they are shown as checks of their model."""
    ours = {
        f"{suite.table}__{rule.rule_id}"
        for suites in SUITES.values()
        for suite in suites
        for rule in suite.rules
    }
    of_dbt = [spec for spec in check_specs if spec.name not in ours]
    assert len(of_dbt) > 20
    assert {spec.asset_key.path[0] for spec in of_dbt} <= STAGES | {SEEDS}


def test_no_check_of_a_later_gate_can_be_skipped_by_an_earlier_asset(
    definitions: dg.Definitions,
) -> None:
    """The release comes after the candidate, the candidate after every published mart."""
    graph = definitions.resolve_asset_graph()
    release, candidate = (
        dg.AssetKey(["published", "release"]),
        dg.AssetKey(["published", "candidate"]),
    )
    audit = dg.AssetKey(["published", "disclosure_audit"])
    assert graph.get(release).parent_keys == {candidate, audit}
    assert graph.get(audit).parent_keys == {candidate}
    kept = dg.AssetKey(["published", "kept_rows"])
    published = {
        dg.AssetKey([schema, table]) for schema, tables in PUBLISHED.values() for table in tables
    }
    assert graph.get(candidate).parent_keys == {*published, kept}
