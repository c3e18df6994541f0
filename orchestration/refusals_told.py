"""The refusal report in a terminal and as metadata of an asset.

What belongs here: how its rows are laid out. What does not: what they say (landing).
"""

from collections.abc import Sequence

from rich.console import Console

from orchestration.landing.refusal_report import Refused

__all__ = ["markdown", "tell_refused"]


def tell_refused(
    console: Console, report: Sequence[Refused], indent: str = "", most: int = 40
) -> None:
    """Print for each file and rule: where, how often, and under it what mends it."""
    for one in report[:most]:
        file = f"{indent}{one.source}/{one.file_name}"
        if one.count is None:
            _print(console, f"{file}: refused whole ({one.reason}). {one.how_to_mend}")
            continue
        column = f", column {one.columns}" if one.columns else ""
        _print(console, f"{file} line {one.lines}{column}: {one.reason} ({one.count:,})")
        _print(console, f"{indent}    {one.how_to_mend}")
    if len(report) > most:
        _print(console, f"{indent}… and {len(report) - most} more: see marts.dq_refusal_report")


def markdown(report: Sequence[Refused]) -> str:
    """The report as a table for Dagster's pages."""
    head = "| file | rule | count | lines | columns | how to mend |\n|---|---|---|---|---|---|"
    rows = [
        f"| {_cell(f'{one.source}/{one.file_name}')} | {one.reason} "
        f"| {'whole file' if one.count is None else one.count} | {one.lines} "
        f"| {_cell(one.columns)} | {_cell(one.how_to_mend)} |"
        for one in report
    ]
    return "\n".join([head, *rows]) if rows else "Nothing was refused."


def _cell(text: str) -> str:
    # A file's name is whatever a clinic typed: no markup of its own.
    return "".join(f"\\{c}" if c in "|<>[]()`*_\\!#" else c for c in text)


def _print(console: Console, text: str) -> None:
    console.print(text, highlight=False, markup=False, soft_wrap=True)
