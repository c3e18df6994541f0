"""The whole job once, in this process: hold the home, see if there is news, run, report.

What belongs here: the order of those steps and how a run that died is put right.
What does not: what the stages do (``assets``) or how the end is told (``summary``).
"""

import contextlib
import gc
import importlib
import logging
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, date
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration import fingerprint, warehouse
from orchestration.assets.parsed_project import read_ahead
from orchestration.errors import ReleaseHeldError, ScoutError, SettingsError
from orchestration.fetching.sources import fetch_with
from orchestration.forgetting import finish_pending
from orchestration.landing.as_known import check_day
from orchestration.progress import Progress
from orchestration.publishing.release import Release, is_intact, read_current
from orchestration.run_context import RunContext, RunReport
from orchestration.settings import Settings

if TYPE_CHECKING:
    import dagster as dg

_DAGSTER_YAML = """\
# Written by Scout. Change it as you like: it is not written again.
telemetry:
  enabled: false
concurrency:
  pools:
    default_limit: 1
  runs:
    max_concurrent_runs: 1
# A run whose process died is started once more; one that a check held is not.
run_retries:
  enabled: true
  max_retries: 1
  retry_on_asset_or_op_failure: false
run_monitoring:
  enabled: true
  free_slots_after_run_end_seconds: 30
retention:
  schedule: {purge_after_days: 30}
  sensor: {purge_after_days: {skipped: 2, failure: 30, success: -1}}
"""


def run_once(settings: Settings, progress: Progress, *, always: bool = False) -> RunReport:
    """Run everything that is due; a run that finds nothing new changes nothing.

    Args:
        settings: the home to run for.
        progress: told what happens while it happens.
        always: run even if nothing has changed since the last release.

    Returns:
        What happened. ``report.release`` is None where nothing was published, either because a
        check held it (``report.failures``) or because nothing was new (``is_news`` tells).

    Raises:
        WarehouseBusyError: another run holds the home.
        SettingsError: the settings, a mapping or a definition is wrong.
    """
    with warehouse.hold(settings):
        prepare_home(settings)
        finish_pending(settings)
        # Before anything is compared: what a remote source has now lies in landing then.
        fetched = fetch_with(settings, progress)
        if not always and (current := unchanged_release(settings)) is not None:
            return RunReport(release=current, is_news=False, fetched=fetched)
        run = RunContext(settings, progress, RunReport(fetched=fetched))
        _execute(run)
        return run.report


def run_as_of(settings: Settings, progress: Progress, day: date) -> RunReport:
    """Rebuild every mart from what was known at the end of a day; publish it beside ``current``.

    Nothing is fetched or read from landing, and neither the warehouse nor ``current`` changes: the
    stages run in a warehouse of their own that is removed afterwards, so the next plain run goes on
    as if nothing had happened.

    Args:
        settings: the home.
        progress: told what happens while it happens.
        day: the day, UTC; a load counts if its ``loaded_at`` lies before the day's end.

    Returns:
        What happened. ``report.release`` is None where a check held the release.

    Raises:
        WarehouseBusyError: another run holds the home.
        SettingsError: there is no warehouse yet, the day lies in the future or before the first
            load, or the settings are wrong.
    """
    if not settings.home.is_dir():
        message = f"There is no {settings.home} yet. Run `scout run` first."
        raise SettingsError(message)
    with warehouse.hold(settings):
        prepare_home(settings)
        # Privacy before reproduction: whoever withdrew is erased before anything is rebuilt.
        finish_pending(settings)
        with warehouse.open_to_read(settings) as connection:
            check_day(connection, day, settings.clock().astimezone(UTC).date())
        run = RunContext(settings.model_copy(update={"as_of": day}), progress)
        folder = run.settings.warehouse.parent
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _execute(run)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return run.report


def prepare_home(settings: Settings) -> None:
    """Make the folders of a home, for its owner's eyes only."""
    # What Dagster and dbt write there is for the owner alone too, however this was started.
    os.umask(0o077)
    try:
        for folder in (settings.landing, settings.instruments, settings.archive, settings.releases):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        settings.dagster.mkdir(parents=True, exist_ok=True, mode=0o700)
        config = settings.dagster / "dagster.yaml"
        if not config.exists():
            config.write_text(_DAGSTER_YAML, encoding="utf-8")
    except OSError as error:
        message = (
            f"Scout cannot write in {settings.home} ({type(error).__name__}). "
            f"Give its owner permission (chmod u+rwx) or choose another folder with --home."
        )
        raise SettingsError(message) from None


