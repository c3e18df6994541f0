"""Raw: let landing take in what the clinic dropped, and keep the registry it was read by.

What belongs here: opening the warehouse, calling ``landing`` and saying how much came in.
What does not: reading files or judging rows (``landing``).
"""

from collections.abc import Iterator
from datetime import date, timedelta

import dagster as dg
import pandas as pd

from orchestration import fingerprint, warehouse
from orchestration.assets import WAREHOUSE_POOL
from orchestration.checks import arrivals, drift, release_facts, results
from orchestration.fetching.sources import fetch_all
from orchestration.forgetting import NUMBERS, as_rows, finish_pending
from orchestration.landing.as_known import carry_over
from orchestration.landing.inbox import LandingEvent, LandingSummary, receive
from orchestration.landing.raw_tables import TABLES as RAW_TABLES
from orchestration.landing.raw_tables import create_raw_tables
from orchestration.landing.refusal_report import HOW_TO_MEND, refusal_report
from orchestration.landing.registry import Registry, load_registry
from orchestration.landing.registry.tables import TABLES as REGISTRY_TABLES
from orchestration.refusals_told import markdown
from orchestration.run_context import RunContext
from orchestration.settings import Settings

LANDING = "landing"


def build_sources(settings: Settings) -> list[dg.AssetSpec]:
    """Every source of landing as what it is to Dagster: made elsewhere, and late or not.

    A source is fresh from the run that took in a new file of it; how often one is expected its
    ``source.yml`` states (``expected_every``). Where it does not, Dagster watches nothing: a rhythm
    is learnt from what lies in the warehouse, and ``marts.dq_freshness`` tells.
    """
    late = settings.policy.late_arrival_factor
    return [
        dg.AssetSpec(
            [LANDING, source],
            group_name=LANDING,
            kinds={"file"},
            freshness_policy=_freshness(days, late),
            description="The files that a clinic drops into this folder of landing.",
        )
        for source, days in arrivals.stated(settings.landing).items()
    ]


def _freshness(days: int | None, late: float) -> dg.FreshnessPolicy | None:
    """A warning after so many days without news, and a failure once that is late."""
    if days is None:
        return None
    expected = timedelta(days=days)
    return dg.FreshnessPolicy.time_window(fail_window=expected * late, warn_window=expected)


