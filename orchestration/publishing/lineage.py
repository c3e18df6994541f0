"""What a release was made from: written into it, so that any number can be walked back later.

What belongs here: which table was made from which, how many rows each had, and which files were
loaded, with their hashes.
What does not: finding out which table reads which (the assets know), or walking (``desk``).
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from platform import python_version
from typing import Any

from orchestration import warehouse
from orchestration.publishing.catalogue import PUBLISHED
from orchestration.publishing.release import candidate_folder
from orchestration.settings import Settings

LINEAGE_FILE = "lineage.json"
_PACKAGES = ("scout-outcomes", "dagster", "dbt-core", "dbt-duckdb", "duckdb", "numpy", "scipy")


def write_lineage(
    settings: Settings,
    made_from: Mapping[str, Sequence[str]],
    grain: Mapping[str, Sequence[str]],
) -> dict[str, Any]:
    """Write ``lineage.json`` into the candidate.

    Args:
        settings: a home whose warehouse is built.
        made_from: for every table, as ``schema.table``, those that it reads.
        grain: for every table that states it, the columns that single out one row.

    Returns:
        For the manifest, by stage: how many tables it has and how many rows they hold together.
        Views hold none of their own and are not counted.
    """
    wanted = ancestry(
        [f"{schema}.{table}" for schema, tables in PUBLISHED.values() for table in tables],
        made_from,
    )
    with warehouse.open_to_read(settings) as connection:
        stored = connection.execute(
            "select schema_name, table_name from duckdb_tables() order by all"
        ).fetchall()
        rows = {
            f"{schema}.{table}": warehouse.count_rows(connection, schema, table)
            for schema, table in stored
        }
        files = connection.execute(
            "select load_id, source, file_name, sha256, record_type, rows_loaded, "
            "loaded_at::varchar from marts.dq_loads "
            "where status = 'loaded' and not is_retired order by load_id"
        ).fetchall()
    names = ("load_id", "source", "file_name", "sha256", "record_type", "rows_loaded", "loaded_at")
    told = {
        "tables": {
            table: {
                "made_from": sorted(made_from.get(table, ())),
                "grain": list(grain.get(table, ())),
                "rows": rows.get(table),
            }
            for table in sorted(wanted)
        },
        "files": [dict(zip(names, file, strict=True)) for file in files],
    }
    path = candidate_folder(settings) / LINEAGE_FILE
    path.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return _by_stage(rows)


def ancestry(tables: Sequence[str], made_from: Mapping[str, Sequence[str]]) -> list[str]:
    """``tables`` and everything that they were made from, nearest first, each once."""
    found = list(dict.fromkeys(tables))
    for table in found:
        found += [parent for parent in made_from.get(table, ()) if parent not in found]
    return found


def versions() -> dict[str, str]:
    """The versions of Python and of the packages that numbers go through."""
    found = {"python": python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "unknown"
    return found


def _by_stage(rows: Mapping[str, int]) -> dict[str, Any]:
    tables, held = Counter[str](), Counter[str]()
    for table, count in rows.items():
        stage = table.partition(".")[0]
        tables[stage] += 1
        held[stage] += count
    return {stage: {"tables": tables[stage], "rows": held[stage]} for stage in sorted(tables)}
