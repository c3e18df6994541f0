"""``validate`` returns counts, lets no value out, and lets go of the file.

Rules here are made for the test; the real ones are judged in test_expectations_rules.py.
"""

import dataclasses
import hashlib
import logging
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from expectations.registry import SUITES
from expectations.rules import Factory, Rule, Situation, Specification, TableSuite, Thresholds
from expectations.validate import validate
from expectations.wording import (
    first_is_not_less,
    key_is_unique,
    no_row_where,
    no_rows,
    values_are_in,
    values_are_present,
)

pytestmark = pytest.mark.slow  # starts dbt, Great Expectations or many homes

CANARY = "canary-7f3a9c"


def rule(name: str, expectation: Factory, *, needs_rows: bool = True) -> Rule:
    """A critical rule without words."""
    return Rule(
        rule_id=name,
        sentence="",
        why="",
        severity="critical",
        when_it_fails="",
        expectation=expectation,
        needs_rows=needs_rows,
    )


def suite(*rules: Rule, table: str = "answers", may_be_absent: bool = False) -> TableSuite:
    """Rules of one table of the test database."""
    return TableSuite(schema="raw", table=table, rules=rules, may_be_absent=may_be_absent)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Four answers, every text of which is the canary; one number missing; an empty table."""
    path = tmp_path / "small.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            """
            create schema raw;
            create table raw.answers as
                select 'CANARY' as client_id, number as low, 10 - number as high,
                    nullif(number, 4) as gap
                from range(1, 5) as numbers (number);
            create table raw.nothing (client_id text);
            create table raw.gone (client_id text);
            create view raw.broken as select * from raw.gone;
            drop table raw.gone;
            """.replace("CANARY", CANARY)
        )
    return path


BREAKING = suite(
    rule("present", values_are_present("gap")),
    rule("in_set", values_are_in("client_id", ["other"])),
    rule("pair", first_is_not_less("low", "high")),
    rule("unique", key_is_unique("client_id")),
    rule("row", no_row_where("low > 2")),
    rule("cast", no_row_where("cast(client_id as integer) = 1")),
    rule("raised", no_row_where("error(client_id) is null")),
    rule("type", values_are_in("low", ["word"])),
    rule("column", values_are_present("elsewhere")),
)


def test_counts_are_those_a_reader_counts(database: Path) -> None:
    """One gap of four; four foreign words; low 1-4 beside high 9-6; one shared key; 3 and 4."""
    counts = {
        r.rule: (r.status, r.evaluated_count, r.unexpected_count)
        for r in validate(database, [BREAKING])
    }
    assert counts["present"] == ("fail", 4, 1)
    assert counts["in_set"] == ("fail", 4, 4)
    assert counts["pair"] == ("fail", 4, 4)
    assert counts["unique"] == ("fail", 4, 1)
    assert counts["row"] == ("fail", 4, 2)


def test_what_a_rule_raises_is_an_error_named_by_its_class(database: Path) -> None:
    """A rule that could not be computed says nothing about the data, and its neighbours go on."""
    results = {r.rule: r for r in validate(database, [BREAKING])}
    for name, error in {
        "cast": "ConversionException",
        "raised": "InvalidInputException",
        "type": "ConversionException",
        "column": "MetricError",
    }.items():
        result = results[name]
        assert (result.status, result.error) == ("error", error)
        assert (result.evaluated_count, result.unexpected_count) == (0, 0)
        assert result.is_blocking


def test_an_expectation_that_cannot_be_made_is_an_error(database: Path) -> None:
    """A misspelt expectation or argument stops its own rule only."""

    def misspelt(_: Situation) -> Specification:
        return Specification(expectation="ExpectNothing", arguments={})

    def unusable(_: Situation) -> Specification:
        raise KeyError(CANARY)

    results = validate(
        database,
        [suite(rule("a", misspelt), rule("b", unusable), rule("c", values_are_present("low")))],
    )
    assert [(r.status, r.error) for r in results] == [
        ("error", "AttributeError"),
        ("error", "KeyError"),
        ("pass", None),
    ]


def test_no_value_leaves_the_database(
    database: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Not in a result, not on a terminal, not in a log at its most talkative."""
    caplog.set_level(logging.DEBUG, logger="great_expectations")
    with duckdb.connect() as control, pytest.raises(duckdb.ConversionException, match=CANARY):
        control.execute(f"select cast('{CANARY}' as integer)")  # such a message is what to hold
    results = validate(database, [BREAKING])
    assert {r.status for r in results} == {"fail", "error"}
    captured = capfd.readouterr()
    told = [captured.out, captured.err, caplog.text, *(str(dataclasses.asdict(r)) for r in results)]
    assert CANARY not in "".join(told)
    assert captured.out == captured.err == ""


@pytest.mark.parametrize(
    ("share", "status"),
    [(0.24, "fail"), (0.25, "pass_with_failures"), (0.26, "pass_with_failures")],
)
def test_tolerated_failures_are_told_apart_from_none(
    database: Path, share: float, status: str
) -> None:
    """One of four is missing: a quarter."""
    tolerant = suite(rule("gap", values_are_present("gap", tolerated="missing_share")))
    (result,) = validate(database, [tolerant], Thresholds(missing_share=share))
    assert (result.status, result.unexpected_count) == (status, 1)


