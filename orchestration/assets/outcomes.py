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
            dg.AssetSpec(
                ["change", "program_rate_estimates"],
                deps=[["change", "int_program_counts"]],
                group_name="change",
                kinds={"python", "duckdb"},
                description="Rates of outcomes with intervals and bounds, from the counts.",
            ),
            dg.AssetSpec(
                ["change", "funnel_estimates"],
                deps=[["change", "int_program_counts"]],
                group_name="change",
                kinds={"python", "duckdb"},
                description="Control limits around the common rate of clinics and the like.",
            ),
            dg.AssetSpec(
                ["change", "program_effect_estimates"],
                deps=[["change", "int_program_moments"]],
                group_name="change",
                kinds={"python", "duckdb"},
                description="Effect sizes of groups with intervals, from the moments.",
            ),
        ],
        pool=WAREHOUSE_POOL,
    )
    def outcome_estimates() -> Iterator[dg.MaterializeResult[None]]:
        from orchestration.statistics import (
            effect_sizes,
            funnel,
            multilevel,
            program_outcomes,
        )

        policy = run.settings.policy
        with (
            run.stage("outcomes", "estimating") as stage,
            warehouse.open_to_write(run.settings) as connection,
        ):
            rates = program_outcomes.estimate(
                connection.table("change.int_program_counts").df(), confidence=policy.confidence
            )
            tables = {
                "program_rate_estimates": rates,
                "funnel_estimates": funnel.limits(funnel.units(rates)),
                "multilevel_estimates": multilevel.estimate(
                    connection.table("change.int_course_moments").df(),
                    minimum_clients=policy.minimum_clients_concurrent,
                ),
                "program_effect_estimates": effect_sizes.estimate(
                    connection.table("change.int_program_moments").df(),
                    minimum_pairs=policy.minimum_pairs,
                    confidence=policy.confidence,
                ),
            }
            for name, frame in tables.items():
                warehouse.replace_table(connection, "change", name, frame)
            courses = len(tables["multilevel_estimates"])
            numbers = sum(len(frame) for frame in tables.values()) - courses
            stage.done(f"{courses:,} courses, {numbers:,} numbers of programs")
        for name, frame in tables.items():
            yield dg.MaterializeResult(
                asset_key=["change", name], metadata={"dagster/row_count": len(frame)}
            )

    return outcome_estimates
