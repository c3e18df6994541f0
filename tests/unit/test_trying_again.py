"""A fault that may pass is tried again by the step it met; nothing else is.

What belongs here: Dagster's steps with a stage of ours inside. What does not: fetching, which asks
remote sources again by itself (``test_fetching_redcap``).
"""

import errno
from pathlib import Path

import dagster as dg
import pytest

from orchestration import run_context
from orchestration.errors import ReleaseHeldError, UnexpectedError
from orchestration.run_context import RunContext
from orchestration.settings import Settings


def run_with(errors: list[Exception], home: Path) -> tuple[dg.ExecuteInProcessResult, RunContext]:
    """One step that meets these errors, one at each attempt, and then none."""
    run = RunContext(Settings(home=home))
    waiting = iter(errors)

    @dg.asset
    def step() -> None:
        with run.stage("raw", "looking"):
            if (error := next(waiting, None)) is not None:
                raise error

    result = dg.materialize([step], raise_on_error=False)
    return result, run


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_context, "SECONDS_BETWEEN", 0)


def test_a_disk_that_was_busy_is_asked_again_and_leaves_no_failure(tmp_path: Path) -> None:
    busy = OSError(errno.EBUSY, "busy")
    result, run = run_with([busy, busy], tmp_path)
    assert result.success
    assert run.report.failures == []
    assert run.report.retried == {"looking": 2}


def test_a_disk_that_stays_busy_ends_the_run_in_our_words(tmp_path: Path) -> None:
    result, run = run_with([OSError(errno.ESTALE, "canary")] * 9, tmp_path)
    assert not result.success
    (failure,) = run.report.failures
    assert isinstance(failure, UnexpectedError)
    assert "canary" not in str(failure)
    assert run.report.stopped == ["raw"]


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "full"),
        PermissionError(errno.EACCES, "no"),
        ReleaseHeldError("held"),
        ValueError("bad"),
    ],
)
def test_what_would_fail_again_is_not_tried_again(tmp_path: Path, error: Exception) -> None:
    result, run = run_with([error], tmp_path)
    assert not result.success
    assert len(run.report.failures) == 1
    assert run.report.retried == {}
