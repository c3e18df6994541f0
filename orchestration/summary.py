"""What a run tells at its end, in words a newcomer understands.

What belongs here: turning a run's report into a closing summary.
What does not: finding the facts (the assets do), or any value of any file.
"""

import shutil
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from orchestration.publishing.catalogue import DASHBOARD_FILE, EVALUATION_FILE
from orchestration.publishing.release import REPORTS, Release, link_of
from orchestration.refusals_told import tell_refused
from orchestration.run_context import RunReport
from orchestration.settings import Settings

if TYPE_CHECKING:
    from orchestration.landing.inbox import FileSummary

_SHOWN = 12


def exit_code(report: RunReport) -> int:
    """What ``scout run`` returns: 0 published or nothing new, 1 held, 2 wrong mapping."""
    if report.failures:
        return max(failure.exit_code for failure in report.failures)
    if _mappings_to_mend(report) or _not_fetched(report):
        return 2
    return 0 if report.release is not None else 1


def tell(console: Console, settings: Settings, report: RunReport) -> None:
    """Print the closing summary of one run."""
    console.print()
    if not report.is_news and report.release is not None:
        console.print(
            f"[bold]Nothing new.[/] Release {report.release.sequence}, published "
            f"{report.release.manifest['published_at']}, is up to date."
        )
        _tell_what_waits(console, report.release)
        _tell_not_fetched(console, report)
        _tell_where(console, settings)
        return
    if settings.is_synthetic:
        console.print("[bold]Synthetic[/]  every client in this home is imaginary.")
    _tell_landing(console, report)
    _tell_checks(console, report)
    if report.release is not None:
        rows = sum(report.row_counts.values())
        console.print(
            f"[bold]Published[/]  release {report.release.sequence}: "
            f"{len(report.row_counts)} tables, {rows:,} rows"
        )
        _tell_where(console, settings)
        return
    _tell_held(console, report)
    if settings.held_report.exists():
        console.print(f"           As a page: {_short(settings.held_report)}", highlight=False)


def tell_as_known(console: Console, settings: Settings, day: date, report: RunReport) -> None:
    """Print the closing summary of a rebuild as known at a date."""
    console.print()
    if (known := report.known) is not None:
        console.print(
            f"[bold]Known[/]      at the end of {day} (UTC): {known.file_count} files with "
            f"{known.row_count:,} rows; {known.refused_count} files had been refused, "
            f"{known.later_count} came later",
            highlight=False,
        )
    _tell_checks(console, report)
    if report.release is None:
        _tell_held(console, report)
        return
    console.print(
        f"[bold]Published[/]  as known on {day}: {len(report.row_counts)} tables, "
        f"{sum(report.row_counts.values()):,} rows",
        highlight=False,
    )
    link = _short(link_of(settings.model_copy(update={"as_of": day})))
    lines = (
        "           by today's code, seeds and definitions; manifest.json beside them says what",
        "           cannot be as it was. `current` and the warehouse are what they were.",
        "",
        "Open next:",
        f"  {link / EVALUATION_FILE}",
        f"  {link / DASHBOARD_FILE}",
    )
    for line in lines:
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def _tell_held(console: Console, report: RunReport) -> None:
    console.print("[bold red]Held[/]       nothing was published; the last good release stays.")
    for failure in report.failures:
        console.print(f"           {failure}", highlight=False, markup=False, soft_wrap=True)
    for gate, result in report.rules:
        if result.is_blocking:
            console.print(
                f"           {gate}: {result.schema_name}.{result.table_name} "
                f"{result.rule} ({result.status}, {result.unexpected_count or 0:,} "
                f"of {result.evaluated_count or 0:,})",
                highlight=False,
            )
    for fault in report.alert_faults:
        console.print(f"           {fault}", highlight=False, markup=False, soft_wrap=True)
    console.print("           `scout check` shows the rules, `scout doctor` the files.")


def _mappings_to_mend(report: RunReport) -> list[str]:
    """The mappings that are wrong, whether this run met them or the release remembers them."""
    if report.landing is not None:
        return list(report.landing.mapping_errors)
    if report.release is not None:
        return list(report.release.manifest.get("to_mend", {}).get("mappings", []))
    return []


def _not_fetched(report: RunReport) -> tuple[str, ...]:
    return report.fetched.errors if report.fetched is not None else ()


def _tell_not_fetched(console: Console, report: RunReport) -> None:
    for error in _not_fetched(report):
        console.print(f"           {error}", highlight=False, markup=False, soft_wrap=True)


