"""Every rule fails on data made to break it and passes on data that does not.

The judge is a counter-example written by hand beside each rule, with the number of failures it
must be given. A rule without one fails the test.
"""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from expectations.registry import SUITES, catalogue
from expectations.rules import Rule, RuleResult, TableSuite, Thresholds
from expectations.suites.published_pub_program_measures import AGGREGATES
from expectations.validate import validate
from tests.unit.counter_examples import (
    clinic,
    estimates,
    link,
    link_over_time,
    marts,
    pictures,
    programs,
    published,
    quality,
    stages,
    tracking,
    trajectories,
)

pytestmark = pytest.mark.slow  # hundreds of cases

THRESHOLDS = Thresholds(
    disclosure_threshold=11,
    refused_share=0.2,
    missing_share=0.2,
    volume_share=0.5,
    volume_arrivals=3,
    paired_share=0.9,
    paired_courses=20,
    stated_score_tolerance=0.01,
    today=date(2026, 6, 30),
)

EXAMPLES = (
    stages, marts, programs, tracking, link, link_over_time, published, trajectories, pictures,
    estimates, quality,
)  # fmt: skip
COUNTER_EXAMPLES = {key: cases for each in EXAMPLES for key, cases in each.COUNTER_EXAMPLES.items()}

RULES = {
    (f"{suite.schema}.{suite.table}", rule.rule_id): (suite, rule)
    for suites in SUITES.values()
    for suite in suites
    for rule in suite.rules
}
STATUS_OF_BASE = {
    published.MEASURES: "paired_count_status",
    published.ASSOCIATIONS: "sample_size_status",
    published.OUTCOMES: "sample_size_status",
    published.ATTRITION: "referred_count_status",
    **pictures.STATUS_OF_BASE,
    **dict.fromkeys(estimates.NAMES, "sample_size_status"),
    quality.COMPLETENESS: "episode_count_status",
}
ALL_SUITES = [suite for suites in SUITES.values() for suite in suites]
EVERY_COUNTER_EXAMPLE = pytest.mark.parametrize(
    ("key", "breaking", "count"),
    [(key, *case) for key, cases in COUNTER_EXAMPLES.items() for case in cases],
    ids=[
        f"{' '.join(key)} {number}"
        for key, cases in COUNTER_EXAMPLES.items()
        for number, _ in enumerate(cases, 1)
    ],
)


