"""Tables that the statistics room makes: described one by one, built by one op per stage.

What belongs here: what such a description holds, and the op that reads, calls and stores.
What does not: which tables there are (``outcomes``, ``relations``), or the estimating
(``statistics``).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg
import pandas

from orchestration import warehouse
from orchestration.assets import WAREHOUSE_POOL
from orchestration.run_context import RunContext
from orchestration.settings import Policy


@dataclass(frozen=True)
class EstimatedTable:
    """One table of estimates.

    Attributes:
        schema, name: where the table goes.
        made_from: what it is estimated from, each ``schema.table``; a table that stands earlier in
            the same list may be among them.
        description: one sentence for the asset.
        estimate: called with the policy and one frame per entry of ``made_from``, in that order;
            imports the statistics it needs itself, because that takes seconds.
    """

    schema: str
    name: str
    made_from: tuple[str, ...]
    description: str
    estimate: Callable[..., pandas.DataFrame]

    @property
    def spec(self) -> dg.AssetSpec:
        """The asset as Dagster knows it."""
        return dg.AssetSpec(
            [self.schema, self.name],
            deps=[source.split(".") for source in self.made_from],
            group_name=self.schema,
            kinds={"python", "duckdb"},
            description=self.description,
        )

    def build(self, connection: warehouse.Connection, policy: Policy) -> pandas.DataFrame:
        """Read, estimate, store; the stored frame."""
        # In one order, whatever order parallel workers wrote the rows in: a bootstrap draws by it.
        frames = [connection.table(source).order("all").df() for source in self.made_from]
        made = self.estimate(policy, *frames)
        warehouse.replace_table(connection, self.schema, self.name, made)
        return made


def build_estimates(
    run: RunContext, op_name: str, stage_name: str, tables: Sequence[EstimatedTable]
) -> dg.AssetsDefinition:
    """The tables of one stage as one op, built in the order given."""

    @dg.multi_asset(name=op_name, specs=[table.spec for table in tables], pool=WAREHOUSE_POOL)
    def estimates() -> Iterator[dg.MaterializeResult[Any]]:
        counts: dict[str, int] = {}
        withheld = 0
        with (
            run.stage(stage_name, "estimating") as stage,
            warehouse.open_to_write(run.settings) as connection,
        ):
            for table in tables:
                stage.step(f"estimating {table.name}")
                made = table.build(connection, run.settings.policy)
                counts[table.name] = len(made)
                if "status" in made.columns:
                    withheld += int((made["status"] != "estimated").sum())
            told = sum(counts.values()) - withheld
            stage.done(f"{told:,} estimates, {withheld:,} with too few people or no spread")
        for table in tables:
            yield dg.MaterializeResult(
                asset_key=[table.schema, table.name],
                metadata={"dagster/row_count": counts[table.name]},
            )

    return estimates