def unchanged_release(settings: Settings) -> Release | None:
    """The current release, if nothing that it was made from has changed and it is intact."""
    current = read_current(settings)
    if (
        current is not None
        and settings.warehouse.exists()
        and current.manifest.get("code") == fingerprint.of_code(settings)
        and current.manifest.get("inputs") == fingerprint.of_inputs(settings)
        and current.manifest.get("policy") == settings.policy.model_dump()
        and current.manifest.get("reference_day") == _told(settings.reference_day)
        and is_intact(current)
    ):
        return current
    return None


def _told(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


@contextlib.contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Look for garbage seldom.

    Modules, models and definitions stay for the whole run: going through them again and again is a
    fifteenth of it.
    """
    usual = gc.get_threshold()
    gc.set_threshold(100_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


@_seldom_collecting()
def _execute(run: RunContext) -> None:
    # Where this takes seconds, another process does it while this one imports.
    read_ahead(run.settings)
    # Importing Dagster and Great Expectations costs seconds: a run that finds nothing new does
    # without.
    import dagster as dg

    from orchestration.automation.event_log import let_the_event_log_be_quick
    from orchestration.automation.failure_sensor import tell
    from orchestration.automation.jobs import JOB_NAME
    from orchestration.build import build_definitions

    importlib.import_module("expectations.engine")
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    let_the_event_log_be_quick()
    with run.stage("start", "reading models and definitions", is_step=False) as stage:
        definitions = build_definitions(run)
        job = definitions.resolve_job_def(JOB_NAME)
        stage.done(f"{len(list(job.asset_layer.executable_asset_keys))} assets in one job")
    gc.freeze()
    with dg.DagsterInstance.from_config(str(run.settings.dagster)) as instance:
        _bury_dead_runs(instance)
        result = job.execute_in_process(
            instance=instance,
            raise_on_error=False,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            # In Dagster's pages a rebuild of the past must not pass for the latest state.
            tags={"scout/as_of": run.settings.as_of.isoformat()} if run.settings.as_of else None,
        )
    if run.report.is_interrupted:
        # Dagster has written Ctrl-C down and goes on; whoever pressed it does not want that.
        raise KeyboardInterrupt
    if not result.success and not run.report.tells_why_held:
        run.report.failures.extend(_unexpected(result))
    # A rebuild as known at a date says nothing of how the home stands today.
    if run.settings.as_of is not None:
        return
    page = _tell_on_a_page(run)
    if run.report.release is None:
        run.report.alert_faults = tell(
            run.settings,
            result.run_id,
            stages=run.report.stopped,
            reasons=[str(failure) for failure in run.report.failures],
            page=page,
        )


def _tell_on_a_page(run: RunContext) -> Path | None:
    from orchestration.checks import held_page

    run.settings.held_report.unlink(missing_ok=True)
    # Before anything was checked there is nothing to tell but what the summary says.
    if run.report.release is None and run.report.rules:
        return held_page.write(run.settings, run.report)
    return None


def _unexpected(result: "dg.ExecuteInProcessResult") -> list[ScoutError]:
    # Outside every stage of ours: between Dagster's steps. Nobody may be left without a reason.
    found: list[ScoutError] = []
    for event in result.all_node_events:
        if event.is_step_failure:
            error = event.step_failure_data.error
            kind = (error.cls_name if error else None) or "unknown"
            found.append(
                ReleaseHeldError(
                    f"The step {event.step_key} stopped unexpectedly ({kind}). Run again; "
                    "if it comes back, this line is what to report."
                )
            )
    return found


def _bury_dead_runs(instance: "dg.DagsterInstance") -> None:
    # We hold the home, so a run that still counts as started was killed (reliability.md F-23). It
    # keeps its place in the pool even when it counts as failed, and the next run would wait for it
    # for ever.
    import dagster as dg

    alive = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING])
    for dead in instance.get_runs(alive):
        instance.report_run_failed(dead, "The process of this run ended before the run did.")
    storage = instance.event_log_storage
    for pool in storage.get_concurrency_keys():
        taken = storage.get_concurrency_info(pool)
        for run_id in taken.active_run_ids | taken.pending_run_ids | taken.assigned_run_ids:
            storage.free_concurrency_slots_for_run(run_id)