def build_raw_assets(run: RunContext) -> dg.AssetsDefinition:
    """Every raw table, as one op: a file is taken in whole or not at all."""
    names = [*RAW_TABLES, *(f"local_{name}" for name in REGISTRY_TABLES), *_RANGES]
    names += ["withdrawals"]

    expected = arrivals.stated(run.settings.landing)
    shortest = min(filter(None, expected.values()), default=None)
    late = run.settings.policy.late_arrival_factor

    @dg.multi_asset(
        name="raw_tables",
        specs=[
            dg.AssetSpec(
                ["raw", name],
                deps=[[LANDING, source] for source in expected],
                group_name="raw",
                kinds={"python", "duckdb"},
                freshness_policy=_freshness(shortest, late),
                description=_DESCRIPTIONS.get(name, f"raw.{name}, as the files had it."),
            )
            for name in names
        ],
        pool=WAREHOUSE_POOL,
    )
    def raw_tables(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
        settings = run.settings
        if settings.as_of is not None:
            yield from _as_known(run, settings.as_of, names)
            return
        with run.stage("landing", "looking for files") as stage:
            # A withdrawal that was interrupted is finished before anything is read.
            finish_pending(settings)
            if run.report.fetched is None:
                # A run that Dagster started by itself has not asked the remote sources yet.
                run.report.fetched = fetch_all(settings, stage.step)
            # Taken before the first file is read: one that arrives meanwhile is news next time.
            landed = fingerprint.of_landing(settings)
            registry = load_registry(settings.seeds, settings.instruments)

            def tell(event: LandingEvent) -> None:
                stage.step(f"{event.source}/{event.file_name}: {event.phase}")

            with warehouse.open_to_write(settings) as connection:
                create_raw_tables(connection)
                results.prepare(connection)
                drift.prepare(connection)
                release_facts.prepare(connection)
                arrivals.record(connection, settings)
                _keep_registry(connection, registry)
                _keep_withdrawals(connection, settings)
                summary = receive(connection, settings, registry, report=tell)
                report = refusal_report(connection, summary.files)
                _keep_reasons(connection)
                counts = {name: warehouse.count_rows(connection, "raw", name) for name in names}
            # The archive's part now, for this run filled it: else the next would find news.
            archived = fingerprint.of_archive(settings)
            run.report.inputs = fingerprint.joined(landed, archived)
            run.report.landing = summary
            run.report.refused = report
            stage.done(_told(summary))
        for source in sorted({one.source for one in summary.files if one.status == "loaded"}):
            context.log_event(dg.AssetMaterialization([LANDING, source]))
        hashes = sorted({file.sha256 for file in summary.files if file.status == "loaded"})
        for name in names:
            metadata: dict[str, dg.RawMetadataValue] = {"dagster/row_count": counts[name]}
            if name == "loads":
                metadata["file_hashes"] = hashes
            if name == "refusals":
                metadata["refusal_report"] = dg.MetadataValue.md(markdown(report))
            yield dg.MaterializeResult(asset_key=["raw", name], metadata=metadata)

    return raw_tables


def _as_known(run: RunContext, day: date, names: list[str]) -> Iterator[dg.MaterializeResult[None]]:
    """Raw as it was at the end of a day, in a warehouse beside the home's: nothing is read anew."""
    settings = run.settings
    with run.stage("landing", f"what was known on {day}") as stage:
        settings.warehouse.unlink(missing_ok=True)
        with warehouse.open_to_write(settings) as connection:
            held = settings.model_copy(update={"as_of": None}).warehouse
            warehouse.attach(connection, held, "held", read_only=True)
            results.prepare(connection)
            drift.prepare(connection)
            release_facts.prepare(connection)
            arrivals.record(connection, settings)
            _keep_registry(connection, load_registry(settings.seeds, settings.instruments))
            _keep_withdrawals(connection, settings)
            run.report.known = known = carry_over(connection, "held", day)
            _keep_reasons(connection)
            counts = {name: warehouse.count_rows(connection, "raw", name) for name in names}
        stage.done(
            f"{known.file_count} files were in ({known.row_count:,} rows), "
            f"{known.refused_count} refused; {known.later_count} came later"
        )
    for name in names:
        yield dg.MaterializeResult(
            asset_key=["raw", name], metadata={"dagster/row_count": counts[name]}
        )


_RANGES = ("registry_items", "registry_scales")
_DESCRIPTIONS = {
    "loads": "One row per file that was accepted or refused, with its counts.",
    "refused_answers": "One row per form of which a file's answer was refused.",
    "refusals": "One row per refused value: line and reason, never its content.",
    "item_responses": "One row per answer to one item, as the file had it.",
    "stated_scores": "One row per total that a file states.",
    "superseded": "One row per record that a later file corrected.",
    "refusal_reasons": "One row per reason for refusing a row: how to mend it.",
    "withdrawals": "One row per step of erasing a client who withdrew: when and how much.",
    "registry_items": "The range of every item, as landing used it.",
    "registry_scales": "The range of every scale, as landing used it.",
}


def _keep_registry(connection: warehouse.Connection, registry: Registry) -> None:
    for name, frame in registry.local_frames.items():
        warehouse.replace_table(connection, "raw", f"local_{name}", frame)
    warehouse.replace_table(connection, "raw", "registry_items", registry.item_ranges)
    warehouse.replace_table(connection, "raw", "registry_scales", registry.scale_ranges)


def _keep_withdrawals(connection: warehouse.Connection, settings: Settings) -> None:
    """The log of withdrawals as a table: when and how much, never who."""
    columns = ["number", "event", "at", *NUMBERS]
    frame = pd.DataFrame(as_rows(settings), columns=columns)
    whole = dict.fromkeys(["number", *NUMBERS], "Int64")
    warehouse.replace_table(connection, "raw", "withdrawals", frame.astype(whole))


def _keep_reasons(connection: warehouse.Connection) -> None:
    connection.execute("delete from raw.refusal_reasons")
    connection.executemany(
        "insert into raw.refusal_reasons values (?, ?)", [list(one) for one in HOW_TO_MEND.items()]
    )


def _told(summary: LandingSummary) -> str:
    loaded = [file for file in summary.files if file.status == "loaded"]
    refused = sum(1 for file in summary.files if file.status == "refused")
    known = sum(1 for file in summary.files if file.status == "already_loaded")
    rows = sum(file.rows_loaded or 0 for file in loaded)
    files = "file" if len(loaded) == 1 else "files"
    return f"{len(loaded)} {files} loaded ({rows:,} rows), {refused} refused, {known} already known"
