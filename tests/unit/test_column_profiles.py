"""Claims about counting a column: few different values and many give one profile."""

from dataclasses import replace

import duckdb
import pytest

from orchestration import column_profiles
from orchestration.column_profiles import has_decimal_commas, profiles

COLUMNS = {
    "whole": (["1", "2", None, "3.0"], "integer", 1, 3, None),
    "numbers": (["1.5", "2", "-3", None], "number", -3, 2, None),
    "commas": (["1,5", "2,25", "3"], "number", 1.5, 3, None),
    "iso": (["2024-01-02", "2024-02-03 10:00:00", None], "date", None, None, None),
    "points": (["01.02.2024", "03.04.2024"], "date", None, None, "%d.%m.%Y"),
    "day first": (["13/02/2024", "01/02/2024"], "date", None, None, "%d/%m/%Y"),
    "month first": (["02/13/2024", "01/02/2024"], "date", None, None, "%m/%d/%Y"),
    "either": (["02/03/2024", "01/02/2024"], "date", None, None, None),
    "mixed marks": (["13/02/2024", "01-02-2024"], "date", None, None, None),
    "words": (["never", "always", "1"], "text", None, None, None),
    "with NA": (["1", "NA", "3", "NA"], "integer", 1, 3, None),
    "only NA": (["NA", "NA"], "text", None, None, None),
    "empty": ([None, None], "empty", None, None, None),
}


def landed(values):
    connection = duckdb.connect()
    connection.execute('create table landed ("a b" varchar)')
    connection.executemany("insert into landed values (?)", [[value] for value in values])
    return connection


@pytest.mark.parametrize("most", [60, 0])
@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_is_profiled_alike_however_many_values_it_has(monkeypatch, name, most):
    values, kind, low, high, date_format = COLUMNS[name]
    monkeypatch.setattr(column_profiles, "_FEW", most)
    (found,) = profiles(landed(values), "landed", ["a b"])
    rest = [v for v in values if v is not None and (v != "NA" or kind == "text")]
    assert (found.kind, found.minimum, found.maximum) == (kind, low, high)
    assert found.date_format == date_format
    assert found.is_date_clear == (name not in ("either", "mixed marks"))
    assert (found.rows, found.filled) == (len(values), len(rest))
    assert found.distinct == len(set(rest))
    assert found.missing == (frozenset(["NA"]) if name == "with NA" else frozenset())
    if most:
        assert found.values in (None, frozenset(v.lower() for v in rest))
    assert "never" not in repr(replace(found))


def test_decimal_commas_are_believed_only_where_no_point_is():
    for values, told in ((["1,5", "2"], True), (["1.5", "2"], False), (["1,5", "2.5"], False)):
        assert has_decimal_commas(landed(values), "landed", ["a b"]) == told
