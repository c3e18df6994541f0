"""The one job, and the daily schedule that an analyst may turn on.

What belongs here: what the job selects and when it starts.
What does not: the assets.
"""

import dagster as dg

JOB_NAME = "whole_job"
WHOLE_JOB = dg.define_asset_job(
    JOB_NAME,
    selection=dg.AssetSelection.all(),
    description="From the landing folder to the two published files, gate by gate.",
)


def build_schedule() -> dg.ScheduleDefinition:
    """Every day at 05:00 UTC; stopped until the analyst turns it on in `scout ui`."""
    return dg.ScheduleDefinition(
        name="daily",
        job=WHOLE_JOB,
        cron_schedule="0 5 * * *",
        execution_timezone="UTC",
        description="Runs the whole job once a day.",
    )
