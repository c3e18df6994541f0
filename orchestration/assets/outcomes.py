"""Outcomes: hand the sums that SQL made to the statistics room, store its estimates.

What belongs here: which table goes to which function and where the answer is put.
What does not: the estimating (``statistics``) or the sums (``dbt_project/models/change``).
"""

from collections.abc import Iterator

import dagster as dg

from orchestration import warehouse
from orchestration.assets import WAREHOUSE_POOL
from orchestration.run_context import RunContext


def build_outcome_assets(run: RunContext) -> dg.AssetsDefinition:
    """The tables of estimates beside the changes, as one op."""

    @dg.multi_asset(
        name="outcome_estimates",
        specs=[
            dg.AssetSpec(
                ["change", "multilevel_estimates"],
                deps=[["change", "int_course_moments"]],
                group_name="change",
                kinds={"python", "duckdb"},
                description="Each episode's slope on each primary scale, beside the mean slope.",
            ),
        ],
        pool=WAREHOUSE_POOL,
    )
    def outcome_estimates() -> Iterator[dg.MaterializeResult[None]]:
        from orchestration.statistics import multilevel

        policy = run.settings.policy
        with (
            run.stage("outcomes", "estimating") as stage,
            warehouse.open_to_write(run.settings) as connection,
        ):
            moments = connection.table("change.int_course_moments").df()
            tables = {
                "multilevel_estimates": multilevel.estimate(
                    moments, minimum_clients=policy.minimum_clients_concurrent
                ),
            }
            for name, frame in tables.items():
                warehouse.replace_table(connection, "change", name, frame)
            stage.done(f"{len(tables['multilevel_estimates']):,} courses")
        for name, frame in tables.items():
            yield dg.MaterializeResult(
                asset_key=["change", name], metadata={"dagster/row_count": len(frame)}
            )

    return outcome_estimates