@pytest.fixture(scope="session")
def good_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small warehouse and release in one file, in which every rule holds."""
    path = tmp_path_factory.mktemp("expectations") / "good.duckdb"
    with duckdb.connect() as connection:
        # Hundreds of tests copy it: in small blocks it is a twelfth as large.
        connection.execute(f"attach '{path}' as good (block_size 16384); use good")
        more = (trajectories, pictures, estimates, quality)
        connection.execute(clinic.GOOD + "".join(module.GOOD for module in more))
    return path


@pytest.fixture
def database(good_database: Path, tmp_path: Path) -> Path:
    """A copy of it to break."""
    return Path(shutil.copy(good_database, tmp_path / "copy.duckdb"))


def change(path: Path, sql: str, *values: str) -> None:
    """Run ``sql`` on the file."""
    with duckdb.connect(str(path)) as connection:
        # A reader finds what was changed beside the file as well as in it.
        connection.execute("pragma disable_checkpoint_on_shutdown")
        connection.execute(sql, values or None)


def judge(path: Path, suite: TableSuite, rule: Rule) -> RuleResult:
    """The result of one rule alone."""
    (result,) = validate(path, [replace(suite, rules=(rule,))], THRESHOLDS)
    return result


def test_every_rule_has_a_counter_example() -> None:
    """A rule nobody has seen failing may be a rule that cannot fail."""
    assert set(COUNTER_EXAMPLES) == set(RULES)


def test_every_rule_holds_on_good_data(good_database: Path) -> None:
    """Data made to keep the rules keep them, at the edges of each range and tolerance too."""
    results = validate(good_database, ALL_SUITES, THRESHOLDS)
    assert {
        (f"{r.schema_name}.{r.table_name}", r.rule): r.status for r in results if r.status != "pass"
    } == {
        # One of six answers is missing, which is tolerated and told.
        ("staging.stg_raw__item_responses", "few_answers_are_missing"): "pass_with_failures"
    }
    assert len(results) == len(RULES)


@EVERY_COUNTER_EXAMPLE
def test_a_rule_fails_on_data_made_to_break_it(
    database: Path, key: tuple[str, str], breaking: str, count: int
) -> None:
    """And counts the failures a reader counts by eye."""
    change(database, breaking)
    result = judge(database, *RULES[key])
    assert (result.status, result.unexpected_count) == ("fail", count)


def test_a_rule_reads_no_other_columns_than_it_names(database: Path) -> None:
    """The catalogue says what a table must have; a rule that reads more would break later."""
    alone, copies = [], []
    for number, (suite, rule) in enumerate(RULES.values()):
        if rule.columns:
            # A disclosure rule reads status columns too, whichever there are.
            status = STATUS_OF_BASE.get(f"{suite.schema}.{suite.table}")
            columns = [*rule.columns, *([status] if status else [])]
            wanted = f"{suite.schema}.only_{number} as from {suite.schema}.{suite.table}"
            copies.append(f"create table {wanted} select {', '.join(columns)}")
            alone.append(replace(suite, table=f"only_{number}", rules=(rule,)))
    change(database, "; ".join(copies))
    results = validate(database, alone, THRESHOLDS)
    assert len(results) > 90
    assert [r for r in results if r.status not in ("pass", "pass_with_failures")] == []


def test_a_rule_whose_column_is_gone_is_an_error_and_not_bad_data(database: Path) -> None:
    """A model that lost a column must not look like a clinic that made a mistake."""
    tables = {table for table, _ in RULES}
    change(
        database,
        "; ".join(f"create or replace table {table} as select 1 as elsewhere" for table in tables),
    )
    results = validate(database, ALL_SUITES, THRESHOLDS)
    assert {
        (f"{r.schema_name}.{r.table_name}", r.rule): (r.status, r.error)
        for r in results
        if RULES[f"{r.schema_name}.{r.table_name}", r.rule][1].columns
    } == {key: ("error", "ColumnMissing") for key, (_, rule) in RULES.items() if rule.columns}


def test_a_rule_whose_other_table_is_gone_is_an_error_and_not_bad_data(database: Path) -> None:
    """The registry missing says nothing about the answers."""
    others = {table for _, rule in RULES.values() for table in rule.tables}
    judged = [
        replace(suite, rules=tuple(rule for rule in suite.rules if rule.tables))
        for suite in ALL_SUITES
        if f"{suite.schema}.{suite.table}" not in others
    ]
    change(database, "; ".join(f"drop table {table}" for table in others))
    results = validate(database, judged, THRESHOLDS)
    assert len(results) > 10
    assert {(r.status, r.error) for r in results} == {("error", "TableMissing")}


def test_rules_are_worded_for_people() -> None:
    """Ids are sentences, sentences end in a full stop, and each says why and how to mend."""
    for row in catalogue():
        assert row["rule"].replace("_", "").isalnum()
        assert row["rule"] == row["rule"].lower()
        for field in ("sentence", "why", "when_it_fails"):
            assert row[field].endswith("."), (row["rule"], field)
        assert row["severity"] in ("critical", "warning")


def test_rule_ids_are_unique_within_a_table() -> None:
    """A check's name leads to one rule."""
    keys = [(row["schema_name"], row["table_name"], row["rule"]) for row in catalogue()]
    assert len(keys) == len(set(keys)) == len(RULES)


def test_the_share_of_refused_rows_may_reach_its_threshold(database: Path) -> None:
    """A fifth is tolerated: the good load has two of ten refused. A stricter clinic can say so."""
    suite, rule = RULES["raw.loads", "few_rows_of_a_load_are_refused"]
    strict = replace(THRESHOLDS, refused_share=0.19)
    (result,) = validate(database, [replace(suite, rules=(rule,))], strict)
    assert (result.status, result.unexpected_count) == ("fail", 1)


@pytest.mark.parametrize(("threshold", "count"), [(11, 0), (12, 1), (26, 2), (41, 3)])
def test_the_disclosure_threshold_is_the_callers(
    good_database: Path, threshold: int, count: int
) -> None:
    """The rows with 11; with 11 and 25; and with 11, 25 and 30 clients fall below it."""
    suite, rule = RULES[published.MEASURES, "no_shown_count_is_below_the_disclosure_threshold"]
    thresholds = Thresholds(disclosure_threshold=threshold)
    (result,) = validate(good_database, [replace(suite, rules=(rule,))], thresholds)
    assert result.unexpected_count == count


def test_without_a_disclosure_threshold_nothing_counts_as_safe(good_database: Path) -> None:
    """The gate fails closed."""
    results = [
        r
        for r in validate(good_database, SUITES["published"], Thresholds())
        if r.rule == "no_shown_count_is_below_the_disclosure_threshold"
    ]
    assert len(results) == len(AGGREGATES)
    assert {(r.status, r.error) for r in results} == {("error", "MissingThresholdError")}
    assert all(r.is_blocking for r in results)


@pytest.mark.parametrize(
    "innocent",
    ["2024-01-05 10:00:00", "a-1234-56-7890", "1123-45-6789", "user@ward", "@home", "12-345-6789"],
)
def test_ordinary_text_is_not_taken_for_an_identifier(database: Path, innocent: str) -> None:
    """Dates, codes and stray signs do not hold a release."""
    change(database, "update raw.clients set value = ?", innocent)
    (suite,) = (s for s in SUITES["raw"] if s.table == "clients")
    assert {r.status for r in validate(database, [suite], THRESHOLDS)} == {"pass"}
