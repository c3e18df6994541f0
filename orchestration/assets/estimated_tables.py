"""Tables that the statistics room makes: described one by one, built by one op per stage.

What belongs here: what such a description holds, and the op that reads, calls and stores.
What does not: which tables there are (``outcomes``, ``relations``), or the estimating
(``statistics``).
"""

from collections import Counter
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
        of_many_rows: which of ``made_from`` grow with clients or blocks of them; their text comes
            as categories.
    """

    schema: str
    name: str
    made_from: tuple[str, ...]
    description: str
    estimate: Callable[..., pandas.DataFrame]
    of_many_rows: tuple[str, ...] = ()

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

    def build(
        self, connection: warehouse.Connection, policy: Policy, given: "Given"
    ) -> pandas.DataFrame:
        """Read, estimate, store; the stored frame."""
        made = self.estimate(policy, *(given.take(connection, each) for each in self.made_from))
        warehouse.replace_table(connection, self.schema, self.name, made)
        return made


class Given:
    """What estimates are made from: each table is read once, and kept while another needs it."""

    def __init__(self, tables: Sequence[EstimatedTable]) -> None:
        self._wanted = Counter(source for table in tables for source in table.made_from)
        self._of_many_rows = {source for table in tables for source in table.of_many_rows}
        self._kept: dict[str, pandas.DataFrame] = {}

    def take(self, connection: warehouse.Connection, source: str) -> pandas.DataFrame:
        """The rows of ``schema.table``, in one order."""
        frame = self._kept.pop(source, None)
        if frame is None:
            is_long = source in self._of_many_rows
            frame = warehouse.read_table(connection, source, as_categories=is_long)
        self._wanted[source] -= 1
        if self._wanted[source] > 0:
            self._kept[source] = frame
        return frame


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
            given = Given(tables)
            for table in tables:
                stage.step(f"estimating {table.name}")
                made = table.build(connection, run.settings.policy, given)
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
