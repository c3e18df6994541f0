"""How long each dbt node of the newest run took, from Dagster's own record of the run.

What belongs here: reading that record, after the run that was measured and outside it.
What does not: Scout's own stages (``scout_run`` writes them down while they run).

Run: ``python -m tests.benchmarks.dbt_nodes HOME OUT.json``.
"""

import json
import sys
from pathlib import Path

import dagster as dg

from orchestration.assets.dbt_gates import EXECUTION_SECONDS


def main(home: Path, out: Path) -> None:
    """Write ``[[table, seconds], ...]`` of the newest run."""
    with dg.DagsterInstance.from_config(str(home / "dagster")) as instance:
        (record,) = instance.get_run_records(limit=1)
        logs = instance.all_logs(
            record.dagster_run.run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION
        )
    made = [
        log.dagster_event.step_materialization_data.materialization
        for log in logs
        if log.dagster_event is not None
    ]
    found = [
        (one.asset_key.to_user_string(), float(str(one.metadata[EXECUTION_SECONDS].value)))
        for one in made
        if EXECUTION_SECONDS in one.metadata
    ]
    out.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
