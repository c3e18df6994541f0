"""Published: build the candidate release, and, once it is checked, switch to it.

What belongs here: the two assets and what the manifest tells.
What does not: how files are copied and switched (``publishing``), or what may be shown (marts).
"""

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import asdict
from typing import Any

import dagster as dg

from orchestration import fingerprint
from orchestration.assets import WAREHOUSE_POOL, dbt_in_process, program_reports
from orchestration.assets.disclosure import KEPT_ROWS
from orchestration.checks import drift, guards, quality_facts, release_facts
from orchestration.checks.disclosure_audit import AUDIT_KEY
from orchestration.checks.expectation_checks import CANDIDATE_KEY, thresholds
from orchestration.desk.release_reports import desk_pages
from orchestration.disclosure import policies
from orchestration.forgetting import withdrawals_after
from orchestration.publishing import lineage, release
from orchestration.publishing.catalogue import DASHBOARD_FILE, EVALUATION_FILE, PUBLISHED
from orchestration.reporting.quality import quality_page
from orchestration.run_context import RunContext, RunReport


def build_published_assets(run: RunContext) -> list[dg.AssetsDefinition]:
    """The candidate and the release."""
    # Drawn from the candidate on, in a thread of its own; empty where only the switch is run.
    drawing: list[Future[program_reports.Files]] = []
    sources = [[schema, table] for schema, tables in PUBLISHED.values() for table in tables]

    @dg.asset(
        key=list(CANDIDATE_KEY),
        deps=[*sources, KEPT_ROWS],
        group_name="published",
        kinds={"duckdb"},
        pool=WAREHOUSE_POOL,
        description="The next release, built beside the last one and not yet to be read.",
    )
    def candidate() -> dg.MaterializeResult[None]:
        with run.stage("published", "building the release") as stage:
            stage.step("what moved since the last release")
            drift.record(run.settings)
            release_facts.record(run.settings)
            counts = release.build_candidate(run.settings, stage.step)
            run.report.row_counts = counts
            drawing[:] = [program_reports.begin(run.settings)]
            stage.done(f"{len(counts)} tables copied, {sum(counts.values()):,} rows")
        return dg.MaterializeResult(metadata={"tables": len(counts)})

    @dg.asset(
        key=["published", "release"],
        deps=[list(CANDIDATE_KEY), list(AUDIT_KEY)],
        group_name="published",
        kinds={"duckdb"},
        pool=WAREHOUSE_POOL,
        description=f"The folder `current` points at: {EVALUATION_FILE} and {DASHBOARD_FILE}.",
    )
    def switch(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
        with run.stage("published", "switching to the release") as stage:
            # The published suites ran after the candidate was built: their results belong in it.
            run.report.row_counts |= release.refresh(run.settings)
            run.report.guards = guards.warned(run.settings)
            _report_quality(run)
            grains = dbt_in_process.grains(run.settings)
            stages = lineage.write_lineage(run.settings, _made_from(context), grains)
            _report_for_the_desk(run)
            drawn = drawing.pop() if drawing else program_reports.begin(run.settings)
            reports = program_reports.write(run.settings, drawn)
            done = release.publish_candidate(
                run.settings,
                {
                    "run_id": context.run.run_id,
                    "inputs": run.report.inputs,
                    **_days(run),
                    # Told again by every run until something in landing changes.
                    "to_mend": _to_mend(run.report),
                    "code": fingerprint.of_code(run.settings),
                    "rules": fingerprint.of_rules(run.settings),
                    "versions": lineage.versions(),
                    "stages": stages,
                    "policy": run.settings.policy.model_dump(),
                    "thresholds": _thresholds(run),
                    "row_counts": run.report.row_counts,
                    "disclosure": run.report.disclosure,
                },
            )
            run.report.release = done
            link = release.link_of(run.settings).name
            stage.done(f"release {done.sequence} is {link}, with {reports}")
        yield dg.MaterializeResult(
            metadata={"sequence": done.sequence, "files": list(done.manifest["files"])}
        )

    return [candidate, switch]


def _made_from(context: dg.AssetExecutionContext) -> dict[str, list[str]]:
    """What each table reads, whoever makes it: dbt, the statistics room or disclosure control."""
    graph = context.job_def.asset_layer.asset_graph
    return {
        ".".join(key.path): [".".join(parent.path) for parent in graph.get(key).parent_keys]
        for key in graph.get_all_asset_keys()
    }


def _report_quality(run: RunContext) -> None:
    sequence = release.next_sequence(run.settings)
    facts = quality_facts.read(run.settings, run.report, release=sequence)
    release.write_report(run.settings, "quality.html", quality_page(facts))


def _report_for_the_desk(run: RunContext) -> None:
    folder = release.candidate_folder(run.settings)
    built = release.Release(release.next_sequence(run.settings), folder, {})
    pages = desk_pages(run.settings, built)
    # dbt's page is for whoever wants the SQL: no release is held because dbt cannot draw it.
    if (models := dbt_in_process.models_page(run.settings)) is not None:
        pages["models.html"] = models
    for name, page in pages.items():
        release.write_report(run.settings, name, page)


def _days(run: RunContext) -> dict[str, Any]:
    """From which day time is counted and, in a rebuild, what was known and what is not as then."""
    settings, known = run.settings, run.report.known
    facts: dict[str, Any] = {
        "as_of": settings.as_of.isoformat() if settings.as_of else None,
        "reference_day": settings.reference_day.isoformat() if settings.reference_day else None,
    }
    if settings.as_of is not None and known is not None:
        facts["as_known"] = {
            **asdict(known),
            "withdrawals_since": withdrawals_after(settings, settings.as_of),
            "not_as_then": (
                "Code, seeds and the clinic's own definitions are those of published_at; clients "
                "who withdrew since, and files refused before a warehouse was lost, are gone."
            ),
        }
    return facts


def _thresholds(run: RunContext) -> dict[str, Any]:
    """Every number that this release was judged by, as it was: rules and disclosure control."""
    policy = policies.named(run.settings.policy.disclosure_policy)
    judged = asdict(thresholds(run.settings))
    return {
        "rules": judged | {"today": judged["today"].isoformat()},
        "disclosure": policies.as_row(policy),
    }


def _to_mend(report: RunReport) -> dict[str, list[str]]:
    landing = report.landing
    refused = [file for file in landing.files if file.status == "refused"] if landing else []
    return {
        "mappings": list(landing.mapping_errors) if landing else [],
        "files": [f"{file.source}/{file.file_name}: {file.message}" for file in refused],
        "keys": report.guards,
    }