def _tell_what_waits(console: Console, current: Release) -> None:
    waiting = current.manifest.get("to_mend", {})
    messages = [text for kind in ("mappings", "files", "keys") for text in waiting.get(kind, [])]
    if messages:
        console.print(f"[bold]Still to mend[/] {len(messages)}")
    for message in messages:
        console.print(f"           {message}", highlight=False, markup=False, soft_wrap=True)


def _tell_landing(console: Console, report: RunReport) -> None:
    summary = report.landing
    if summary is None:
        return
    counts = Counter(file.status for file in summary.files)
    loaded = [file for file in summary.files if file.status == "loaded"]
    rows = sum(file.rows_loaded for file in loaded)
    repeated = sum(file.rows_repeated for file in loaded)
    console.print(
        f"[bold]Loaded[/]     {_counted(counts['loaded'], 'file')}, {_counted(rows, 'row')}"
        f" ({_counted(repeated, 'repeated row')} and "
        f"{_counted(counts['already_loaded'], 'known file')} left alone)"
    )
    refused = sum(file.rows_refused for file in loaded)
    console.print(
        f"[bold]Refused[/]    {_counted(refused, 'row')} with something to mend, "
        f"{_counted(counts['refused'], 'file')}"
    )
    told = {(one.source, one.file_name) for one in report.refused}
    tell_refused(console, report.refused, "           ", _SHOWN)
    _tell_remarks(
        console,
        [
            file
            for file in summary.files
            if file.message and (file.source, file.file_name) not in told
        ],
    )
    for error in summary.mapping_errors:
        console.print(f"           {error}", highlight=False, markup=False)
    _tell_not_fetched(console, report)
    if not summary.files and not summary.mapping_errors:
        console.print(
            "           Nothing lies in landing yet. Give each source a folder of its own there,",
            "           drop its exports into it and run again. `scout doctor` says what would be",
            "           loaded; `scout demo --home DIR` shows it all with imaginary clients.",
            sep="\n",
            highlight=False,
        )


def _tell_remarks(console: Console, files: "list[FileSummary]") -> None:
    """What was loaded and still deserves a person's eye."""
    for file in files[:_SHOWN]:
        console.print(
            f"           {file.source}/{file.file_name}: {file.message}",
            highlight=False, markup=False, soft_wrap=True,
        )  # fmt: skip


def _tell_checks(console: Console, report: RunReport) -> None:
    warned = [
        result
        for _, result in report.rules
        if result.severity == "warning" and not result.is_passing
    ]
    passed = sum(result.is_passing for _, result in report.rules)
    console.print(
        f"[bold]Checked[/]    {_counted(len(report.rules), 'rule')}: {passed} passed, "
        f"{_counted(len(warned), 'warning')}"
    )
    for result in warned[:_SHOWN]:
        console.print(
            f"           warning: {result.table_name} {result.rule} "
            f"({result.unexpected_count or 0:,} of {result.evaluated_count or 0:,})",
            highlight=False,
            soft_wrap=True,
        )
    for guard in report.guards[:_SHOWN]:
        console.print(f"           {guard}", highlight=False, markup=False, soft_wrap=True)
    if len(report.guards) > _SHOWN:
        console.print(f"           … and {len(report.guards) - _SHOWN} more: marts.dq_key_guards")


def _tell_where(console: Console, settings: Settings) -> None:
    current = _short(settings.current)
    lines = (
        "",
        "Open next:",
        f"  {current / EVALUATION_FILE}",
        "      pseudonymous marts for evaluators: start with marts.metric_dictionary,",
        "      marts.fct_changes and marts.rel_change_associations; each column explains itself",
        f"  {current / DASHBOARD_FILE}",
        "      counts, means and rates per program with small numbers held back",
        f"  {current / REPORTS / 'index.html'}",
        "      what each program came to, with pictures: pages to mail, print and show",
        f"  {current / REPORTS / 'quality.html'}",
        "      what to look at in the data, and what it changes in the numbers (a page)",
        f"  {_scout()} dashboard",
        "      the same numbers as eight pages in your browser (this machine only)",
        f"  {_scout()} ui",
        "      the stages, checks and schedule in your browser (this machine only)",
    )
    for line in lines:
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def _scout() -> str:
    """How this command line is called from here."""
    return "scout" if shutil.which("scout") else str(_short(Path(sys.argv[0])))


def _counted(count: int, thing: str) -> str:
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"


def _short(path: Path) -> Path:
    """A path as a person in this folder would write it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