def test_an_empty_table_is_not_applicable_unless_a_rule_is_about_the_whole(database: Path) -> None:
    """No rows, nothing to say; but a total can be wrong without rows."""
    empty = suite(
        rule("rows", values_are_present("client_id")),
        rule("whole", no_rows("select 1 from range(3)"), needs_rows=False),
        table="nothing",
    )
    assert [(r.status, r.unexpected_count) for r in validate(database, [empty])] == [
        ("not_applicable", 0),
        ("fail", 3),
    ]


def test_a_table_that_is_not_there_is_an_error_unless_it_may_be_absent(database: Path) -> None:
    """The source did not send sessions; but it must not lose its answers."""
    present = rule("present", values_are_present("client_id"))
    required, optional = validate(
        database, [suite(present, table="absent"), suite(present, table="no", may_be_absent=True)]
    )
    assert (required.status, required.error) == ("error", "TableMissing")
    assert (optional.status, optional.error) == ("not_applicable", None)


def test_a_broken_view_is_an_error_of_its_own(database: Path) -> None:
    """And the tables beside it are judged."""
    present = rule("present", values_are_present("client_id"))
    broken, good = validate(database, [suite(present, table="broken"), suite(present)])
    assert broken.status == "error"
    assert good.status == "pass"


def test_a_file_that_cannot_be_opened_makes_every_rule_an_error(tmp_path: Path) -> None:
    """A gate fails closed, and says which kind of fault, without the path."""
    nonsense = tmp_path / "nonsense.duckdb"
    nonsense.write_bytes(b"not a database " * 1000)
    for path in (tmp_path / "absent.duckdb", nonsense):
        results = validate(path, SUITES["raw"])
        assert len(results) == sum(len(s.rules) for s in SUITES["raw"])
        assert {(r.status, r.error) for r in results} == {("error", "IOException")}
    assert not (tmp_path / "absent.duckdb").exists()


@pytest.mark.parametrize("name", ["clinic $HOME ${x}", "a?access_mode=read_write", "50%20 & é#1"])
def test_any_file_name_is_opened_as_it_is(database: Path, tmp_path: Path, name: str) -> None:
    """Signs that mean something in a connection string mean nothing here."""
    path = database.rename(tmp_path / f"{name}.duckdb")
    (result,) = validate(path, [suite(rule("row", no_row_where("low > 2")))])
    assert (result.status, result.unexpected_count) == ("fail", 2)


def test_the_file_is_only_read(database: Path) -> None:
    """A rule that would write is an error, and not a byte changes."""
    before = hashlib.sha256(database.read_bytes()).hexdigest()
    validate(database, [BREAKING])
    assert hashlib.sha256(database.read_bytes()).hexdigest() == before
    assert [path.name for path in database.parent.iterdir()] == [database.name]


OPEN_TO_WRITE = "import duckdb, sys; duckdb.connect(sys.argv[1]).execute('create table t (i int)')"


def test_another_process_can_write_as_soon_as_it_returns(database: Path) -> None:
    """Errors included: a connection that survives would lock out the next dbt step."""
    validate(database, [BREAKING])
    outcome = subprocess.run(
        [sys.executable, "-c", OPEN_TO_WRITE, str(database)], capture_output=True, check=False
    )
    assert outcome.returncode == 0


def test_an_open_inspector_does_lock_the_file(database: Path) -> None:
    """The control for the test above: the same process fails while the file is held."""
    from expectations.engine import opened

    with opened(database, {}) as inspector:
        assert inspector.row_count("raw", "answers") == 4
        outcome = subprocess.run(
            [sys.executable, "-c", OPEN_TO_WRITE, str(database)], capture_output=True, check=False
        )
    assert outcome.returncode != 0
    assert b"lock" in outcome.stderr


def test_a_file_somebody_writes_to_is_an_error_and_not_a_wait(database: Path) -> None:
    """One writer: the gate says so at once."""
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import duckdb, sys; c = duckdb.connect(sys.argv[1]); "
            "sys.stdout.write('held\\n'); sys.stdout.flush(); sys.stdin.read()",
            str(database),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        results = validate(database, [BREAKING])
        holder.communicate()
    assert {(r.status, r.error) for r in results} == {("error", "IOException")}


def test_limits_reach_the_database(database: Path) -> None:
    """A gate keeps within what the clinic's machine has to give."""
    over = no_row_where("current_setting('threads')::integer <> 1")
    (result,) = validate(database, [suite(rule("threads", over))], limits={"threads": "1"})
    assert result.status == "pass"


def test_patterns_with_braces_and_colons_reach_the_database_as_written(database: Path) -> None:
    """Great Expectations reads braces as fields and SQLAlchemy colons as parameters."""
    found = no_row_where(
        "regexp_matches(client_id || ':x', '^[a-z]{6}-.*(?:x)$') and 1::text = '1'"
    )
    (result,) = validate(database, [suite(rule("pattern", found))])
    assert (result.status, result.unexpected_count) == ("fail", 4)


def test_a_run_is_silent_from_import_to_exit(database: Path) -> None:
    """Importing the rooms costs no Great Expectations, and a good run ends without noise."""
    script = (
        "import sys; from pathlib import Path\n"
        "import expectations, expectations.registry, expectations.validate as v\n"
        "heavy = {'great_expectations', 'sqlalchemy', 'duckdb', 'pandas'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
        "v.validate(Path(sys.argv[1]), expectations.registry.SUITES['raw'])\n"
        "assert 'great_expectations' in sys.modules\n"
    )
    outcome = subprocess.run(
        [sys.executable, "-c", script, str(database)], capture_output=True, check=False, text=True
    )
    assert (outcome.returncode, outcome.stdout, outcome.stderr) == (0, "", "")
