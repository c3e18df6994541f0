"""The suites on what stands in the home now, outside any run: `scout check`.

What belongs here: running every gate's suite and showing the results.
What does not: recording them; only a run does that.
"""

from rich.console import Console
from rich.table import Table

from expectations.registry import SUITES
from orchestration import warehouse
from orchestration.checks.expectation_checks import CANDIDATE_GATES, thresholds
from orchestration.checks.rulebook import registered
from orchestration.errors import SettingsError
from orchestration.rules_page import rules_page
from orchestration.settings import Settings

_COLOURS = {"pass": "green", "pass_with_failures": "yellow", "not_applicable": "dim"}


def check_now(settings: Settings, console: Console) -> int:
    """Show every rule's status; 1 if a critical rule does not pass, else 0.

    Raises:
        SettingsError: there is nothing to check yet.
        WarehouseBusyError: a run is under way.
    """
    from expectations.validate import validate

    if not settings.warehouse.exists():
        message = f"There is nothing to check in {settings.home} yet. Run `scout run` first."
        raise SettingsError(message)
    table = Table("gate", "table", "rule", "severity", "status", "unexpected", "of", box=None)
    failed = 0
    with warehouse.hold(settings):
        for gate in SUITES:
            file = CANDIDATE_GATES.get(gate)
            database = settings.current / file if file else settings.warehouse
            if not database.exists():
                continue
            limits = warehouse.limits(settings)
            for result in validate(database, SUITES[gate], thresholds(settings), limits):
                is_failed = result.is_blocking
                failed += is_failed
                colour = _COLOURS.get(result.status, "bold red" if is_failed else "yellow")
                table.add_row(
                    gate,
                    f"{result.schema_name}.{result.table_name}",
                    result.rule,
                    result.severity,
                    f"[{colour}]{result.status}[/]",
                    f"{result.unexpected_count or 0:,}",
                    f"{result.evaluated_count or 0:,}",
                )
    console.print(table)
    console.print(
        f"{table.row_count} rules; {failed} critical failures."
        if failed
        else f"{table.row_count} rules; no critical failure."
    )
    return 1 if failed else 0


def print_page(settings: Settings, console: Console) -> None:
    """Print the page of every rule as Markdown, as it is, for a file."""
    console.file.write(rules_page(registered(), settings.policy.model_dump()))
