"""What one run carries from room to room: the settings, the progress and what happened.

What belongs here: the facts that the closing summary and the release manifest tell.
What does not: how they are shown (``summary``), or anything about a client.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from orchestration import warehouse
from orchestration.errors import ScoutError, is_passing, without_data
from orchestration.progress import Progress, SilentProgress, Stage
from orchestration.settings import Settings

if TYPE_CHECKING:
    from expectations.rules import RuleResult
    from orchestration.fetching.sources import Fetched
    from orchestration.landing.as_known import Known
    from orchestration.landing.inbox import LandingSummary
    from orchestration.landing.refusal_report import Refused
    from orchestration.publishing.release import Release

# How often a step is tried again whose fault may pass, and after how many seconds.
RETRIES = 2
SECONDS_BETWEEN = 5


@dataclass
class RunReport:
    """What happened in one run, filled in by the assets as they end.

    Attributes:
        landing: what was loaded, refused and already known.
        refused: per file and rule what was not accepted, where, and how to mend it.
        rules: the gate and result of every expectation checked.
        guards: what speaks against a key, one sentence each.
        inputs: the fingerprint of what lay in landing when the run began.
        row_counts: rows of each published table.
        disclosure: how many counts are held back and why, and what the auditor found.
        release: what was published, or None where the release was held.
        is_news: False where nothing had changed and the current release was left as it is.
        failures: why a stage stopped, fit to be shown.
        stopped: the stages that did.
        retried: how often each stage was tried again.
        alert_faults: why nobody could be told of a failure.
        is_interrupted: whether somebody stopped the run (Ctrl-C).
        fetched: what became of remote sources; None where nobody has asked them yet.
        known: in a rebuild as known at a date, how much was known then.
    """

    landing: "LandingSummary | None" = None
    refused: "list[Refused]" = field(default_factory=list)
    rules: "list[tuple[str, RuleResult]]" = field(default_factory=list)
    guards: list[str] = field(default_factory=list)
    inputs: str = ""
    row_counts: dict[str, int] = field(default_factory=dict)
    disclosure: dict[str, Any] = field(default_factory=dict)
    release: "Release | None" = None
    is_news: bool = True
    failures: list[ScoutError] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    retried: Counter[str] = field(default_factory=Counter)
    alert_faults: list[str] = field(default_factory=list)
    is_interrupted: bool = False
    fetched: "Fetched | None" = None
    known: "Known | None" = None

    @property
    def tells_why_held(self) -> bool:
        """Whether a reader of this report knows why nothing was published."""
        return bool(self.failures) or any(result.is_blocking for _, result in self.rules)


@dataclass(frozen=True)
class RunContext:
    """The settings and the two places where a run tells of itself."""

    settings: Settings
    progress: Progress = field(default_factory=SilentProgress)
    report: RunReport = field(default_factory=RunReport)

    @contextmanager
    def stage(self, name: str, doing: str, *, is_step: bool = True) -> Iterator[Stage]:
        """One stage of the run: told as progress, and shielded so that no error quotes data.

        Args:
            name: the stage.
            doing: what is being done.
            is_step: whether this is a step of Dagster's, which it can try again.

        Raises:
            RetryRequested: Dagster's own; the fault may pass, and the step is tried again.
            ScoutError: the stage failed; the same error is in the report.
        """
        try:
            # A run that Dagster started by itself takes the home with its first stage.
            warehouse.hold_until_exit(self.settings)
            with self.progress.stage(name, doing) as stage:
                yield stage
        except BaseException as error:
            if not isinstance(error, Exception):
                self.report.is_interrupted = True
                raise
            if is_step and is_passing(error) and self.report.retried[doing] < RETRIES:
                self.report.retried[doing] += 1
                raise _again() from None
            # The boundary that strips messages of data.
            shown = without_data(name, error)
            self.report.failures.append(shown)
            self.report.stopped.append(name)
            raise shown from None


def _again() -> Exception:
    # Not a retry policy on each asset: Dagster would try a held release again, which is held again,
    # and would take Ctrl-C for a fault that may pass.
    from dagster import RetryRequested

    return RetryRequested(max_retries=RETRIES, seconds_to_wait=SECONDS_BETWEEN)
