"""One pure assembly function: settings in, Dagster definitions out.

What belongs here: which assets, checks, jobs, schedules and sensors make up Scout.
What does not: any of their bodies. Everything a test may wish to replace comes in with ``run``.
"""

from typing import Any

import dagster as dg

from orchestration.assets.dbt_gates import build_dbt_gates
from orchestration.assets.described import described
from orchestration.assets.disclosure import build_disclosure_assets
from orchestration.assets.estimated_tables import build_estimates
from orchestration.assets.outcomes import OUTCOME_ESTIMATES
from orchestration.assets.published import build_published_assets
from orchestration.assets.raw import build_raw_assets, build_sources
from orchestration.assets.relations import RELATION_ESTIMATES
from orchestration.automation.failure_sensor import build_failure_sensor
from orchestration.automation.jobs import WHOLE_JOB, build_schedule
from orchestration.automation.landing_sensor import build_landing_sensor
from orchestration.checks.disclosure_audit import build_disclosure_audit
from orchestration.checks.expectation_checks import build_expectation_checks
from orchestration.run_context import RunContext


def build_definitions(run: RunContext, **overrides: Any) -> dg.Definitions:
    """Scout's whole code location.

    Args:
        run: settings, progress and the report that the assets fill in.
        overrides: anything ``dagster.Definitions`` takes, in place of what stands here.

    Raises:
        SettingsError: the dbt project does not parse.
    """
    parts: dict[str, Any] = {
        "assets": described(
            [
                *build_sources(run.settings),
                build_raw_assets(run),
                *build_dbt_gates(run),
                build_estimates(run, "estimates", "relations", RELATION_ESTIMATES),
                build_estimates(run, "outcome_estimates", "outcomes", OUTCOME_ESTIMATES),
                *build_disclosure_assets(run),
                *build_published_assets(run),
                build_disclosure_audit(run),
            ]
        ),
        "asset_checks": build_expectation_checks(run),
        "jobs": [WHOLE_JOB],
        "schedules": [build_schedule()],
        "sensors": [
            build_landing_sensor(run.settings),
            build_failure_sensor(run.settings),
        ],
        # One writer: steps run one after another in one process (15 s instead of 36 s).
        "executor": dg.in_process_executor,
    }
    return dg.Definitions(**{**parts, **overrides})
