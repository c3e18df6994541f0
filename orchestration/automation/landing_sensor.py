"""The landing sensor: a new file in landing starts a run.

What belongs here: noticing. What does not: reading the files (``landing``).
The run key is a hash over the files' bytes, so that one state of the folder starts one run.
"""

import dagster as dg

from orchestration import fingerprint
from orchestration.automation.jobs import WHOLE_JOB
from orchestration.publishing.release import read_current
from orchestration.settings import Settings

LOOK_EVERY_SECONDS = 60


def build_landing_sensor(settings: Settings) -> dg.SensorDefinition:
    """Starts the whole job when landing or the clinic's definitions differ from the release."""

    @dg.sensor(
        name="landing",
        job=WHOLE_JOB,
        minimum_interval_seconds=LOOK_EVERY_SECONDS,
        description="Starts a run when a file in landing or a definition has changed.",
    )
    def landing() -> dg.SensorResult | dg.SkipReason:
        inputs = fingerprint.of_inputs(settings)
        current = read_current(settings)
        if current is not None and current.manifest.get("inputs") == inputs:
            return dg.SkipReason("Nothing in landing has changed since the last release.")
        return dg.SensorResult(run_requests=[dg.RunRequest(run_key=inputs)])

    return landing
