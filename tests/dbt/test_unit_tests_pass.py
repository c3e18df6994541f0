"""The SQL does what its unit tests claim.

What belongs here: that dbt's unit tests ran, all of them, and passed.
What does not: the claims themselves, which stand in the YAML beside the models.
"""

from typing import Any

import pytest

from tests.dbt.running import Dbt


@pytest.mark.slow
def test_every_unit_test_of_the_models_runs_and_passes(
    empty_warehouse: Dbt, manifest: dict[str, Any]
) -> None:
    written = {test["name"] for test in manifest["unit_tests"].values()}

    empty_warehouse.run("test", "--select", "test_type:unit")

    ran = {
        result["unique_id"].rpartition(".")[2]: result["status"]
        for result in empty_warehouse.artifact("run_results.json")["results"]
    }
    assert ran == dict.fromkeys(written, "pass")
    # So that a lost YAML file does not look like success.
    assert len(ran) >= 49
