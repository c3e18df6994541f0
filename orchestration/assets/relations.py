"""Relations: hand the moments that SQL made to the statistics room, store its estimates.

What belongs here: which table goes to which function and where the answer is put.
What does not: the estimating (``statistics``) or the moments (``dbt_project/models/relations``).
"""

from collections.abc import Iterator

import dagster as dg

from orchestration import warehouse
from orchestration.assets import WAREHOUSE_POOL
from orchestration.run_context import RunContext


def build_relations_assets(run: RunContext) -> dg.AssetsDefinition:
    """The tables of estimates as one op."""

    @dg.multi_asset(
        name="estimates",
        specs=[
            dg.AssetSpec(
                ["relations", "change_association_estimates"],
                deps=[["relations", "int_change_association_moments"]],
                group_name="relations",
                kinds={"python", "duckdb"},
                description="Change-change associations with intervals, from the moments.",
            ),
            dg.AssetSpec(
                ["relations", "within_person_estimates"],
                deps=[["relations", "int_within_person_moments"]],
                group_name="relations",
                kinds={"python", "duckdb"},
                description="Within-person slopes with cluster-robust intervals, from the moments.",
            ),
            dg.AssetSpec(
                ["relations", "scale_reliability_estimates"],
                deps=[
                    ["scoring", "int_reliability_forms"],
                    ["scoring", "int_reliability_answers"],
                    ["scoring", "int_scale_memberships"],
                ],
                group_name="relations",
                kinds={"python", "duckdb"},
                description="Alpha and omega of each scale in the clinic's own answers.",
            ),
            dg.AssetSpec(
                ["relations", "retest_estimates"],
                deps=[["relations", "int_retest_moments"]],
                group_name="relations",
                kinds={"python", "duckdb"},
                description="The correlation of two baselines of the same people.",
            ),
        ],
        pool=WAREHOUSE_POOL,
    )
    def estimates() -> Iterator[dg.MaterializeResult[None]]:
        from orchestration.statistics import associations, reliability, within_person

        policy = run.settings.policy
        with (
            run.stage("relations", "estimating") as stage,
            warehouse.open_to_write(run.settings) as connection,
        ):
            moments = connection.table("relations.int_change_association_moments").df()
            changes = associations.estimate(
                moments, minimum_pairs=policy.minimum_pairs, confidence=policy.confidence
            )
            moments = connection.table("relations.int_within_person_moments").df()
            slopes = within_person.estimate(
                moments,
                minimum_clients=policy.minimum_clients_concurrent,
                minimum_clients_lagged=policy.minimum_clients_lagged,
                confidence=policy.confidence,
            )
            own = reliability.estimate(
                connection.table("scoring.int_reliability_forms").df(),
                connection.table("scoring.int_reliability_answers").df(),
                connection.table("scoring.int_scale_memberships").df(),
                minimum_forms=policy.minimum_reliability_forms,
                confidence=policy.confidence,
            )
            twice = reliability.retest(
                connection.table("relations.int_retest_moments").df(),
                minimum_pairs=policy.minimum_reliability_forms,
                confidence=policy.confidence,
            )
            tables = {
                "scale_reliability_estimates": own,
                "retest_estimates": twice,
                "change_association_estimates": changes,
                "within_person_estimates": slopes,
            }
            for name, frame in tables.items():
                warehouse.replace_table(connection, "relations", name, frame)
            told = sum(int((frame["status"] == "estimated").sum()) for frame in tables.values())
            rows = sum(len(frame) for frame in tables.values())
            stage.done(f"{told:,} estimates, {rows - told:,} with too few people or no spread")
        for name, frame in tables.items():
            yield dg.MaterializeResult(
                asset_key=["relations", name], metadata={"dagster/row_count": len(frame)}
            )

    return estimates
